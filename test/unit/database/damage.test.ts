import { expect, it } from 'vitest';
import { DatabaseProblem, type Verification } from '../../../domain/database.ts';
import { say } from '../../../domain/words/say.ts';
import { createDamageCheck } from '../../../electron/database/damage.ts';
import { settled } from '../tracker/rig.ts';

const met = new DatabaseProblem('damaged', 'a row is not what it was');
const whole: Verification = {
  whole: true,
  facts: 1,
  deleted: 0,
  records: 1,
  rebuilt: 1,
  notRebuilt: 0,
  problems: [],
  derived: [],
};

function rigOf(looked: () => Promise<Verification>) {
  const done: string[] = [];
  const database = {
    verify: () => {
      done.push('looked');
      return looked();
    },
    rebuildDerived: () => {
      done.push('made anew');
      return Promise.resolve();
    },
  };
  const check = createDamageCheck({
    database: () => database,
    closeDamaged: ({ message }) => done.push(message),
    log: () => undefined,
  });
  return { done, check };
}

it('damage met with while looking back is looked into once, and leads to what can be done about it', async () => {
  const { done, check } = rigOf(() =>
    Promise.resolve({ ...whole, whole: false, problems: ['a line', 'a fact'], derived: ['a line'] }),
  );
  check.suspect(met);
  check.suspect(met);
  await settled();
  expect(done).toEqual(['looked', say('database.isDamaged', { fault: 'a fact' })]);
});

it('what follows from the rest is made anew, and recording goes on', async () => {
  const { done, check } = rigOf(() =>
    Promise.resolve({ ...whole, whole: false, problems: ['a line'], derived: ['a line'] }),
  );
  check.suspect(met);
  await settled();
  expect(done).toEqual(['looked', 'made anew']);
});

it('what cannot be looked at any more is damaged; what is whole after all is left alone', async () => {
  const unreadable = rigOf(() => Promise.reject(new DatabaseProblem('damaged', 'unreadable')));
  unreadable.check.suspect(met);
  await settled();
  expect(unreadable.done).toEqual(['looked', 'unreadable']);
  const well = rigOf(() => Promise.resolve(whole));
  well.check.suspect(met);
  await settled();
  expect(well.done).toEqual(['looked']);
});
