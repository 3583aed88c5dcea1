import type { Conversation } from '../model/screenshare.ts';
import { dayMs, epoch } from './time.ts';

/** Cloud clock minus this machine's, and how far that may be wrong either way, in ms. */
export interface CloudOffset {
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

/** An answer of the server that said what time it was. */
export interface DatedAnswer {
  /** The `Date` header. */
  readonly date: string;
  /** Epoch ms, this machine's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Both calls return the estimate: the same object while it does not change, null before the first. */
interface CloudClock {
  answered(answer: DatedAnswer): CloudOffset | null;
  /** Something the cloud stamped (epoch ms) was received (epoch ms, this machine's clock). */
  stamped(at: number, receivedAt: number): CloudOffset | null;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  /** When they were last narrowed: epoch ms, this machine's clock. */
  readonly at: number;
}

/** Clocks further apart than this were not only set: one of them, or one answer, is wrong. */
const roughlyMs = dayMs;

/**
 * What time it is where something is to be deleted for its age: the earlier of the server's clock and this machine's,
 * epoch ms. Null where the server has not said it yet, or the two do not even roughly agree: then nobody knows.
 */
export function agreedNow(serverNow: number | null, machineNow: number): number | null {
  if (serverNow === null || Math.abs(serverNow - machineNow) > roughlyMs) return null;
  return Math.min(serverNow, machineNow);
}

/** Two quartz clocks drift apart by no more than this; older bounds say less. */
const driftPerMs = 100e-6;

/**
 * An answer's `Date`, cut to whole seconds, bounds the offset: `date - receivedAt < offset < date + 1 s - sentAt`. A
 * stamp raises the lower bound. An answer that contradicts was sent after a clock was set; one more than a day off
 * needs a second that agrees.
 */
export function createCloudClock(): CloudClock {
  let known: Bounds | null = null;
  let estimate: CloudOffset | null = null;
  /** What the last answer said, if it was too far off to be believed alone. */
  let doubted: Bounds | null = null;

  function agedTo(now: number, bounds: Bounds | null): Bounds | null {
    if (!bounds) return null;
    const slack = Math.max(0, now - bounds.at) * driftPerMs;
    return { low: bounds.low - slack, high: bounds.high + slack, at: now };
  }
  const aged = (now: number): Bounds | null => agedTo(now, known);

  /** Whether it has to be said twice, and this is the first time. */
  function isDoubtful(answer: Bounds, expected: Bounds): boolean {
    const isFar = answer.low > expected.high + roughlyMs || answer.high < expected.low - roughlyMs;
    const before = agedTo(answer.at, doubted);
    doubted = isFar ? answer : null;
    return isFar && !(before && answer.low <= before.high && answer.high >= before.low);
  }

  function update(bounds: Bounds): CloudOffset {
    known = bounds;
    const offsetMs = Math.round((bounds.low + bounds.high) / 2);
    // To ten ms, so that a little ageing changes nothing.
    const uncertaintyMs = Math.ceil((bounds.high - bounds.low) / 20) * 10;
    if (estimate?.offsetMs !== offsetMs || estimate.uncertaintyMs !== uncertaintyMs)
      estimate = { offsetMs, uncertaintyMs };
    return estimate;
  }

  return {
    answered({ date, sentAt, receivedAt }) {
      const at = Date.parse(date);
      if (Number.isNaN(at) || receivedAt < sentAt) return estimate;
      const answer: Bounds = { low: at - receivedAt, high: at + 1000 - sentAt, at: receivedAt };
      const before = aged(receivedAt);
      if (isDoubtful(answer, before ?? { low: 0, high: 0, at: receivedAt })) return estimate;
      const low = Math.max(answer.low, before?.low ?? -Infinity);
      const high = Math.min(answer.high, before?.high ?? Infinity);
      return update(low <= high ? { low, high, at: receivedAt } : answer);
    },
    stamped(at, receivedAt) {
      const before = aged(receivedAt);
      const low = at - receivedAt;
      // A stamp may be wrong: only the date of an answer overrules what is known.
      return before && low > before.low && low <= before.high ? update({ ...before, low }) : estimate;
    },
  };
}

/** The latest time in a conversation that the cloud's clock stamped, epoch ms; null when it has none. */
export function latestStamp({ participants }: Conversation): number | null {
  const stamps = participants
    .flatMap((participant) => [...(participant.screenshares ?? []), ...(participant.videos ?? [])])
    .flatMap((leg) => [epoch(leg.startAlertingTime), epoch(leg.connectedTime)])
    .filter((stamp) => stamp !== null);
  return stamps.length > 0 ? Math.max(...stamps) : null;
}
