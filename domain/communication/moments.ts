import { cloudMs, duration, epoch, type Duration, type Moment } from '../clocks/time.ts';
import { isKnown, wrapupPolicies, type KnownWrapupPolicy } from '../model/values.ts';
import type { Communication } from './communication.ts';
import { afterCallWorkOf, legStateOf, serverWrapup } from './phase.ts';

/** When things happened to a communication, each time with its clock; what has a limit, and how long things took. */

function momentOf(iso: string | null | undefined, clock: Moment['clock']): Moment | null {
  return typeof iso === 'string' && epoch(iso) !== null ? { iso, clock } : null;
}

/** When a record happened, epoch ms of the server's clock: it began to alert, was connected, or was first seen. */
export function happenedAt({ screenshare, alertedAt, firstSeenAt, clocks }: Communication): number {
  const known = epoch(alertedAt) ?? epoch(screenshare.connectedTime);
  return known ?? cloudMs({ iso: firstSeenAt, clock: 'machine' }, clocks) ?? 0;
}

/** When it connected; null where it never did, or nothing dates it. */
export function connectedAtOf({ screenshare }: Communication): Moment | null {
  const interact = (screenshare.segments ?? []).find(({ type }) => type?.toLowerCase() === 'interact');
  return momentOf(screenshare.connectedTime, 'cloud') ?? momentOf(interact?.startTime, 'cloud');
}

/** When it ended; null while it lasts, or where nothing dates the end. The cloud stamps after-call work with it. */
export function disconnectedAtOf({ screenshare, startAcwTime, endTime }: Communication): Moment | null {
  return (
    momentOf(screenshare.disconnectedTime, 'provider') ??
    momentOf(screenshare.afterCallWork?.startTime, 'cloud') ??
    momentOf(startAcwTime, 'cloud') ??
    momentOf(endTime, 'cloud')
  );
}

/** When it connected; of one never answered, when it began to alert. */
export function beginningOf({ screenshare, alertedAt, firstSeenAt }: Communication): Moment {
  return (
    momentOf(screenshare.connectedTime, 'cloud') ??
    momentOf(alertedAt, 'cloud') ?? { iso: firstSeenAt, clock: 'machine' }
  );
}

/** When it ended, as the provider dates it, or its participant; else when it was last heard of. */
export function endOf({ screenshare, endTime, lastSeenAt }: Communication): Moment {
  return (
    momentOf(screenshare.disconnectedTime, 'provider') ??
    momentOf(endTime, 'cloud') ?? { iso: lastSeenAt, clock: 'machine' }
  );
}

/** When after-call work began: by the cloud's stamp, else with the end. Null while there is neither. */
export function acwBeginningOf({ screenshare, startAcwTime, endTime }: Communication): Moment | null {
  return (
    momentOf(screenshare.afterCallWork?.startTime, 'cloud') ??
    momentOf(startAcwTime, 'cloud') ??
    momentOf(screenshare.disconnectedTime, 'provider') ??
    momentOf(endTime, 'cloud')
  );
}

/** When after-call work was finished; null while it is open. */
export function acwEndOf({ screenshare, endAcwTime }: Communication): Moment | null {
  return momentOf(screenshare.afterCallWork?.endTime, 'cloud') ?? momentOf(endAcwTime, 'cloud');
}

/** Whether the policy sets a limit at all. */
const isTimed: Readonly<Record<KnownWrapupPolicy, boolean>> = {
  timeout: true,
  forcedTimeout: true,
  agentRequested: true,
  optional: false,
  mandatory: false,
};

/** When a timed after-call work ends, in epoch ms of the server's clock; null when it has no limit. */
export function acwDeadline(communication: Communication): number | null {
  const limit = communication.wrapupTimeoutMs;
  const start = acwStart(communication);
  const { policy } = communication;
  // A newer server's policy is taken at its word: its limit.
  const timed = !isKnown(wrapupPolicies, policy) || isTimed[policy];
  return timed && limit !== undefined && limit > 0 && start !== null ? start + limit : null;
}

/** When after-call work began, in epoch ms of the server's clock. */
export function acwStart(communication: Communication): number | null {
  const beginning = acwBeginningOf(communication);
  return beginning && cloudMs(beginning, communication.clocks);
}

/**
 * Longer than any shift, ms. After-call work that began before that is no work any more: the server never ended it, and
 * takes nothing for it.
 */
const fileWithinMs = 12 * 3_600_000;

/** Until when a wrap-up can be filed, in epoch ms of the server's clock; null where nothing dates the end. */
export function fileUntil(communication: Communication): number | null {
  const start = acwStart(communication);
  return start === null ? null : start + fileWithinMs;
}

/**
 * The server never ended its after-call work, and nobody can any more: it is a record, and nothing to do. `now`: epoch
 * ms of the server's clock.
 */
export function isTooOldToFile(communication: Communication, now: number): boolean {
  const until = fileUntil(communication);
  return until !== null && until <= now && afterCallWorkOf(communication) === 'due';
}

/** When it must be answered by, in epoch ms of the server's clock. */
export function alertDeadline(communication: Communication): number | null {
  const start = epoch(communication.alertedAt);
  return start === null || communication.alertingTimeoutMs === undefined
    ? null
    : start + communication.alertingTimeoutMs;
}

/** How long it alerted: until it was answered, or, where it never was, until it ended. */
export function alertingTime(communication: Communication): Duration | null {
  const { alertedAt, answered, clocks } = communication;
  const over = legStateOf(communication) === 'over';
  const end = answered ? connectedAtOf(communication) : over ? disconnectedAtOf(communication) : null;
  return alertedAt === undefined || end === null
    ? null
    : duration({ iso: alertedAt, clock: 'cloud' }, end, clocks);
}

/** How long it was connected, once it is over; null where either end is not dated. */
export function connectedTime(communication: Communication): Duration | null {
  if (legStateOf(communication) !== 'over') return null;
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
