import type { Submission } from '../../domain/submissions.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import { withoutEffect } from '../../domain/outbox/reconcile.ts';
import type { Model } from '../../domain/present/model.ts';
import { say } from '../../domain/words/say.ts';
import { commandOf } from './command.ts';
import type { Reading } from './reading.ts';
import type { Schedule } from './schedule.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

export interface DeliveryParts {
  readonly getModel: () => Model;
  /** Changes a submission here and in the database. */
  readonly store: (changed: Submission) => Promise<void>;
  readonly send: (target: Target, command: Command) => Promise<SendResult>;
  readonly reading: Reading;
  /** ISO-8601. */
  readonly now: () => string;
  readonly schedule: Schedule;
}

/**
 * Brings submissions to the server: in order within a participant (one that cannot be sent never blocks
 * those of others), and never twice without having read in between what the first try did.
 */
export interface Delivery {
  /** Sends what is ready. Cheap; called whenever something may have become ready. */
  readonly kick: () => void;
  readonly start: () => void;
  readonly stop: () => void;
}

/** Tries without an answer after which a submission no longer holds up those behind it. */
const holdsUpFor = 5;
/** Times the server may say yes and do nothing before the agent has to know. */
const emptyYesAtMost = 5;

/** Wrap-up at participant level is one for all communications of a participant: there the order counts. */
function laneOf({ conversationId, participantId }: Submission): string {
  return `${conversationId}/${participantId}`;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { getModel, store, reading, now, schedule } = parts;
  /** Lanes something is under way in; whoever has one kicks when leaving it. */
  const busy = new Set<string>();
  /** By submission: how often the server has said yes and nothing came of it. */
  const emptyYes = new Map<string, number>();
  let stopped = true;

  function find(id: string): Submission | undefined {
    return getModel().submissions.find((submission) => submission.id === id);
  }

  async function put(submission: Submission): Promise<SendResult> {
    const communication = getModel().communications[submission.key];
    const { conversationId, participantId } = submission;
    // Its id may have become known since the submission was made.
    const communicationId = communication?.communicationId ?? submission.communicationId;
    const media = communication?.media ?? 'screenshare';
    const target = { conversationId, participantId, communicationId, media };
    return reading.without(submission.id, () =>
      parts.send(target, commandOf(submission, communication)).catch((error: unknown) => {
        const reason = reasonOf(error);
        return { kind: 'unreachable', reason, mayHaveArrived: true };
      }),
    );
  }

  async function settle(id: string, result: SendResult): Promise<void> {
    const submission = find(id);
    // A fact may have overtaken the answer; what it settled stays settled.
    if (submission?.state !== 'waiting') return;
    const tried: Submission = { ...submission, attempts: submission.attempts + 1 };
    switch (result.kind) {
      case 'accepted':
        emptyYes.set(id, (emptyYes.get(id) ?? 0) + 1);
        await store({ ...tried, state: 'accepted', mayHaveArrived: true, problem: null, updatedAt: now() });
        await reading.read(submission.conversationId);
        return;
      case 'later':
        await store({ ...tried, problem: result.reason });
        schedule.after(id, result.retryAfterMs, kick);
        return;
      case 'unreachable': {
        const arrived = result.mayHaveArrived ? { mayHaveArrived: true } : {};
        await store({ ...tried, ...arrived, problem: result.reason });
        if (result.mayHaveArrived) await reading.clearUp(submission);
        schedule.after(id, schedule.backoffMs(tried.attempts), kick);
        return;
      }
      case 'refused': {
        await store({ ...tried, problem: result.reason });
        await reading.read(submission.conversationId);
        const after = find(id);
        if (after?.state === 'waiting') await store({ ...after, state: 'failed', updatedAt: now() });
        return;
      }
    }
  }

  /** Nothing is said twice before the server was read: the first time may have taken effect. */
  async function isReadFirst(submission: Submission): Promise<boolean> {
    if (!reading.isNeeded(submission)) return true;
    const outcome = await reading.look(submission);
    if (outcome !== 'not now') return true;
    const { id } = submission;
    const after = find(id);
    // What it waits for is told, unless the try before has a better reason.
    if (after?.state === 'waiting' && after.problem === null)
      await store({ ...after, problem: say('outbox.unread') });
    schedule.after(id, schedule.backoffMs(submission.attempts), kick);
    return false;
  }

  async function inLane(lane: string, work: () => Promise<void>): Promise<void> {
    busy.add(lane);
    try {
      await work();
    } finally {
      busy.delete(lane);
      kick();
    }
  }

  function deliver({ id }: Submission): Promise<void> {
    const submission = find(id);
    if (!submission) return Promise.resolve();
    return inLane(laneOf(submission), async () => {
      if (!(await isReadFirst(submission))) return;
      const ready = find(id);
      if (ready?.state === 'waiting') await settle(id, await put(ready));
    });
  }

  /** A 202 without a fact to show for it: read again, and say it again when the server has none of it. */
  async function confirm(id: string): Promise<void> {
    const submission = find(id);
    if (stopped) return;
    // Decided meanwhile, or something else is under way there: whatever is next must not wait for this timer.
    if (submission?.state !== 'accepted' || busy.has(laneOf(submission))) {
      kick();
      return;
    }
    await inLane(laneOf(submission), async () => {
      const outcome = await reading.look(submission);
      const after = find(id);
      if (outcome === 'not now' || after?.state !== 'accepted' || getModel().link.kind !== 'live') return;
      await store(nothingCameOf(after));
    });
  }

  function nothingCameOf(submission: Submission): Submission {
    const { id, key } = submission;
    const next = withoutEffect(submission, getModel().communications[key]);
    const count = emptyYes.get(id) ?? 0;
    if (next.state !== 'waiting') return { ...next, updatedAt: now() };
    if (count < emptyYesAtMost) return next;
    emptyYes.delete(id);
    return { ...next, state: 'failed', problem: say('outbox.noEffect', { count }), updatedAt: now() };
  }

  function kick(): void {
    const { link, submissions } = getModel();
    if (stopped || link.kind !== 'live') return;
    const heldUp = new Set<string>();
    for (const submission of submissions) {
      const { id, state, attempts } = submission;
      const lane = laneOf(submission);
      const isFirst = !heldUp.has(lane);
      if (state === 'waiting' && attempts < holdsUpFor) heldUp.add(lane);
      if (busy.has(lane) || schedule.waits(id)) continue;
      if (state === 'accepted') schedule.after(id, schedule.confirmMs(attempts), () => void confirm(id));
      if (state === 'waiting' && isFirst) void deliver(submission);
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
