import { databaseFile } from '../../electron/store/files.ts';
import { numberIn, openEngine } from '../../electron/store/engine.ts';
import { databaseFolderIn, keyOfSeed } from './seed.ts';

/** What a running program has recorded, read from its file beside it. */
export interface Journal {
  readonly facts: () => number;
  /** Those that came as events. */
  readonly events: () => number;
  /** Of the file, with what is still in the log beside it. */
  readonly bytes: () => number;
  readonly close: () => void;
}

export async function openJournal(data: string): Promise<Journal> {
  const keyHex = Buffer.from(await keyOfSeed(data)).toString('hex');
  const engine = openEngine(databaseFile(databaseFolderIn(data)), keyHex, true);
  const count = (sql: string): number => numberIn(engine.first(sql) ?? {}, 'count') ?? 0;
  const pragma = (name: string): number => numberIn(engine.first(`PRAGMA ${name}`) ?? {}, name) ?? 0;
  return {
    facts: () => count('SELECT facts AS count FROM totals'),
    events: () => count("SELECT count(*) AS count FROM journal WHERE source = 'socket'"),
    bytes: () => pragma('page_count') * pragma('page_size'),
    close: () => engine.close(),
  };
}
