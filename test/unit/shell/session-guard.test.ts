import { describe, expect, it } from 'vitest';
import { startSessionGuard, type SessionGuard } from '../../../electron/shell/session-guard.ts';
import { createStateStore, notePresence, type StateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { ended, live, ms, one } from '../domain/wire.ts';
import { createManualClock, type ManualClock } from '../outbox/rig.ts';
import { stoppedAfterwards } from '../stores.ts';

const share = one({ leg: { ...live, sharing: true } });
const over = one({ leg: ended });

interface Rig {
  readonly store: StateStore;
  readonly guard: SessionGuard;
  readonly clock: ManualClock;
  readonly done: string[];
  now: number;
}
function start(known = share): Rig {
  const store = stoppedAfterwards(createStateStore(model([known]), () => ms(20)));
  const done: string[] = [];
  const rig: Rig = {
    store,
    done,
    now: 20,
    clock: createManualClock(() => ms(rig.now)),
    guard: null as never,
  };
  const guard = startSessionGuard({
    source: store.app,
    ask: (reminder) => {
      done.push(`asks: ${reminder.reason}`);
      store.update(() => ({ reminder }));
    },
    delaySleep: (why) => {
      done.push(`delays: ${why}`);
      return () => void done.push('sleeps');
    },
    clock: rig.clock,
  });
  return Object.assign(rig, { guard });
}
const keep = ({ store }: Rig): void => {
  store.update(({ reminder }) => ({ reminder: reminder && { ...reminder, asks: false } }));
};
const stopShare = ({ store }: Rig): void => {
  store.update(() => ({ communications: { [share.key]: over } }));
};
const delayed = 'delays: You are sharing your screen';

describe('before the machine sleeps', () => {
  it('a share has it wait, and nothing else has', () => {
    const rig = start(over);
    expect(rig.done).toEqual([]);
    rig.store.update(() => ({ communications: { [share.key]: share } }));
    expect(rig.done).toEqual([delayed]);
    stopShare(rig);
    expect(rig.done).toEqual([delayed, 'sleeps']);
  });

  it.each([
    ['it is to go on', keep],
    ['it was stopped', stopShare],
    ['nobody answered in time', ({ clock }: Rig) => clock.ring()],
  ])('the share is asked about, until %s; then it sleeps', (_how, answer) => {
    const rig = start();
    notePresence(rig.store, { asleep: true });
    expect(rig.done).toEqual([delayed, 'asks: goesToSleep']);
    expect(rig.clock.waiting()).toEqual([4000]);
    answer(rig);
    expect(rig.done).toEqual([delayed, 'asks: goesToSleep', 'sleeps']);
  });

  it('and when it wakes it asks again about what went on, and has the next sleep wait', () => {
    const rig = start();
    notePresence(rig.store, { asleep: true });
    rig.clock.ring();
    notePresence(rig.store, { asleep: false });
    expect(rig.done.slice(2)).toEqual(['sleeps', delayed, 'asks: asleep']);
    rig.guard.stop();
    expect(rig.done.at(-1)).toBe('sleeps');
  });
});

describe('before the session ends', () => {
  it('nothing is asked where nothing is shared', () => {
    const rig = start(over);
    expect(rig.guard.beforeEnd(() => rig.done.push('ends'))).toBe(false);
    expect(rig.done).toEqual([]);
  });

  it.each([
    ['it is to go on', keep],
    ['it was stopped', stopShare],
    ['nobody answered in time', ({ clock }: Rig) => clock.ring()],
  ])('a share is asked about, until %s; then it ends, once', (_how, answer) => {
    const rig = start();
    expect(rig.guard.beforeEnd(() => rig.done.push('ends'))).toBe(true);
    expect(rig.done).toEqual([delayed, 'asks: sessionEnds']);
    answer(rig);
    keep(rig);
    rig.clock.ring();
    expect(rig.done.filter((each) => each === 'ends')).toEqual(['ends']);
  });

  it('whoever ends it again within a minute has answered', () => {
    const rig = start();
    const ask = (): boolean => rig.guard.beforeEnd(() => undefined);
    expect(ask()).toBe(true);
    keep(rig);
    expect(ask()).toBe(false);
    rig.now += 61;
    expect(ask()).toBe(true);
  });
});
