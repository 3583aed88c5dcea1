import type { CloudOffset } from './clocks/cloud-clock.ts';
import type { Communication } from './communication/communication.ts';
import type { Submission, Draft } from './submissions.ts';
import type { WrapupCode } from './model/screenshare.ts';
import type { ExportedRecord } from './exported-record.ts';
import type { FactPage, RecordDetail } from './review/record-detail.ts';
import type { Deletion, DeletionPlan, DeletionResult, InTurn, NextExpiry } from './review/deletion.ts';
import type { ListingPage } from './review/record-listing.ts';
import type { Figure, FigureKind } from './review/chart-figures.ts';
import type { ReviewOrder, ReviewQuery } from './review/query.ts';

/**
 * The database as the rest of the program sees it: named calls, no SQL. One worker owns the file; every
 * call that changes something resolves only after it is durable (WAL, synchronous=FULL).
 */

/** What a fact was reduced with besides its text. With it the reducing can be repeated, and comes out the same. */
export interface FactContext {
  /** What the fact is about. */
  readonly conversationId: string;
  /** By which rules it was reduced, see `reducerVersion`. */
  readonly rules: number;
  /** The local agent. */
  readonly userId: string;
  /** ISO-8601, the server's clock as estimated then. */
  readonly serverTime: string;
  /** What that estimate rested on; absent before the first answer of the server. */
  readonly cloud?: CloudOffset;
  /** The server no longer has the conversation: its answer was 404. */
  readonly missing?: true;
  /** A reading asked for before the latest event of the conversation came, see `ReducerContext`. */
  readonly overtaken?: true;
}

/** One fact as it goes into the journal: exactly what arrived. */
export interface JournalEntry {
  /**
   * `held`: nothing that arrived, but the communications of one conversation as they stood when the facts
   * behind them found no room; its body is their JSON.
   */
  readonly source: 'socket' | 'rest' | 'held';
  /** Topic name, or method and path of the read. */
  readonly subject: string;
  /** ISO-8601, this machine's clock. */
  readonly receivedAt: string;
  /** The text as received (a frame, or a response body). */
  readonly body: string;
  /** Why it could not be understood; null where it was. Refused ones are counted as quarantined. */
  readonly refusal: string | null;
  /** Null for one that was refused. */
  readonly context: FactContext | null;
}

export interface DatabaseSummary {
  readonly records: number;
  readonly facts: number;
  readonly quarantined: number;
}

/** What is needed to go on where the program stopped. */
export interface Recollection {
  /** Communications that are live, or whose wrap-up may still be open; newest first. */
  readonly open: readonly Communication[];
  readonly drafts: readonly Draft[];
  /** Submissions that are not confirmed or dropped; and those after whose work a status is still to be set. */
  readonly submissions: readonly Submission[];
  /** The last communication that ended, for the quiet line of the widget. */
  readonly last: Communication | null;
  readonly lastSubmission: Submission | null;
  readonly summary: DatabaseSummary;
}

export interface CachedCodes {
  readonly codes: readonly WrapupCode[];
  /** ISO-8601. */
  readonly fetchedAt: string;
}

/** How often and how recently a code was used; for most-used-first. */
export interface CodeUse {
  readonly code: string;
  readonly uses: number;
  /** ISO-8601. */
  readonly lastUsedAt: string;
  readonly favourite: boolean;
}

/** A code the agent chose for a wrap-up, as the stored submissions have it. */
export interface CodePick {
  readonly code: string;
  /** See `codesScope`. */
  readonly scope: string;
  /** What was typed for it, as `lettersOf` gives it; empty for one that was picked by digit or mouse. */
  readonly letters: string;
  /** ISO-8601, this machine's clock. */
  readonly at: string;
}

export interface Verification {
  readonly whole: boolean;
  readonly facts: number;
  /** Those of the facts that are deleted: they still hold the chain together. */
  readonly deleted: number;
  readonly records: number;
  /** Records made again from their facts, and found equal. */
  readonly rebuilt: number;
  /** Records that cannot be: their facts were reduced by other rules. Only their checksums vouch for them. */
  readonly notRebuilt: number;
  /** Readable lines: what is wrong and where, the first bad row first. Empty when whole. */
  readonly problems: readonly string[];
  /** Those of the problems that are about what follows from the records and is rebuilt: nothing is lost by them. */
  readonly derived: readonly string[];
}

export interface Faults {
  /** What is wrong with it, in words; null when it is what was copied. */
  readonly fault: string | null;
  /** What is wrong with what can be rebuilt; null when nothing is. */
  readonly derivedFault: string | null;
}

/** What is wrong with a database except what can be rebuilt; and what is wrong with that. */
export function faultsOf({ problems, derived }: Pick<Verification, 'problems' | 'derived'>): Faults {
  return {
    fault: problems.find((problem) => !derived.includes(problem)) ?? null,
    derivedFault: derived[0] ?? null,
  };
}

export interface LocalDatabase {
  /**
   * Appends a fact and, in the same transaction, stores the communications it changed: what the reducer makes of
   * the fact and everything stored of its conversation. Facts are committed one after the other.
   */
  commit(entry: JournalEntry, changed: readonly Communication[]): Promise<DatabaseSummary>;
  recollect(): Promise<Recollection>;
  /**
   * Everything stored of a conversation. The tracker asks once and then goes by what it commits, until another
   * database is attached, something is deleted, or nobody knows whether a commit succeeded.
   */
  communicationsOf(conversationId: string): Promise<readonly Communication[]>;
  /** An older revision never replaces a newer one; a blank one removes what is there. */
  saveDraft(draft: Draft): Promise<void>;
  /** Adds a submission and removes the draft it came from, in one transaction; gives it its order. */
  decide(submission: Omit<Submission, 'order'>): Promise<Submission>;
  updateSubmission(submission: Submission): Promise<void>;
  cacheCodes(scope: string, cached: CachedCodes): Promise<void>;
  cachedCodes(scope: string): Promise<CachedCodes | null>;
  /** Of every list that was ever cached, by `codeKey` of the ids. */
  codeNames(): Promise<Readonly<Record<string, string>>>;
  codeUses(): Promise<readonly CodeUse[]>;
  /** What was chosen for the last wrap-ups, newest first. */
  codePicks(): Promise<readonly CodePick[]>;
  /** The last different notes that were filed with a code, newest first. */
  lastNotes(code: string): Promise<readonly string[]>;
  setFavourite(code: string, favourite: boolean): Promise<void>;
  /**
   * Deletes for good what is settled: facts become tombstones that keep the chain whole, everything else is
   * gone from the file. In short transactions, so that facts go on being kept meanwhile.
   * @param inTurn runs each of them; without it somebody else's reading and writing may lie around one
   * @param now epoch ms of the server's clock: work that is too old to be filed goes too; without it none is
   */
  deleteRecords(what: Deletion, inTurn?: InTurn, now?: number | null): Promise<DeletionResult>;
  /** Runs a checkpoint and closes the file. */
  close(): Promise<void>;
}

/** Called with the number of records that were damaged and passed over since the last time. */
export type Unread = (records: number) => void;

/** What a file is made of: the records of a search, or one by its key. */
export type MaskScope = { readonly query: ReviewQuery } | { readonly key: string };

/**
 * Looking back: reads on a thread of their own, so that nothing asked here holds up a fact.
 *
 * Who types asks faster than is answered. `asker` names them: of what the same asker waits for only what is about
 * the last search is done, and the rest is refused as `Superseded`. Without one everything is answered.
 */
export interface Review {
  /** `count` lines from position `from` of the result; fewer at its end. */
  find(
    query: ReviewQuery,
    order: ReviewOrder,
    from: number,
    count: number,
    asker?: string,
  ): Promise<ListingPage>;
  count(query: ReviewQuery, asker?: string): Promise<number>;
  record(key: string): Promise<RecordDetail | null>;
  /** Facts about the conversation of a record, after the one with this number (0: from the first). */
  facts(key: string, after: number): Promise<FactPage>;
  /** Days and weeks in order of time, without empty ones; queues and codes with the most shares first. */
  figures(query: ReviewQuery, by: FigureKind, asker?: string): Promise<readonly Figure[]>;
  /**
   * For an export: in the order they happened, in constant memory, as they are when the first is read.
   * @param unread called with damaged ones, which are left out; without it the first of them is an error
   */
  records(query: ReviewQuery, unread?: Unread): AsyncIterable<ExportedRecord>;
  /**
   * What the digests of a masked export are made with: the same for the same records, another for any others. So a file
   * comes out the same twice, and the ids of two files cannot be put together.
   */
  maskKey(scope: MaskScope): Promise<Uint8Array>;
  /** @param now see `LocalDatabase.deleteRecords` */
  planDeletion(what: Deletion, now?: number | null): Promise<DeletionPlan>;
  /**
   * @param keepMs age at which a record is deleted
   * @param now see `LocalDatabase.deleteRecords`
   */
  nextExpiry(keepMs: number, now?: number | null): Promise<NextExpiry | null>;
}

/** Why the file of a database could not be opened or written. */
export const fileProblemCodes = [
  'wrong-key',
  'newer-version',
  'development-version',
  'damaged',
  'gone',
  'read-only',
  'full',
  'io',
  'locked',
] as const;
export type FileProblemCode = (typeof fileProblemCodes)[number];

/** `closed` and `tampered` are about the program; `message` says what happened and what to do. */
export type DatabaseProblemCode = FileProblemCode | 'closed' | 'tampered';

export class DatabaseProblem extends Error {
  readonly code: DatabaseProblemCode;
  constructor(code: DatabaseProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseProblem';
    this.code = code;
  }
}

/** What is looked at is not in a database, and cannot answer; `message` is one clear sentence for the agent. */
export class SourceProblem extends Error {
  override readonly name = 'SourceProblem';
}

/** A review asked for something else before this was begun; whoever asked does not wait for it any more. */
export class Superseded extends Error {
  constructor() {
    super('Something else was asked for meanwhile');
    this.name = 'Superseded';
  }
}
