import { onTestFinished } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { testKey } from './examples.ts';

/** A database whose listing can be waited for; it is a moment behind the records. */
export interface Watched {
  readonly database: OpenedDatabase;
  /** Resolves as soon as it is so, looked at after every change of the listing. */
  readonly until: (isSo: () => Promise<boolean>) => Promise<void>;
}

/** Closed when the test ends. */
export async function watched(folder: string, workerFile: string): Promise<Watched> {
  let changed: () => void = () => undefined;
  const database = await openDatabase({ folder, key: testKey(), workerFile, onListed: () => changed() });
  onTestFinished(() => database.close());
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (;;) {
      const change = new Promise<void>((resolve) => (changed = resolve));
      if (await isSo()) return;
      await change;
    }
  };
  return { database, until };
}
