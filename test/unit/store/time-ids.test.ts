import { expect, it } from 'vitest';
import { exportRecord } from '../../../domain/exported-record.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { firstIdAt, freeId, isAt } from '../../../electron/store/time-ids.ts';
import { made } from './made.ts';
import { settled } from './values.ts';

const one = exportRecord(settled(), undefined, undefined);
const linesOf = (count: number, from = 0): { number: number; text: string }[] =>
  Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    text: JSON.stringify({ ...one, conversationId: `c-${String(from + at)}` }),
  }));

it('more records of one ms than it has ids run over into the next, and may be put in again', () => {
  const engine = made();
  for (let from = 0; from < 3_000; from += 1_000) runCall(engine, 'addImported', [linesOf(1_000, from)]);
  expect(runCall(engine, 'addImported', [linesOf(1_000, 2_000)])).toMatchObject({ records: 3_000 });
  const page = runCall(engine, 'pageOfRecords', [{}, -1, 5_000]) as { records: unknown[]; unread: number };
  expect(page.records).toHaveLength(3_000);
  expect(page.unread).toBe(0);
  engine.close();
});

it('takes the lowest id of a moment that is free, and only that moment’s', () => {
  const engine = made();
  const put = (id: number): void =>
    engine.run(
      "INSERT INTO communications (key, id, settled, json, sum) VALUES (?, ?, 1, '{}', '')",
      String(id),
      id,
    );
  const moment = 1_741_083_400_000;
  const first = firstIdAt(moment);
  expect(freeId(engine, moment)).toBe(first);
  for (const id of [first, first + 1, first + 3, firstIdAt(moment + 1)]) put(id);
  expect(freeId(engine, moment)).toBe(first + 2);
  expect(isAt(engine, first + 3, moment)).toBe(true);
  expect(isAt(engine, firstIdAt(moment + 1), moment)).toBe(false);
  expect(isAt(engine, first - 1, moment)).toBe(false);
  engine.close();
});
