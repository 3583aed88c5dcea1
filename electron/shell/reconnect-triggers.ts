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

/** Bridges and cables of containers and virtual machines lead nowhere outside. */
const inside =
  /^(docker|br-|veth|virbr|vnet|vmnet|vboxnet|lxc|lxd|podman|cni|flannel|cali|kube|nerdctl|waydroid|vEthernet|bridge\d|ap\d|awdl|llw|utun\d+$|anpi|hass)/i;

/** `2001:db8:0:7::1` → `2001:db8:0:7`: what stays while temporary addresses of the same network come and go. */
function prefixOf(address: string): string {
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const [head = '', tail] = address.split('::');
  if (tail === undefined) return groups(head).slice(0, 4).join(':');
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0');
  return [...groups(head), ...zeros, ...groups(tail)].slice(0, 4).join(':');
}

/** The networks this machine is in. Link-local addresses come and go without meaning anything. */
function networksOf(interfaces: Interfaces): string {
  const networks = Object.entries(interfaces)
    .filter(([name]) => !inside.test(name))
    .flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
        .map(({ family, address }) => `${name} ${family === 'IPv6' ? prefixOf(address) : address}`),
    );
  return [...new Set(networks)].sort().join('\n');
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
  let known = networksOf(interfaces());
  let cancel = clock.after(lookMs, look);
  function look(): void {
    cancel = clock.after(lookMs, look);
    const now = networksOf(interfaces());
    if (now === known) return;
    known = now;
    // Without any address there is nothing to open; the change back is the moment.
    if (now !== '') reconnect();
  }
  return () => {
    cancel();
  };
}
