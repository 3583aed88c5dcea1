import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';

/** The database of an account on the disk, for a test that looks into it or damages it. Only while no app has it open. */
export class DatabaseOnDisk {
  readonly folder: string;
  readonly file: string;

  constructor(userDataDir: string, account: string) {
    this.folder = path.join(userDataDir, 'memory', account);
    this.file = path.join(this.folder, 'memory.db');
  }

  /** With the key of a database that was begun with `--key file`. The caller closes it. */
  open(): Engine {
    const { key } = JSON.parse(readFileSync(path.join(this.folder, 'key.json'), 'utf8')) as { key: string };
    return openEngine(this.file, Buffer.from(key, 'base64').toString('hex'), false);
  }

  change(sql: string): void {
    const engine = this.open();
    try {
      engine.exec(sql);
    } finally {
      engine.close();
    }
  }

  /** Its first page becomes garbage: nothing of it can be opened. */
  destroyBeginning(): void {
    const bytes = readFileSync(this.file);
    bytes.fill(0x5a, 0, 4096);
    writeFileSync(this.file, bytes);
  }
}
