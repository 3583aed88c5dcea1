import { describe, expect, it } from 'vitest';
import type { Deletion } from '../../../domain/review/deletion.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import type { DeletionCursor, DeletionStep } from '../../../electron/store/deletion/deletion-step.ts';
import { readTotals } from '../../../electron/store/totals.ts';
import { context, fact } from './examples.ts';
import { made } from './made.ts';

/** Facts no record stands for, dated by a machine whose clock is wrong. */

const dayMs = 86_400_000;
const today = Date.parse('2025-03-04T10:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** A fact of this day of the server's, in a conversation nothing was shared in. */
function strayAt(days: number, machineOffMs: number) {
  const at = today + days * dayMs;
  const cloud = { offsetMs: -machineOffMs, uncertaintyMs: 40 };
  return fact({ receivedAt: iso(at + machineOffMs), context: context({ serverTime: iso(at), cloud }) });
}
const refusedAt = (days: number, machineOffMs = 0) =>
  fact({ receivedAt: iso(today + days * dayMs + machineOffMs), refusal: 'not JSON' });

function keep(engine: Engine, ...entries: readonly ReturnType<typeof fact>[]): void {
  for (const entry of entries) runCall(engine, 'commit', [entry, []]);
}

/** Deletes what is older than a month; answers which facts are left. */
function left(engine: Engine, what: Deletion): number[] {
  let after: DeletionCursor | null = null;
  do {
    const step = runCall(engine, 'deletionStep', [what, after, null]) as DeletionStep;
    after = step.next;
  } while (after !== null);
  return engine
    .all('SELECT CAST(seq AS INTEGER) AS seq FROM journal WHERE deleted IS NULL ORDER BY seq')
    .map(({ seq }) => Number(seq));
}
const older = { kind: 'range', since: null, until: today - 30 * dayMs } as const;
const slow = -60 * dayMs;

describe('what is deleted for its age', () => {
  it('is nothing of today, by whatever clock: neither refused facts nor those of other conversations', () => {
    const engine = made();
    keep(engine, refusedAt(0, slow), strayAt(0, slow), refusedAt(0, slow), strayAt(0, slow));
    expect(left(engine, older)).toEqual([1, 2, 3, 4]);
    expect(readTotals(engine)).toMatchObject({ deleted: 0, quarantined: 2 });
    engine.close();
  });

  it('is nothing that came after a fact of today, when the clock was put right or wrong since', () => {
    const engine = made();
    keep(engine, strayAt(-1, 0), refusedAt(-1, slow), strayAt(0, 0), refusedAt(0, slow), refusedAt(0, slow));
    expect(left(engine, older)).toEqual([1, 2, 3, 4, 5]);
    engine.close();
  });

  it('is what is old, though the clock that dated it was ahead', () => {
    const engine = made();
    const ahead = 60 * dayMs;
    keep(engine, strayAt(-50, ahead), refusedAt(-50, ahead), strayAt(-40, ahead));
    keep(engine, refusedAt(-2), strayAt(-2, 0));
    expect(left(engine, older)).toEqual([4, 5]);
    engine.close();
  });

  it('is what is old by a clock nothing speaks against', () => {
    const engine = made();
    keep(engine, refusedAt(-40), refusedAt(-35), refusedAt(-29), refusedAt(0));
    expect(left(engine, older)).toEqual([3, 4]);
    engine.close();
  });

  it('is not what may have come before the span', () => {
    const engine = made();
    const span = { kind: 'range', since: today - 45 * dayMs, until: today - 30 * dayMs } as const;
    keep(
      engine,
      strayAt(-50, 0),
      refusedAt(-49, 20 * dayMs),
      strayAt(-40, 0),
      refusedAt(-39),
      strayAt(-20, 0),
    );
    expect(left(engine, span)).toEqual([1, 2, 5]);
    engine.close();
  });
});
