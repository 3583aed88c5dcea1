import { cloudMs, type Clocks, epoch } from '../clocks/time.ts';
import type { Communication, ReducerContext } from './communication.ts';
import { legStateOf } from './phase.ts';

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
  // Heard of again later, the same end only seems longer ago.
  const known = before?.clocks?.providerOffsetMs;
  if (acwStartAt === null && known !== undefined) return known;

  const connectedAt = epoch(now.screenshare.connectedTime) ?? -Infinity;
  const seenAt =
    before && legStateOf(before) !== 'over'
      ? (cloudMs({ iso: before.lastSeenAt, clock: 'machine' }, clocks) ?? -Infinity)
      : -Infinity;
  return providerOffset({
    disconnectedAt,
    acwStartAt,
    aliveAt: Math.max(connectedAt, seenAt),
    // After-call work begins when the last medium of the participant has ended: this leg, or a later one.
    heardAt: Math.min(epoch(context.serverTime) ?? Infinity, epoch(now.startAcwTime) ?? Infinity),
    uncertaintyMs: clocks.cloudUncertaintyMs,
  });
}

/** How the clocks stood to each other when this fact came, or as known before where it does not say. */
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

/** What the facts say about one end, each in epoch ms of the cloud's clock unless named otherwise. */
interface ObservedEnd {
  /** `disconnectedTime`: the provider's clock. */
  readonly disconnectedAt: number;
  /** When after-call work began, which the cloud stamps at the disconnect; null when it said nothing. */
  readonly acwStartAt: number | null;
  /** When it was last known to be still going on. */
  readonly aliveAt: number;
  /** When we heard of the end. */
  readonly heardAt: number;
  /** How far the last two may be wrong, ms. */
  readonly uncertaintyMs: number;
}

/**
 * Provider clock minus cloud clock, in ms; undefined while the facts show no difference. With the cloud's own
 * stamp of the end it is measured. Without, the end lies between the last sign of life and our hearing of it,
 * and the estimate is the smallest difference that puts the provider's time in between.
 */
export function providerOffset(end: ObservedEnd): number | undefined {
  if (end.acwStartAt !== null) return end.disconnectedAt - end.acwStartAt;
  const least = end.disconnectedAt - end.heardAt - end.uncertaintyMs;
  const most = end.disconnectedAt - end.aliveAt + end.uncertaintyMs;
  if (least > 0) return least;
  return most < 0 ? most : undefined;
}
