import { describe, expect, it } from 'vitest';
import type { FactPage, ReceivedFact } from '../../../domain/review/record-detail.ts';
import { createReceivedFacts } from '../../../renderer/review/detail/received-facts.ts';

const fact = (number: number): ReceivedFact => ({
  number,
  source: 'rest',
  subject: 'GET /api/v2/conversations/c',
  receivedAt: '2026-11-23T14:00:00.000Z',
  body: '{}',
  refusal: null,
});

/** A journal that is looked through ten numbers at a time. */
function journal(numbers: readonly number[], end: number) {
  const world = { numbers: [...numbers], end, refusing: false };
  const asked: number[] = [];
  const facts = createReceivedFacts((after) => {
    asked.push(after);
    const to = Math.min(after + 10, world.end);
    const found = world.numbers.filter((number) => number > after && number <= to).map(fact);
    const page: FactPage = { facts: found, next: to < world.end ? to : null };
    return Promise.resolve(world.refusing ? { ok: false, reason: 'Hidden.' } : { ok: true, value: page });
  });
  const numbersShown = (): number[] => facts.store.getState().facts.map(({ number }) => number);
  return { world, asked, facts, numbersShown };
}

describe('the received facts of a record', () => {
  it('are looked for until some are there, however long others were written between them', async () => {
    const { facts, asked, numbersShown } = journal([34, 35, 71], 90);
    await facts.more();
    expect(numbersShown()).toEqual([34, 35]);
    expect(asked).toEqual([0, 10, 20, 30]);
    expect(facts.store.getState()).toMatchObject({ next: 40, busy: false, problem: '' });
    await facts.more();
    expect(numbersShown()).toEqual([34, 35, 71]);
    await facts.more();
    expect(facts.store.getState()).toMatchObject({ next: null, busy: false });
    expect(numbersShown()).toEqual([34, 35, 71]);
  });

  it('can be none, and that is an end too', async () => {
    const { facts, asked } = journal([], 30);
    await facts.more();
    expect(facts.store.getState()).toEqual({ facts: [], next: null, busy: false, problem: '' });
    await facts.more();
    expect(asked).toEqual([0, 10, 20]);
  });

  it('go on where a problem was, and with those that came later', async () => {
    const { facts, world, numbersShown } = journal([3], 5);
    world.refusing = true;
    await facts.more();
    expect(facts.store.getState()).toMatchObject({ next: 0, busy: false, problem: 'Hidden.' });
    world.refusing = false;
    await facts.more();
    expect(facts.store.getState()).toMatchObject({ next: null, problem: '' });
    world.numbers.push(6);
    world.end = 6;
    facts.grown();
    await facts.more();
    expect(numbersShown()).toEqual([3, 6]);
  });

  it('are not read on when nobody looks any more', async () => {
    const { facts, asked } = journal([99], 100);
    const reading = facts.more();
    facts.stop();
    await reading;
    expect(asked).toEqual([0]);
  });
});
