import process from 'node:process';
import { powerMonitor } from 'electron/main';
import { idleAfterMs, type Phase, type Presence, type StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { followSessionLock } from './dbus.ts';

/** What Electron tells of the machine. */
export interface Power {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  /** Seconds. */
  getSystemIdleTime(): number;
  getSystemIdleState(idleSeconds: number): string;
}

interface PresenceParts {
  readonly source: StateSource;
  /** What changed. */
  readonly report: (change: Partial<Presence>) => void;
  /** After sleep or behind a locked screen a socket may say it is open while it is dead. */
  readonly reconnect: () => void;
  readonly clock: Clock;
  /** One line for the log. */
  readonly log: (line: string) => void;
  readonly power?: Power;
  readonly platform?: NodeJS.Platform;
  readonly followLock?: typeof followSessionLock;
}

/** How often it is looked at whether anybody is there, ms. */
const lookMs = 5_000;

/** What reminds and rings needs to know whether somebody is there. At rest nothing is looked at. */
const watched: ReadonlySet<Phase> = new Set<Phase>(['alerting', 'connecting', 'viewing', 'sharing']);

/** Whether the agent is there and the machine awake, as the system tells it. Returns its stop. */
export function startPresence(parts: PresenceParts): () => void {
  const { source, report, reconnect, clock, log } = parts;
  const { power = powerMonitor, platform = process.platform, followLock = followSessionLock } = parts;
  const presence = (): Presence => source.getState().presence;
  /** Some desktops tell it when they are asked, and not by themselves. */
  let lockedAsAsked = false;
  let lockedAsTold = false;
  let cancelLook: (() => void) | null = null;

  /** True when that is news. */
  function noteLock(): boolean {
    const locked = lockedAsTold || lockedAsAsked;
    if (locked === presence().locked) return false;
    log(`presence: ${locked ? 'locked' : 'unlocked'}`);
    report({ locked });
    return true;
  }
  const lock = (isLocked: boolean) => (): void => {
    lockedAsTold = isLocked;
    // It is later news than what was last asked.
    lockedAsAsked = isLocked && lockedAsAsked;
    noteLock();
    if (!isLocked) reconnect();
  };

  function suspend(): void {
    log('presence: goes to sleep');
    report({ asleep: true });
  }
  function resume(): void {
    log('presence: awake');
    // In this order: between the two nothing is confirmed either.
    reconnect();
    report({ asleep: false });
  }

  function noteIdle(): void {
    const idleMs = power.getSystemIdleTime() * 1000;
    const { idleSince } = presence();
    if (idleMs < idleAfterMs) {
      if (idleSince !== null) report({ idleSince: null });
      return;
    }
    const since = clock.now() - idleMs;
    // The same stretch, as far as whole seconds tell.
    if (idleSince !== null && since - idleSince < lookMs) return;
    report({ idleSince: since });
  }

  function isWatched(): boolean {
    const { phase, others } = source.getState().status;
    // Who was only asked whether the screen is locked is asked on, or it would be locked for ever.
    return lockedAsAsked || [phase, ...others.map((other) => other.phase)].some((one) => watched.has(one));
  }
  function look(): void {
    // First: what is reported below comes back here as a change of the state.
    cancelLook = clock.after(lookMs, () => {
      cancelLook = null;
      follow();
    });
    lockedAsAsked = power.getSystemIdleState(idleAfterMs / 1000) === 'locked';
    if (noteLock() && !presence().locked) reconnect();
    if (isWatched()) noteIdle();
  }
  function follow(): void {
    if (isWatched()) {
      if (cancelLook === null) look();
      return;
    }
    cancelLook?.();
    cancelLook = null;
    if (presence().idleSince !== null) report({ idleSince: null });
  }

  const events: readonly (readonly [string, () => void])[] = [
    ['suspend', suspend],
    ['resume', resume],
    // Electron reports these on Windows and macOS only; the last two are macOS's change to another user and back.
    ['lock-screen', lock(true)],
    ['unlock-screen', lock(false)],
    ['user-did-resign-active', lock(true)],
    ['user-did-become-active', lock(false)],
  ];
  for (const [event, listener] of events) power.on(event, listener);
  const stopLock =
    platform === 'linux'
      ? followLock((isLocked) => {
          lock(isLocked)();
        })
      : () => undefined;
  const unsubscribe = source.subscribe(follow);
  follow();

  return () => {
    unsubscribe();
    stopLock();
    cancelLook?.();
    for (const [event, listener] of events) power.off(event, listener);
  };
}
