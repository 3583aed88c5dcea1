import type { Account } from '../account.ts';
import type { ArchiveCounts } from '../archive/queue.ts';
import type { CloudOffset } from '../clocks/cloud-clock.ts';
import { isTakenBack, type Submission, type Draft } from '../submissions.ts';
import type { LinkState, Person } from '../feed.ts';
import type { Communication } from '../communication/communication.ts';
import { acwDeadline, acwStart } from '../communication/moments.ts';
import { afterCallWorkOf } from '../communication/phase.ts';
import { isSameWork, participantPrefix, workLevelOf } from '../communication/shared-work.ts';
import type { CodePick, CodeUse } from '../database.ts';
import { codeNamesIn, namedCode } from '../model/code-names.ts';
import type { StatusChoice, WrapupCode } from '../model/screenshare.ts';
import type { KnownUpdates } from '../updates.ts';
import type { EndingAction } from '../words/action-names.ts';
import type {
  Destination,
  Appearance,
  DatabaseState,
  KeyQuestion,
  Notice,
  Presence,
  Reminder,
  ReviewState,
  SettingsState,
} from '../state.ts';

/** The wrap-up codes of one participant, and where they come from. */
export interface KnownCodes {
  readonly from: 'loading' | 'server' | 'cache' | 'none';
  readonly codes: readonly WrapupCode[];
  readonly problem: string;
}

/** Everything the program knows, before it is put into words. Owned by the tracker. */
export interface KnownState {
  readonly source: {
    readonly kind: 'simulator' | 'genesys';
    readonly demo: boolean;
    /** Nobody has chosen yet which of them. */
    readonly undecided?: boolean;
  };
  readonly destination: Destination;
  readonly account: Account;
  readonly person: Person | null;
  /** The account session is about to close: windows save what is being written. */
  readonly closing: boolean;
  readonly link: LinkState;
  /** A complete reading of the server was made since the program started. */
  readonly everLive: boolean;
  /** When the server last confirmed what is shown: epoch ms, this machine’s clock. */
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
  /** Submissions the agent may still take back, by id: until when, epoch ms of this machine's clock. */
  readonly held: Readonly<Record<string, number>>;
  /** By communication key. */
  readonly codes: Readonly<Record<string, KnownCodes>>;
  /** Of every list that was ever loaded, by `codeKey` of the ids. */
  readonly codeNames: Readonly<Record<string, string>>;
  readonly uses: readonly CodeUse[];
  /** The agent's last ones, newest first. */
  readonly picks: readonly CodePick[];
  /** What the agent may set their status to; empty where the server does not let them. */
  readonly statusChoices: readonly StatusChoice[];
  /** What it is set to, once, when the work of this communication ends. */
  readonly nextStatus: (StatusChoice & { readonly key: string }) | null;
  /** Prompts the agent put off, by communication key. */
  readonly postponed: readonly string[];
  /** The wrap-up that is over and opened again to be changed. */
  readonly correcting: Correction | null;
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
  /** Null where none is connected. */
  readonly archive: KnownArchive | null;
  readonly updates: KnownUpdates;
  readonly notices: readonly Notice[];
  readonly question: KeyQuestion | null;
  readonly appearance: Appearance;
  readonly settings: SettingsState;
  readonly presence: Presence;
  /** When the gate before the first share of a day was last accepted, by id of the agent: epoch ms. */
  readonly gateAccepted: Readonly<Record<string, number>>;
  readonly reminder: Reminder | null;
}

/** What is known of the organisation's archive. */
export interface KnownArchive {
  readonly host: string;
  /** Null until the database has said it. */
  readonly counts: ArchiveCounts | null;
  /** Why nothing is sent for now, where that is as it should be. */
  readonly wait: 'database' | 'sharing' | 'metered' | null;
  /** In one sentence; empty when all is well. */
  readonly problem: string;
  /** Lines of this desk that the archive says it has not received. */
  readonly missing: number;
  /** What this machine's clock shows minus what the archive's does, ms. */
  readonly clockOffsetMs: number;
  readonly supervisor: boolean;
}

/** Changing a wrap-up that is over: the agent opens it again, sees what the server has, and sends something else. */
export interface Correction {
  readonly key: string;
  /** What the server had when it was opened: the agent has seen it, and overrules it. */
  readonly theirs: NonNullable<Submission['theirs']>;
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
export function sharersOf({ communications }: KnownState, key: string): readonly Communication[] {
  const communication = communications[key];
  if (!communication) return [];
  return Object.values(communications)
    .filter((other) => isSameWork(communication, other))
    .sort((a, b) => a.firstSeenAt.localeCompare(b.firstSeenAt) || a.key.localeCompare(b.key));
}

function isAbout(model: KnownState, key: string): (words: { readonly key: string }) => boolean {
  const { communications } = model;
  const keys = new Set([key, ...sharersOf(model, key).map((sharer) => sharer.key)]);
  const about = communications[key];
  const isShared = about !== undefined && workLevelOf(about) === 'participant';
  // Of another leg that is no longer among those in the state, only the key is left.
  const isOfAnother = (other: string): boolean =>
    isShared && communications[other] === undefined && participantPrefix(other) === participantPrefix(key);
  return (words) => keys.has(words.key) || isOfAnother(words.key);
}

/** The latest submission about the work of a communication; a later one replaces an earlier one, unless it was taken back. */
export function submissionFor(model: KnownState, key: string): Submission | undefined {
  const about = isAbout(model, key);
  return model.submissions.findLast((submission) => about(submission) && !isTakenBack(submission));
}

/** What the agent's status is to be set to when the work of a communication ends. */
export function statusAfter(model: KnownState, key: string): StatusChoice | undefined {
  if (model.nextStatus === null || !isAbout(model, key)(model.nextStatus)) return undefined;
  const { id, name } = model.nextStatus;
  return { id, name };
}

/** What is being written about the work of a communication. */
export function draftFor(model: KnownState, key: string): Draft | undefined {
  const drafts = Object.values(model.drafts).filter(isAbout(model, key));
  return drafts.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt)).at(-1);
}

/** Of the communications that share this work the one that ended last, while it is due: its time counts. */
export function lastDueOf(model: KnownState, key: string): Communication | undefined {
  return sharersOf(model, key)
    .filter((sharer) => afterCallWorkOf(sharer) === 'due')
    .sort((a, b) => (acwStart(a) ?? 0) - (acwStart(b) ?? 0))
    .at(-1);
}

/** When the server ends this work, epoch ms of this machine's clock; null where it sets no limit. */
export function workLimitOf(model: KnownState, key: string): number | null {
  const work = lastDueOf(model, key) ?? model.communications[key];
  const deadline = work ? acwDeadline(work) : null;
  return deadline === null ? null : toLocal(model, deadline);
}

/** Epoch ms of this machine's clock → epoch ms as the desktop shows it, for telling the time of day. */
export function toWall(model: KnownState, ms: number): number {
  return ms + model.wallOffsetMs;
}

/** Epoch ms of the server's clock → epoch ms of this machine's. */
export function toLocal(model: Pick<KnownState, 'cloud'>, serverMs: number): number {
  return serverMs - (model.cloud?.offsetMs ?? 0);
}

/** Epoch ms of this machine's clock → epoch ms of the server's. */
export function toServer(model: Pick<KnownState, 'cloud'>, ms: number): number {
  return ms + (model.cloud?.offsetMs ?? 0);
}

/** A code as the lists name it. */
export function namedIn({ codeNames }: Pick<KnownState, 'codeNames'>, code: Code): Code {
  return namedCode(code, codeNamesIn(codeNames));
}

interface Code {
  readonly code: string | null;
  readonly name: string | null;
}
