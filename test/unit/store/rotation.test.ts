import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beforeKept,
  daysKept,
  graceMs,
  keepOf,
  nameOf,
  parseName,
  recentKept,
  type NamedBackup,
} from '../../../electron/store/backups/rotation.ts';

const day = 86_400_000;
const hour = 3_600_000;
const now = Date.parse('2025-03-04T14:02:00.000Z');

const at = (moment: number, before: number | null = null): NamedBackup => ({
  name: nameOf(moment, before),
  at: moment,
  before,
});
const dayOf = ({ at: moment }: NamedBackup): number => Math.floor(moment / day);

/** As the program does it: a backup at each of these moments, and what is kept after every one. */
function keptAfter(moments: readonly number[], keepMs: number | null): NamedBackup[] {
  let there: NamedBackup[] = [];
  for (const moment of moments) {
    const backups = [...there, at(moment)];
    const kept = keepOf(backups, moment, keepMs);
    there = backups.filter((backup) => kept.has(backup));
  }
  return there;
}

const someMoments = fc
  .array(fc.integer({ min: 1, max: 40 * 24 }), { minLength: 1, maxLength: 120 })
  .map((steps) => {
    let moment = now;
    return steps.map((step) => (moment += (step % 19) * hour + 60_000));
  });

describe('the name of a backup', () => {
  it('says when it was made and, before a change of the schema, of which one', () => {
    expect(nameOf(now)).toBe('memory-2025-03-04T14-02-00.000Z.db');
    expect(parseName(nameOf(now))).toEqual(at(now));
    expect(parseName(nameOf(now, 10))).toEqual(at(now, 10));
    for (const other of ['memory.db', 'key.json', `${nameOf(now)}.tmp`, 'memory-2025-13-40T99-99-99.000Z.db'])
      expect(parseName(other)).toBeNull();
  });
});

describe('the rotation', () => {
  it('keeps the newest three and the newest of each of seven days', () => {
    fc.assert(
      fc.property(someMoments, (moments) => {
        const last = moments.at(-1) ?? 0;
        const kept = keptAfter(moments, null).map((backup) => backup.at);
        expect(kept).toEqual(expect.arrayContaining(moments.slice(-recentKept)));
        const week = moments.filter((moment) => moment >= last - daysKept + day);
        const newest = new Map(week.map((moment) => [Math.floor(moment / day), moment]));
        expect(kept).toEqual(expect.arrayContaining([...newest.values()]));
        expect(kept.length).toBeLessThanOrEqual(recentKept + 8);
      }),
    );
  });

  it('keeps nothing that is older than the records may get and a week, not even the only one', () => {
    const keepMs = 30 * day;
    expect(keepOf([at(now - keepMs - graceMs - 1)], now, keepMs).size).toBe(0);
    expect(keepOf([at(now - keepMs - graceMs)], now, keepMs).size).toBe(1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90 * 24 })), (ages) => {
        for (const backup of keepOf(
          ages.map((age) => at(now - age * hour, age % 3 === 0 ? 10 : null)),
          now,
          keepMs,
        ))
          expect(now - backup.at).toBeLessThanOrEqual(keepMs + graceMs);
      }),
    );
  });

  it('keeps one from before a change of the schema for two weeks, beside the others', () => {
    const old = at(now - beforeKept, 10);
    const recent = [1, 2, 3, 4].map((minutes) => at(now - minutes * 60_000));
    expect(keepOf([old, ...recent], now, null).has(old)).toBe(true);
    expect(keepOf([old, ...recent], now + 1, null).has(old)).toBe(false);
    expect([...keepOf([old, ...recent], now, null)].filter(({ before }) => before === null)).toHaveLength(3);
  });

  it('lets no backup from the future take the place of newer ones, and keeps it while it is all there is', () => {
    const future = [at(now + 90 * day), at(now + 91 * day), at(now + 92 * day)];
    expect(keepOf(future, now, null).size).toBe(3);
    const kept = keepOf([...future, at(now - hour), at(now - 2 * hour), at(now)], now, null);
    expect([...kept].map(dayOf)).toEqual([dayOf(at(now)), dayOf(at(now)), dayOf(at(now))]);
  });
});
