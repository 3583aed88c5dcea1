import { duration, type Duration } from '../clocks/time.ts';
import type { Submission, Draft } from '../submissions.ts';
import { roleOf, type Communication } from '../communication/communication.ts';
import {
  acwBeginningOf,
  acwEndOf,
  connectedAtOf,
  disconnectedAtOf,
  happenedAt,
} from '../communication/moments.ts';
import { serverWrapup, stageOf } from '../communication/phase.ts';
import { wrapupOf } from '../exported-record.ts';
import { phaseOf } from '../words/explain.ts';
import type { ListedLength, Listing } from './record-listing.ts';
import { onAirTime } from './on-air.ts';

/** How long it alerted: until it was answered, or, where it never was, until it ended. */
export function alertingTime(communication: Communication): Duration | null {
  const { alertedAt, answered, clocks } = communication;
  const over = stageOf(communication) === 'over';
  const end = answered ? connectedAtOf(communication) : over ? disconnectedAtOf(communication) : null;
  return alertedAt === undefined || end === null
    ? null
    : duration({ iso: alertedAt, clock: 'cloud' }, end, clocks);
}

/** How long it was connected, once it is over; null where either end is not dated. */
export function connectedTime(communication: Communication): Duration | null {
  if (stageOf(communication) !== 'over') return null;
  const from = connectedAtOf(communication);
  const to = disconnectedAtOf(communication);
  return from && to && duration(from, to, communication.clocks);
}

/** How long after-call work took, once it is finished: by its own times, else as the server counted it. */
export function workTime(communication: Communication): Duration | null {
  if (!communication.answered) return null;
  const from = acwBeginningOf(communication);
  const to = acwEndOf(communication);
  if (from && to) return duration(from, to, communication.clocks);
  const counted = serverWrapup(communication)?.durationSeconds ?? null;
  return counted === null || counted < 0 ? null : { ms: Math.round(counted * 1000), approximate: false };
}

/** The line of a record. A name that is empty is none. */
export function listingOf(
  communication: Communication,
  draft: Draft | undefined,
  latestSubmission: Submission | undefined,
): Listing {
  const glyph = phaseOf(communication);
  const wrapup = wrapupOf(communication, draft, latestSubmission);
  const lengths = {
    alerting: alertingTime(communication),
    connected: connectedTime(communication),
    onAir: onAirTime(communication),
  };
  const isApproximate = (name: ListedLength): boolean => lengths[name]?.approximate ?? false;
  return {
    key: communication.key,
    at: happenedAt(communication),
    glyph,
    role: roleOf(communication),
    missed: glyph === 'missed',
    peer: communication.peerName || null,
    queue: communication.queueName || null,
    code: wrapup?.code || null,
    codeName: wrapup?.name || null,
    notes: wrapup?.notes ?? '',
    wrapup: wrapup?.state ?? null,
    disconnectType: communication.screenshare.disconnectType ?? null,
    alertingMs: lengths.alerting?.ms ?? null,
    connectedMs: lengths.connected?.ms ?? null,
    onAirMs: lengths.onAir?.ms ?? null,
    workMs: workTime(communication)?.ms ?? null,
    approximate: {
      alerting: isApproximate('alerting'),
      connected: isApproximate('connected'),
      onAir: isApproximate('onAir'),
    },
  };
}
