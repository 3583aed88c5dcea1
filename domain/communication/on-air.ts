import { epoch, duration, type Duration, type Moment } from '../clocks/time.ts';
import type { Screenshare } from '../model/screenshare.ts';
import type { OnAir, PeerCount, ReducerContext, Communication } from './communication.ts';
import { isOver } from './phase.ts';

/** Spans on air and numbers of peers. The wire has no time for them: they are dated by when they were heard of. */

/** Clocks may be set back; a later moment is never before an earlier one. */
export function notBefore(earliest: string | undefined, iso: string): string {
  return earliest !== undefined && (epoch(iso) ?? 0) < (epoch(earliest) ?? 0) ? earliest : iso;
}

/** Ends a span: at the disconnect when the server dates it inside the span, else when we heard of it. */
function endOfSpan(from: string, screenshare: Screenshare, context: ReducerContext): string {
  const disconnectedTime = isOver(screenshare) ? screenshare.disconnectedTime : undefined;
  const at = epoch(disconnectedTime);
  const inside = at !== null && at >= (epoch(from) ?? 0) && at <= (epoch(context.serverTime) ?? Infinity);
  return inside && disconnectedTime ? disconnectedTime : notBefore(from, context.serverTime);
}

export function updateOnAir(
  spans: readonly OnAir[],
  screenshare: Screenshare,
  context: ReducerContext,
): readonly OnAir[] {
  const last = spans.at(-1);
  const open = last !== undefined && last.to === undefined;
  const sharing = screenshare.sharing === true && !isOver(screenshare);
  if (sharing && !open) return [...spans, { from: notBefore(last?.to, context.serverTime) }];
  if (!sharing && open && (screenshare.sharing === false || isOver(screenshare))) {
    return [...spans.slice(0, -1), { from: last.from, to: endOfSpan(last.from, screenshare, context) }];
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
