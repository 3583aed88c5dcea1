import { cloudMs, type Clocks } from '../clocks/time.ts';
import { epoch } from '../clocks/epoch.ts';
import { providerOffset } from '../clocks/provider.ts';
import type { Communication } from './communication.ts';
import type { ReducerContext } from './reducer-context.ts';
import { stageOf } from './phase.ts';

/** Provider minus cloud as this record shows it, in ms; undefined while it shows no difference. */
function providerOffsetOf(
  before: Communication | undefined,
  now: Communication,
  clocks: Clocks,
  context: ReducerContext,
): number | undefined {
  const disconnectedAt = epoch(now.screenshare.disconnectedTime);
  if (disconnectedAt === null) return undefined;
  const acwStartAt = epoch(now.screenshare.afterCallWork?.startTime);
  // Heard again later, the same end only seems longer ago.
  const known = before?.clocks?.providerOffsetMs;
  if (acwStartAt === null && known !== undefined) return known;

  const connectedAt = epoch(now.screenshare.connectedTime) ?? -Infinity;
  const seenAt =
    before && stageOf(before) !== 'over'
      ? (cloudMs({ iso: before.lastSeenAt, clock: 'machine' }, clocks) ?? -Infinity)
      : -Infinity;
  return providerOffset({
    disconnectedAt,
    acwStartAt,
    aliveAt: Math.max(connectedAt, seenAt),
    // The work of its participant begins when the last of their media has ended: this leg, or a later one.
    heardAt: Math.min(epoch(context.serverTime) ?? Infinity, epoch(now.startAcwTime) ?? Infinity),
    uncertaintyMs: clocks.cloudUncertaintyMs,
  });
}

/** How the clocks stood to each other when this fact came; what was known stands while nothing new is. */
export function clocksOf(
  before: Communication | undefined,
  now: Communication,
  context: ReducerContext,
): Clocks | undefined {
  const { cloud } = context;
  if (!cloud) return before?.clocks;
  const clocks = { cloudOffsetMs: cloud.offsetMs, cloudUncertaintyMs: cloud.uncertaintyMs };
  const providerOffsetMs = providerOffsetOf(before, now, clocks, context);
  return providerOffsetMs === undefined ? clocks : { ...clocks, providerOffsetMs };
}
