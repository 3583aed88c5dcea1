import type { Account } from './account.ts';
import type { KeyKeeping } from './program-info.ts';
import type { SettingKey, Settings, Theme } from './settings.ts';

/**
 * The one state, as windows see it. Main owns it; windows mirror it and send intents. A slice is
 * replaced as a whole, never changed in place. Words are already chosen: windows only draw and tick.
 */

/** What the agent is in the middle of; one glyph each (shape, never colour alone). */
export const phases = [
  'starting',
  'idle',
  'alerting',
  'connecting',
  'viewing',
  'sharing',
  'wrapUp',
  'wrappedUp',
  'missed',
  'conflict',
] as const;
export type Phase = (typeof phases)[number];

/**
 * A number that ticks. `since` counts up from `at`, `until` counts down to it; both are epoch ms of main's
 * clock (server times are already corrected), which a window follows by the `at` of what main sends.
 */
export interface Timer {
  readonly mode: 'since' | 'until';
  readonly at: number;
  /** Length of the whole countdown in ms, for a bar; null for counting up. */
  readonly totalMs: number | null;
  readonly label: string;
}

/** The verdict: what is so, in words, for the card, the tray and the screen reader alike. */
export interface Status {
  readonly phase: Phase;
  /** False while contact is lost over something live: the fact is the last known one. */
  readonly confirmed: boolean;
  /** `Last confirmed 16:58:03`, as the detail says it; empty while it is confirmed. */
  readonly asOf: string;
  /** `Not sharing`, `You are sharing`, `Sharing – not confirmed`, … */
  readonly title: string;
  /** Second line: who, queue, peers, outcome. */
  readonly detail: string;
  /** What the agent does about it, where that is not what a button says; names nobody. */
  readonly next: string;
  readonly clock: Timer | null;
  /** The communication it is about. */
  readonly key: string | null;
  /** What the agent can do about it right now, in the order shown. */
  readonly actions: readonly StatusAction[];
  /** After-call work was requested: `requestAcw` then takes the request back. */
  readonly acwRequested: boolean;
  /** What stopping or declining would end besides, in words: `the call`; empty when nothing. */
  readonly ends: string;
  /** It was pressed once where more would end than the share: what a second press does. Empty otherwise. */
  readonly pressAgain: string;
  /** Its wrap-up is decided and only its clock has to run out: others come first. */
  readonly decided: boolean;
  /** Other communications that need the agent, each a line of its own below the card. */
  readonly others: readonly OtherStatus[];
}

/** One more communication at the same time: it can be seen and answered without leaving the first. */
export interface OtherStatus extends Omit<Status, 'key' | 'others'> {
  readonly key: string;
}
export type StatusAction = 'answer' | 'decline' | 'stopSharing' | 'requestAcw' | 'openWrapUp' | 'dismiss';

export type Freshness = 'connecting' | 'live' | 'stale' | 'offline';
export interface Link {
  readonly freshness: Freshness;
  /** `Live`, `Stale`, `Offline`, … */
  readonly words: string;
  /** Why, and what happens next; empty while live. */
  readonly detail: string;
  /** Last time the server was heard from: epoch ms, this machine's clock. */
  readonly lastContactAt: number | null;
  /** Next try, epoch ms. */
  readonly retryAt: number | null;
}

export interface Source {
  readonly kind: 'simulator' | 'genesys';
  /** Shown as a label whenever the facts are invented. */
  readonly demo: boolean;
  /** Who is signed in, once known. */
  readonly agent: string | null;
  /** Another account's turn comes: windows save what is being written, and say `draftsSaved`. */
  readonly closing: boolean;
}

export interface CodeChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly favourite: boolean;
}

/** The wrap-up prompt in front of the agent. */
export interface Prompt {
  readonly key: string;
  /** `Ana L. · Billing`. */
  readonly subject: string;
  /** How it ended, in words; empty while still connected. */
  readonly ended: string;
  /** The communication is still connected: words can be entered, not yet submitted. */
  readonly connected: boolean;
  readonly policy: string;
  readonly codeRequired: boolean;
  /** Favourites and most used first. */
  readonly codes: readonly CodeChoice[];
  readonly codesFrom: 'loading' | 'server' | 'cache' | 'none';
  /** When nothing could be loaded: why and what to do. */
  readonly codesProblem: string;
  readonly draft: {
    readonly code: string | null;
    readonly name: string | null;
    readonly notes: string;
    readonly revision: number;
  };
  readonly notesLimit: number;
  readonly clock: Timer | null;
  /** Which buttons there are, by policy and state. `done` ends after-call work, `save` keeps it running. */
  readonly actions: readonly PromptAction[];
  /** Set when the server already closed it with something else. */
  readonly conflict: { readonly mine: string; readonly theirs: string } | null;
  /** Waiting behind this one. */
  readonly behind: number;
}
export type PromptAction = 'done' | 'save' | 'skip' | 'later' | 'sendMine' | 'keepTheirs';

export interface OutboxItem {
  readonly id: string;
  readonly key: string;
  /** `Resolved – Ana L. · Billing`. */
  readonly words: string;
  readonly state: 'waiting' | 'accepted' | 'conflict' | 'failed';
  readonly problem: string;
}
export interface Outbox {
  readonly items: readonly OutboxItem[];
  /** `2 waiting to send`; empty when there is nothing. */
  readonly words: string;
}

export interface DatabaseState {
  /** `paused`: it cannot be written now; the live status goes on without history. */
  readonly health: 'opening' | 'ok' | 'paused';
  readonly detail: string;
  readonly quarantined: number;
}

/** An export or import that is under way. */
export interface LongTask {
  readonly kind: 'export' | 'import';
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Records so far, and altogether where that is known. */
  readonly done: number;
  readonly total: number | null;
}

/** What the review window needs to know besides what it asks for. */
export interface ReviewState {
  /** Counts up when records changed: what is shown may be asked for again. */
  readonly revision: number;
  /** Somebody's exported file, open instead of the own records: to be read only. */
  readonly file: {
    readonly name: string;
    readonly records: number;
    /** Lines that could not be read, the first few in words. */
    readonly unreadable: number;
    readonly problems: readonly string[];
  } | null;
  readonly task: LongTask | null;
}

/** A message to the person, until they dismiss it. */
export interface Notice {
  readonly id: string;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What can be done about it at once. */
  readonly offer?: 'signInAgain';
}

/** A backup to go back to. */
interface BackupChoice {
  readonly name: string;
  /** `23 Nov, 14:02`. */
  readonly words: string;
  readonly records: number;
}

/** What can be done about a database that cannot be used, besides going on without it. */
export interface Ways {
  /** Newest first. */
  readonly backups: readonly BackupChoice[];
  /** What can still be read of the database can be saved into an empty one, without a backup. */
  readonly rescue: boolean;
  /** The file that says how its key is kept can be restored from its backup. */
  readonly keyBackup: boolean;
  /** Begin with an empty one and keep this one aside; or, hardest to reach, delete it. */
  readonly aside: boolean;
}

/**
 * Asked once where the system has no key store, at each start when a passphrase was chosen, and whenever the
 * database cannot be used (`problem`).
 */
export interface KeyQuestion {
  readonly kind: 'choose' | 'passphrase' | 'problem';
  readonly text: string;
  /** The file and what is wrong in it, for whoever helps; empty when the text says it all. */
  readonly detail: string;
  readonly ways: Ways;
  /** The person goes on without history for now: the question is one line until they come back to it. */
  readonly putOff: boolean;
}

export interface Appearance {
  readonly theme: Theme;
  readonly locale: string;
}

export interface SettingsState {
  /** In force: the person's own, under the organisation's policy. */
  readonly values: Settings;
  /** Set by the organisation, or perhaps (its policy could not be read): they cannot be changed here. */
  readonly locked: readonly SettingKey[];
  /** How the organisation wants the key of the records to be kept; null: as the person chose. */
  readonly keyKeeping: KeyKeeping | null;
  /** Why the organisation's policy could not be read, in words; empty when there is none, or it was. */
  readonly policyProblem: string;
  readonly stopKeyReach: StopKeyReach;
  /** Where the stop key does not work and why, in words; empty where it works, and where it is off. */
  readonly stopKeyProblem: string;
}

/**
 * Where the stop key works, as this session has shown:
 * - `untried`: nobody has asked the system for it yet
 * - `everywhere`: the system gave it to us
 * - `window`: only in our own, as another program has it or the desktop passes no keys on
 * - `off`: the person, or the organisation, switched it off
 */
export type StopKeyReach = 'untried' | 'everywhere' | 'window' | 'off';

export interface AppState {
  readonly status: Status;
  readonly link: Link;
  readonly source: Source;
  readonly account: Account;
  readonly prompt: Prompt | null;
  readonly outbox: Outbox;
  readonly database: DatabaseState;
  readonly review: ReviewState;
  readonly notices: readonly Notice[];
  readonly question: KeyQuestion | null;
  readonly appearance: Appearance;
  readonly settings: SettingsState;
}

/** The state as the services of main follow it. */
export interface StateSource {
  readonly getState: () => AppState;
  /** Returns what ends it. */
  readonly subscribe: (listener: (now: AppState, was: AppState) => void) => () => void;
}

/** A change of the state: only the slices that changed, numbered without gaps. */
export interface Patch {
  readonly rev: number;
  /** What main's clock showed when this was sent, epoch ms: windows keep their own by it. */
  readonly at: number;
  readonly patch: Partial<AppState>;
}
export interface Snapshot {
  readonly rev: number;
  /** As in a patch. */
  readonly at: number;
  readonly state: AppState;
}
