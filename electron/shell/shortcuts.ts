import { globalShortcut } from 'electron/main';
import type { AppState } from '../../domain/state.ts';

interface ShortcutParts {
  readonly source: { getState(): AppState; subscribe(listener: () => void): () => void };
  readonly stop: (key: string) => void;
  /** Whether the stop key was got when it was wanted; another program may have it. */
  readonly told: (stopKey: string, got: boolean) => void;
}

/** Whether no other program has this key right now. */
export function isFree(accelerator: string): boolean {
  if (globalShortcut.isRegistered(accelerator)) return true;
  const got = globalShortcut.register(accelerator, () => undefined);
  if (got) globalShortcut.unregister(accelerator);
  return got;
}

/**
 * The stop key works from any program, but only while on air: at other times it belongs to whoever else
 * wants it. Returns its stop.
 */
export function startShortcuts({ source, stop, told }: ShortcutParts): () => void {
  /** What is registered, or was asked for in vain: it is asked for once. */
  let asked: string | null = null;
  const press = (): void => {
    const { key, phase } = source.getState().status;
    if (phase === 'sharing' && key !== null) stop(key);
  };
  const letGo = (): void => {
    if (asked !== null && globalShortcut.isRegistered(asked)) globalShortcut.unregister(asked);
    asked = null;
  };
  const follow = (): void => {
    const { status, settings } = source.getState();
    const wanted = status.phase === 'sharing' ? settings.values.stopKey : null;
    if (wanted === asked) return;
    letGo();
    asked = wanted;
    // Told last: it changes the state, and this is asked again.
    if (wanted !== null) told(wanted, globalShortcut.register(wanted, press));
  };
  follow();
  const unsubscribe = source.subscribe(follow);
  return () => {
    unsubscribe();
    letGo();
  };
}
