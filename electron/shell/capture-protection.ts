import process from 'node:process';
import type { AppState } from '../../domain/state.ts';

/** Whoever sees a shared screen is to see the tally, and nothing else of Sharelight. */

/** On Linux no system has it, and Electron says nothing. */
export function canHideFromCapture(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' || platform === 'darwin';
}

/** The widget while it is the tally alone: there is nothing in it that is not meant to be seen. */
export function isTallyAlone({ status, prompt, question }: AppState): boolean {
  return status.phase === 'sharing' && prompt === null && question === null;
}

interface Protectable {
  setContentProtection(isOn: boolean): void;
  on(event: 'show' | 'restore', listener: () => void): unknown;
}

/** Keeps a window out of captures, from before it is shown. Returns what changes that. */
export function protectFromCapture(
  window: Protectable,
  platform: NodeJS.Platform = process.platform,
): (isHidden: boolean) => void {
  let hidden = true;
  if (!canHideFromCapture(platform)) return () => undefined;
  const apply = (): void => {
    window.setContentProtection(hidden);
  };
  apply();
  // Windows forgets it while a window is hidden.
  window.on('show', apply);
  window.on('restore', apply);
  return (isHidden) => {
    if (isHidden === hidden) return;
    hidden = isHidden;
    apply();
  };
}
