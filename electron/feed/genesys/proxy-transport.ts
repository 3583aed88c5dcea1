import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import WebSocket from 'ws';
import { checkBaseUrl } from './server-address.ts';
import type { SocketConstructor } from './socket.ts';

/** How requests and sockets reach a server. */
export interface Transport {
  readonly fetch: typeof fetch;
  readonly WebSocket: SocketConstructor;
}

/** The proxy for an address; null: straight to the server. */
export type ProxyFor = (address: URL) => Promise<URL | null>;

/** Whatever the defaults have become: a server, or a proxy, has to prove who it is. */
const verified = { rejectUnauthorized: true } as const;

/** Asked for each connection: another network has another proxy. */
class ProxyingAgent extends Agent {
  readonly #address: URL;
  readonly #proxyFor: ProxyFor;

  constructor(address: URL, proxyFor: ProxyFor) {
    super();
    this.#address = address;
    this.#proxyFor = proxyFor;
  }

  override async connect(_request: unknown, options: AgentConnectOpts) {
    const proxy = await this.#proxyFor(this.#address);
    if (proxy !== null) return new HttpsProxyAgent(proxy, verified);
    // `connect` takes a path as a socket of this machine.
    const place = Object.assign({}, options, { path: undefined });
    if (!place.secureEndpoint) return connectTcp(place);
    const host = place.host ?? this.#address.hostname;
    return connectTls({ ...place, ...verified, servername: place.servername ?? (isIP(host) ? '' : host) });
  }
}

function proxying(proxyFor: ProxyFor): SocketConstructor {
  return class extends WebSocket {
    constructor(address: URL, options: WebSocket.ClientOptions) {
      super(address, { ...options, ...verified, agent: new ProxyingAgent(address, proxyFor) });
    }
  };
}

/**
 * A `fetch` and a socket that go through the network's proxies, by a tunnel (CONNECT), so that a proxy reads
 * nothing. Without a proxy a request is the runtime's own `fetch`.
 */
export function createTransport(proxyFor: ProxyFor): Transport {
  const tunnels = new Map<string, { readonly dispatcher: object; readonly fetch: typeof fetch }>();

  async function tunnelTo(proxy: URL) {
    const known = tunnels.get(proxy.href);
    if (known) return known;
    // Loaded only when needed: few networks have a proxy. The runtime's own fetch takes no proxy.
    const { fetch: itsFetch, ProxyAgent } = await import('undici');
    const tunnel = {
      dispatcher: new ProxyAgent({
        uri: proxy.href,
        proxyTunnel: true,
        proxyTls: verified,
        requestTls: verified,
      }),
      // The runtime's fetch is the same code.
      fetch: itsFetch as unknown as typeof fetch,
    };
    tunnels.set(proxy.href, tunnel);
    return tunnel;
  }

  const through: typeof fetch = async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input);
    // Most requests carry a token, whoever named the address.
    const checked = checkBaseUrl(address.origin);
    if (!checked.ok) throw new TypeError(checked.reason);
    const proxy = await proxyFor(address);
    // The runtime's fetch looks this up at each connection, and takes no option of ours instead.
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    if (proxy === null) return fetch(input, init);
    const { dispatcher, fetch: tunnelled } = await tunnelTo(proxy);
    return tunnelled(address, { ...init, dispatcher } as RequestInit);
  };

  return { fetch: through, WebSocket: proxying(proxyFor) };
}
