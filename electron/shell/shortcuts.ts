import { globalShortcut } from 'electron/main';
import type { AppState } from '../../domain/state.ts';

const stopSharing = 'CommandOrControl+Shift+S';

interface ShortcutParts {
  readonly source: { getState(): AppState; subscribe(listener: () => void): () => void };
  readonly stop: (key: string) => void;
  readonly log: (message: string) => void;
}

/**
 * The stop key works from any program, but only while on air: at other times it belongs to whoever else
 * wants it. Returns its stop.
 */
export function startShortcuts({ source, stop, log }: ShortcutParts): () => void {
  let held = false;
  const press = (): void => {
    const { key, phase } = source.getState().status;
    if (phase === 'sharing' && key !== null) stop(key);
  };
  const follow = (): void => {
    const wanted = source.getState().status.phase === 'sharing';
    if (wanted === held) return;
    if (wanted) {
      held = globalShortcut.register(stopSharing, press);
      if (!held) log('shortcut: another program has the stop key; it still works inside the window');
    } else {
      globalShortcut.unregister(stopSharing);
      held = false;
    }
  };
  follow();
  const unsubscribe = source.subscribe(follow);
  return () => {
    unsubscribe();
    if (held) globalShortcut.unregister(stopSharing);
  };
}
