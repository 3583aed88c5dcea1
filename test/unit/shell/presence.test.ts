import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { atWork, type AppState, type Phase, type Presence } from '../../../domain/state.ts';
import { startPresence } from '../../../electron/shell/presence.ts';
import { createManualClock } from '../feed/manual-clock.ts';
import { stateWith } from '../renderer/states.ts';

vi.mock('electron/main', () => ({ powerMonitor: {} }));

function follow(phase: Phase = 'idle', platform: NodeJS.Platform = 'win32') {
  const power = Object.assign(new EventEmitter(), {
    idleSeconds: 0,
    asked: 'active',
    looks: 0,
    getSystemIdleTime: () => power.idleSeconds,
    getSystemIdleState: () => {
      power.looks += 1;
      return power.asked;
    },
  });
  const clock = createManualClock();
  const quiet = stateWith('quiet');
  let state: AppState = { ...quiet, status: { ...quiet.status, phase }, presence: atWork };
  const listeners = new Set<(now: AppState, was: AppState) => void>();
  const put = (next: AppState): void => {
    const was = state;
    state = next;
    for (const listener of listeners) listener(state, was);
  };
  const happened: string[] = [];
  let tellLock = (_isLocked: boolean): void => undefined;
  const stop = startPresence({
    source: {
      getState: () => state,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    report: (change) => {
      happened.push(...Object.entries(change).map(([name, value]) => `${name} ${String(value)}`));
      put({ ...state, presence: { ...state.presence, ...change } });
    },
    reconnect: () => happened.push('reconnect'),
    clock,
    log: () => undefined,
    power,
    platform,
    followLock: (changed) => {
      tellLock = changed;
      return () => (tellLock = () => undefined);
    },
  });
  return {
    power,
    clock,
    happened,
    stop,
    presence: (): Presence => state.presence,
    tellLock: (isLocked: boolean) => {
      tellLock(isLocked);
    },
    become: (next: Phase) => {
      put({ ...state, status: { ...state.status, phase: next } });
    },
  };
}

it('asks the server before it calls the machine awake, so that nothing is confirmed in between', () => {
  const { power, happened } = follow();
  power.emit('suspend');
  power.emit('resume');
  expect(happened).toEqual(['asleep true', 'reconnect', 'asleep false']);
});

it.each([
  ['lock-screen', 'unlock-screen'],
  ['user-did-resign-active', 'user-did-become-active'],
])('%s locks, %s unlocks and asks the server', (locks, unlocks) => {
  const { power, happened } = follow();
  power.emit(locks);
  power.emit(locks);
  power.emit(unlocks);
  expect(happened).toEqual(['locked true', 'locked false', 'reconnect']);
});

it('the login manager of a Linux desktop says the same; unlocking is a reason to ask even where locking was missed', () => {
  const { tellLock, happened } = follow('idle', 'linux');
  tellLock(true);
  tellLock(false);
  tellLock(false);
  expect(happened).toEqual(['locked true', 'locked false', 'reconnect', 'reconnect']);
});

it('looks at nothing at rest', () => {
  const { clock, power, become } = follow('idle');
  expect(clock.pending).toEqual([]);
  become('wrapUp');
  expect(power.looks).toBe(0);
  expect(clock.pending).toEqual([]);
});

it('knows since when nobody has been there while a share is live, and forgets it with the share', async () => {
  const { clock, power, presence, become } = follow('sharing');
  await clock.advance(40_000);
  power.idleSeconds = 59;
  await clock.advance(5_000);
  expect(presence().idleSince).toBeNull();
  power.idleSeconds = 64;
  await clock.advance(5_000);
  const since = presence().idleSince;
  expect(since).toBe(clock.now() - 64_000);
  power.idleSeconds = 70;
  await clock.advance(5_000);
  expect(presence().idleSince).toBe(since);
  power.idleSeconds = 0;
  await clock.advance(5_000);
  expect(presence().idleSince).toBeNull();
  power.idleSeconds = 90;
  await clock.advance(5_000);
  expect(presence().idleSince).not.toBeNull();
  become('idle');
  expect(presence().idleSince).toBeNull();
  expect(clock.pending).toEqual([]);
});

it('asks a desktop that does not tell by itself, until it says it is unlocked again', async () => {
  const { clock, power, happened, become, presence } = follow('alerting');
  power.asked = 'locked';
  await clock.advance(5_000);
  become('missed');
  expect(presence().locked).toBe(true);
  await clock.advance(60_000);
  expect(presence()).toEqual({ ...atWork, locked: true });
  power.asked = 'active';
  await clock.advance(5_000);
  expect(happened).toEqual(['locked true', 'locked false', 'reconnect']);
  expect(clock.pending).toEqual([]);
});

it('stops', async () => {
  const { clock, power, happened, stop, tellLock } = follow('sharing', 'linux');
  stop();
  power.emit('resume');
  power.emit('lock-screen');
  tellLock(true);
  power.idleSeconds = 600;
  await clock.advance(60_000);
  expect(happened).toEqual([]);
  expect(clock.pending).toEqual([]);
});
