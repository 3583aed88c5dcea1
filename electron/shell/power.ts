import process from 'node:process';
import { powerMonitor } from 'electron/main';
import { followSessionLock } from './session-lock.ts';

/**
 * After sleep, or behind a locked screen, a socket may say it is open while it is dead, and events were missed: it is always opened
 * again and everything read again. Returns its stop.
 */
export function followPower(reconnect: () => void): () => void {
  powerMonitor.on('resume', reconnect);
  // Told on Windows and macOS only.
  powerMonitor.on('unlock-screen', reconnect);
  const stop = process.platform === 'linux' ? followSessionLock({ unlocked: reconnect }) : () => undefined;
  return () => {
    stop();
    powerMonitor.off('resume', reconnect);
    powerMonitor.off('unlock-screen', reconnect);
  };
}
