import { cloudMs, type Moment, epoch } from '../clocks/time.ts';
import type { Communication } from './communication.ts';

/** The best-known moments of a communication, each with the clock that told it. */

function told(iso: string | null | undefined, clock: Moment['clock']): Moment | null {
  return typeof iso === 'string' && epoch(iso) !== null ? { iso, clock } : null;
}

/** When a record happened, epoch ms of the server's clock: it began to alert, was connected, or was first seen. */
export function happenedAt({ screenshare, alertedAt, firstSeenAt, clocks }: Communication): number {
  const told = epoch(alertedAt) ?? epoch(screenshare.connectedTime);
  return told ?? cloudMs({ iso: firstSeenAt, clock: 'machine' }, clocks) ?? 0;
}

/** When it connected; null where it never did, or nothing dates it. */
export function connectedAtOf({ screenshare }: Communication): Moment | null {
  const interact = (screenshare.segments ?? []).find(({ type }) => type?.toLowerCase() === 'interact');
  return told(screenshare.connectedTime, 'cloud') ?? told(interact?.startTime, 'cloud');
}

/** When it ended; null while it lasts, or where nothing dates the end. The cloud stamps after-call work with it. */
export function disconnectedAtOf({ screenshare, startAcwTime }: Communication): Moment | null {
  return (
    told(screenshare.disconnectedTime, 'provider') ??
    told(screenshare.afterCallWork?.startTime, 'cloud') ??
    told(startAcwTime, 'cloud')
  );
}

/** When it connected; of one never answered, when it began to alert. */
export function beginningOf({ screenshare, alertedAt, firstSeenAt }: Communication): Moment {
  return (
    told(screenshare.connectedTime, 'cloud') ??
    told(alertedAt, 'cloud') ?? { iso: firstSeenAt, clock: 'machine' }
  );
}

/** When it ended, as the provider dates it; else when it was last heard of. */
export function endOf({ screenshare, lastSeenAt }: Communication): Moment {
  return told(screenshare.disconnectedTime, 'provider') ?? { iso: lastSeenAt, clock: 'machine' };
}

/** When after-call work began: by the cloud's stamp, else with the end. Null while there is neither. */
export function acwBeginningOf({ screenshare, startAcwTime }: Communication): Moment | null {
  return (
    told(screenshare.afterCallWork?.startTime, 'cloud') ??
    told(startAcwTime, 'cloud') ??
    told(screenshare.disconnectedTime, 'provider')
  );
}

/** When after-call work was finished; null while it is open. */
export function acwEndOf({ screenshare, endAcwTime }: Communication): Moment | null {
  return told(screenshare.afterCallWork?.endTime, 'cloud') ?? told(endAcwTime, 'cloud');
}
