import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deletion, DeletionPlan, NextExpiry } from '../../../domain/review/deletion.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import type { DeletionCursor, DeletionStep } from '../../../electron/store/deletion/deletion-step.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { listAll } from '../../../electron/store/review/listing.ts';
import { runs, size } from '../size.ts';
import { factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { examples, listed, moments, type Example } from './review-model.ts';

const usual = 12;
const timeout = size('QUERIES', usual) * 10_000;

function filled(list: readonly Example[]): Engine {
  const file = path.join(temporaryFolder(), 'memory.db');
  const engine = openEngine(file, hexOf(testKey()), false);
  migrate(engine);
  for (const { communication, draft, submission } of list) {
    runCall(engine, 'commit', [factOf(communication), [communication]]);
    if (draft) runCall(engine, 'saveDraft', [draft]);
    if (submission) runCall(engine, 'decide', [submission]);
  }
  engine.transaction(() => listAll(engine));
  return engine;
}

function deleteRecords(engine: Engine, what: Deletion, now: number | null = null): DeletionPlan {
  let after: DeletionCursor | null = null;
  const sum = { records: 0, staying: 0 };
  do {
    const step = runCall(engine, 'deletionStep', [what, after, now]) as DeletionStep;
    sum.records += step.keys.length;
    sum.staying += step.staying;
    after = step.next;
  } while (after !== null);
  return sum;
}

const wishes = fc.oneof(
  fc.constant<Deletion>({ kind: 'all' }),
  fc
    .nat(39)
    .map((number) => ({ kind: 'one' as const, key: `conversation-${number % 7}/participant-1/c${number}` })),
  fc.record({ kind: fc.constant('range' as const), since: fc.option(moments), until: moments }),
);

describe('planning', () => {
  it(
    'says of any wish what deleting then does',
    () =>
      fc.assert(
        fc.property(examples, wishes, fc.option(moments), (list, what, now) => {
          const engine = filled(list);
          const plan = runCall(engine, 'planDeletion', [what, now]);
          expect(deleteRecords(engine, what, now)).toEqual(plan);
          engine.close();
        }),
        runs('QUERIES', usual),
      ),
    timeout,
  );

  it('names the first day of which records become too old, those left out that stay', () => {
    const keepMs = 30 * 24 * 3_600_000;
    const [list = []] = fc.sample(examples, { numRuns: 30, seed: 3 }).filter(({ length }) => length > 20);
    const engine = filled(list);
    const next = runCall(engine, 'nextExpiry', [keepMs, null]) as NextExpiry;
    const firstAt = next.at - keepMs;
    const lines = list.map(listed);
    expect(lines.some(({ at }) => at === firstAt)).toBe(true);
    expect(deleteRecords(engine, { kind: 'range', since: null, until: firstAt }).records).toBe(0);
    const day = { kind: 'range', since: firstAt, until: firstAt + 24 * 3_600_000 } as const;
    expect(deleteRecords(engine, day).records).toBe(next.records);
    deleteRecords(engine, { kind: 'all' });
    engine.transaction(() => listAll(engine));
    expect(runCall(engine, 'nextExpiry', [keepMs, null])).toBeNull();
    engine.close();
  });
});
