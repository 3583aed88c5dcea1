import { isOpen, type Decision, type DecisionKind, type Draft } from '../../domain/submissions.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { codeRequired, stageOf } from '../../domain/communication/stage.ts';
import type { Memory } from '../../domain/database.ts';
import { decisionFor, type Model } from '../../domain/present/model.ts';
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
  /** Durable work; `null` when the memory cannot be written now. */
  readonly attempt: <Value>(work: (memory: Memory) => Promise<Value>) => Promise<Value | null>;
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
  readonly closedOver: (draft: Draft, theirs: NonNullable<Decision['theirs']>) => Promise<void>;
  /** Everything the server has of a conversation came in, whoever asked for it. */
  readonly wasRead: (conversationId: string) => void;
  readonly start: () => void;
  /** Offers what is held here alone to the memory once more. */
  readonly lastTry: () => Promise<void>;
  readonly held: () => Held;
  readonly stop: () => void;
}

/** What the agent decided. Durable before it is accepted; on its way to the server (`delivery.ts`) until a fact confirms it. */
export function createOutbox(parts: OutboxParts): Outbox {
  const { model, update, attempt, clock, schedule } = parts;
  const now = (): string => new Date(clock()).toISOString();
  /** Decisions on their way into the memory: pressing twice, or the last moment beside a press, is one. */
  const deciding = new Map<string, Promise<Refusal>>();
  /** The last change of each decision, by its id. */
  const newest = new Map<string, Decision>();
  let unsubscribe = (): void => undefined;

  function replace(changed: Decision): void {
    update((state) => ({
      decisions: prune(state.decisions.map((decision) => (decision.id === changed.id ? changed : decision))),
    }));
  }

  async function store(changed: Decision): Promise<void> {
    newest.set(changed.id, changed);
    replace(changed);
    // What is known may have answered it at once. That is written already, and must stay the last word.
    if (newest.get(changed.id) !== changed) return;
    // One that waits for the memory is written there as it stands by then.
    if (catchUp.holdsDecision(changed.id)) return;
    const isKept = await attempt((memory) => memory.updateDecision(changed).then(() => true));
    if (!isKept) catchUp.holdDecision(changed.id);
  }

  /** A held decision got its place in the memory, as it was when it was offered. */
  async function placed(kept: Decision): Promise<void> {
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

  type Standing = Pick<Decision, 'state' | 'problem' | 'theirs'>;
  const toBeSent: Standing = { state: 'waiting', problem: null, theirs: null };

  function decide(
    communication: Communication,
    kind: DecisionKind,
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
    kind: DecisionKind,
    draft: Words,
    standing: Standing,
  ): Promise<Refusal> {
    const at = now();
    const written = model.getState().drafts[communication.key];
    const decision: Omit<Decision, 'order'> = {
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
    verdicts.made(decision);
    const stored = (await catchUp.place()) ? await attempt((memory) => memory.decide(decision)) : null;
    // Without a memory it is still sent, from here; the state already says that history is paused.
    const kept: Decision = stored ?? { ...decision, order: clock() };
    if (!stored) catchUp.holdDecision(decision.id);
    update((state) => ({
      decisions: prune([...state.decisions, kept]),
      // What was written meanwhile is not part of it, and stays.
      drafts:
        state.drafts[communication.key] === written ? without(state.drafts, communication.key) : state.drafts,
      opened: state.opened === communication.key ? null : state.opened,
      postponed: state.postponed.filter((key) => key !== communication.key),
    }));
    delivery.kick();
    const uses = stored && (await attempt((memory) => memory.codeUses()));
    if (uses) update(() => ({ uses }));
    return null;
  }

  /** The same decision as it is by now; a fact may have changed it while others were looked at. */
  function latest(decision: Decision): Decision {
    return model.getState().decisions.find(({ id }) => id === decision.id) ?? decision;
  }

  /** A later word on the same communication replaces an earlier one, in the memory too. */
  function isSuperseded({ id, key, state }: Decision): boolean {
    return state !== 'confirmed' && state !== 'dropped' && decisionFor(model.getState(), key)?.id !== id;
  }

  function judge(decisions: readonly Decision[], verdict: (decision: Decision) => Decision): void {
    for (const one of decisions) {
      const decision = latest(one);
      const after: Decision = isSuperseded(decision) ? { ...decision, state: 'dropped' } : verdict(decision);
      if (after === decision) continue;
      schedule.cancel(decision.id);
      void store({ ...after, updatedAt: now() });
    }
  }

  function follow(): void {
    judge(model.getState().decisions, verdicts.byFacts);
    delivery.kick();
  }

  function chosen(ids: ReadonlySet<string>): readonly Decision[] {
    return model.getState().decisions.filter(({ id }) => ids.has(id));
  }

  function communicationOf(key: string): Communication | undefined {
    return model.getState().communications[key];
  }

  /** Nothing was written since this was decided: pressing again adds nothing. */
  function isDecided(key: string, kind: DecisionKind): boolean {
    const decision = decisionFor(model.getState(), key);
    const stands = decision !== undefined && (isOpen(decision) || decision.state === 'confirmed');
    return stands && decision.kind === kind && model.getState().drafts[key] === undefined;
  }

  async function submit(key: string): Promise<Refusal> {
    const under = deciding.get(key);
    if (under) return under.then(() => submit(key));
    const communication = communicationOf(key);
    if (!communication) return say('refusal.unknown');
    if (stageOf(communication) !== 'over') return say('refusal.stillConnected');
    if (isDecided(key, 'wrapUp')) return null;
    const held = model.getState().drafts[key] ?? decisionFor(model.getState(), key);
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
      const saved = await attempt((memory) => memory.saveDraft(draft).then(() => true));
      if (saved) return null;
      catchUp.holdDraft(draft.key);
      return say('draft.notDurable');
    },

    submit,
    skip,

    sendMine: async (key) => {
      const decision = decisionFor(model.getState(), key);
      if (decision?.state !== 'conflict' && decision?.state !== 'failed') return say('refusal.nothingToSend');
      if (decision.kind === 'wrapUp' && decision.code === null) return say('refusal.noCodeToSend');
      await store({ ...decision, state: 'waiting', problem: null, updatedAt: now() });
      delivery.kick();
      return null;
    },

    keepTheirs: async (key) => {
      const decision = decisionFor(model.getState(), key);
      if (decision?.state !== 'conflict' && decision?.state !== 'failed') return say('refusal.nothingToSend');
      await store({ ...decision, state: 'dropped', problem: null, updatedAt: now() });
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
        const moved = is.communications !== was.communications || is.decisions !== was.decisions;
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
