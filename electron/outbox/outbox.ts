import type { StatusChoice } from '../../domain/model/screenshare.ts';
import { usesIn } from '../../domain/codes/ranking.ts';
import { codeRequired, isSharing, legStateOf } from '../../domain/communication/phase.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import type { LocalDatabase } from '../../domain/database.ts';
import type { SendResult } from '../../domain/feed.ts';
import {
  laneOf,
  newProgress,
  nextInTurn,
  transition,
  type Happening,
  type Progress,
  type Task,
} from '../../domain/outbox/transitions.ts';
import { isCorrecting } from '../../domain/present/correction.ts';
import {
  draftFor,
  sharersOf,
  statusAfter,
  submissionFor,
  workLimitOf,
} from '../../domain/present/known-state.ts';
import {
  isBlank,
  isOpen,
  newSubmission,
  type Draft,
  type Submission,
  type SubmissionKind,
} from '../../domain/submissions.ts';
import { done, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import type { Outbox, OutboxParts } from './contract.ts';
import { createDrafts } from './draft-saving.ts';

/** How long after a failed write the database is tried again, in ms. */
const offerAgainMs = 5000;
/** A timer counts to 2^31 ms, and one set for longer ends at once. */
const longestWaitMs = 24 * 3_600_000;
/** How long leaving waits for the answers to what was held, in ms. */
const answersWithinMs = 2000;
/** Confirmed and dropped submissions kept in the model for the words on the card. */
const endedKept = 8;

const unknown = (): Result<never> => refused(say('refusal.unknown'));

type Words = Pick<Draft, 'code' | 'name' | 'notes' | 'letters'>;
type Outcome = Pick<Submission, 'state' | 'problem' | 'theirs' | 'origin'>;
/** Something that the agent did not press: at the server's limit. */
interface AtLimit {
  readonly origin: NonNullable<Submission['origin']>;
  /** In place of the one nobody chose. */
  readonly code?: Pick<Words, 'code' | 'name'>;
}
const toBeSent: Outcome = { state: 'waiting', problem: null, theirs: null };

/**
 * Brings what the agent decided to the server. What happens to a submission goes through the table in
 * `domain/outbox/transitions.ts`; here its tasks are carried out: written, sent, read, waited for.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { model, update, attempt, clock } = parts;
  /** By id of the submission, in the order they were made. */
  const all = new Map<string, Progress>();
  /** New ones on their way into the database, by key: pressing twice, or the last moment beside it, is one. */
  const placing = new Map<string, { readonly draft: Draft | undefined; readonly ended: Promise<Result> }>();
  /** The revision of the draft each was made from, by id. */
  const madeFrom = new Map<string, number>();
  /** What has happened and is not handled yet, by id. */
  const happened: (readonly [string, Happening])[] = [];
  /** Participants of whom something is under way: one at a time. */
  const busy = new Set<string>();
  const timers = new Map<string, () => void>();
  /** The database orders submissions as they come. */
  const writes = createSerialQueue();
  let tries = 0;
  let factsChanged = false;
  let isHandling = false;
  let isRunning = false;
  let unsubscribe = (): void => undefined;
  /** Called when everything that happened is handled. */
  let whenHandled = (): void => undefined;
  const now = (): string => new Date(clock.now()).toISOString();

  const drafts = createDrafts({
    model,
    update,
    attempt,
    clock,
    submit: (key) => void submit(key, 'wrapUp', { origin: 'limit' }),
    submitDefault: (key, code) => void submit(key, 'wrapUp', { origin: 'default', code }),
    conflict: (draft, theirs) => {
      const communication = model.getState().communications[draft.key];
      // What is being submitted just now is no longer being written.
      if (communication && !placing.has(draft.key))
        void decide(communication, 'wrapUp', draft, {
          state: 'conflict',
          problem: say('status.conflict'),
          theirs,
        });
    },
    offerLater,
  });

  function happen(id: string, happening: Happening): void {
    happened.push([id, happening]);
    handle();
  }

  /** One after the other: what one happening brings about is handled after it. */
  function handle(): void {
    if (isHandling || !isRunning) return;
    isHandling = true;
    try {
      for (let next = nextHappening(); next; next = nextHappening()) apply(...next);
    } finally {
      isHandling = false;
    }
    whenHandled();
  }

  /** The facts are looked at before anything is sent because of them. */
  function nextHappening(): readonly [string, Happening] | undefined {
    if (happened.length === 0 && factsChanged) followFacts();
    const next = happened.shift();
    const { link, submissions } = model.getState();
    if (next || link.kind !== 'live') return next;
    const inOrder = submissions.flatMap(({ id }) => all.get(id) ?? []);
    const turn = nextInTurn(inOrder, busy);
    return turn && [turn.submission.id, { kind: 'turn' }];
  }

  function followFacts(): void {
    factsChanged = false;
    const state = model.getState();
    const shown = new Set(state.submissions.map(({ id }) => id));
    for (const [id, { activity, submission }] of all) {
      // Cleared away: the database is another account's now.
      const isGone = activity === 'placing' ? !state.communications[submission.key] : !shown.has(id);
      if (isGone) all.delete(id);
    }
    for (const submission of state.submissions) {
      const { id, key } = submission;
      if (!all.has(id)) {
        all.set(id, newProgress(submission, state.communications[key], true));
        happened.push([id, { kind: 'restored' }]);
      }
      const isLatest = submissionFor(state, key)?.id === id;
      happened.push([id, { kind: isLatest ? 'factsChanged' : 'superseded' }]);
    }
  }

  function apply(id: string, happening: Happening): void {
    const before = all.get(id);
    if (!before) return;
    const state = model.getState();
    const { key } = before.submission;
    const { progress, tasks } = transition(before, happening, {
      communication: state.communications[key],
      submissions: state.submissions,
      live: state.link.kind === 'live',
      now: now(),
      holdMs: parts.holdMs(),
      limit: workLimitOf(state, key),
    });
    all.set(id, progress);
    if (progress.heldUntil !== before.heldUntil) showHeld(id, progress.heldUntil);
    const appears = before.activity === 'placing' && progress.activity !== 'placing';
    if (progress.submission !== before.submission || appears) show(progress.submission);
    for (const task of tasks) carryOut(progress.submission, task);
  }

  function show(submission: Submission): void {
    const { id, key } = submission;
    update((state) => {
      if (state.submissions.some((one) => one.id === id))
        return { submissions: prune(state.submissions.map((one) => (one.id === id ? submission : one))) };
      const { [key]: written, ...others } = state.drafts;
      const sharers = new Set([key, ...sharersOf(state, key).map((sharer) => sharer.key)]);
      return {
        submissions: prune([...state.submissions, submission]),
        // What was written meanwhile is not part of it, and stays.
        drafts: written === placing.get(key)?.draft ? others : state.drafts,
        correcting: isCorrecting(state, key) ? null : state.correcting,
        opened: state.opened !== null && sharers.has(state.opened) ? null : state.opened,
        postponed: state.postponed.filter((one) => !sharers.has(one)),
      };
    });
  }

  function showHeld(id: string, until: number | null): void {
    update(({ held: { [id]: _before, ...others } }) => ({
      held: until === null ? others : { ...others, [id]: until },
    }));
  }

  /** Of those that are over only the last few; one that waits for its place in the database stays. */
  function prune(submissions: readonly Submission[]): readonly Submission[] {
    const over = submissions.filter(({ id }) => all.get(id)?.activity === 'over' && all.get(id)?.durable);
    const dropped = new Set(over.slice(0, Math.max(0, over.length - endedKept)));
    return submissions.filter((one) => !dropped.has(one));
  }

  function carryOut(submission: Submission, task: Task): void {
    const { id, conversationId } = submission;
    switch (task.kind) {
      case 'write':
        void writes.run(() => write(id));
        return;
      case 'offerLater':
        offerLater();
        return;
      case 'send':
        void inLane(submission, async () => {
          const result = await parts.send(task.target, task.command).catch((error: unknown): SendResult => ({
            kind: 'unreachable',
            reason: reasonOf(error),
            mayHaveArrived: true,
          }));
          tries += 1;
          happened.push([id, { kind: 'answered', result, number: tries }]);
        });
        return;
      case 'read':
        void inLane(submission, async () => {
          const after = tries;
          const isRead = await parts.reread(conversationId).catch(() => false);
          if (isRead) readingCameIn(conversationId, after);
          happened.push([id, { kind: 'readingEnded', ok: isRead }]);
        });
        return;
      case 'wait':
        wait(id, task.least + parts.random() * (task.most - task.least), () => {
          happen(id, { kind: 'timerFired' });
        });
        return;
    }
  }

  async function inLane(submission: Submission, work: () => Promise<void>): Promise<void> {
    const lane = laneOf(submission);
    busy.add(lane);
    await work();
    busy.delete(lane);
    handle();
  }

  function readingCameIn(conversationId: string, after: number | null): void {
    for (const [id, { submission }] of all)
      if (submission.conversationId === conversationId) happened.push([id, { kind: 'wasRead', after }]);
  }

  function wait(name: string, ms: number, then: () => void): void {
    timers.get(name)?.();
    const fire = (): void => {
      timers.delete(name);
      then();
    };
    timers.set(name, clock.after(Math.min(ms, longestWaitMs), fire));
  }

  async function write(id: string): Promise<void> {
    if (!all.get(id)?.durable) return place();
    // Judged when it is written: it may have changed, or another account's turn may have come.
    const isKept = await attempt(async (database) => {
      const current = all.get(id);
      if (current) await database.updateSubmission(current.submission);
      return true;
    });
    if (!isKept) happen(id, { kind: 'notKept' });
  }

  /** Gives a place to all that have none; a later one never gets its own before an earlier one. */
  async function place(): Promise<void> {
    let isWriting = true;
    for (const [id, { durable, submission }] of [...all]) {
      if (durable) continue;
      const stored: Submission | null = isWriting ? await attempt((database) => placeIn(database, id)) : null;
      isWriting = stored !== null;
      happen(id, stored ? { kind: 'placed', stored } : { kind: 'notKept' });
      // The database let go of the draft it came from; newer words are written again.
      if (stored) await drafts.rewrite(submission.key);
    }
  }

  async function placeIn(database: LocalDatabase, id: string): Promise<Submission | null> {
    const current = all.get(id);
    return current ? database.decide(current.submission) : null;
  }

  async function offer(): Promise<void> {
    await writes.run(place);
    await drafts.offer();
  }

  function offerLater(): void {
    if (isRunning) wait('offer', offerAgainMs, () => void offer());
  }

  function decide(
    communication: Communication,
    kind: SubmissionKind,
    words: Words,
    outcome = toBeSent,
  ): Promise<Result> {
    const { key } = communication;
    const draft = model.getState().drafts[key];
    const ended = putDown(communication, kind, words, outcome).finally(() => placing.delete(key));
    placing.set(key, { draft, ended });
    return ended;
  }

  async function putDown(
    communication: Communication,
    kind: SubmissionKind,
    { code, name, notes, letters }: Words,
    outcome: Outcome,
  ): Promise<Result> {
    const { key } = communication;
    const id = parts.newId();
    const nextStatus = statusAfter(model.getState(), key);
    const words = { code, name, notes, letters, nextStatus, ...outcome };
    const submission = newSubmission(id, communication, kind, words, clock.now());
    all.set(id, newProgress(submission, communication, false));
    madeFrom.set(id, model.getState().drafts[key]?.revision ?? 0);
    happen(id, { kind: 'submitted' });
    await writes.idle();
    const made = all.get(id);
    if (!made) return unknown();
    if (made.durable) await readUses();
    return done;
  }

  async function noteNextStatus(id: string, choice: StatusChoice | null): Promise<void> {
    const progress = all.get(id);
    if (!progress) return;
    const { nextStatus: _before, ...others } = progress.submission;
    const submission = choice === null ? others : { ...others, nextStatus: choice };
    all.set(id, { ...progress, submission });
    // One that has no place yet takes it along.
    if (progress.activity === 'placing') return;
    show(submission);
    await writes.run(() => write(id));
  }

  /** Of codes, which follow from what was submitted. */
  async function readUses(): Promise<void> {
    const used = await attempt(usesIn);
    if (used) update(() => used);
  }

  /** Nothing was written since this was decided: pressing again adds nothing. */
  function isDecided(key: string, kind: SubmissionKind): boolean {
    const submission = submissionFor(model.getState(), key);
    const counts = submission !== undefined && (isOpen(submission) || submission.state === 'confirmed');
    return counts && submission.kind === kind && draftFor(model.getState(), key) === undefined;
  }

  /** What is decided about work that several legs share is filed under the one something is written about. */
  function keyOfWords(key: string): string {
    const state = model.getState();
    const inHand = sharersOf(state, key).find((sharer) => placing.has(sharer.key))?.key;
    return inHand ?? draftFor(state, key)?.key ?? submissionFor(state, key)?.key ?? key;
  }

  async function submit(about: string, kind: SubmissionKind, atLimit?: AtLimit): Promise<Result> {
    const key = keyOfWords(about);
    const under = placing.get(key);
    if (under) return under.ended.then(() => submit(about, kind, atLimit));
    const state = model.getState();
    const communication = state.communications[key];
    if (!communication || !isRunning) return unknown();
    if (kind === 'skip' && codeRequired(communication)) return refused(say('refusal.codeRequired'));
    if (kind === 'wrapUp' && legStateOf(state.communications[about] ?? communication) !== 'over')
      return refused(say('refusal.stillConnected'));
    const correcting = isCorrecting(state, key) ? state.correcting : null;
    if (isDecided(key, kind)) {
      if (correcting) update(() => ({ correcting: null, opened: null }));
      return done;
    }
    const written = state.drafts[key] ?? (kind === 'wrapUp' ? submissionFor(state, key) : undefined);
    const words = atLimit?.code ? { notes: written?.notes ?? '', ...atLimit.code } : written;
    if (kind === 'wrapUp' && (words?.code ?? null) === null)
      return refused(say(codeRequired(communication) ? 'refusal.codeRequired' : 'refusal.codeOrSkip'));
    const { theirs } = correcting ?? toBeSent;
    const outcome = { ...toBeSent, theirs, ...(atLimit ? { origin: atLimit.origin } : {}) };
    return decide(communication, kind, words ?? { code: null, name: null, notes: '' }, outcome);
  }

  /** Between the two versions of a conflict, or about a failure. */
  async function choose(key: string, kind: 'choseMine' | 'choseTheirs'): Promise<Result> {
    const submission = submissionFor(model.getState(), key);
    if (!submission || all.get(submission.id)?.activity !== 'choice' || !isRunning)
      return refused(say('refusal.nothingToSend'));
    if (kind === 'choseMine' && submission.kind === 'wrapUp' && submission.code === null)
      return refused(say('refusal.noCodeToSend'));
    happen(submission.id, { kind });
    await writes.idle();
    return done;
  }

  async function undo(about: string): Promise<Result> {
    const state = model.getState();
    const submission = submissionFor(state, about);
    if (!submission || all.get(submission.id)?.activity !== 'held' || !isRunning)
      return refused(say('refusal.alreadySent'));
    const { id, key, code, name, notes, letters } = submission;
    const revision = (madeFrom.get(id) ?? 0) + 1;
    const words = { key, code, name, notes, revision, ...(letters === undefined ? {} : { letters }) };
    // Words written since then are newer. They are written first: a crash in between sends it, and loses nothing.
    // A correction is one again.
    const correcting = submission.theirs && { key, theirs: submission.theirs };
    update(() => ({ correcting }));
    const isKept = draftFor(state, key) !== undefined || isBlank(words);
    const saving = isKept ? null : drafts.save(words);
    happen(id, { kind: 'undone' });
    const onAir = Object.values(state.communications).find(isSharing)?.key ?? null;
    update(() => ({ opened: key, openedOnAir: onAir }));
    await saving;
    await writes.idle();
    await readUses();
    return done;
  }

  function sendHeld(): Promise<void> {
    const held = [...all].flatMap(([id, { activity }]) => (activity === 'held' ? [id] : []));
    const isOnItsWay = (id: string): boolean =>
      ['ready', 'reading', 'sending'].includes(all.get(id)?.activity ?? 'over');
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        whenHandled = () => undefined;
        resolve();
      };
      const cancel = clock.after(answersWithinMs, finish);
      for (const id of held) happened.push([id, { kind: 'hurried' }]);
      whenHandled = () => {
        if (model.getState().link.kind !== 'live' || !held.some(isOnItsWay)) finish();
      };
      if (isRunning) handle();
      else finish();
    });
  }

  return {
    undo,
    noteNextStatus,
    sendHeld,
    saveDraft: (draft) => (isRunning ? drafts.save(draft) : Promise.resolve(unknown())),
    submit: (key) => submit(key, 'wrapUp'),
    skip: (key) => submit(key, 'skip'),
    sendMine: (key) => choose(key, 'choseMine'),
    keepTheirs: (key) => choose(key, 'choseTheirs'),
    wasRead: (conversationId) => {
      readingCameIn(conversationId, null);
      handle();
    },
    start: () => {
      isRunning = true;
      unsubscribe = model.subscribe((is, was) => {
        const moved = is.communications !== was.communications || is.submissions !== was.submissions;
        factsChanged ||= moved;
        if (moved || is.link !== was.link) handle();
      });
      factsChanged = true;
      handle();
      drafts.start();
    },
    lastTry: offer,
    unsaved: () => ({
      wrapUps: [...all.values()].filter(
        ({ durable, activity, submission }) => !durable && activity !== 'placing' && isOpen(submission),
      ).length,
      drafts: drafts.unsaved(),
    }),
    stop: () => {
      isRunning = false;
      unsubscribe();
      drafts.stop();
      for (const cancel of timers.values()) cancel();
    },
  };
}
