import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
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

export interface NetworkOptions {
  readonly changed: () => void;
  readonly interfaces?: () => NodeJS.Dict<NetworkInterfaceInfo[]>;
  /** Calls back every `ms` until the returned function is called. */
  readonly every?: (ms: number, look: () => void) => () => void;
}

/** No system tells a program of ours about this; looking costs a fraction of a millisecond. */
const lookMs = 5_000;

function systemEvery(ms: number, look: () => void): () => void {
  const timer = setInterval(look, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** The addresses this machine has to the outside. Link-local ones come and go without meaning anything. */
function signature(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
        .map(({ address }) => `${name} ${address}`),
    )
    .sort()
    .join('\n');
}

/**
 * Another network, a cable pulled or a VPN: a socket made before may say it is open while it is dead.
 * Returns its stop.
 */
export function followNetwork({
  changed,
  interfaces = () => networkInterfaces(),
  every = systemEvery,
}: NetworkOptions): () => void {
  let known = signature(interfaces());
  return every(lookMs, () => {
    const now = signature(interfaces());
    if (now === known) return;
    known = now;
    // Without any address there is nothing to open; the change back is the moment.
    if (now !== '') changed();
  });
}
