import { isOpen, type Submission, type SubmissionKind, type Draft } from '../../domain/submissions.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { codeRequired, connectionOf } from '../../domain/communication/phase.ts';
import type { LocalDatabase } from '../../domain/database.ts';
import { submissionFor, type Model } from '../../domain/present/model.ts';
import { say } from '../../domain/words/say.ts';
import { createCatchUp, type Held } from './catch-up.ts';
import { createDelivery } from './delivery.ts';
import { prune, without } from './lists.ts';
import { createReading } from './reading.ts';
import type { Schedule } from './schedule.ts';
import { createVerdicts } from './verdicts.ts';

export interface OutboxParts {
  readonly model: {
    getState(): Model;
    subscribe(listener: (now: Model, was: Model) => void): () => void;
  };
  readonly update: (change: (model: Model) => Partial<Model>) => void;
  /** Durable work; `null` when the database cannot be written now. */
  readonly attempt: <Value>(work: (database: LocalDatabase) => Promise<Value>) => Promise<Value | null>;
  readonly send: (target: Target, command: Command) => Promise<SendResult>;
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly schedule: Schedule;
}

/** `null` when done, else the reason it was not, in words. */
export type Refusal = string | null;

export interface Outbox {
  readonly saveDraft: (draft: Omit<Draft, 'updatedAt'>) => Promise<Refusal>;
  readonly submit: (key: string) => Promise<Refusal>;
  readonly skip: (key: string) => Promise<Refusal>;
  /** Of a conflict or a failure: send the agent's version (again). */
  readonly sendMine: (key: string) => Promise<Refusal>;
  /** Of a conflict or a failure: let the server's version stand. */
  readonly keepTheirs: (key: string) => Promise<Refusal>;
  /** The server closed it while this was being written: from now on a conflict, with what the server has. */
  readonly closedOver: (draft: Draft, theirs: NonNullable<Submission['theirs']>) => Promise<void>;
  /** Everything the server has of a conversation came in, whoever asked for it. */
  readonly wasRead: (conversationId: string) => void;
  readonly start: () => void;
  /** Offers what is held here alone to the database once more. */
  readonly lastTry: () => Promise<void>;
  readonly held: () => Held;
  readonly stop: () => void;
}

/** What the agent decided. Durable before it is accepted; on its way to the server (`delivery.ts`) until a fact confirms it. */
export function createOutbox(parts: OutboxParts): Outbox {
  const { model, update, attempt, clock, schedule } = parts;
  const now = (): string => new Date(clock()).toISOString();
  /** Submissions on their way into the database: pressing twice, or the last moment beside a press, is one. */
  const deciding = new Map<string, Promise<Refusal>>();
  /** The last change of each submission, by its id. */
  const newest = new Map<string, Submission>();
  let unsubscribe = (): void => undefined;

  function replace(changed: Submission): void {
    update((state) => ({
      submissions: prune(
        state.submissions.map((submission) => (submission.id === changed.id ? changed : submission)),
      ),
    }));
  }

  async function store(changed: Submission): Promise<void> {
    newest.set(changed.id, changed);
    replace(changed);
    // What is known may have answered it at once. That is written already, and must stay the last word.
    if (newest.get(changed.id) !== changed) return;
    // One that waits for the database is written there as it stands by then.
    if (catchUp.holdsSubmission(changed.id)) return;
    const isKept = await attempt((database) => database.updateSubmission(changed).then(() => true));
    if (!isKept) catchUp.holdSubmission(changed.id);
  }

  /** A held submission got its place in the database, as it was when it was offered. */
  async function placed(kept: Submission): Promise<void> {
    const current = { ...latest(kept), order: kept.order };
    const isCurrent = current.state === kept.state && current.attempts === kept.attempts;
    if (isCurrent) replace(current);
    else await store(current);
  }

  const getModel = (): Model => model.getState();
  const catchUp = createCatchUp({ getModel, attempt, placed, schedule });
  const verdicts = createVerdicts(getModel);
  const reading = createReading({
    getModel,
    reread: parts.reread,
    wasRead: (ids) => {
      judge(chosen(ids), verdicts.byReading);
    },
    unreadable: (id) => {
      judge(chosen(new Set([id])), verdicts.byHearsay);
    },
    isFromBefore: verdicts.isFromBefore,
    isUnclear: verdicts.isUnclear,
  });
  const delivery = createDelivery({ getModel, store, now, schedule, send: parts.send, reading });

  type Words = Pick<Draft, 'code' | 'name' | 'notes'>;

  type Standing = Pick<Submission, 'state' | 'problem' | 'theirs'>;
  const toBeSent: Standing = { state: 'waiting', problem: null, theirs: null };

  function decide(
    communication: Communication,
    kind: SubmissionKind,
    draft: Words,
    standing = toBeSent,
  ): Promise<Refusal> {
    const { key } = communication;
    const done = putDown(communication, kind, draft, standing).finally(() => deciding.delete(key));
    deciding.set(key, done);
    return done;
  }

  async function putDown(
    communication: Communication,
    kind: SubmissionKind,
    draft: Words,
    standing: Standing,
  ): Promise<Refusal> {
    const at = now();
    const written = model.getState().drafts[communication.key];
    const submission: Omit<Submission, 'order'> = {
      id: parts.newId(),
      key: communication.key,
      conversationId: communication.conversationId,
      participantId: communication.participantId,
      communicationId: communication.communicationId,
      kind,
      code: kind === 'skip' ? null : draft.code,
      name: kind === 'skip' ? null : draft.name,
      notes: draft.notes,
      ...standing,
      attempts: 0,
      mayHaveArrived: false,
      createdAt: at,
      updatedAt: at,
    };
    verdicts.made(submission);
    const stored = (await catchUp.place()) ? await attempt((database) => database.decide(submission)) : null;
    // Without a database it is still sent, from here; the state already says that history is paused.
    const kept: Submission = stored ?? { ...submission, order: clock() };
    if (!stored) catchUp.holdSubmission(submission.id);
    update((state) => ({
      submissions: prune([...state.submissions, kept]),
      // What was written meanwhile is not part of it, and stays.
      drafts:
        state.drafts[communication.key] === written ? without(state.drafts, communication.key) : state.drafts,
      opened: state.opened === communication.key ? null : state.opened,
      postponed: state.postponed.filter((key) => key !== communication.key),
    }));
    delivery.kick();
    const uses = stored && (await attempt((database) => database.codeUses()));
    if (uses) update(() => ({ uses }));
    return null;
  }

  /** The same submission as it is by now; a fact may have changed it while others were looked at. */
  function latest(submission: Submission): Submission {
    return model.getState().submissions.find(({ id }) => id === submission.id) ?? submission;
  }

  /** A later word on the same communication replaces an earlier one, in the database too. */
  function isSuperseded({ id, key, state }: Submission): boolean {
    return state !== 'confirmed' && state !== 'dropped' && submissionFor(model.getState(), key)?.id !== id;
  }

  function judge(submissions: readonly Submission[], verdict: (submission: Submission) => Submission): void {
    for (const one of submissions) {
      const submission = latest(one);
      const after: Submission = isSuperseded(submission)
        ? { ...submission, state: 'dropped' }
        : verdict(submission);
      if (after === submission) continue;
      schedule.cancel(submission.id);
      void store({ ...after, updatedAt: now() });
    }
  }

  function follow(): void {
    judge(model.getState().submissions, verdicts.byFacts);
    delivery.kick();
  }

  function chosen(ids: ReadonlySet<string>): readonly Submission[] {
    return model.getState().submissions.filter(({ id }) => ids.has(id));
  }

  function communicationOf(key: string): Communication | undefined {
    return model.getState().communications[key];
  }

  /** Nothing was written since this was decided: pressing again adds nothing. */
  function isDecided(key: string, kind: SubmissionKind): boolean {
    const submission = submissionFor(model.getState(), key);
    const stands = submission !== undefined && (isOpen(submission) || submission.state === 'confirmed');
    return stands && submission.kind === kind && model.getState().drafts[key] === undefined;
  }

  async function submit(key: string): Promise<Refusal> {
    const under = deciding.get(key);
    if (under) return under.then(() => submit(key));
    const communication = communicationOf(key);
    if (!communication) return say('refusal.unknown');
    if (connectionOf(communication) !== 'over') return say('refusal.stillConnected');
    if (isDecided(key, 'wrapUp')) return null;
    const held = model.getState().drafts[key] ?? submissionFor(model.getState(), key);
    const code = held?.code ?? null;
    if (code === null && codeRequired(communication)) return say('refusal.codeRequired');
    if (code === null) return say('refusal.codeOrSkip');
    return decide(communication, 'wrapUp', { code, name: held?.name ?? null, notes: held?.notes ?? '' });
  }

  async function skip(key: string): Promise<Refusal> {
    const under = deciding.get(key);
    if (under) return under.then(() => skip(key));
    const communication = communicationOf(key);
    if (!communication) return say('refusal.unknown');
    if (codeRequired(communication)) return say('refusal.codeRequired');
    if (isDecided(key, 'skip')) return null;
    const notes = model.getState().drafts[key]?.notes ?? '';
    return decide(communication, 'skip', { code: null, name: null, notes });
  }

  return {
    saveDraft: async (words) => {
      const draft: Draft = { ...words, updatedAt: now() };
      const held = model.getState().drafts[draft.key];
      if (held && held.revision > draft.revision) return null;
      update((state) => ({ drafts: { ...state.drafts, [draft.key]: draft } }));
      const saved = await attempt((database) => database.saveDraft(draft).then(() => true));
      if (saved) return null;
      catchUp.holdDraft(draft.key);
      return say('draft.notDurable');
    },

    submit,
    skip,

    sendMine: async (key) => {
      const submission = submissionFor(model.getState(), key);
      if (submission?.state !== 'conflict' && submission?.state !== 'failed')
        return say('refusal.nothingToSend');
      if (submission.kind === 'wrapUp' && submission.code === null) return say('refusal.noCodeToSend');
      await store({ ...submission, state: 'waiting', problem: null, updatedAt: now() });
      delivery.kick();
      return null;
    },

    keepTheirs: async (key) => {
      const submission = submissionFor(model.getState(), key);
      if (submission?.state !== 'conflict' && submission?.state !== 'failed')
        return say('refusal.nothingToSend');
      await store({ ...submission, state: 'dropped', problem: null, updatedAt: now() });
      return null;
    },

    closedOver: async (draft, theirs) => {
      const communication = communicationOf(draft.key);
      const problem = say('status.conflict');
      // What is being put down just now is no longer being written.
      if (communication && !deciding.has(draft.key))
        await decide(communication, 'wrapUp', draft, { state: 'conflict', problem, theirs });
    },

    wasRead: reading.cameIn,

    start: () => {
      delivery.start();
      unsubscribe = model.subscribe((is, was) => {
        const moved = is.communications !== was.communications || is.submissions !== was.submissions;
        if (moved || is.link !== was.link) follow();
      });
      follow();
    },
    lastTry: catchUp.offer,
    held: catchUp.held,
    stop: () => {
      unsubscribe();
      delivery.stop();
    },
  };
}
