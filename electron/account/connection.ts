import { join } from 'node:path';
import { demoToken } from '../../domain/archive/archive-settings.ts';
import type { Feed, FeedListener, Person } from '../../domain/feed.ts';
import { decodeConversation } from '../../domain/model/decode.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { refused as refusal } from '../../domain/toolbox/result.ts';
import type { AccountEvents } from '../feed/genesys/session.ts';
import type { Transport } from '../feed/genesys/proxy-transport.ts';

/** How the server is told who asks. */
export interface Access {
  /** The bearer token; asked before every request. */
  readonly token: () => string | Promise<string>;
  /** Another one after a 401; null when only signing in again helps. */
  readonly renew?: (rejected: string) => Promise<string | null>;
}

/** What the program is connected to: a live organisation, or the demo this program runs itself. */
export type Connection =
  | {
      readonly kind: 'genesys';
      readonly api: URL;
      /** Null: nobody is signed in, and `refusal` says so. */
      readonly access: Access | null;
      readonly refusal: string;
      /** Whose database is opened at once; null until the server has said who it is. */
      readonly person: Person | null;
      readonly events: AccountEvents;
    }
  /** `data`: where the demo's world is kept; null where nothing can be kept. */
  | { readonly kind: 'simulator'; readonly data: string | null };

/** Makes the way to servers ready; not before a program that starts can spare the time. */
export type OpenTransport = () => Promise<Transport>;

export interface ConnectedFeed {
  readonly feed: Feed;
  /** How the organisation's archive is told who asks, and reached; null while nobody is signed in. */
  readonly way: { readonly access: Access; readonly fetch: typeof fetch } | null;
  /** Stops the feed, and the demo behind it. */
  stop(): Promise<void>;
}

/** A feed that cannot begin says why, once, and nothing is hammered. */
function refusedFeed(listener: FeedListener, reason: string): Feed {
  const refused = { kind: 'refused' as const, status: 401, code: 'authentication.required', reason };
  return {
    start: () => {
      listener.link({ kind: 'refused', reason });
    },
    stop: () => Promise.resolve(),
    reconnect: () => undefined,
    send: () => Promise.resolve(refused),
    reread: () => Promise.resolve('failed'),
    relist: () => Promise.resolve(refusal(reason)),
    wrapupCodes: () => Promise.reject(new Error(reason)),
    statusChoices: () => Promise.reject(new Error(reason)),
    setStatus: () => Promise.reject(new Error(reason)),
  };
}

/** The demo is the same feed on the same wire; only its server runs here. */
async function startDemo(
  data: string | null,
  listener: FeedListener,
  log: (line: string) => void,
  clock: Clock,
  openTransport: OpenTransport,
): Promise<ConnectedFeed> {
  const transport = await openTransport();
  const { createGenesysFeed } = await import('../feed/genesys/feed.ts');
  // Loaded only when it is needed: a signed-in agent never runs it.
  const { startSimulator } = await import('../feed/simulator/server.ts');
  const simulator = await startSimulator({
    scenario: 'demo',
    ...(data === null ? {} : { stateFile: join(data, 'demo-server.json') }),
    log,
  });
  const feed = createGenesysFeed({
    apiUrl: simulator.apiUrl,
    token: () => simulator.accessToken,
    listener,
    log,
    clock,
    ...transport,
  });
  const token = demoToken.write(simulator.apiUrl, simulator.accessToken);
  return {
    feed,
    way: { access: { token: () => token }, fetch: transport.fetch },
    stop: async () => {
      await feed.stop();
      await simulator.close();
    },
  };
}

/** Makes the feed; the caller starts it. What speaks to servers is loaded here, and not with the program. */
export async function connect(
  connection: Connection,
  listener: FeedListener,
  log: (line: string) => void,
  clock: Clock,
  openTransport: OpenTransport,
): Promise<ConnectedFeed> {
  if (connection.kind === 'simulator') return startDemo(connection.data, listener, log, clock, openTransport);
  const { api, access, refusal, events } = connection;
  if (access === null) {
    const feed = refusedFeed(listener, refusal);
    return { feed, way: null, stop: () => feed.stop() };
  }
  const transport = await openTransport();
  const { createGenesysFeed } = await import('../feed/genesys/feed.ts');
  const feed = createGenesysFeed({
    apiUrl: api.href,
    ...access,
    ...events,
    ...transport,
    listener,
    log,
    clock,
  });
  return { feed, way: { access, fetch: transport.fetch }, stop: () => feed.stop() };
}

/** A listener that also reports each conversation that was read in full, once it is reduced. */
export function reportReadings(
  listener: FeedListener,
  wasRead: (conversationId: string) => void,
): FeedListener {
  return {
    ...listener,
    arrived: async (arrival) => {
      await listener.arrived(arrival);
      if (arrival.source !== 'rest' || arrival.content.kind !== 'conversation') return;
      const decoded = decodeConversation(arrival.content.value);
      if (decoded.ok) wasRead(decoded.conversation.id);
    },
  };
}
