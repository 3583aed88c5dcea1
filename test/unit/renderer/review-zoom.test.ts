import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isWhole,
  panned,
  revealing,
  shortestMs,
  xOf,
  zoomed,
  type Sight,
} from '../../../renderer/review/detail/time-axis.ts';

const start = Date.UTC(2026, 10, 23, 14, 18);
const whole: Sight = { from: start, to: start + 900_000 };
const parts = fc.double({ min: 0, max: 1, noNaN: true });
const at = (part: number): number => whole.from + part * (whole.to - whole.from);

describe('a timeline', () => {
  it('never shows what is not there, nor less than can be told', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ factor: fc.double({ min: 0.1, max: 10, noNaN: true }), at: parts }),
        fc.record({ pan: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
        fc.record({ reveal: parts }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        let sight = whole;
        for (const step of taken) {
          if ('pan' in step) sight = panned(sight, whole, step.pan);
          else if ('reveal' in step) {
            const span = { from: at(step.reveal), to: at(step.reveal) };
            sight = revealing(sight, whole, span);
            expect(span.from).toBeGreaterThanOrEqual(sight.from - 1);
            expect(span.to).toBeLessThanOrEqual(sight.to + 1);
          } else sight = zoomed(sight, whole, step.factor, sight.from + step.at * (sight.to - sight.from));
          expect(sight.from).toBeGreaterThanOrEqual(whole.from);
          expect(sight.to).toBeLessThanOrEqual(whole.to + 0.001);
          expect(sight.to - sight.from).toBeGreaterThanOrEqual(shortestMs - 0.001);
        }
      }),
    );
  });

  it('keeps what is under the pointer where it is', () => {
    const closer = zoomed(whole, whole, 4, at(0.25));
    expect(closer.to - closer.from).toBe(225_000);
    expect(xOf(at(0.25), closer, 800)).toBeCloseTo(200);
    expect(isWhole(closer, whole)).toBe(false);
    expect(isWhole(zoomed(closer, whole, 0.25, at(0.25)), whole)).toBe(true);
  });

  it('draws what is far outside just outside', () => {
    const closer = zoomed(whole, whole, 400, at(0.5));
    expect(xOf(whole.from, closer, 800)).toBe(-50);
    expect(xOf(whole.to, closer, 800)).toBe(850);
  });
});
