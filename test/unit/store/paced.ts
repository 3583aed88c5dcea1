import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { dropSignature } from '../../../electron/store/file-signature.ts';
import { databaseFile } from '../../../electron/store/files.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { migrations } from '../../../electron/store/migrations/schema-version.ts';
import {
  communication,
  submission,
  draft,
  factOf,
  hexOf,
  laterRows,
  laterSchema,
  recordsToDelete,
  settled,
  testKey,
} from './values.ts';

/**
 * A program that writes a day step by step, each only when it is told to: `paced.cjs <worker> <folder> <what>`. Says
 * what is acknowledged, so that a test can look at the files between two acknowledgements.
 */
const [, , workerFile = '', folder = '', what = ''] = process.argv;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function acknowledged(line: Readonly<Record<string, number>>): Promise<void> {
  writeSync(1, `${JSON.stringify(line)}\n`);
  const { done } = await lines.next();
  if (done === true) process.exit(0);
}

async function write(): Promise<void> {
  const database = await openDatabase({ folder, key: testKey(), workerFile });
  await acknowledged({ opened: 0 });
  for (let number = 1; ; number += 1) {
    const changed = communication({ communicationId: `c${number}`, peerName: `fact ${number}` });
    await database.commit(factOf(changed), [changed]);
    await acknowledged({ fact: number });
    await database.saveDraft(draft({ revision: number, notes: `note ${number}` }));
    await acknowledged({ draft: number });
    await database.decide(submission({ id: `submission ${number}`, key: `a/b/${number}` }));
    await acknowledged({ submission: number });
  }
}

async function filled(): Promise<OpenedDatabase> {
  const database = await openDatabase({ folder, key: testKey(), workerFile });
  for (let number = 1; number <= recordsToDelete; number += 1) {
    const made = settled({ conversationId: `conversation-${number}` });
    await database.commit(factOf(made), [made]);
  }
  return database;
}

async function deleteAll(): Promise<void> {
  const database = await filled();
  await acknowledged({ deleted: 0 });
  let deleted = 0;
  await database.deleteRecords({ kind: 'all' }, async (step) => {
    deleted += (await step()).length;
    await acknowledged({ deleted });
  });
  await database.sweep();
  await acknowledged({ deleted });
  process.exit(0);
}

async function changeSchema(): Promise<void> {
  await (await filled()).close();
  const engine = openEngine(databaseFile(folder), hexOf(testKey()), false);
  dropSignature(databaseFile(folder));
  await acknowledged({ migrated: 0 });
  migrate(engine, [...migrations, laterSchema(laterRows)], () => undefined);
  await acknowledged({ migrated: 1 });
  engine.checkpoint();
  await acknowledged({ migrated: 1 });
  process.exit(0);
}

const programs: Readonly<Record<string, () => Promise<void>>> = { write, deleteAll, changeSchema };
void programs[what]?.();
