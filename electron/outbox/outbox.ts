import type { Decision, DecisionKind, Draft } from '../../domain/decisions.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import type { Communication } from '../../domain/fold/communication.ts';
import { codeRequired, stageOf } from '../../domain/fold/phase.ts';
import type { Memory } from '../../domain/memory.ts';
import { reconcile } from '../../domain/outbox/reconcile.ts';
import { decisionFor, type Model } from '../../domain/present/model.ts';
import { say } from '../../domain/words/say.ts';
import { createCatchUp } from './catch-up.ts';
import { commandOf } from './command.ts';
import { prune, without } from './lists.ts';
import type { Schedule } from './schedule.ts';

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
  readonly start: () => void;
  readonly stop: () => void;
}

/**
 * What the agent decided, on its way to the server. Durable before it is accepted, sent in order (one
 * that cannot be sent never blocks those of other conversations), confirmed by a later fact.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { model, update, attempt, clock, schedule } = parts;
  const now = (): string => new Date(clock()).toISOString();
  const sending = new Set<string>();
  /** Decisions on their way into the memory: pressing twice, or the last moment beside a press, is one. */
  const deciding = new Map<string, Promise<Refusal>>();
  let stopped = true;
  let unsubscribe = (): void => undefined;

  function replace(changed: Decision): void {
    update((state) => ({
      decisions: prune(state.decisions.map((decision) => (decision.id === changed.id ? changed : decision))),
    }));
  }

  async function store(changed: Decision): Promise<void> {
    replace(changed);
    await attempt((memory) => memory.updateDecision(changed));
  }

  const catchUp = createCatchUp({ getModel: () => model.getState(), attempt, stored: replace, schedule });

  /** Our own last word on an earlier decision about the same communication. */
  async function supersede(key: string): Promise<void> {
    const earlier = model.getState().decisions.filter((decision) => decision.key === key);
    for (const decision of earlier) {
      if (decision.state === 'confirmed' || decision.state === 'dropped') continue;
      await store({ ...decision, state: 'dropped', updatedAt: now() });
    }
  }

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
    const under = deciding.get(key);
    if (under) return under;
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
    await supersede(communication.key);
    const at = now();
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
      createdAt: at,
      updatedAt: at,
    };
    const stored = await attempt((memory) => memory.decide(decision));
    // Without a memory it is still sent, from here; the state already says that history is paused.
    const kept: Decision = stored ?? { ...decision, order: clock() };
    if (!stored) catchUp.holdDecision(decision.id);
    update((state) => ({
      decisions: prune([...state.decisions, kept]),
      drafts: without(state.drafts, communication.key),
      opened: state.opened === communication.key ? null : state.opened,
      postponed: state.postponed.filter((key) => key !== communication.key),
    }));
    const uses = await attempt((memory) => memory.codeUses());
    if (uses) update(() => ({ uses }));
    kick();
    return null;
  }

  /** What the facts make of it after a reading; the same decision when they say nothing. */
  function reread(decision: Decision): Decision {
    return model.getState().decisions.find(({ id }) => id === decision.id) ?? decision;
  }

  async function settle(decision: Decision, result: SendResult): Promise<void> {
    // A fact may have overtaken the answer; what it settled stays settled.
    if (reread(decision).state !== 'waiting') return;
    const tried = { ...decision, attempts: decision.attempts + 1, updatedAt: now() };
    switch (result.kind) {
      case 'accepted':
        await store({ ...tried, state: 'accepted', problem: null });
        await parts.reread(decision.conversationId);
        schedule.after(decision.id, schedule.confirmMs(tried.attempts), () => void confirm(decision.id));
        return;
      case 'later':
        await store({ ...tried, problem: result.reason });
        schedule.after(decision.id, result.retryAfterMs, kick);
        return;
      case 'unreachable':
        await store({ ...tried, problem: result.reason });
        // It may have taken effect: the server is read before anything is said twice.
        if (result.mayHaveArrived) await parts.reread(decision.conversationId);
        schedule.after(decision.id, schedule.backoffMs(tried.attempts), kick);
        return;
      case 'refused': {
        await store({ ...tried, problem: result.reason });
        await parts.reread(decision.conversationId);
        const after = reread(tried);
        if (after.state === 'waiting') await store({ ...after, state: 'failed', problem: result.reason });
        return;
      }
    }
  }

  /** A 202 without a fact to show for it: read again, and say it again when the server has none of it. */
  async function confirm(id: string): Promise<void> {
    const decision = model.getState().decisions.find((one) => one.id === id);
    if (stopped || decision?.state !== 'accepted') return;
    const read = await parts.reread(decision.conversationId);
    const after = reread(decision);
    if (after.state !== 'accepted') return;
    if (read && model.getState().link.kind === 'live')
      await store({ ...after, state: 'waiting', updatedAt: now() });
    else schedule.after(id, schedule.confirmMs(after.attempts), () => void confirm(id));
    kick();
  }

  async function send(decision: Decision): Promise<void> {
    sending.add(decision.conversationId);
    try {
      await settle(decision, await parts.send(decision, commandOf(decision, communicationOf(decision.key))));
    } finally {
      sending.delete(decision.conversationId);
      kick();
    }
  }

  function kick(): void {
    if (stopped || model.getState().link.kind !== 'live') return;
    for (const decision of model.getState().decisions) {
      const ready = decision.state === 'waiting' && !schedule.waits(decision.id);
      if (ready && !sending.has(decision.conversationId)) void send(decision);
    }
  }

  function follow(): void {
    const { decisions, communications } = model.getState();
    for (const decision of decisions) {
      const after = reconcile(decision, communications[decision.key]);
      if (after !== decision) {
        schedule.cancel(decision.id);
        void store({ ...after, updatedAt: now() });
      }
    }
    kick();
  }

  function communicationOf(key: string): Communication | undefined {
    return model.getState().communications[key];
  }

  return {
    saveDraft: async (words) => {
      const draft: Draft = { ...words, updatedAt: now() };
      const held = model.getState().drafts[draft.key];
      if (held && held.revision >= draft.revision) return null;
      update((state) => ({ drafts: { ...state.drafts, [draft.key]: draft } }));
      const saved = await attempt((memory) => memory.saveDraft(draft).then(() => true));
      if (saved) return null;
      catchUp.holdDraft(draft.key);
      return say('draft.notDurable');
    },

    submit: async (key) => {
      const communication = communicationOf(key);
      if (!communication) return say('refusal.unknown');
      if (stageOf(communication) !== 'over') return say('refusal.stillConnected');
      const held = model.getState().drafts[key] ?? decisionFor(model.getState(), key);
      const code = held?.code ?? null;
      if (code === null && codeRequired(communication)) return say('refusal.codeRequired');
      if (code === null) return say('refusal.codeOrSkip');
      return decide(communication, 'wrapUp', { code, name: held?.name ?? null, notes: held?.notes ?? '' });
    },

    skip: async (key) => {
      const communication = communicationOf(key);
      if (!communication) return say('refusal.unknown');
      if (codeRequired(communication)) return say('refusal.codeRequired');
      return decide(communication, 'skip', {
        code: null,
        name: null,
        notes: model.getState().drafts[key]?.notes ?? '',
      });
    },

    sendMine: async (key) => {
      const decision = decisionFor(model.getState(), key);
      if (decision?.state !== 'conflict' && decision?.state !== 'failed') return say('refusal.nothingToSend');
      if (decision.kind === 'wrapUp' && decision.code === null) return say('refusal.noCodeToSend');
      await store({ ...decision, state: 'waiting', problem: null, updatedAt: now() });
      kick();
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
      if (communication) await decide(communication, 'wrapUp', draft, { state: 'conflict', problem, theirs });
    },

    start: () => {
      stopped = false;
      unsubscribe = model.subscribe((is, was) => {
        const moved = is.communications !== was.communications || is.decisions !== was.decisions;
        if (moved || is.link !== was.link) follow();
      });
      follow();
    },
    stop: () => {
      stopped = true;
      unsubscribe();
      schedule.stop();
    },
  };
}
