import { writeSync } from 'node:fs';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { backupsOf, makeBackup, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { databaseFile } from '../../../electron/store/files.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { migrations } from '../../../electron/store/migrations/schema-version.ts';
import { dropSignature } from '../../../electron/store/file-signature.ts';
import { communication, submission, draft, factOf, hexOf, settled, testKey } from './values.ts';

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

/** Not this program's: a schema to come, which takes its time. */
const later = {
  version: 9990,
  name: 'later',
  sql: `
    CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200000)
    INSERT INTO later SELECT n, printf('row %d', n) FROM numbers;`,
};

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
    migrate(engine, [...migrations, later]);
    return;
  }
  const database = await openDatabase({ folder, key: testKey(), workerFile });
  say({ begun: true });
  if (what === 'deleteRecords') {
    const { records } = await database.deleteRecords({ kind: 'all' });
    await database.sweep();
    await makeBackup(place, { now: Date.now(), keepMs: null, alone: true });
    say({ deleted: records });
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

void run();
