import { WebSocket } from 'ws';
import type { Channel } from '../../../electron/feed/simulator/wire-types.ts';
import {
  startSimulator,
  type RunningSimulator,
  type SimulatorOptions,
} from '../../../electron/feed/simulator/server.ts';

/** A plain client of the simulator's wire, for tests: nothing of the product's own feed is in it. */

export interface Frame {
  topicName?: string;
  eventBody?: Record<string, unknown> & { participants?: Record<string, unknown>[] };
  metadata?: { CorrelationId: string };
  [other: string]: unknown;
}

export interface Listener {
  channelId: string;
  socket: WebSocket;
  /** Everything that came, as text. */
  texts: string[];
  /** Everything that came and is JSON. */
  frames: () => Frame[];
  /** Resolves with the first frame, from now or before, that fits. */
  next: (fits: (frame: Frame) => boolean) => Promise<Frame>;
  /** Resolves with the close code. */
  closed: Promise<number>;
}

/** Simulated time stands still unless a test moves it. */
export function still(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  return startSimulator({ scenario: 'idle', speed: 0, seed: 7, ...options });
}

export interface Answer<Body> {
  status: number;
  /** The JSON body; an empty object where the answer is not JSON. */
  body: Body;
  text: string;
  headers: Headers;
}

export interface ErrorDocument {
  message: string;
  code: string;
  status: number;
  contextId: string;
  messageParams: Record<string, string>;
  details: { errorCode: string; fieldName: string }[];
  errors: unknown[];
}

/** One request as a client would make it. `Body` is what the caller expects; its assertions check it. */
export async function call<Body = Record<string, unknown>>(
  simulator: Pick<RunningSimulator, 'apiUrl' | 'accessToken'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const response = await fetch(simulator.apiUrl + path, {
    method,
    headers: {
      Authorization: `Bearer ${simulator.accessToken}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json' && text !== '';
  return {
    status: response.status,
    body: (isJson ? JSON.parse(text) : {}) as Body,
    text,
    headers: response.headers,
  };
}

export const conversationsTopic = ({ userId }: RunningSimulator): string =>
  `v2.users.${userId}.conversations`;

/** Channel, socket, then topics: the order in which nothing can be missed. */
export async function listen(
  simulator: RunningSimulator,
  topics: string[] = [conversationsTopic(simulator)],
): Promise<Listener> {
  const { body: channel } = await call<Channel>(simulator, 'POST', '/api/v2/notifications/channels');
  const listener = await connect(channel.connectUri, channel.id);
  const subscriptions = `/api/v2/notifications/channels/${channel.id}/subscriptions`;
  await call(
    simulator,
    'POST',
    subscriptions,
    topics.map((id) => ({ id })),
  );
  return listener;
}

export async function connect(connectUri: string, channelId: string): Promise<Listener> {
  const socket = new WebSocket(connectUri);
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    texts.push((data as Buffer).toString('utf8'));
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const frames = (): Frame[] =>
    texts.flatMap((text) => {
      try {
        return [JSON.parse(text) as Frame];
      } catch {
        return [];
      }
    });
  return {
    channelId,
    socket,
    texts,
    frames,
    closed,
    next: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = frames().find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
