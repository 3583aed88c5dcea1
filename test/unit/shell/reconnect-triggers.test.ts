import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it, vi } from 'vitest';
import { followNetwork } from '../../../electron/shell/reconnect-triggers.ts';

// Only the power is watched through Electron.
vi.mock('electron/main', () => ({}));

function at(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', internal, cidr: null };
  return address.includes(':')
    ? { ...rest, address, family: 'IPv6', scopeid: 0 }
    : { ...rest, address, family: 'IPv4' };
}

function follow(first: NodeJS.Dict<NetworkInterfaceInfo[]>) {
  let interfaces = first;
  let look = (): void => undefined;
  const changed = vi.fn();
  const stopped = vi.fn();
  const stop = followNetwork({
    changed,
    interfaces: () => interfaces,
    every: (_ms, callback) => {
      look = callback;
      return stopped;
    },
  });
  return {
    changed,
    stopped,
    stop,
    become: (next: NodeJS.Dict<NetworkInterfaceInfo[]>) => {
      interfaces = next;
      look();
    },
  };
}

const loopback = { lo: [at('127.0.0.1', true), at('::1', true)] };
const office = { ...loopback, eth0: [at('10.0.0.5'), at('fe80::1')] };

it('another network, and a network that comes back, is a change', () => {
  const { changed, become } = follow(office);
  become(office);
  expect(changed).toHaveBeenCalledTimes(0);
  become({ ...loopback, wlan0: [at('192.168.1.7')] });
  expect(changed).toHaveBeenCalledTimes(1);
  become({ ...office, tun0: [at('172.16.0.2')] });
  expect(changed).toHaveBeenCalledTimes(2);
});

it('losing it opens nothing; having it again does', () => {
  const { changed, become } = follow(office);
  become(loopback);
  expect(changed).toHaveBeenCalledTimes(0);
  become(office);
  expect(changed).toHaveBeenCalledTimes(1);
});

it('what means nothing is no change: order, loopback, link-local addresses', () => {
  const { changed, become } = follow(office);
  become({ eth0: [at('fe80::2'), at('10.0.0.5'), at('169.254.3.4')], lo: [at('127.0.0.1', true)] });
  expect(changed).not.toHaveBeenCalled();
});

it('stops', () => {
  const { stop, stopped } = follow(office);
  stop();
  expect(stopped).toHaveBeenCalledTimes(1);
});
