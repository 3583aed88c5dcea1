import { net, session } from 'electron/main';
import { EngineSocket, type BrowserSocket } from '../feed/genesys/engine-socket.ts';
import { defaultLimits } from '../feed/genesys/limits.ts';
import type { Transport } from '../feed/genesys/proxy-transport.ts';

/** What newer runtimes have. */
interface Network {
  readonly WebSocket?: new (address: string, options: { session: Electron.Session }) => BrowserSocket;
}

/**
 * Requests and sockets by the browser engine; null where the runtime has no sockets of that kind: half a way is none.
 * It verifies certificates as the system does, keeps no cookies, and answers nothing from a cache.
 */
export function engineTransport({ WebSocket: Socket }: Network = net): Transport | null {
  if (!Socket) return null;
  // Not the windows' own: nothing goes out by that. It is made when it is first needed.
  const ours = (): Electron.Session => session.fromPartition('network');
  return {
    fetch: async (input, init) => {
      const address = input instanceof Request ? input.url : String(input);
      return ours().fetch(address, Object.assign({}, init, { cache: 'no-store' }));
    },
    dial: (address, { maxPayload = defaultLimits.frameBytes }) =>
      new EngineSocket(new Socket(address.href, { session: ours() }), maxPayload),
  };
}
