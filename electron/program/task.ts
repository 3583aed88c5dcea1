import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { app } from 'electron/main';
import { DatabaseProblem } from '../../domain/database.ts';
import { everything } from '../../domain/review/query.ts';
import { say } from '../../domain/words/say.ts';
import type { Flags, Task } from './command-line.ts';
import { readPreferences } from '../shell/preferences.ts';
import { systemKeyStore } from '../shell/key-store.ts';
import { openDatabase, type OpenedDatabase } from '../store/client.ts';
import { FileNotWritten } from '../store/export-file.ts';
import { writeExport } from '../store/export.ts';
import { answerKey, databaseExists, resolveKey } from '../store/key.ts';
import type { DataFolder } from './data-folder.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { demoAccount, databaseFolder, pathsOf, workerFile } from '../paths.ts';
import { asError, reasonOf, unreachable } from '../../domain/toolbox/result.ts';

/** A task that cannot be done; the message says why and what to do. */
class TaskProblem extends Error {}

function complain(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Whose records are meant: the feed's, else the connected account's, else the demo's. */
function accountOf(flags: Flags, folder: DataFolder): string {
  if (flags.feed === 'simulator') return demoAccount;
  const read = readPreferences(folder.path);
  // The demo's records instead would be taken for the account's.
  if (read.kind === 'unreadable')
    throw new TaskProblem(say('task.preferencesUnreadable', { file: read.file }));
  const { account } = read.preferences;
  if (account) return account.id;
  if (flags.feed === 'genesys') throw new TaskProblem(say('task.noAccount', { folder: folder.path }));
  return demoAccount;
}

/** Reads the passphrase from the terminal without showing it, or the first line of what is piped in. */
async function askPassphrase(): Promise<string> {
  const terminal = process.stdin.isTTY;
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output: silent, terminal });
  if (terminal) process.stderr.write(`${say('key.passphraseNeeded')} `);
  try {
    return await lines.question('');
  } finally {
    lines.close();
    if (terminal) process.stderr.write('\n');
  }
}

async function keyOf(database: string, flags: Flags, isDemo: boolean): Promise<Uint8Array> {
  await app.whenReady();
  const keyStore = systemKeyStore(process.platform);
  const resolved = await resolveKey({ folder: database, keyStore, preference: flags.key, isDemo });
  switch (resolved.kind) {
    case 'ready':
      return resolved.key;
    case 'passphrase-needed': {
      const answered = await answerKey(database, { choice: 'passphrase', passphrase: await askPassphrase() });
      if (answered.kind === 'ready') return answered.key;
      throw new TaskProblem(
        answered.kind === 'problem' ? answered.problem.message : say('key.wrongPassphrase'),
      );
    }
    case 'question':
      throw new TaskProblem(resolved.reason);
    case 'problem':
      throw new TaskProblem(resolved.problem.message);
    default:
      return unreachable(resolved);
  }
}

/** Opens the database for reading, beside a program that may be running. `null`: nothing was recorded yet. */
async function openToRead(flags: Flags, folder: DataFolder): Promise<OpenedDatabase | null> {
  const account = accountOf(flags, folder);
  const database = databaseFolder(folder.path, account);
  if (!databaseExists(database)) return null;
  const key = await keyOf(database, flags, account === demoAccount);
  const { out } = pathsOf(app.getAppPath(), folder);
  return openDatabase({ folder: database, key, workerFile: workerFile(out), readOnly: true });
}

async function* none(): AsyncGenerator<never> {
  // Nothing was recorded: an empty export is still a well-formed one.
}

async function exportRecords(
  flags: Flags,
  task: Task & { kind: 'export' },
  folder: DataFolder,
): Promise<number> {
  const database = await openToRead(flags, folder);
  if (!database) complain(say('task.noRecords', { folder: folder.path }));
  const query = {
    ...everything,
    since: task.since === null ? null : Date.parse(task.since),
    until: task.until === null ? null : Date.parse(task.until),
  };
  let unread = 0;
  const onUnread = (more: number): void => {
    unread += more;
  };
  const maskKey = task.redact ? await (database?.review.maskKey({ query }) ?? randomBytes(32)) : null;
  const records = database?.review.records(query, onUnread) ?? none();
  await writeExport(records, process.stdout, { ...task, maskKey });
  await database?.close();
  if (unread === 0) return 0;
  complain(say('task.recordsUnread', { records: unread }));
  return 1;
}

async function verify(flags: Flags, folder: DataFolder): Promise<number> {
  const database = await openToRead(flags, folder);
  if (!database) {
    complain(say('task.noRecords', { folder: folder.path }));
    return 0;
  }
  const { whole, facts, deleted, records, notRebuilt, problems } = await database.verify();
  await database.close();
  for (const problem of problems) complain(problem);
  const words = whole
    ? say('task.whole', { facts, deleted, records, notRebuilt })
    : say('task.notWhole', { facts, records });
  process.stdout.write(`${words}\n`);
  return whole ? 0 : 1;
}

/** Does one task and resolves with the exit code: 0 done, 1 not (stderr says why in one line). */
export async function runTask(flags: Flags, task: Task, folder: DataFolder): Promise<number> {
  try {
    switch (task.kind) {
      case 'export':
        return await exportRecords(flags, task, folder);
      case 'verify':
        return await verify(flags, folder);
      case 'diagnostics':
        return await writeDiagnostics(task.file, folder, () => openToRead(flags, folder));
      default:
        return unreachable(task);
    }
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'EPIPE';
    const known = [TaskProblem, DatabaseProblem, FileNotWritten].some((kind) => error instanceof kind);
    // The reader of a pipe went away (`| head`): it has what it wanted.
    if (gone) return 0;
    complain(known ? asError(error).message : say('task.failed', { reason: reasonOf(error) }));
    return 1;
  }
}
