import { beforeEach, describe, expect, it, vi } from 'vitest';
import { engineTransport } from '../../../electron/program/engine-transport.ts';

const fetched = vi.hoisted(() => vi.fn<(address: string, init: RequestInit) => Promise<Response>>());
const network = vi.hoisted(() => ({ name: '' }));
vi.mock('electron/main', () => ({
  net: {},
  session: {
    fromPartition: (name: string) => {
      network.name = name;
      return { fetch: fetched };
    },
  },
}));

const opened: { address: string; options: object }[] = [];
class Socket extends EventTarget {
  readonly readyState = 0;
  readonly send = vi.fn();
  readonly close = vi.fn();
  constructor(address: string, options: object) {
    super();
    opened.push({ address, options });
  }
}

beforeEach(() => {
  opened.length = 0;
  network.name = '';
  fetched.mockReset();
});

describe('the browser engine’s way to a server', () => {
  it('is none where the runtime has no sockets of it', () => {
    expect(engineTransport({})).toBeNull();
    expect(engineTransport()).toBeNull();
  });

  it('is not the windows’ session, and is not there before it is needed', async () => {
    const way = engineTransport({ WebSocket: Socket });
    expect(network.name).toBe('');
    fetched.mockResolvedValue(new Response('{}'));
    const init = { method: 'POST', body: '{}', redirect: 'manual' as const };
    await way?.fetch(new URL('https://api.example.test/x'), init);
    expect(network.name).toBe('network');
    expect(fetched).toHaveBeenCalledExactlyOnceWith('https://api.example.test/x', {
      ...init,
      cache: 'no-store',
    });
    way?.dial(new URL('wss://streaming.example.test/channels/1'), { maxPayload: 10 });
    expect(opened).toEqual([
      { address: 'wss://streaming.example.test/channels/1', options: { session: { fetch: fetched } } },
    ]);
  });
});
