import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { AGENT, ORGANIZATION } from './directory.ts';
import { createFrameSender, type FrameSender } from './faults.ts';
import type { Envelope } from './wire-types.ts';
import { CONVERSATIONS_TOPIC, checkTopic } from './topics.ts';
import type { SimChannel, World } from './world.ts';

const CHANNEL_LIFE_MS = 24 * 3_600_000;
const MAX_CHANNELS = 20;
const MAX_TOPICS = 1000;

interface HubOptions {
  world: World;
  wallNow: () => number;
  heartbeatMs: number;
  /** Called when the first listener of the agent's conversations comes, and when the last one goes. */
  onListening: (listening: boolean) => void;
}

type SystemTopic = 'socket_closing' | 'no_longer_subscribed' | 'token_revoked' | 'subscription_changed';

export interface Hub {
  create: () => SimChannel;
  /** The channel while it exists and has not expired. Its id alone opens the socket, as with the service. */
  find: (id: string) => SimChannel | undefined;
  list: () => SimChannel[];
  /** Sets the topics and extends the channel's life. @returns false above 1000 topics */
  subscribe: (channel: SimChannel, topics: string[]) => boolean;
  /** Takes over a socket; a channel has one, so an earlier socket is closed. */
  attach: (channel: SimChannel, socket: WebSocket) => void;
  publish: (topic: string, body: unknown, correlationId: string) => void;
  /** Sends text as it is to every socket. */
  sendRaw: (text: string) => void;
  system: (type: SystemTopic) => void;
  /** Closes every socket; without a code the connection is simply cut. */
  dropSockets: (code?: number) => void;
  /** Forgets every channel and closes its socket. */
  closeChannels: () => void;
  sockets: () => { channelId: string; topics: string[] }[];
}

const messageSchema = z.object({
  message: z.string(),
  topics: z.array(z.string()).optional(),
  correlationId: z.string().optional(),
});

export function createHub({ world, wallNow, heartbeatMs, onListening }: HubOptions): Hub {
  const senders = new Map<string, { socket: WebSocket; sender: FrameSender }>();
  let listening = false;

  function updateListening(): void {
    const someone = world.channels.some(
      ({ id, topics }) => senders.has(id) && topics.includes(CONVERSATIONS_TOPIC),
    );
    if (someone === listening) return;
    listening = someone;
    onListening(someone);
  }

  function find(id: string): SimChannel | undefined {
    return world.channels.find((channel) => channel.id === id && channel.expiresAt > wallNow());
  }

  function remove(channel: SimChannel, code: number): void {
    world.channels = world.channels.filter((other) => other !== channel);
    senders.get(channel.id)?.socket.close(code);
  }

  function evictOldest(): void {
    const [oldest] = world.channels.toSorted(
      (one, other) =>
        Number(senders.has(one.id)) - Number(senders.has(other.id)) || one.lastUsedAt - other.lastUsedAt,
    );
    if (oldest) remove(oldest, 1001);
  }

  function takeFromOthers(taker: SimChannel, topics: string[]): void {
    for (const channel of world.channels) {
      if (channel === taker || !channel.topics.some((topic) => topics.includes(topic))) continue;
      channel.topics = channel.topics.filter((topic) => !topics.includes(topic));
      senders.get(channel.id)?.sender.control(systemMessage('no_longer_subscribed', channel.id));
    }
  }

  function subscribe(channel: SimChannel, topics: string[]): boolean {
    const distinct = [...new Set(topics)];
    if (distinct.length > MAX_TOPICS) return false;
    if (world.settings.soleSubscriber) takeFromOthers(channel, distinct);
    channel.topics = distinct;
    channel.lastUsedAt = wallNow();
    channel.expiresAt = wallNow() + CHANNEL_LIFE_MS;
    updateListening();
    return true;
  }

  function hear(channel: SimChannel, sender: FrameSender, text: string): void {
    const message = messageSchema.safeParse(parseJson(text)).data;
    if (message?.message === 'ping') {
      sender.control({ topicName: 'channel.metadata', eventBody: { message: 'pong' } });
    } else if (message?.message === 'subscribe') {
      sender.answer({
        ...subscribeOverSocket(channel, message.topics ?? []),
        correlationId: message.correlationId,
      });
    } else {
      sender.answer({ result: '400', status: 'error' });
    }
  }

  function subscribeOverSocket(channel: SimChannel, ids: string[]): { result: string; status?: string } {
    if (!find(channel.id)) return { result: '404' };
    const checks = ids.map(checkTopic);
    const topics = checks.flatMap((check) => (check.permitted ? check.topics : []));
    if (ids.length === 0 || checks.some(({ permitted }) => !permitted))
      return { result: '400', status: 'failure' };
    const done = subscribe(channel, [...channel.topics, ...topics]);
    return done ? { result: '200', status: 'subscribed' } : { result: '400', status: 'error' };
  }

  function attach(channel: SimChannel, socket: WebSocket): void {
    senders.get(channel.id)?.socket.close(1001, 'Another connection took this channel');
    const sender = createFrameSender(world, socket);
    senders.set(channel.id, { socket, sender });
    channel.lastUsedAt = wallNow();
    const heartbeat = setInterval(() => {
      if (!find(channel.id)) socket.close(1001, 'Channel expired');
      sender.control({ topicName: 'channel.metadata', eventBody: { message: 'WebSocket Heartbeat' } });
    }, heartbeatMs);
    socket.on('message', (data, isBinary) => {
      // One text frame arrives as one Buffer: `ws` is used with its default binaryType.
      if (!isBinary && Buffer.isBuffer(data)) hear(channel, sender, data.toString('utf8'));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(heartbeat);
      sender.stop();
      if (senders.get(channel.id)?.socket === socket) senders.delete(channel.id);
      updateListening();
    });
    updateListening();
  }

  function each(visit: (channel: SimChannel, sender: FrameSender) => void): void {
    for (const channel of [...world.channels]) {
      const entry = senders.get(channel.id);
      if (entry) visit(channel, entry.sender);
    }
  }

  return {
    find,
    subscribe,
    attach,
    create: () => {
      if (world.channels.length >= MAX_CHANNELS) evictOldest();
      const now = wallNow();
      const channel = {
        id: randomUUID(),
        expiresAt: now + CHANNEL_LIFE_MS,
        lastUsedAt: now,
        topics: [],
      };
      world.channels.push(channel);
      return channel;
    },
    list: () => world.channels.filter(({ id }) => find(id)),
    publish: (topicName, eventBody, correlationId) => {
      each((channel, sender) => {
        if (!channel.topics.includes(topicName)) return;
        sender.event({ topicName, version: '2', eventBody, metadata: { CorrelationId: correlationId } });
      });
    },
    sendRaw: (text) => each((_channel, sender) => sender.raw(text)),
    system: (type) => each((channel, sender) => sender.control(systemMessage(type, channel.id))),
    dropSockets: (code) => {
      for (const { socket } of senders.values()) {
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    closeChannels: () => {
      for (const channel of [...world.channels]) remove(channel, 1001);
      updateListening();
    },
    sockets: () =>
      world.channels.filter(({ id }) => senders.has(id)).map(({ id, topics }) => ({ channelId: id, topics })),
  };
}

const REASONS: Partial<Record<SystemTopic, string>> = {
  token_revoked: 'user_tokens_revoked',
  no_longer_subscribed: 'another_channel_subscribed',
};

function systemMessage(type: SystemTopic, channelId: string): Envelope {
  if (type === 'socket_closing') {
    return { topicName: 'v2.system.socket_closing', eventBody: { message: 'The socket will close soon' } };
  }
  const correlationId = randomUUID();
  const eventBody = {
    channelId,
    systemTopicType: type,
    ...(REASONS[type] === undefined ? {} : { reason: REASONS[type] }),
    userId: AGENT.id,
    organizationId: ORGANIZATION.id,
    correlationId,
  };
  const topicName = `v2.system.${type}.${AGENT.id}`;
  return { topicName, version: '2', eventBody, metadata: { CorrelationId: correlationId } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
