import type { Account } from '../account.ts';
import type { CloudOffset } from '../clocks/cloud-clock.ts';
import type { Submission, Draft } from '../submissions.ts';
import type { LinkState, Person } from '../feed.ts';
import type { Communication } from '../communication/communication.ts';
import type { CodeUse } from '../database.ts';
import type { WrapupCode } from '../model/screenshare.ts';
import type { Appearance, KeyQuestion, DatabaseState, Notice, ReviewState, SettingsState } from '../state.ts';

/** The wrap-up codes of one participant, and where they come from. */
export interface KnownCodes {
  readonly from: 'loading' | 'server' | 'cache' | 'none';
  readonly codes: readonly WrapupCode[];
  readonly problem: string;
}

/** Everything the program knows, before it is put into words. Owned by the tracker. */
export interface Model {
  readonly source: { readonly kind: 'simulator' | 'genesys'; readonly demo: boolean };
  readonly account: Account;
  readonly person: Person | null;
  /** The account session is about to close: windows save what is being written. */
  readonly closing: boolean;
  readonly link: LinkState;
  /** A complete reading of the server was made since the program started. */
  readonly everLive: boolean;
  /** Epoch ms, this machine's clock. */
  readonly lastContactAt: number | null;
  /** The server's clock against this machine's; null before the first answer. */
  readonly cloud: CloudOffset | null;
  /** What the desktop's clock shows minus this machine's clock as the program uses it, ms. */
  readonly wallOffsetMs: number;
  /** By key: what is open, and the last ones that ended. */
  readonly communications: Readonly<Record<string, Communication>>;
  /** Keys of what is live by all that was heard, and a full reading of its conversation did not mention. */
  readonly unmentioned: readonly string[];
  /**
   * Conversations of which nobody knows how they stand: what was said last could not be read, or the server
   * could not be asked. By id; since when, epoch ms of this machine's clock.
   */
  readonly unconfirmedConversations: Readonly<Record<string, number>>;
  readonly drafts: Readonly<Record<string, Draft>>;
  /** Oldest first. */
  readonly submissions: readonly Submission[];
  /** By communication key. */
  readonly codes: Readonly<Record<string, KnownCodes>>;
  readonly uses: readonly CodeUse[];
  /** Prompts the agent put off, by communication key. */
  readonly postponed: readonly string[];
  /** The prompt the agent opened by hand. */
  readonly opened: string | null;
  /** Key of the share that was on air when it was opened: opened before, it is not meant for other eyes. */
  readonly openedOnAir: string | null;
  /** Missed alerts the agent has come to see, by key: when, epoch ms; 0 for one that was dismissed. */
  readonly missedSeen: Readonly<Record<string, number>>;
  /** When the program started, epoch ms: a missed alert waits to be seen only in the run it was missed in. */
  readonly startedAt: number;
  readonly database: DatabaseState;
  readonly review: ReviewState;
  readonly notices: readonly Notice[];
  readonly question: KeyQuestion | null;
  readonly appearance: Appearance;
  readonly settings: SettingsState;
}

/** The latest submission about a communication; a later one replaces an earlier one. */
export function submissionFor(model: Model, key: string): Submission | undefined {
  return model.submissions.findLast((submission) => submission.key === key);
}

/** Epoch ms of this machine's clock → epoch ms as the desktop shows it, for telling the time of day. */
export function toWall(model: Model, ms: number): number {
  return ms + model.wallOffsetMs;
}

/** Epoch ms of the server's clock → epoch ms of this machine's. */
export function toLocal(model: Pick<Model, 'cloud'>, serverMs: number): number {
  return serverMs - (model.cloud?.offsetMs ?? 0);
}
