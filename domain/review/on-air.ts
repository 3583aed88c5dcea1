import { duration, type Moment } from '../clocks/duration.ts';
import type { Communication } from '../fold/communication.ts';

export interface OnAirSpan {
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

/** How long the agent was on air in all, ms; null where they never were, still are, or it is not dated. */
export function onAirTime(communication: Communication): number | null {
  const spans = onAirSpans(communication);
  if (spans.length === 0) return null;
  let total = 0;
  for (const { from, to } of spans) {
    const length = to && duration(from, to, communication.clocks);
    if (!length) return null;
    total += length.ms;
  }
  return total;
}
