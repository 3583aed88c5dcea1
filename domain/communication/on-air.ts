import { epoch, duration, type Duration, type Moment } from '../clocks/time.ts';
import type { Screenshare } from '../model/screenshare.ts';
import type { OnAir, PeerCount, ReducerContext, Communication } from './communication.ts';
import { hasEnded, isOver } from './phase.ts';

/** Spans on air and numbers of peers. The wire has no time for them: they are dated by when they were heard of. */

/** Clocks may be set back; a later moment is never before an earlier one. */
export function notBefore(earliest: string | undefined, iso: string): string {
  return earliest !== undefined && (epoch(iso) ?? 0) < (epoch(earliest) ?? 0) ? earliest : iso;
}

/** Ends a span: with the leg when the server dates that inside the span, else when we heard of it. */
export function endOfSpan(from: string, { screenshare, endTime }: Leg, context: ReducerContext): string {
  const ends = [isOver(screenshare) ? screenshare.disconnectedTime : null, endTime];
  const inside = ends.find((end) => {
    const at = epoch(end);
    return at !== null && at >= (epoch(from) ?? 0) && at <= (epoch(context.serverTime) ?? Infinity);
  });
  return inside ?? notBefore(from, context.serverTime);
}

type Leg = Pick<Communication, 'screenshare' | 'endTime'>;

export function updateOnAir(spans: readonly OnAir[], leg: Leg, context: ReducerContext): readonly OnAir[] {
  const last = spans.at(-1);
  const open = last !== undefined && last.to === undefined;
  const sharing = leg.screenshare.sharing === true && !hasEnded(leg);
  if (sharing && !open) return [...spans, { from: notBefore(last?.to, context.serverTime) }];
  if (!sharing && open && (leg.screenshare.sharing === false || hasEnded(leg))) {
    return [...spans.slice(0, -1), { from: last.from, to: endOfSpan(last.from, leg, context) }];
  }
  return spans;
}

export function updatePeers(
  peers: readonly PeerCount[],
  screenshare: Screenshare,
  context: ReducerContext,
): readonly PeerCount[] {
  const count = screenshare.peerCount;
  if (typeof count !== 'number' || peers.at(-1)?.count === count) return peers;
  return [...peers, { at: context.serverTime, count }];
}

interface OnAirSpan {
  readonly from: Moment;
  /** Null while it lasts. */
  readonly to: Moment | null;
}

/** When the agent was on air. A span that ended with the communication was dated by the provider. */
export function onAirSpans({ onAir, screenshare }: Communication): readonly OnAirSpan[] {
  return onAir.map(({ from, to }) => ({
    from: { iso: from, clock: 'cloud' },
    to:
      to === undefined
        ? null
        : { iso: to, clock: to === screenshare.disconnectedTime ? 'provider' : 'cloud' },
  }));
}

/** How long the agent was on air in all; null where they never were, still are, or no time is known. */
export function onAirTime(communication: Communication): Duration | null {
  const spans = onAirSpans(communication);
  if (spans.length === 0) return null;
  let ms = 0;
  let approximate = false;
  for (const { from, to } of spans) {
    const length = to && duration(from, to, communication.clocks);
    if (!length) return null;
    ms += length.ms;
    approximate ||= length.approximate;
  }
  return { ms, approximate };
}
