import type { StatusChoice } from './model/screenshare.ts';
import type { Account } from './account.ts';
import type { KeyKeeping } from './program-info.ts';
import type { Snippet } from './snippets.ts';
import type { SettingKey, Settings, Theme } from './settings.ts';
import type { SettingsSection } from './settings-sections.ts';
import type { ShortcutId } from './shortcuts.ts';
import type { LanguageId } from './words/say.ts';

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

/** What is so, in words, for the card, the tray and the screen reader alike. */
export interface Status {
  readonly phase: Phase;
  /** False while contact is lost over something live: the fact is the last known one. */
  readonly confirmed: boolean;
  /** `Last confirmed 16:58:03`, as the detail says it; empty while it is confirmed. */
  readonly asOf: string;
  /** `Not sharing`, `You are sharing`, `Sharing – not confirmed`, … */
  readonly title: string;
  /** How many people can see the agent's screen; null where it is not shared, or nobody says. */
  readonly peerCount: number | null;
  /** About whom: `Ana L. · Billing`, where there is something to be done about them after the share. */
  readonly who: readonly string[];
  /** What else there is to know: queue, peers, outcome. */
  readonly detail: string;
  /** Key of the record the detail is about, where that is all there is to do: to open it. */
  readonly about: string | null;
  /** Who monitors or records, as the server says it; names nobody while others can read it. Empty for nobody. */
  readonly observed: string;
  /** What the agent does about it, where that is not what a button says; names nobody. */
  readonly next: string;
  readonly clock: Timer | null;
  /** How near the server's limit of a wrap-up that is still to be made is; null where none runs. */
  readonly limit: 'running' | 'near' | null;
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
  /** An alert was missed, and the agent has not seen that yet. */
  readonly unseen: boolean;
  /** Other communications that need the agent, each a line of its own below the card. */
  readonly others: readonly OtherStatus[];
}

/** One more communication at the same time: it can be seen and answered without leaving the first. */
export interface OtherStatus extends Omit<Status, 'key' | 'others' | 'about'> {
  readonly key: string;
}
export type StatusAction =
  'answer' | 'decline' | 'stopSharing' | 'requestAcw' | 'openWrapUp' | 'dismiss' | 'correct';

export type Freshness = 'connecting' | 'live' | 'stale' | 'offline';
export interface Link {
  readonly freshness: Freshness;
  /** `Live`, `Stale`, `Offline`, … */
  readonly words: string;
  /** Why, and what happens next; empty while live. */
  readonly detail: string;
  /** Last time the server confirmed what is shown: epoch ms, this machine’s clock. */
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
  /** Nobody has chosen yet between signing in and the demo: nothing is asked of any server, and nothing rings. */
  readonly undecided: boolean;
}

export interface CodeChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly favourite: boolean;
  /** The agent has chosen it before. */
  readonly used: boolean;
}

/** What the same letters chose before. Newest first in a list. */
export interface LettersPick {
  /** As `lettersOf` gives them. */
  readonly letters: string;
  /** Id of the code. */
  readonly code: string;
}

/** The wrap-up prompt in front of the agent. */
export interface Prompt {
  readonly key: string;
  /** `Ana L. · Billing`. */
  readonly subject: string;
  /** As far as the server names them; empty where it does not. */
  readonly customer: string;
  readonly queue: string;
  /** How it ended, in words; empty while still connected. */
  readonly ended: string;
  /** The communication is still connected: words can be entered, not yet submitted. */
  readonly connected: boolean;
  readonly policy: string;
  readonly codeRequired: boolean;
  /** Favourites and most used first. */
  readonly codes: readonly CodeChoice[];
  /** What letters chose in this queue before, newest first. */
  readonly picks: readonly LettersPick[];
  readonly codesFrom: 'loading' | 'server' | 'cache' | 'none';
  /** When nothing could be loaded: why and what to do. */
  readonly codesProblem: string;
  readonly draft: {
    readonly code: string | null;
    readonly name: string | null;
    readonly notes: string;
    readonly revision: number;
  };
  /** It is saved as the draft says, and ends when its time is up. */
  readonly saved: boolean;
  readonly notesLimit: number;
  readonly clock: Timer | null;
  /** What the agent's status can be set to when this work ends, and what was chosen; null where it cannot. */
  readonly nextStatus: { readonly choices: readonly StatusChoice[]; readonly chosen: string | null } | null;
  /** What happens when the time is up, in words; empty where nothing ends it. */
  readonly atZero: string;
  /** The recommended time is nearly or quite over, in words; else empty. */
  readonly nudge: string;
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
/** A submission the agent may still take back. */
export interface HeldItem {
  readonly id: string;
  readonly key: string;
  /** `Wrap-up sent`. */
  readonly words: string;
  /** `Resolved – Ana L. · Billing`. */
  readonly about: string;
}
export interface Outbox {
  readonly items: readonly OutboxItem[];
  /** The newest first. */
  readonly held: readonly HeldItem[];
  /** `2 waiting to send`; empty when there is nothing. */
  readonly words: string;
}

export interface DatabaseState {
  /** `paused`: it cannot be written now; the live status goes on without recording. */
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
  /** The organisation's archive is looked at instead of the own records. */
  readonly archive: boolean;
  readonly task: LongTask | null;
}

/** The organisation's archive, which finished records go to. In words. */
export interface ArchiveState {
  /** Of its address. */
  readonly host: string;
  /** `217 records in the archive, 3 waiting`; until that is known, that it is asked. */
  readonly words: string;
  /** Why records wait, where that is as it should be; else empty. */
  readonly wait: string;
  /** What keeps records from getting there, in one sentence; empty when all is well. */
  readonly problem: string;
  /** What is to be known besides: lines that did not arrive, a clock that is wrong. */
  readonly remarks: readonly string[];
  /** Records that are refused, or of which the archive has another version. */
  readonly issues: number;
  /** The agent may look at the records of others there. */
  readonly supervisor: boolean;
}

/** Newer versions of the program, in words. */
export interface UpdatesState {
  /** How it stands, in one line. */
  readonly words: string;
  /** Why there is none, in one sentence; empty when all is well. */
  readonly problem: string;
  /** This copy can replace itself, and knows where from. */
  readonly looks: boolean;
  /** It may be looked for now. */
  readonly mayLook: boolean;
  /** One is there, whole and checked. */
  readonly ready: boolean;
}

/** How much reminds of a share that goes on, besides its head: each comes once a share. */
export type Rung = 'pulse' | 'toast' | 'modal';
export type ReminderReason =
  'minutes' | 'callEnded' | 'idle' | 'locked' | 'asleep' | 'goesToSleep' | 'sessionEnds';

/** That the screen is still shared. */
export interface Reminder {
  /** The communication that is on air. */
  readonly key: string;
  readonly rung: Rung;
  readonly reason: ReminderReason;
  /** Whole minutes on air when it came. */
  readonly minutes: number;
  /** It asks, and waits for an answer. */
  readonly asks: boolean;
}

/** A message to the person, until they dismiss it. */
export interface Notice {
  readonly id: string;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What can be done about it at once. */
  readonly offer?: 'signInAgain' | 'archive' | 'updates';
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
  /** The person goes on without recording for now: the question is one line until they come back to it. */
  readonly putOff: boolean;
}

export interface Appearance {
  readonly theme: Theme;
  /** Of all words. */
  readonly language: LanguageId;
  /** Of times and numbers: in that language, as the system writes them. */
  readonly locale: string;
}

export interface SettingsState {
  /** In force: the person's own, under the organisation's policy. */
  readonly values: Settings;
  /** Set by the organisation, or perhaps (its policy could not be read): they cannot be changed here. */
  readonly locked: readonly SettingKey[];
  /** How the organisation wants the key of the records to be kept; null: as the person chose. */
  readonly keyKeeping: KeyKeeping | null;
  /** The organisation's, beside the person's own. */
  readonly snippets: readonly Snippet[];
  /** What the organisation says about its archive; empty where it says nothing. */
  readonly archiveWords: string;
  /** Where newer versions of the program lie, see `updateAddress`; empty: nowhere we know. */
  readonly updatesUrl: string;
  /** The agent has to confirm before the first share of each day that others may see their screen. */
  readonly shareGate: boolean;
  /** By id or name of a queue: the code its organisation has filed at the limit where the agent chose none. */
  readonly defaultCodes: Readonly<Record<string, string>>;
  /** Why the organisation's policy could not be read, in words; empty when there is none, or it was. */
  readonly policyProblem: string;
  readonly stopKeyReach: StopKeyReach;
  /** Where the stop key does not work and why, in words; empty where it works, and where it is off. */
  readonly stopKeyProblem: string;
  /** The same of other keys that are to work from any program. */
  readonly keyProblems: Readonly<Partial<Record<ShortcutId, string>>>;
}

/**
 * Where the stop key works, as this session has shown:
 * - `untried`: nobody has asked the system for it yet
 * - `everywhere`: the system gave it to us
 * - `window`: only in our own, as another program has it or the desktop passes no keys on
 * - `off`: the person, or the organisation, switched it off
 */
export type StopKeyReach = 'untried' | 'everywhere' | 'window' | 'off';

/** Whether the agent is at this machine, and whether it is awake, as far as the system says. */
export interface Presence {
  /** The screen is locked: whatever is on it may be read by anybody. */
  readonly locked: boolean;
  /** The machine goes to sleep, or sleeps. */
  readonly asleep: boolean;
  /**
   * Since when nobody has touched keyboard or mouse: epoch ms of main's clock, once it is `idleAfterMs` ago. Null while
   * somebody does. It is looked at only while a share is live; otherwise, and where the system does not say, it is null.
   */
  readonly idleSince: number | null;
}

/** Nobody is called idle for less, ms. */
export const idleAfterMs = 60_000;

export const atWork: Presence = { locked: false, asleep: false, idleSince: null };

/** Where a button of another window, a key or a link leads. */
export interface Destination {
  /** Rises with each, so that the same can be asked for again. */
  readonly count: number;
  readonly section: SettingsSection | null;
  /** Key of a record. */
  readonly record: string | null;
  /** What the agent writes into, in the widget. */
  readonly field: boolean;
}
export const nowhere: Destination = { count: 0, section: null, record: null, field: false };

export interface AppState {
  readonly status: Status;
  readonly link: Link;
  readonly source: Source;
  readonly account: Account;
  readonly prompt: Prompt | null;
  readonly outbox: Outbox;
  readonly database: DatabaseState;
  readonly review: ReviewState;
  /** Null where none is connected. */
  readonly archive: ArchiveState | null;
  readonly updates: UpdatesState;
  readonly notices: readonly Notice[];
  readonly question: KeyQuestion | null;
  readonly appearance: Appearance;
  readonly settings: SettingsState;
  readonly presence: Presence;
  /** Null while nothing but the head says that the screen is shared, or it is not. */
  readonly reminder: Reminder | null;
  readonly destination: Destination;
  /** It has to be confirmed now, see `SettingsState.shareGate`. */
  readonly gate: boolean;
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
