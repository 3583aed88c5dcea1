import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dayMs } from '../../../domain/clocks/time.ts';
import type { Deletion, DeletionResult } from '../../../domain/review/deletion.ts';
import type { LinkState } from '../../../domain/feed.ts';
import type { DatabaseState } from '../../../domain/state.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import {
  keepDaysInForce,
  startRetention,
  type PolicyDeletion,
} from '../../../electron/database/retention.ts';
import { model } from '../domain/known.ts';

const hourMs = 60 * 60 * 1000;
const serverStart = Date.parse('2026-11-23T12:00:00.000Z');
const none: DeletionResult = { records: 0, facts: 0, staying: 0 };

interface Rig {
  readonly store: StateStore;
  /** Every deletion, as the age it asked for in days of the server's time. */
  readonly asked: { readonly days: number; readonly at: number }[];
  readonly notices: () => string[];
  readonly keep: (days: number | null) => void;
  readonly link: (link: LinkState) => void;
  readonly database: (health: DatabaseState['health']) => void;
  /** The server tells its time for the first time. */
  readonly answer: () => void;
  readonly log: string[];
  /** What the next deletion comes to. */
  next: DeletionResult | Error;
  told: number | null;
  /** Whether this machine's clock roughly agrees with the server's. */
  agree: boolean;
  /** How many records are older than the organisation has them kept. */
  old: number;
  planned: PolicyDeletion | null;
  readonly setByPolicy: (days: number | null) => void;
  readonly stop: () => void;
}

function createRig(keepDays: number | null): Rig {
  const base = model([], { link: { kind: 'connecting', attempt: 0 } });
  const store = createStateStore(base, Date.now);
  const offset = serverStart - Date.now();
  let answered = false;
  const rig: Rig = {
    store,
    asked: [],
    log: [],
    next: none,
    told: null,
    agree: true,
    old: 0,
    planned: null,
    setByPolicy: (keepDays) => {
      store.update(({ settings }) => ({
        settings: {
          ...settings,
          locked: keepDays === null ? [] : ['keepDays'],
          values: { ...settings.values, keepDays },
        },
      }));
    },
    notices: () => store.app.getState().notices.map(({ text }) => text),
    keep: (days) => {
      store.update(({ settings }) => ({
        settings: { ...settings, values: { ...settings.values, keepDays: days } },
      }));
    },
    link: (link) => {
      store.update(() => ({ link }));
    },
    database: (health) => {
      store.update(({ database }) => ({ database: { ...database, health } }));
    },
    answer: () => {
      answered = true;
    },
    stop: () => {
      stop();
      store.stop();
    },
  };
  rig.keep(keepDays);
  const stop = startRetention({
    store,
    agreedNow: () => (answered && rig.agree ? Date.now() + offset : null),
    clocksDisagree: () => answered && !rig.agree,
    plan: () => Promise.resolve({ records: rig.old, staying: 0 }),
    deleteRecords: (what: Deletion) => {
      if (what.kind !== 'range') throw new Error(`Not a range: ${what.kind}`);
      const now = Date.now() + offset;
      expect(what.since).toBeNull();
      rig.asked.push({ days: (now - what.until) / dayMs, at: now - serverStart });
      return rig.next instanceof Error ? Promise.reject(rig.next) : Promise.resolve(rig.next);
    },
    announced: {
      get: () => rig.told,
      set: (days) => {
        rig.told = days;
      },
    },
    policyDeletion: {
      get: () => rig.planned,
      set: (deletion) => {
        rig.planned = deletion;
      },
    },
    log: (line) => rig.log.push(line),
  });
  return rig;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2031-01-01T00:00:00.000Z') });
});
let rig: Rig;
afterEach(() => {
  rig.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('records that are kept for a time', () => {
  it('are not looked at before the server has told its time: this machine’s clock may be wrong', async () => {
    rig = createRig(30);
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(5 * hourMs);
    expect(rig.asked).toEqual([]);
  });

  it('are deleted by age of the server’s time at the first contact, then hourly', async () => {
    rig = createRig(30);
    rig.answer();
    expect(rig.asked).toEqual([]);
    rig.link({ kind: 'live' });
    expect(rig.asked).toEqual([{ days: 30, at: 0 }]);
    await vi.advanceTimersByTimeAsync(hourMs - 1);
    rig.link({ kind: 'stale' });
    rig.link({ kind: 'live' });
    expect(rig.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.asked).toEqual([
      { days: 30, at: 0 },
      { days: 30, at: hourMs },
    ]);
  });

  it('wait for the contact that is lost when their hour comes', async () => {
    rig = createRig(30);
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(1);
    rig.link({ kind: 'stale' });
    await vi.advanceTimersByTimeAsync(3 * hourMs);
    expect(rig.asked).toHaveLength(1);
    rig.link({ kind: 'live' });
    expect(rig.asked).toHaveLength(2);
  });

  it('wait while there is no database to delete from', async () => {
    rig = createRig(30);
    rig.database('paused');
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(2 * hourMs);
    expect(rig.asked).toEqual([]);
    rig.database('ok');
    expect(rig.asked).toHaveLength(1);
  });

  it('are never deleted when nothing says for how long', async () => {
    rig = createRig(null);
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(10 * hourMs);
    expect(rig.asked).toEqual([]);
  });

  it('are looked at as soon as somebody says how long, also during a deletion', async () => {
    rig = createRig(null);
    rig.answer();
    rig.link({ kind: 'live' });
    rig.keep(365);
    rig.keep(30);
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.asked.map(({ days }) => Math.round(days))).toEqual([365, 30]);
    // Back to the longer time: there is nothing more to delete, and asking is harmless.
    rig.keep(365);
    rig.keep(null);
    await vi.advanceTimersByTimeAsync(3 * hourMs);
    expect(rig.asked).toHaveLength(3);
  });

  it('are told of once when some were deleted, and again only for another length', async () => {
    rig = createRig(90);
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.notices()).toEqual([]);
    rig.next = { records: 12, facts: 40, staying: 0 };
    await vi.advanceTimersByTimeAsync(hourMs);
    const notice =
      '12 records older than 90 days were deleted. Settings › Data says how long records are kept.';
    expect(rig.notices()).toEqual([notice]);
    rig.store.update(() => ({ notices: [] }));
    await vi.advanceTimersByTimeAsync(2 * hourMs);
    expect(rig.notices()).toEqual([]);
    rig.next = { records: 1, facts: 2, staying: 0 };
    rig.keep(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.notices()).toEqual([
      '1 record older than 1 day was deleted. Settings › Data says how long records are kept.',
    ]);
  });

  it('stay while this machine’s clock and the server’s are days apart, which is said once', async () => {
    rig = createRig(30);
    rig.agree = false;
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(3 * hourMs);
    expect(rig.asked).toEqual([]);
    expect(rig.notices()).toEqual([expect.stringContaining('no records are deleted for their age')]);
    rig.agree = true;
    await vi.advanceTimersByTimeAsync(hourMs);
    expect(rig.asked).toHaveLength(1);
  });

  it('stay when they cannot be deleted, and are tried again in an hour', async () => {
    rig = createRig(30);
    rig.next = new Error('the disk is full');
    rig.answer();
    rig.link({ kind: 'live' });
    await vi.advanceTimersByTimeAsync(1);
    expect(rig.log).toEqual(['retention: the disk is full; tried again in an hour']);
    rig.next = none;
    await vi.advanceTimersByTimeAsync(hourMs);
    expect(rig.asked).toHaveLength(2);
  });

  describe('as their organisation says', () => {
    const live = async (days: number, old: number): Promise<void> => {
      rig = createRig(null);
      rig.old = old;
      rig.setByPolicy(days);
      rig.answer();
      rig.link({ kind: 'live' });
      await vi.advanceTimersByTimeAsync(1);
    };
    const inForce = (): number | null =>
      keepDaysInForce(rig.store.model.getState().settings, rig.planned, serverStart + 2 * hourMs);

    it('are announced a day before the first of them go', async () => {
      await live(1, 40);
      expect(rig.notices()).toEqual([
        expect.stringMatching(
          /^Your organisation keeps records for 1 day. Older ones are deleted from Nov 24, /,
        ),
      ]);
      expect(inForce()).toBeNull();
      rig.store.update(() => ({ notices: [] }));
      await vi.advanceTimersByTimeAsync(23 * hourMs);
      expect([rig.asked, rig.notices()]).toEqual([[], []]);
      await vi.advanceTimersByTimeAsync(2 * hourMs);
      expect(rig.asked.length).toBeGreaterThan(0);
    });

    it('go at once where that was announced, or nothing is old yet', async () => {
      await live(90, 0);
      expect(rig.asked).toEqual([{ days: 90, at: 0 }]);
      expect([rig.notices(), inForce()]).toEqual([[], 90]);
      // From here on a record goes when its day has come.
      rig.old = 1;
      await vi.advanceTimersByTimeAsync(hourMs);
      expect(rig.asked).toHaveLength(2);
    });

    it('are announced again when fewer days are to be kept, and not for more', async () => {
      await live(90, 0);
      rig.old = 7;
      rig.setByPolicy(30);
      await vi.advanceTimersByTimeAsync(1);
      expect([rig.asked.length, rig.notices().length, inForce()]).toEqual([1, 1, null]);
      rig.setByPolicy(60);
      await vi.advanceTimersByTimeAsync(1);
      expect(rig.asked).toHaveLength(1);
      // The person's own setting was confirmed by them.
      rig.setByPolicy(null);
      rig.keep(30);
      await vi.advanceTimersByTimeAsync(1);
      expect([rig.asked.length, rig.planned, inForce()]).toEqual([2, null, 30]);
    });
  });

  it('are left alone once the account is left', async () => {
    rig = createRig(30);
    rig.answer();
    rig.link({ kind: 'live' });
    rig.stop();
    await vi.advanceTimersByTimeAsync(2 * hourMs);
    rig.keep(1);
    expect(rig.asked).toHaveLength(1);
  });
});
