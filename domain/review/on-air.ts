import { duration, type Duration, type Moment } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';

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

/** How long the agent was on air in all; null where they never were, still are, or it is not dated. */
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
