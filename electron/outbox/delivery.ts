import type { Decision } from '../../domain/decisions.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import type { Model } from '../../domain/present/model.ts';
import { commandOf } from './command.ts';
import type { Schedule } from './schedule.ts';

export interface DeliveryParts {
  readonly getModel: () => Model;
  /** Changes a decision here and in the memory. */
  readonly store: (changed: Decision) => Promise<void>;
  readonly send: (target: Target, command: Command) => Promise<SendResult>;
  /** Reads a conversation again; true when the answer is folded. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** The conversation has just been read again: what it says about decisions counts. */
  readonly wasRead: (conversationId: string) => void;
  /** Decided before this program started: the end may have come between the sending and the answer. */
  readonly isFromBefore: (id: string) => boolean;
  /** ISO-8601. */
  readonly now: () => string;
  readonly schedule: Schedule;
}

/**
 * Brings decisions to the server: in order within a conversation (one that cannot be sent never blocks
 * those of others), and never twice without having read in between what the first try did.
 */
export interface Delivery {
  /** Sends what is ready. Cheap; called whenever something may have become ready. */
  readonly kick: () => void;
  readonly start: () => void;
  readonly stop: () => void;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { getModel, store, now, schedule } = parts;
  /** Conversations a decision of is under way. */
  const busy = new Set<string>();
  /** Decisions whose last try may have taken effect unseen. */
  const doubtful = new Set<string>();
  /** Decisions from before that the server was read for. */
  const cleared = new Set<string>();
  let stopped = true;

  function find(id: string): Decision | undefined {
    return getModel().decisions.find((decision) => decision.id === id);
  }

  async function read(conversationId: string): Promise<boolean> {
    const isRead = await parts.reread(conversationId).catch(() => false);
    if (isRead) parts.wasRead(conversationId);
    return isRead;
  }

  async function say(decision: Decision): Promise<SendResult> {
    const communication = getModel().communications[decision.key];
    // Its id may have become known since the decision was made.
    const communicationId = communication?.communicationId ?? decision.communicationId;
    const command = commandOf(decision, communication);
    return parts.send({ ...decision, communicationId }, command).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'unreachable', reason, mayHaveArrived: true };
    });
  }

  async function settle(id: string, result: SendResult): Promise<void> {
    const decision = find(id);
    // A fact may have overtaken the answer; what it settled stays settled.
    if (decision?.state !== 'waiting') return;
    const { conversationId } = decision;
    const tried = { ...decision, attempts: decision.attempts + 1 };
    switch (result.kind) {
      case 'accepted':
        await store({ ...tried, state: 'accepted', problem: null, updatedAt: now() });
        await read(conversationId);
        return;
      case 'later':
        await store({ ...tried, problem: result.reason });
        schedule.after(id, result.retryAfterMs, kick);
        return;
      case 'unreachable':
        await store({ ...tried, problem: result.reason });
        if (result.mayHaveArrived && !(await read(conversationId))) doubtful.add(id);
        schedule.after(id, schedule.backoffMs(tried.attempts), kick);
        return;
      case 'refused': {
        await store({ ...tried, problem: result.reason });
        await read(conversationId);
        const after = find(id);
        if (after?.state === 'waiting') await store({ ...after, state: 'failed', updatedAt: now() });
        return;
      }
    }
  }

  /** Nothing is said twice before the server was read: the first time may have taken effect. */
  async function isReadFirst({ id, conversationId, attempts }: Decision): Promise<boolean> {
    const isDoubtful = doubtful.has(id) || (parts.isFromBefore(id) && !cleared.has(id));
    if (!isDoubtful) return true;
    const isRead = await read(conversationId);
    if (isRead) {
      doubtful.delete(id);
      cleared.add(id);
    } else schedule.after(id, schedule.backoffMs(attempts), kick);
    return isRead;
  }

  async function deliver({ id, conversationId }: Decision): Promise<void> {
    busy.add(conversationId);
    try {
      const decision = find(id);
      if (!decision || !(await isReadFirst(decision)) || find(id)?.state !== 'waiting') return;
      await settle(id, await say(decision));
    } finally {
      busy.delete(conversationId);
      kick();
    }
  }

  /** A 202 without a fact to show for it: read again, and say it again when the server has none of it. */
  async function confirm(id: string): Promise<void> {
    const decision = find(id);
    if (stopped || decision?.state !== 'accepted') return;
    const isRead = await read(decision.conversationId);
    const after = find(id);
    if (after?.state !== 'accepted') return;
    if (isRead && getModel().link.kind === 'live') await store({ ...after, state: 'waiting' });
    kick();
  }

  function kick(): void {
    const { link, decisions } = getModel();
    if (stopped || link.kind !== 'live') return;
    const waiting = new Set<string>();
    for (const decision of decisions) {
      const { id, conversationId, state, attempts } = decision;
      const isFirst = !waiting.has(conversationId);
      if (state === 'waiting') waiting.add(conversationId);
      if (busy.has(conversationId) || schedule.waits(id)) continue;
      if (state === 'accepted') schedule.after(id, schedule.confirmMs(attempts), () => void confirm(id));
      if (state === 'waiting' && isFirst) void deliver(decision);
    }
  }

  return {
    kick,
    start: () => {
      stopped = false;
    },
    stop: () => {
      stopped = true;
      schedule.stop();
    },
  };
}
