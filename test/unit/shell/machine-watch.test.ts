import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it, vi } from 'vitest';
import { startMachineWatch } from '../../../electron/shell/machine-watch.ts';
import { createManualClock } from '../feed/manual-clock.ts';

function at(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { netmask: '', mac: '', internal, cidr: null };
  return address.includes(':')
    ? { ...rest, address, family: 'IPv6', scopeid: 0 }
    : { ...rest, address, family: 'IPv4' };
}

function follow(first: NodeJS.Dict<NetworkInterfaceInfo[]>) {
  let interfaces = first;
  const clock = createManualClock();
  const reconnect = vi.fn<() => void>();
  const clockWasSet = vi.fn<() => void>();
  let wallOffset = 0;
  let asleepMs = 0;
  const stop = startMachineWatch({
    reconnect,
    clockWasSet,
    clock: { ...clock, now: () => clock.now() + asleepMs },
    wallOffsetMs: () => wallOffset,
    interfaces: () => interfaces,
  });
  return {
    reconnect,
    clockWasSet,
    setClock: async (ms: number) => {
      wallOffset += ms;
      await clock.advance(5_000);
    },
    standStill: async (ms: number) => {
      asleepMs += ms;
      await clock.advance(5_000);
    },
    clock,
    stop,
    become: async (next: NodeJS.Dict<NetworkInterfaceInfo[]>) => {
      interfaces = next;
      await clock.advance(5_000);
    },
  };
}

const loopback = { lo: [at('127.0.0.1', true), at('::1', true)] };
const office = { ...loopback, eth0: [at('10.0.0.5'), at('fe80::1')] };

it('another network, and a network that comes back, is a change', async () => {
  const { reconnect, become } = follow(office);
  await become(office);
  expect(reconnect).toHaveBeenCalledTimes(0);
  await become({ ...loopback, wlan0: [at('192.168.1.7')] });
  expect(reconnect).toHaveBeenCalledTimes(1);
  await become({ ...office, tun0: [at('172.16.0.2')] });
  expect(reconnect).toHaveBeenCalledTimes(2);
});

it('losing it is a change, and having it again is one', async () => {
  const { reconnect, become } = follow(office);
  await become(loopback);
  expect(reconnect).toHaveBeenCalledTimes(1);
  await become(office);
  expect(reconnect).toHaveBeenCalledTimes(2);
});

it('a machine that stood still without a word is asked for news, one that is only busy is not', async () => {
  const { reconnect, standStill } = follow(office);
  await standStill(20_000);
  expect(reconnect).toHaveBeenCalledTimes(0);
  await standStill(60_000);
  expect(reconnect).toHaveBeenCalledTimes(1);
  await standStill(0);
  expect(reconnect).toHaveBeenCalledTimes(1);
});

it('a clock that is set is told once, forward and back; one that drifts is not', async () => {
  const { clockWasSet, reconnect, setClock } = follow(office);
  await setClock(3);
  expect(clockWasSet).toHaveBeenCalledTimes(0);
  await setClock(300_000);
  expect(clockWasSet).toHaveBeenCalledTimes(1);
  await setClock(0);
  expect(clockWasSet).toHaveBeenCalledTimes(1);
  await setClock(-3_600_000);
  expect(clockWasSet).toHaveBeenCalledTimes(2);
  expect(reconnect).not.toHaveBeenCalled();
});

it('what means nothing is no change: order, loopback, link-local addresses', async () => {
  const { reconnect, become } = follow(office);
  await become({ eth0: [at('fe80::2'), at('10.0.0.5'), at('169.254.3.4')], lo: [at('127.0.0.1', true)] });
  expect(reconnect).not.toHaveBeenCalled();
});

it('bridges of containers and new temporary addresses of the same network are no change', async () => {
  const wide = { ...office, eth0: [...office.eth0, at('2001:db8:0:7::1')] };
  const { reconnect, become } = follow(wide);
  await become({
    ...wide,
    eth0: [...office.eth0, at('2001:db8:0:7:1234:5678:9abc:def0'), at('2001:db8::7:0:0:0:2')],
    docker0: [at('172.17.0.1')],
    'br-4f2a': [at('172.18.0.1')],
    veth12: [at('169.254.1.1'), at('10.88.0.1')],
  });
  expect(reconnect).not.toHaveBeenCalled();
  await become({ ...wide, eth0: [...office.eth0, at('2001:db8:0:8::1')] });
  expect(reconnect).toHaveBeenCalledTimes(1);
});

it('stops', async () => {
  const { stop, clock, become, reconnect } = follow(office);
  await become(office);
  stop();
  expect(clock.pending).toEqual([]);
  await become({ ...loopback, wlan0: [at('192.168.1.7')] });
  expect(reconnect).not.toHaveBeenCalled();
});
