import { join } from 'node:path';
import type { Feed, FeedListener } from '../../domain/feed.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { systemClock } from '../system-clock.ts';
import { createGenesysFeed } from '../feed/genesys/feed.ts';
import type { Transport } from '../feed/genesys/transport.ts';
import type { Connection } from './connection.ts';

export interface ConnectedFeed {
  readonly feed: Feed;
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
    reread: () => Promise.resolve(false),
    relist: () => Promise.resolve(false),
    wrapupCodes: () => Promise.reject(new Error(reason)),
  };
}

/** The demo is the same feed on the same wire; only its server runs here. */
async function startDemo(
  data: string | null,
  listener: FeedListener,
  log: (line: string) => void,
  clock: Clock,
  transport: Transport,
): Promise<ConnectedFeed> {
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
  return {
    feed,
    stop: async () => {
      await feed.stop();
      await simulator.close();
    },
  };
}

/** Makes the feed; the caller starts it. `now` is this machine's clock, epoch ms. */
export async function connect(
  connection: Connection,
  listener: FeedListener,
  log: (line: string) => void,
  now: () => number,
  transport: Transport,
): Promise<ConnectedFeed> {
  const clock: Clock = { ...systemClock, now };
  if (connection.kind === 'simulator') return startDemo(connection.data, listener, log, clock, transport);
  const { api, access, refusal, events } = connection;
  const feed =
    access === null
      ? refusedFeed(listener, refusal)
      : createGenesysFeed({ apiUrl: api.href, ...access, ...events, ...transport, listener, log, clock });
  return { feed, stop: () => feed.stop() };
}
