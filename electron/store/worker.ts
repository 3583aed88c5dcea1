import { parentPort } from 'node:worker_threads';
import { DatabaseProblem } from '../../domain/database.ts';
import { say, speak } from '../../domain/words/say.ts';
import { isCallName, runCall } from './worker-calls.ts';
import { isReplacing } from './backups/replace-database.ts';
import { isTaskName, runTask } from './backups/tasks.ts';
import { openEngine, type Engine } from './engine.ts';
import { createPrivate, makeFolder, databaseFile, syncFolder } from './files.ts';
import { holdsSomething, refuseMissingFile } from './missing-file.ts';
import { migrate } from './migrations/migrate.ts';
import { refuseOtherVersions } from './migrations/schema-version.ts';
import { asProblem, databaseClosed } from './problems.ts';
import { openArgsSchema, requestSchema, speakArgsSchema, type Notice, type Reply } from './protocol.ts';
import { startListingUpdates, type ListingUpdates } from './review/listing-updates.ts';
import { dropSignature, signFile } from './file-signature.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

/**
 * The one thread that owns the file. The engine is synchronous, so calls run one at a time in the order
 * they came; a reply to a write is sent after the write is on the disk.
 */
if (!parentPort) throw new Error('The store runs in a worker thread');
const port = parentPort;

let engine: Engine | null = null;
/** Of a database that is written here. */
let listing: ListingUpdates | null = null;

function open(args: unknown): null {
  if (engine) throw new Error('The database is already open');
  const [{ folder, key, readOnly }] = openArgsSchema.parse(args);
  // The engine takes the key as text, which cannot be overwritten; the bytes at least are gone.
  const keyHex = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex');
  key.fill(0);
  const file = databaseFile(folder);
  try {
    if (isReplacing(folder)) throw new DatabaseProblem('read-only', say('backups.unfinished', { folder }));
    refuseMissingFile(folder);
    // By a reader: opening for writing would move a waiting log into a file that is to be left alone.
    if (holdsSomething(file)) lookAtVersion(file, keyHex);
    if (!readOnly) {
      makeFolder(folder);
      createPrivate(file);
      syncFolder(folder);
    }
    const opened = openEngine(file, keyHex, readOnly);
    try {
      if (!readOnly) dropSignature(file);
      migrate(opened);
    } catch (error) {
      opened.close();
      throw error;
    }
    engine = opened;
    if (!readOnly) startListing(opened);
    return null;
  } catch (error) {
    throw asProblem(error, file);
  }
}

function lookAtVersion(file: string, keyHex: string): void {
  const reader = openEngine(file, keyHex, true);
  try {
    refuseOtherVersions(reader);
  } finally {
    reader.close();
  }
}

function startListing(opened: Engine): void {
  const notice: Notice = { notice: 'listed' };
  listing = startListingUpdates(opened, () => port.postMessage(notice));
  listing.noted();
}

/**
 * Moves the log into the file and signs it. Where that cannot be done (another program reads, the disk is full)
 * nothing is lost: the log is as safe as the file, and is taken up at the next start.
 */
function close(): null {
  const closing = engine;
  engine = null;
  if (!closing) return null;
  listing?.end();
  listing = null;
  const settled = !closing.readOnly && couldDo(() => closing.checkpoint());
  closing.close();
  if (settled) couldDo(() => signFile(closing.path, closing.keyHex));
  return null;
}

function couldDo(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    return false;
  }
}

function answer(call: string, args: unknown): unknown {
  if (call === 'open') return open(args);
  if (call === 'close') return close();
  if (call === 'speak') {
    speak(...speakArgsSchema.parse(args));
    return null;
  }
  if (isTaskName(call)) return runTask(call, args);
  if (!isCallName(call)) throw new TypeError(`The database has no call ${JSON.stringify(call)}`);
  if (!engine) throw databaseClosed();
  return runCall(engine, call, args);
}

function replyTo(message: unknown): Reply {
  const { id, call, args } = requestSchema.parse(message);
  try {
    return { id, ok: true, value: answer(call, args) };
  } catch (error) {
    return {
      id,
      ok: false,
      error: {
        code: error instanceof DatabaseProblem ? error.code : null,
        message: reasonOf(error),
      },
    };
  }
}

port.on('message', (message: unknown) => {
  port.postMessage(replyTo(message));
  listing?.noted();
});
