import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { isLinkedOver } from '../../../domain/present/still-sharing.ts';
import { startStillSharing } from '../../../electron/shell/still-sharing.ts';
import { createStateStore, notePresence } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { at, dayStart, live, one } from '../domain/wire.ts';

const share = one({ leg: { ...live, sharing: true } });
const withCall: Communication = { ...share, otherLegs: ['calls'] };

beforeEach(() => vi.useFakeTimers({ now: dayStart }));
afterEach(() => vi.useRealTimers());

function start(known: Communication, minutes: readonly number[] = []) {
  const store = createStateStore(model([known]), () => Date.now());
  const done: string[] = [];
  const stop = startStillSharing({
    source: store.app,
    isLinkedOver: (key) => {
      const found = store.model.getState().communications[key];
      return found !== undefined && isLinkedOver(found);
    },
    minutes: () => minutes,
    report: (reminder) => {
      if (reminder) done.push(`${reminder.rung} ${reminder.reason}`);
      store.update(() => ({ reminder }));
    },
    raise: () => void done.push('raise'),
    clock: {
      now: () => Date.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => {
          clearTimeout(timer);
        };
      },
    },
  });
  const become = (now: Communication): void => {
    store.update(() => ({ communications: { [now.key]: now } }));
  };
  return { store, done, become, stop };
}

it('a share whose call ends is reminded of by the head, then a toast, and then asked about; each once', () => {
  const { store, done, become, stop } = start(withCall);
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual([]);
  become({ ...withCall, otherLegs: [] });
  expect(done).toEqual(['pulse callEnded']);
  expect(store.app.getState().reminder).toMatchObject({ rung: 'pulse', asks: false });
  vi.advanceTimersByTime(8_100);
  expect(done).toEqual(['pulse callEnded', 'toast callEnded']);
  vi.advanceTimersByTime(3_600_000);
  expect(done).toEqual(['pulse callEnded', 'toast callEnded', 'modal callEnded', 'raise']);
  expect(store.app.getState().reminder).toMatchObject({ rung: 'modal', asks: true });
  // The next share begins below.
  become({ ...withCall, screenshare: { ...live, sharing: false }, onAir: [{ from: at(0), to: at(4000) }] });
  expect(store.app.getState().reminder).toBeNull();
  become({ ...withCall, onAir: [...withCall.onAir, { from: at(4000) }] });
  expect(store.app.getState().reminder).toBeNull();
  become({ ...withCall, screenshare: { ...live, sharing: false } });
  expect(vi.getTimerCount()).toBe(0);
  stop();
  store.stop();
});

it('a machine that was locked or asleep reminds of it, and one that is back at work does not go on', () => {
  const { store, done, stop } = start(share);
  notePresence(store, { locked: true });
  expect(done).toEqual(['pulse locked']);
  notePresence(store, { locked: false });
  vi.advanceTimersByTime(600_000);
  expect(done).toEqual(['pulse locked']);
  notePresence(store, { asleep: true });
  expect(done).toEqual(['pulse locked', 'modal asleep', 'raise']);
  stop();
  store.stop();
});
