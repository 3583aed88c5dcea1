import type {
  LocalDatabase,
  DatabaseProblem,
  DatabaseSummary,
  Review,
  Unread,
  Verification,
} from '../../domain/database.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import type { CallArgs, CallName, CallResult } from './worker-calls.ts';
import { forgetInSteps, sweepInSteps, untended, type ForgetCalls } from './deletion/run-deletion.ts';
import { Line } from './store-thread.ts';
import type { Added, NumberedLine } from './import-records.ts';
import { databaseClosed } from './problems.ts';
import type { OpenArgs } from './protocol.ts';
import { recordsIn, reviewOn } from './review/review-client.ts';
import { Reader } from './review/reading-thread.ts';
import type { RecordRange } from './schemas.ts';
import { createStanding } from './consistent-reads.ts';

export interface DatabaseOptions {
  /** Absolute path of the folder that holds (or will hold) `memory.db`. */
  readonly folder: string;
  /** 32 bytes. Handed over: all zeros afterwards. */
  readonly key: Uint8Array;
  /** The built worker, `out/main/store-worker.cjs`. */
  readonly workerFile: string;
  /** Reads beside a running program without changing anything; the file must exist. */
  readonly readOnly?: boolean;
  /** Called once if the database's thread dies; every call then fails with this same problem. */
  readonly onFailure?: (problem: DatabaseProblem) => void;
  /** What a review shows may have changed: it is a moment behind what was committed. */
  readonly onListed?: () => void;
}

export interface OpenedDatabase extends LocalDatabase {
  summary(): Promise<DatabaseSummary>;
  /** Finishes a deletion that was interrupted; does nothing where none was. */
  sweep(): Promise<void>;
  /** Makes what follows from the rest anew, after damage to that. */
  rebuildDerived(): Promise<void>;
  /** Looks at everything; reads the whole file. */
  verify(): Promise<Verification>;
  /** In the order they happened, as they are when the first is read; see `Review.records`. */
  records(range: RecordRange, unread?: Unread): AsyncIterable<ExportedRecord>;
  /** Adds records of an exported file, for a database that holds nothing else. */
  addImported(lines: readonly NumberedLine[]): Promise<Added>;
  readonly review: Review;
}

interface OpenLine extends Omit<DatabaseOptions, 'key'> {
  /** 32 bytes; stays the caller's. */
  readonly key: Uint8Array;
  readonly readOnly: boolean;
  /** Ids of lines of the listing that were found damaged. */
  readonly onDamaged?: (lines: readonly number[]) => void;
}

/** @throws DatabaseProblem when it cannot be opened; nothing is left running then. */
async function openLine({
  folder,
  key,
  workerFile,
  readOnly,
  onFailure,
  onListed,
  onDamaged,
}: OpenLine): Promise<Line> {
  const line = new Line(workerFile, onFailure ?? (() => undefined), (notice) =>
    notice.notice === 'listed' ? onListed?.() : onDamaged?.(notice.lines),
  );
  const handed = Uint8Array.from(key);
  const args: OpenArgs = [{ folder, key: handed, readOnly }];
  try {
    await line.send('open', args, [handed.buffer]);
    return line;
  } catch (error) {
    await line.end().catch(() => undefined);
    throw error;
  }
}

/**
 * Starts the store's thread and opens the database of a folder. Where it is written, what only looks back gets
 * a thread of its own, so that nothing asked there holds up a fact.
 * @throws DatabaseProblem when it cannot be opened; nothing is left running then.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenedDatabase> {
  // Kept for as long as the database is open: threads that read come and go.
  const key = Uint8Array.from(options.key);
  options.key.fill(0);
  const readOnly = options.readOnly ?? false;
  const line = await openLine({ ...options, key, readOnly }).catch((error: unknown) => {
    key.fill(0);
    throw error;
  });
  let closing = false;
  const { folder, workerFile } = options;
  const told = new Set<number>();
  const onDamaged = (lines: readonly number[]): void => {
    // Each once: one that stays damaged would be found, and tried, without end.
    const fresh = lines.filter((id) => !told.has(id));
    for (const id of fresh) told.add(id);
    // Where it fails, the line stays as it is: left out of what is shown, and named by a verification.
    if (fresh.length > 0) ask('dropDamaged', fresh).catch(() => undefined);
  };
  const beside = (onFailure: () => void): Promise<Line> =>
    openLine({ folder, workerFile, key, readOnly: true, onFailure, onDamaged });
  const reader: Reader = readOnly
    ? new Reader({ open: () => Promise.resolve(line), own: false })
    : new Reader({ open: () => beside(() => reader.lost()), own: true });

  const standing = createStanding(
    readOnly
      ? { open: () => Promise.resolve(line), own: false }
      : { open: () => beside(() => undefined), own: true },
  );

  // The worker is this program's own; its results have the type of the function that made them.
  const ask = <Name extends CallName>(name: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>> =>
    closing ? Promise.reject(databaseClosed()) : (line.send(name, args) as Promise<CallResult<Name>>);
  const forgetCalls: ForgetCalls = {
    forgetStep: (what, after) => ask('forgetStep', what, after),
    sweepStep: (after) => ask('sweepStep', after),
  };

  /** In a thread of its own again: it takes long, and whoever looks back meanwhile need not wait. */
  async function verify(): Promise<Verification> {
    if (readOnly || closing) return ask('verify');
    const verifier = new Reader({ open: () => beside(() => undefined), own: true });
    try {
      return await verifier.ask('verify');
    } finally {
      await verifier.close();
    }
  }

  return {
    commit: (entry, changed) => ask('commit', entry, [...changed]),
    recollect: () => ask('recollect'),
    communicationsOf: (conversationId) => ask('communicationsOf', conversationId),
    saveDraft: (draft) => ask('saveDraft', draft),
    decide: (submission) => ask('decide', submission),
    updateSubmission: (submission) => ask('updateSubmission', submission),
    cacheCodes: (scope, cached) => ask('cacheCodes', scope, cached),
    cachedCodes: (scope) => ask('cachedCodes', scope),
    codeUses: () => ask('codeUses'),
    setFavourite: (code, favourite) => ask('setFavourite', code, favourite),
    forget: (what, inTurn = untended) => forgetInSteps(forgetCalls, what, inTurn),
    sweep: () => sweepInSteps(forgetCalls),
    rebuildDerived: () => ask('rebuildDerived'),
    summary: () => ask('summary'),
    addImported: (lines) => ask('addImported', lines),
    verify,
    records: (range, unread) => standing.read((database) => recordsIn(database, range, unread)),
    review: reviewOn(reader, standing.read),
    close: async () => {
      closing = true;
      // The last one to close moves the log into the file and seals it.
      await standing.close();
      await reader.close();
      key.fill(0);
      await line.end();
    },
  };
}
