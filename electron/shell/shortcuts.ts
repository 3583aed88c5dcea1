import { globalShortcut } from 'electron/main';
import type { StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { createPresses } from './presses.ts';

interface ShortcutParts {
  readonly source: StateSource;
  readonly stop: (key: string) => void;
  /** `isOurs` is false when another program has the key. */
  readonly onStopKey: (stopKey: string, isOurs: boolean) => void;
  readonly clock: Clock;
}

/** Whether no other program has this key right now. */
export function isFree(accelerator: string): boolean {
  if (globalShortcut.isRegistered(accelerator)) return true;
  const got = globalShortcut.register(accelerator, () => undefined);
  if (got) globalShortcut.unregister(accelerator);
  return got;
}

/**
 * The stop key works from any program, but only while on air: at other times others may have it, and it is only asked
 * whether it could be had. Returns its stop.
 */
export function startShortcuts({ source, stop, onStopKey, clock }: ShortcutParts): () => void {
  /** Registered, or tried in vain: it is tried once. */
  let tried: string | null = null;
  const presses = createPresses(clock, () => {
    const { key, phase } = source.getState().status;
    if (phase === 'sharing' && key !== null) stop(key);
  });
  const letGo = (): void => {
    if (tried !== null && globalShortcut.isRegistered(tried)) globalShortcut.unregister(tried);
    tried = null;
  };
  const follow = (): void => {
    const { status, settings } = source.getState();
    const { stopKey } = settings.values;
    const wanted = status.phase === 'sharing' ? stopKey : null;
    if (wanted !== tried) {
      letGo();
      tried = wanted;
      // Last, because it changes the state and comes back here.
      if (wanted !== null) onStopKey(wanted, globalShortcut.register(wanted, presses.press));
    } else if (wanted === null && stopKey !== null && settings.stopKeyReach === 'untried') {
      onStopKey(stopKey, isFree(stopKey));
    }
  };
  follow();
  const unsubscribe = source.subscribe(follow);
  return () => {
    unsubscribe();
    presses.stop();
    letGo();
  };
}
