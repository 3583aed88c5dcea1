import type { Communication } from '../communication/communication.ts';
import { afterCallWorkOf } from '../communication/phase.ts';
import { workLevelOf } from '../communication/shared-work.ts';
import type { Command, SendResult, Target } from '../feed.ts';
import { sendAheadMs, type Submission } from '../submissions.ts';
import { unreachable } from '../toolbox/result.ts';
import { say } from '../words/say.ts';
import { isEcho, mustBeReadFirst, reconcile, withoutEffect, type Evidence } from './reconcile.ts';

/**
 * The life of a submission: `table` says for everything that can happen to it what it does next, and which tasks
 * `electron/outbox/outbox.ts` has to carry out. Submissions of one participant go in their order; nothing is sent
 * twice unless the server was read in between, or surely never got the first.
 */

export type Activity =
  /** On its way into the local database, and not shown yet. */
  | 'placing'
  /** The agent may still take it back: it goes on when a timer has run. */
  | 'held'
  /** It waits for contact, and for its turn among those of its participant. */
  | 'ready'
  | 'sending'
  /** Its conversation is read for what the last try has done. */
  | 'checking'
  /** The same after a refusal, which is final unless that shows something else. */
  | 'checkingRefusal'
  /** Its conversation is read before it is sent again, or given up. */
  | 'reading'
  /** A timer runs. */
  | 'pausing'
  /** In conflict or failed: the agent decides. */
  | 'choice'
  /** Confirmed or dropped. */
  | 'over';

/** A submission, and what is known about it in this run of the program only. */
export interface Progress {
  readonly submission: Submission;
  readonly activity: Activity;
  /** The local database has it; false: this program alone does. */
  readonly durable: boolean;
  /** Made before this program started: nobody knows whether it was sent. */
  readonly restored: boolean;
  /** It may have taken effect unseen: the server is read before it is sent again. */
  readonly unread: boolean;
  /** In a row, while there was contact. */
  readonly failedReadings: number;
  /** 202s that nothing has come of. */
  readonly emptyAnswers: number;
  /** How often its communication had changed at the beginning: what was known by then is not its effect. */
  readonly revisionsAtFirst: number;
  /** The number of the last try in this run; Infinity while it is under way, null before the first. */
  readonly tried: number | null;
  /** While it is held: until when, epoch ms; else null. */
  readonly heldUntil: number | null;
}

export type Happening =
  | { readonly kind: 'submitted' }
  | { readonly kind: 'restored' }
  /** The local database has it, in this state and at this place in the order. */
  | { readonly kind: 'placed'; readonly stored: Submission }
  | { readonly kind: 'notKept' }
  /** There is contact, and nothing of its participant is under way. */
  | { readonly kind: 'turn' }
  /** `number`: counts the tries of all submissions. */
  | { readonly kind: 'answered'; readonly result: SendResult; readonly number: number }
  /** Something about its communication, or about other submissions, may have changed. */
  | { readonly kind: 'factsChanged' }
  /**
   * What the server has of its conversation came in. `after`: the number of the last try that had ended when it was
   * asked for; null where that is not known, but it was in this run.
   */
  | { readonly kind: 'wasRead'; readonly after: number | null }
  /** The reading it asked for has ended; if it succeeded, `wasRead` came first. */
  | { readonly kind: 'readingEnded'; readonly ok: boolean }
  | { readonly kind: 'timerFired' }
  /** The agent takes it back. */
  | { readonly kind: 'undone' }
  /** The program leaves: nothing is held any longer. */
  | { readonly kind: 'hurried' }
  /** The agent decided something newer about the same communication. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'choseMine' }
  | { readonly kind: 'choseTheirs' };

/** What is known when something happens. */
export interface Known {
  readonly communication: Communication | undefined;
  /** All that were made, for what earlier ones may have brought about. */
  readonly submissions: readonly Submission[];
  readonly live: boolean;
  /** ISO-8601. */
  readonly now: string;
  /** How long the agent may take it back, ms. */
  readonly holdMs: number;
  /** When the server ends its after-call work, epoch ms of this machine's clock; null where it sets no limit. */
  readonly limit: number | null;
}

export type Task =
  /** Writes it into the local database as it is by then. */
  | { readonly kind: 'write' }
  /** The database cannot be written: offers it again later. */
  | { readonly kind: 'offerLater' }
  | { readonly kind: 'send'; readonly target: Target; readonly command: Command }
  | { readonly kind: 'read' }
  /** For a random time between these, in ms. */
  | { readonly kind: 'wait'; readonly least: number; readonly most: number };

export interface Transition {
  readonly progress: Progress;
  readonly tasks: readonly Task[];
}

type Of<Kind> = Extract<Happening, { readonly kind: Kind }>;
type Rules = {
  readonly [Kind in Happening['kind']]: (progress: Progress, happening: Of<Kind>, known: Known) => Transition;
};

/** Tries without an answer after which a submission no longer holds up those behind it. */
const holdsUpFor = 5;
/** Times the server may say yes and do nothing before the agent has to know. */
const emptyAnswersAtMost = 5;
/** Failed readings in a row after which it goes on without: a role may send what it may not read. */
const readingsAtMost = 3;

/** Does nothing. */
const stay = (progress: Progress): Transition => ({ progress, tasks: [] });

const nothing: Rules = {
  submitted: stay,
  restored: stay,
  placed: stay,
  notKept: stay,
  turn: stay,
  answered: stay,
  factsChanged: stay,
  wasRead: stay,
  readingEnded: stay,
  timerFired: stay,
  undone: stay,
  hurried: stay,
  superseded: stay,
  choseMine: stay,
  choseTheirs: stay,
};
/** What is the same whatever it is doing. A fact may settle it at any time, also before the answer to a try comes. */
const always: Rules = {
  ...nothing,
  placed,
  notKept,
  answered: (progress, { result, number }) => stay(tried(progress, result, number)),
  factsChanged: (progress, _, known) => judge(progress, byFacts(progress, known, 'event'), known),
  wasRead,
  superseded: (progress, _, { now }) => go(progress, 'over', { state: 'dropped', updatedAt: now }),
};

const table: Readonly<Record<Activity, Rules>> = {
  placing: {
    ...nothing,
    submitted: (progress) => ({ progress, tasks: [{ kind: 'write' }] }),
    restored: (progress, _, known) => begin(progress, known),
    placed: (progress, { stored: { order } }, known) =>
      begin({ ...progress, durable: true, submission: { ...progress.submission, order } }, known),
    notKept: (progress, _, known) => withTask({ kind: 'offerLater' }, begin(progress, known)),
  },
  held: {
    ...always,
    factsChanged: (progress, happening, known) => {
      const judged = always.factsChanged(progress, happening, known);
      return judged.progress.activity === 'held' ? hold(progress, known) : judged;
    },
    timerFired: (progress) => release(progress),
    hurried: (progress) => release(progress),
    undone: (progress, _, { now }) =>
      go(progress, 'over', { state: 'dropped', theirs: null, updatedAt: now }),
  },
  ready: { ...always, turn },
  sending: { ...always, answered },
  checking: { ...always, readingEnded: (progress) => pause(progress) },
  checkingRefusal: {
    ...always,
    readingEnded: (progress, _, { now }) => go(progress, 'choice', { state: 'failed', updatedAt: now }),
  },
  reading: { ...always, readingEnded },
  pausing: { ...always, timerFired: (progress) => go(progress, 'ready') },
  choice: {
    ...always,
    choseMine: (progress, _, { now }) =>
      go(progress, 'ready', { state: 'waiting', problem: null, updatedAt: now }),
    choseTheirs: (progress, _, { now }) =>
      go(progress, 'over', { state: 'dropped', problem: null, updatedAt: now }),
  },
  over: { ...always, superseded: stay },
};

/** What becomes of a submission to which this happens. Its words never change. */
export function transition(progress: Progress, happening: Happening, known: Known): Transition {
  const rule = table[progress.activity][happening.kind] as (
    progress: Progress,
    happening: Happening,
    known: Known,
  ) => Transition;
  return rule(progress, happening, known);
}

/** Before anything has happened to it: the first is `submitted` or `restored`. */
export function newProgress(
  submission: Submission,
  communication: Communication | undefined,
  restored: boolean,
): Progress {
  return {
    submission,
    activity: 'placing',
    durable: restored,
    restored,
    unread: restored,
    failedReadings: 0,
    emptyAnswers: 0,
    revisionsAtFirst: revisionsOf(communication),
    tried: null,
    heldUntil: null,
  };
}

/** Wrap-up at participant level is one for all communications of a participant: there the order counts. */
export function laneOf({ conversationId, participantId }: Submission): string {
  return `${conversationId}/${participantId}`;
}

/** Whose turn it is: the first that may go on. `busy`: lanes in which something is under way. */
export function nextInTurn(inOrder: readonly Progress[], busy: ReadonlySet<string>): Progress | undefined {
  const heldUp = new Set<string>();
  return inOrder.find(({ submission, activity }) => {
    const lane = laneOf(submission);
    const mayGo = submission.state === 'accepted' || !heldUp.has(lane);
    if (submission.state === 'waiting' && submission.attempts < holdsUpFor) heldUp.add(lane);
    return activity === 'ready' && mayGo && !busy.has(lane);
  });
}

function go(
  progress: Progress,
  activity: Activity,
  change: Partial<Submission> | null = null,
  ...tasks: Task[]
): Transition {
  const heldUntil = activity === 'held' ? progress.heldUntil : null;
  if (change === null) return { progress: { ...progress, activity, heldUntil }, tasks };
  const submission = { ...progress.submission, ...change };
  // What this program alone has is written when it gets its place.
  const writing: Task[] = progress.durable ? [{ kind: 'write' }] : [];
  return { progress: { ...progress, activity, submission, heldUntil }, tasks: [...writing, ...tasks] };
}

function withTask(task: Task, { progress, tasks }: Transition): Transition {
  return { progress, tasks: [task, ...tasks] };
}

function begin(progress: Progress, known: Known): Transition {
  switch (progress.submission.state) {
    case 'waiting':
      // The agent saw it go before the program ended.
      return progress.restored ? go(progress, 'ready') : hold(progress, known);
    case 'accepted':
      return pause(progress);
    case 'conflict':
    case 'failed':
      return go(progress, 'choice');
    case 'confirmed':
    case 'dropped':
      return go(progress, 'over');
    default:
      return unreachable(progress.submission.state);
  }
}

/** Holds it, for less where the server's limit is near; goes on holding it when the limit has changed. */
function hold(progress: Progress, { now, holdMs, limit, communication }: Known): Transition {
  const at = Date.parse(now);
  // What the server has closed already is in no hurry.
  const isTimed = limit !== null && communication !== undefined && afterCallWorkOf(communication) === 'due';
  const latest = isTimed ? limit - sendAheadMs : Infinity;
  const until = Math.min(progress.heldUntil ?? at + holdMs, latest);
  if (until <= at) return release(progress);
  if (until === progress.heldUntil) return stay(progress);
  const wait = { kind: 'wait', least: until - at, most: until - at } as const;
  return go({ ...progress, heldUntil: until }, 'held', null, wait);
}

function release(progress: Progress): Transition {
  return go(progress, 'ready');
}

/** It may have changed since it was offered. */
function placed(progress: Progress, { stored }: Of<'placed'>): Transition {
  const submission = { ...progress.submission, order: stored.order };
  const { state, attempts, problem } = submission;
  const isCurrent = stored.state === state && stored.attempts === attempts && stored.problem === problem;
  return {
    progress: { ...progress, durable: true, submission },
    tasks: isCurrent ? [] : [{ kind: 'write' }],
  };
}

function notKept(progress: Progress): Transition {
  return { progress: { ...progress, durable: false }, tasks: [{ kind: 'offerLater' }] };
}

function turn(progress: Progress, _: Of<'turn'>, known: Known): Transition {
  const { submission, unread } = progress;
  const isReadFirst =
    submission.state === 'accepted' || unread || mustBeReadFirst(submission, known.communication);
  return isReadFirst ? go(progress, 'reading', null, { kind: 'read' }) : send(progress, known);
}

function send(progress: Progress, { communication, limit, now }: Known): Transition {
  const { submission } = progress;
  const { conversationId, participantId, attempts } = submission;
  // Said of the first try: what was refused or lost then is not late for it.
  const isLate =
    attempts === 0 && submission.afterLimit !== true && limit !== null && Date.parse(now) > limit;
  // Its id may have become known since the submission was made.
  const communicationId = communication?.communicationId ?? submission.communicationId;
  const media = communication?.media ?? 'screenshare';
  return go({ ...progress, tried: Infinity }, 'sending', isLate ? { afterLimit: true } : null, {
    kind: 'send',
    target: { conversationId, participantId, communicationId, media },
    command: commandOf(submission, communication),
  });
}

/** What a submission asks of the server, as its communication is now. */
function commandOf(submission: Submission, communication: Communication | undefined): Command {
  if (submission.kind === 'skip') return { kind: 'skip' };
  const level = communication ? workLevelOf(communication) : 'participant';
  return { kind: 'wrapUp', level, code: submission.code ?? '', notes: submission.notes };
}

function tried(progress: Progress, result: SendResult, number: number): Progress {
  const mayHaveArrived =
    result.kind === 'accepted' || (result.kind === 'unreachable' && result.mayHaveArrived);
  return { ...progress, tried: number, unread: progress.unread || mayHaveArrived };
}

function answered(before: Progress, { result, number }: Of<'answered'>, { now }: Known): Transition {
  const progress = tried(before, result, number);
  const attempts = progress.submission.attempts + 1;
  switch (result.kind) {
    case 'accepted': {
      const accepted = { state: 'accepted', mayHaveArrived: true, problem: null, updatedAt: now } as const;
      const emptyAnswers = progress.emptyAnswers + 1;
      return go({ ...progress, emptyAnswers }, 'checking', { ...accepted, attempts }, { kind: 'read' });
    }
    case 'refused':
      return go(progress, 'checkingRefusal', { attempts, problem: result.reason }, { kind: 'read' });
    case 'later': {
      const { retryAfterMs, reason } = result;
      const wait = { kind: 'wait', least: retryAfterMs, most: retryAfterMs } as const;
      return go(progress, 'pausing', { attempts, problem: reason }, wait);
    }
    case 'unreachable': {
      const change = { attempts, problem: result.reason };
      if (!result.mayHaveArrived) return pause(progress, change);
      return go(progress, 'checking', { ...change, mayHaveArrived: true }, { kind: 'read' });
    }
    default:
      return unreachable(result);
  }
}

/** Only what was asked for after its last try counts: what an earlier reading shows may be older. */
function wasRead(progress: Progress, { after }: Of<'wasRead'>, known: Known): Transition {
  const { submission, restored, tried } = progress;
  const counts = after === null ? restored && tried === null : after >= (tried ?? 0);
  if (!counts) return stay(progress);
  const read = { ...progress, unread: false, failedReadings: 0 };
  // What was sent before is in there, or never came to be.
  const isSent = submission.mayHaveArrived || restored;
  const judged = isSent
    ? reconcile(submission, known.communication, 'reading')
    : byFacts(progress, known, 'reading');
  return judge(read, judged, known);
}

function readingEnded(progress: Progress, { ok }: Of<'readingEnded'>, known: Known): Transition {
  if (ok) return goOn(progress, known);
  // Without contact nothing can be read; that says nothing about what may be.
  const failedReadings = progress.failedReadings + (known.live ? 1 : 0);
  const { state, problem } = progress.submission;
  if (failedReadings < readingsAtMost) {
    // The agent sees why it waits, unless the try before has a better reason.
    const change = state === 'waiting' && problem === null ? { problem: say('outbox.unread') } : null;
    return pause({ ...progress, failedReadings }, change);
  }
  const unreadable = { ...progress, unread: false, failedReadings: 0 };
  const after = byFacts(unreadable, known, 'eventOnly');
  return after === progress.submission ? goOn(unreadable, known) : judge(unreadable, after, known);
}

/** The server was read, or does not let itself be read: sends again, or says what nothing has come of. */
function goOn(progress: Progress, known: Known): Transition {
  const { submission, emptyAnswers } = progress;
  if (submission.state === 'waiting') return send(progress, known);
  if (!known.live) return pause(progress);
  const after = withoutEffect(submission, known.communication);
  if (after.state === 'conflict') return judge(progress, after, known);
  if (emptyAnswers < emptyAnswersAtMost) return go(progress, 'ready', after);
  const problem = say('outbox.noEffect', { count: emptyAnswers });
  return go({ ...progress, emptyAnswers: 0 }, 'choice', { state: 'failed', problem, updatedAt: known.now });
}

/** Before the next try: full jitter, doubling from 1 s to 60 s. Before a 202 is asked about: from 5 s to 60 s. */
function pause(progress: Progress, change: Partial<Submission> | null = null): Transition {
  const { state, attempts } = { ...progress.submission, ...change };
  const again = { least: 250, most: 250 + Math.min(60_000, 1000 * 2 ** Math.min(attempts, 10)) };
  const confirmMs = Math.min(60_000, 5000 * Math.max(1, attempts));
  const ask = { least: confirmMs, most: confirmMs };
  return go(progress, 'pausing', change, { kind: 'wait', ...(state === 'accepted' ? ask : again) });
}

function revisionsOf(communication: Communication | undefined): number {
  return communication?.revisions ?? 0;
}

/** The submission as the facts leave it. */
function byFacts(progress: Progress, known: Known, by: Evidence): Submission {
  const { submission, revisionsAtFirst } = progress;
  const { communication, submissions } = known;
  if (isEcho(submission, submissions, communication)) return submission;
  const after = reconcile(submission, communication, by);
  // What was known before can be in its way, but cannot be its effect.
  const isOldNews = revisionsOf(communication) === revisionsAtFirst;
  return isOldNews && after.state === 'confirmed' ? submission : after;
}

function judge(progress: Progress, after: Submission, { now }: Known): Transition {
  if (after === progress.submission) return stay(progress);
  return go(progress, after.state === 'conflict' ? 'choice' : 'over', { ...after, updatedAt: now });
}
