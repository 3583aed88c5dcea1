import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Store from 'electron-store';
import { createSerialQueue, type SerialQueue } from '../../domain/toolbox/serial-queue.ts';

/** A small JSON file of ours: read at the start, written by `electron-store`, whole or not at all. */
export interface StoredFile {
  readonly path: string;
  /** What it holds; undefined where it is not there. @throws where it cannot be read, or is no JSON */
  readonly read: () => unknown;
  /** One write after the other, in the order they are asked for. Rejects with what the disk says. */
  readonly write: (work: (store: Store) => void) => Promise<void>;
  /** Resolves when everything asked for so far is written, or refused. */
  readonly settled: SerialQueue['idle'];
}

/** `<name>.json` in `folder`, for its owner alone. */
export function storedFile(folder: string, name: string): StoredFile {
  const path = join(folder, `${name}.json`);
  const writes = createSerialQueue();
  let opened: Store | null = null;

  /** Loaded with the first write: with its schema checker it is far larger than what a start reads. */
  async function open(): Promise<Store> {
    const { default: Store } = await import('electron-store');
    return new Store({
      cwd: folder,
      name,
      // It is checked where it is read; nothing clears it for us.
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
    });
  }

  return {
    path,
    read: () => {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
      return JSON.parse(text) as unknown;
    },
    write: (work) =>
      writes.run(async () => {
        opened ??= await open();
        work(opened);
      }),
    settled: writes.idle,
  };
}
