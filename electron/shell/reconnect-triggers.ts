import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import process from 'node:process';
import { powerMonitor } from 'electron/main';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { followSessionLock } from './dbus.ts';

/**
 * After sleep or behind a locked screen, a socket may say it is open while it is dead: it is opened again and
 * everything is read again. Returns its stop.
 */
export function startPowerWatch(reconnect: () => void): () => void {
  powerMonitor.on('resume', reconnect);
  // Electron reports this on Windows and macOS only.
  powerMonitor.on('unlock-screen', reconnect);
  const stop = process.platform === 'linux' ? followSessionLock(reconnect) : () => undefined;
  return () => {
    stop();
    powerMonitor.off('resume', reconnect);
    powerMonitor.off('unlock-screen', reconnect);
  };
}

/** No system reports this to us; looking costs a fraction of a millisecond. */
const lookMs = 5_000;

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** The addresses this machine has to the outside. Link-local ones come and go without meaning anything. */
function addressesOf(interfaces: Interfaces): string {
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
export function startNetworkWatch(
  reconnect: () => void,
  clock: Clock,
  interfaces: () => Interfaces = networkInterfaces,
): () => void {
  let known = addressesOf(interfaces());
  let cancel = clock.after(lookMs, look);
  function look(): void {
    cancel = clock.after(lookMs, look);
    const now = addressesOf(interfaces());
    if (now === known) return;
    known = now;
    // Without any address there is nothing to open; the change back is the moment.
    if (now !== '') reconnect();
  }
  return () => {
    cancel();
  };
}
