import type { Account } from '../account.ts';
import type { CloudOffset } from '../clocks/cloud-clock.ts';
import type { Submission, Draft } from '../submissions.ts';
import type { LinkState, Person } from '../feed.ts';
import type { Communication } from '../communication/communication.ts';
import { acwStart } from '../communication/moments.ts';
import { afterCallWorkOf } from '../communication/phase.ts';
import { isSameWork, participantPrefix, workLevelOf } from '../communication/shared-work.ts';
import type { CodeUse } from '../database.ts';
import { codeNamesIn, namedCode } from '../model/code-names.ts';
import type { WrapupCode } from '../model/screenshare.ts';
import type { EndingAction } from '../words/ending-words.ts';
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
  /**
   * The last listing could not be read, or not in whole: what it would have said is not known. `since` is epoch ms of
   * this machine's clock. Null while listings come as they should.
   */
  readonly listingProblem: { readonly reason: string; readonly since: number } | null;
  readonly drafts: Readonly<Record<string, Draft>>;
  /** Oldest first. */
  readonly submissions: readonly Submission[];
  /** By communication key. */
  readonly codes: Readonly<Record<string, KnownCodes>>;
  /** Of every list that was ever loaded, by `codeKey` of the ids. */
  readonly codeNames: Readonly<Record<string, string>>;
  readonly uses: readonly CodeUse[];
  /** Prompts the agent put off, by communication key. */
  readonly postponed: readonly string[];
  /** The prompt the agent opened by hand. */
  readonly opened: string | null;
  /** Key of the share that was on air when it was opened: opened before, it is not meant for other eyes. */
  readonly openedOnAir: string | null;
  /** The first of two presses that would end more than the share. */
  readonly firstPress: FirstPress | null;
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

export interface FirstPress {
  readonly key: string;
  readonly action: EndingAction;
  /** What it would end besides: if that changes, the second press is a first one. */
  readonly ends: string;
  /** How long the second press is waited for, epoch ms of this machine's clock. */
  readonly until: number;
}

/** Communications that have their after-call work in common with this one, itself among them; oldest first. */
export function sharersOf({ communications }: Model, key: string): readonly Communication[] {
  const communication = communications[key];
  if (!communication) return [];
  return Object.values(communications)
    .filter((other) => isSameWork(communication, other))
    .sort((a, b) => a.firstSeenAt.localeCompare(b.firstSeenAt) || a.key.localeCompare(b.key));
}

function isAbout(model: Model, key: string): (words: { readonly key: string }) => boolean {
  const { communications } = model;
  const keys = new Set([key, ...sharersOf(model, key).map((sharer) => sharer.key)]);
  const about = communications[key];
  const isShared = about !== undefined && workLevelOf(about) === 'participant';
  // Of another leg that is no longer among those in the state, only the key is left.
  const isOfAnother = (other: string): boolean =>
    isShared && communications[other] === undefined && participantPrefix(other) === participantPrefix(key);
  return (words) => keys.has(words.key) || isOfAnother(words.key);
}

/** The latest submission about the work of a communication; a later one replaces an earlier one. */
export function submissionFor(model: Model, key: string): Submission | undefined {
  return model.submissions.findLast(isAbout(model, key));
}

/** What is being written about the work of a communication. */
export function draftFor(model: Model, key: string): Draft | undefined {
  const drafts = Object.values(model.drafts).filter(isAbout(model, key));
  return drafts.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt)).at(-1);
}

/** Of the communications that share this work the one that ended last, while it is due: its time counts. */
export function lastDueOf(model: Model, key: string): Communication | undefined {
  return sharersOf(model, key)
    .filter((sharer) => afterCallWorkOf(sharer) === 'due')
    .sort((a, b) => (acwStart(a) ?? 0) - (acwStart(b) ?? 0))
    .at(-1);
}

/** Epoch ms of this machine's clock → epoch ms as the desktop shows it, for telling the time of day. */
export function toWall(model: Model, ms: number): number {
  return ms + model.wallOffsetMs;
}

/** Epoch ms of the server's clock → epoch ms of this machine's. */
export function toLocal(model: Pick<Model, 'cloud'>, serverMs: number): number {
  return serverMs - (model.cloud?.offsetMs ?? 0);
}

/** A code as the lists name it. */
export function namedIn({ codeNames }: Pick<Model, 'codeNames'>, code: Code): Code {
  return namedCode(code, codeNamesIn(codeNames));
}

interface Code {
  readonly code: string | null;
  readonly name: string | null;
}
