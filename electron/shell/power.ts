import { powerMonitor } from 'electron/main';

/**
 * After sleep a socket may say it is open while it is dead, and events were missed: it is always opened
 * again and everything read again. Returns its stop.
 */
export function followPower(reconnect: () => void): () => void {
  powerMonitor.on('resume', reconnect);
  powerMonitor.on('unlock-screen', reconnect);
  return () => {
    powerMonitor.off('resume', reconnect);
    powerMonitor.off('unlock-screen', reconnect);
  };
}
