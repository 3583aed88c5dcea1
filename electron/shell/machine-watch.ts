import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '../../domain/toolbox/clock.ts';

/** No system reports this to us; looking costs a fraction of a millisecond. */
const lookMs = 5_000;

/** A look that comes so much too late was not only waited for: the machine, or all of this program, stood still, ms. */
const stoodStillMs = 25_000;

/** A clock differs from itself by less while nobody sets it, ms. */
const setByMs = 500;

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

interface MachineWatchParts {
  /** What is said of the server may be old: it is asked at once. */
  readonly reconnect: () => void;
  /** Somebody set the clock of the desktop. */
  readonly clockWasSet: () => void;
  /** Must not jump when the desktop's is set, and go on while the machine sleeps. */
  readonly clock: Clock;
  /** What the desktop's clock shows minus that one, ms. */
  readonly wallOffsetMs: () => number;
  readonly interfaces?: () => Interfaces;
}

/**
 * What no system tells: another network, a cable pulled or a VPN, after which a socket may say it is open while it is
 * dead; a machine that stood still though nobody said it would sleep; a clock that was set. Returns its stop.
 */
export function startMachineWatch(parts: MachineWatchParts): () => void {
  const { reconnect, clockWasSet, clock, wallOffsetMs, interfaces = networkInterfaces } = parts;
  const see = () => ({ networks: networksOf(interfaces()), at: clock.now(), wallOffset: wallOffsetMs() });
  let known = see();
  let cancel = clock.after(lookMs, look);
  function look(): void {
    cancel = clock.after(lookMs, look);
    const before = known;
    known = see();
    if (Math.abs(known.wallOffset - before.wallOffset) > setByMs) clockWasSet();
    const stoodStill = known.at - before.at > lookMs + stoodStillMs;
    if (stoodStill || known.networks !== before.networks) reconnect();
  }
  return () => {
    cancel();
  };
}
