import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpsProxyAgent } from 'https-proxy-agent';
import WebSocket from 'ws';
import { checkBaseUrl } from './server-address.ts';
import type { Dial } from './socket.ts';

/** How requests and sockets reach a server. */
export interface Transport {
  readonly fetch: typeof fetch;
  readonly dial: Dial;
}

/**
 * The proxy for an address; null: straight to the server. One of another kind than http is only asked for where
 * something else than our tunnels can go through it.
 */
export type ProxyFor = (address: URL) => Promise<URL | null>;

/** A tunnel through it is nothing we know how to open. */
const isForeign = (proxy: URL): boolean => !/^https?:$/.test(proxy.protocol);

/** The proxy wants to know who asks: so no tunnel was opened, and nothing was sent. */
function wantsToKnowWho(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at.message.includes('(407)')) return true;
  return false;
}

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

/**
 * A `fetch` and a socket that go through the network's proxies, by a tunnel (CONNECT), so that a proxy reads
 * nothing. Without a proxy a request is the runtime's own `fetch`.
 *
 * @param engine the browser engine's way, where the runtime has one: it can prove who asks as the system does
 *   (NTLM, Kerberos) and speaks SOCKS, so it is taken for the proxies that want that, and for no others
 */
export function createTransport(proxyFor: ProxyFor, engine: Transport | null = null): Transport {
  /** Proxies that want to know who asks. */
  const asking = new Set<string>();
  /** What the last connection found: a socket has to know its way before it asks for it. */
  let byEngine = false;

  const needsEngine = (proxy: URL | null): boolean =>
    engine !== null && proxy !== null && (isForeign(proxy) || asking.has(proxy.href));

  async function askFor(address: URL): Promise<URL | null> {
    const proxy = await proxyFor(address);
    byEngine = needsEngine(proxy);
    return proxy;
  }

  function asks(proxy: URL): void {
    asking.add(proxy.href);
    byEngine = engine !== null;
  }

  function dial(address: URL, options: WebSocket.ClientOptions): WebSocket {
    let proxy: URL | null = null;
    const agent = new ProxyingAgent(address, async () => {
      proxy = await askFor(address);
      // Another network than the last time: the next try goes the other way.
      if (needsEngine(proxy)) throw new Error('no tunnel through this proxy');
      return proxy;
    });
    const socket = new WebSocket(address, { ...options, ...verified, agent });
    return socket.on('unexpected-response', (_request, { statusCode }) => {
      if (statusCode === 407 && proxy) asks(proxy);
    });
  }

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
    const proxy = await askFor(address);
    // The runtime's fetch looks this up at each connection, and takes no option of ours instead.
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    if (proxy === null) return fetch(input, init);
    if (engine && needsEngine(proxy)) return engine.fetch(address, init);
    const { dispatcher, fetch: tunnelled } = await tunnelTo(proxy);
    try {
      return await tunnelled(address, { ...init, dispatcher } as RequestInit);
    } catch (error) {
      if (!engine || !wantsToKnowWho(error)) throw error;
      asks(proxy);
      return engine.fetch(address, init);
    }
  };

  return {
    fetch: through,
    dial: (address, options) => (engine && byEngine ? engine.dial(address, options) : dial(address, options)),
  };
}
