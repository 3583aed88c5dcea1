import { writeSync } from 'node:fs';
import { DatabaseProblem } from '../../../domain/database.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { backupsOf, makeBackup, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { databaseFile } from '../../../electron/store/files.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { migrations } from '../../../electron/store/migrations/schema-version.ts';
import { dropSignature } from '../../../electron/store/file-signature.ts';
import { communication, submission, draft, factOf, hexOf, laterSchema, settled, testKey } from './values.ts';

/**
 * A program that is killed in the middle of what rarely happens: `stopped.cjs <worker> <folder> <what>`. Says
 * `begun` when that begins.
 */
const [, , workerFile = '', folder = '', what = ''] = process.argv;
const place = { folder, key: testKey(), workerFile };

function say(line: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function fill(database: OpenedDatabase, from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1) {
    const name = { conversationId: `conversation-${number}`, communicationId: `c${number}` };
    const made = number % 2 === 0 ? settled(name) : communication(name);
    await database.commit(factOf(made), [made]);
    await database.saveDraft(draft({ key: `draft/${number}/x`, notes: `note ${number}` }));
    await database.decide(submission({ id: `submission ${number}`, key: `a/b/${number}` }));
  }
}

async function run(): Promise<void> {
  if (what === 'prepare') {
    const database = await openDatabase({ folder, key: testKey(), workerFile });
    await fill(database, 1, 40);
    await makeBackup(place, { now: Date.parse('2025-03-04T14:02:00.000Z'), keepMs: null, alone: false });
    await fill(database, 41, 60);
    await database.close();
    return;
  }
  if (what === 'restore') {
    const [backup] = await backupsOf(place);
    say({ begun: true });
    await restoreDatabase(place, backup?.name ?? null, Date.now());
    return;
  }
  if (what === 'migrate') {
    const engine = openEngine(databaseFile(folder), hexOf(testKey()), false);
    dropSignature(databaseFile(folder));
    say({ begun: true });
    migrate(engine, [...migrations, laterSchema(200_000)]);
    say({ ended: true });
    return;
  }
  const database = await openDatabase({ folder, key: testKey(), workerFile });
  say({ begun: true });
  if (what === 'deleteRecords') {
    const { records } = await database.deleteRecords({ kind: 'all' });
    await database.sweep();
    await makeBackup(place, { now: Date.now(), keepMs: null, alone: true });
    say({ ended: true, deleted: records });
    return;
  }
  // Backups, one after the other, while it writes.
  for (let number = 61; ; number += 1) {
    const copying = makeBackup(place, { now: Date.now(), keepMs: null, alone: false });
    await fill(database, number, number);
    await copying;
    say({ fact: number });
  }
}

run().catch((error: unknown) => {
  say({ problem: error instanceof DatabaseProblem ? error.code : String(error) });
  // The database's thread would keep it alive.
  process.exit(0);
});
