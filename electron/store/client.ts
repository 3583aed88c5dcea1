import type {
  LocalDatabase,
  DatabaseProblem,
  DatabaseSummary,
  Review,
  Unread,
  Verification,
} from '../../domain/database.ts';
import type { ArchiveQueue } from '../../domain/archive/queue.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import type { Deletion, DeletionResult, InTurn } from '../../domain/review/deletion.ts';
import type { CallArgs, CallName, CallResult } from './worker-calls.ts';
import type { DeletionCursor, DeletionStep } from './deletion/deletion-step.ts';
import { StoreThread } from './store-thread.ts';
import type { Added, NumberedLine } from './import-records.ts';
import { databaseClosed } from './problems.ts';
import type { OpenArgs } from './protocol.ts';
import { recordsIn, reviewOn } from './review/review-client.ts';
import { ReadingThread } from './review/reading-thread.ts';
import type { RecordRange } from './schemas.ts';
import { createConsistentReads } from './consistent-reads.ts';

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
  /** Makes again what follows from the rest, after damage to that. */
  rebuildDerived(): Promise<void>;
  /** Looks at everything; reads the whole file. */
  verify(): Promise<Verification>;
  /** In the order they happened, as they are when the first is read; see `Review.records`. */
  records(range: RecordRange, unread?: Unread): AsyncIterable<ExportedRecord>;
  /** Adds records of an exported file, for a database that holds nothing else. */
  addImported(lines: readonly NumberedLine[]): Promise<Added>;
  readonly review: Review;
  readonly archive: ArchiveQueue;
}

interface OpenThread extends Omit<DatabaseOptions, 'key'> {
  /** 32 bytes; stays the caller's. */
  readonly key: Uint8Array;
  readonly readOnly: boolean;
}

/** @throws DatabaseProblem when it cannot be opened; nothing is left running then. */
async function openThread({
  folder,
  key,
  workerFile,
  readOnly,
  onFailure,
  onListed,
}: OpenThread): Promise<StoreThread> {
  const thread = new StoreThread(workerFile, onFailure ?? (() => undefined), () => onListed?.());
  const handed = Uint8Array.from(key);
  const args: OpenArgs = [{ folder, key: handed, readOnly }];
  try {
    await thread.send('open', args, [handed.buffer]);
    return thread;
  } catch (error) {
    await thread.end().catch(() => undefined);
    throw error;
  }
}

interface DeletionCalls {
  readonly deletionStep: (
    what: Deletion,
    after: DeletionCursor | null,
    now: number | null,
  ) => Promise<DeletionStep>;
  readonly sweepStep: (after: number) => Promise<number | null>;
}

/** For a database nobody else writes to. */
const untended: InTurn = async (step) => {
  await step();
};

/** Sweeps until nothing is owed; a no-op where nothing is. */
async function sweepInSteps({ sweepStep }: Pick<DeletionCalls, 'sweepStep'>): Promise<void> {
  let after: number | null = 0;
  while (after !== null) after = await sweepStep(after);
}

/** Deletes step by step, then sweeps; what others ask of the database comes in between. */
async function deleteInSteps(
  calls: DeletionCalls,
  what: Deletion,
  inTurn: InTurn,
  now: number | null,
): Promise<DeletionResult> {
  let [records, facts, staying] = [0, 0, 0];
  let after: DeletionCursor | null = null;
  do {
    const next: { step: DeletionStep | null } = { step: null };
    await inTurn(async () => {
      next.step = await calls.deletionStep(what, after, now);
      return next.step.keys;
    });
    const { step } = next;
    records += step?.keys.length ?? 0;
    facts += step?.facts ?? 0;
    staying += step?.staying ?? 0;
    after = step?.next ?? null;
  } while (after !== null);
  await sweepInSteps(calls);
  return { records, facts, staying };
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
  const thread = await openThread({ ...options, key, readOnly }).catch((error: unknown) => {
    key.fill(0);
    throw error;
  });
  let closing = false;
  const { folder, workerFile } = options;
  const beside = (onFailure: () => void): Promise<StoreThread> =>
    openThread({ folder, workerFile, key, readOnly: true, onFailure });
  const reader: ReadingThread = readOnly
    ? new ReadingThread({ open: () => Promise.resolve(thread), own: false })
    : new ReadingThread({ open: () => beside(() => reader.lost()), own: true });

  const consistent = createConsistentReads(
    readOnly
      ? { open: () => Promise.resolve(thread), own: false }
      : { open: () => beside(() => undefined), own: true },
  );

  // The worker is this program's own; its results have the type of the function that made them.
  const ask = <Name extends CallName>(name: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>> =>
    closing ? Promise.reject(databaseClosed()) : (thread.send(name, args) as Promise<CallResult<Name>>);
  const deletionCalls: DeletionCalls = {
    deletionStep: (what, after, now) => ask('deletionStep', what, after, now),
    sweepStep: (after) => ask('sweepStep', after),
  };

  /** In a thread of its own again: it takes long, and whoever looks back meanwhile need not wait. */
  async function verify(): Promise<Verification> {
    if (readOnly || closing) return ask('verify');
    const verifier = new ReadingThread({ open: () => beside(() => undefined), own: true });
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
    codeNames: () => ask('codeNames'),
    codeUses: () => ask('codeUses'),
    codePicks: () => ask('codePicks'),
    lastNotes: (code) => ask('lastNotes', code),
    setFavourite: (code, favourite) => ask('setFavourite', code, favourite),
    deleteRecords: (what, inTurn = untended, now = null) => deleteInSteps(deletionCalls, what, inTurn, now),
    sweep: () => sweepInSteps(deletionCalls),
    rebuildDerived: () => ask('rebuildDerived'),
    summary: () => ask('summary'),
    addImported: (lines) => ask('addImported', lines),
    verify,
    records: (range, unread) => consistent.read((database) => recordsIn(database, range, unread)),
    review: reviewOn(reader, consistent.read),
    archive: {
      turnOn: (url, device) => ask('archiveOn', url, device),
      turnOff: () => ask('archiveOff'),
      device: () => ask('archiveDevice'),
      met: (who, seq, device) => ask('archiveMet', who, seq, device),
      fill: (how) => ask('archiveFill', how),
      batch: (records, bytes) => ask('archiveBatch', records, bytes),
      answered: (outcomes) => ask('archiveAnswered', [...outcomes]),
      counts: () => ask('archiveCounts'),
      offerRefused: () => ask('archiveOfferRefused'),
      issues: () => ask('archiveIssues'),
      preview: (how, before) => ask('archivePreview', how, before),
    },
    close: async () => {
      closing = true;
      // The last one to close moves the log into the file and seals it.
      await consistent.close();
      await reader.close();
      key.fill(0);
      await thread.end();
    },
  };
}
