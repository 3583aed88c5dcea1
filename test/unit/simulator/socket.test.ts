import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../../electron/feed/simulator/wire-types.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { call, connect, conversationsTopic, listen, still, type Frame } from './client.ts';

let simulator: RunningSimulator;
/** Real time, movable: channels live by it. */
let wall: number;
beforeEach(async () => {
  wall = Date.now();
  simulator = await still({ heartbeatMs: 15, now: () => wall });
});
afterEach(() => simulator.close());

const says = (message: string) => (frame: Frame) => frame.eventBody?.['message'] === message;
const newChannel = async (): Promise<Channel> =>
  (await call<Channel>(simulator, 'POST', '/api/v2/notifications/channels')).body;

/** The status with which a socket is refused. */
const refusedWith = (uri: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(uri);
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('open', () => reject(new Error('It was let in')));
  });

describe('the socket', () => {
  it('beats, and answers a ping', async () => {
    const { socket, next } = await listen(simulator);
    expect(await next(says('WebSocket Heartbeat'))).toEqual({
      topicName: 'channel.metadata',
      eventBody: { message: 'WebSocket Heartbeat' },
    });
    socket.send('{"message":"ping"}');
    expect(await next(says('pong'))).toEqual({
      topicName: 'channel.metadata',
      eventBody: { message: 'pong' },
    });
  });

  it('is one per channel: a second one closes the first', async () => {
    const channel = await newChannel();
    const first = await connect(channel.connectUri, channel.id);
    const second = await connect(channel.connectUri, channel.id);
    expect(await first.closed).toBe(1001);
    await second.next(says('WebSocket Heartbeat'));
    expect(simulator.control.sockets()).toHaveLength(1);
  });

  it('is refused with 401 for a channel that is not there', async () => {
    const { connectUri } = await newChannel();
    expect(await refusedWith(connectUri.replace(/[^/]+$/, 'nobody'))).toBe(401);
  });

  it('ends with its channel after 24 hours, and a subscription extends that', async () => {
    const old = await listen(simulator);
    const channel = await newChannel();
    wall += 23 * 3_600_000;
    await call(simulator, 'PUT', `/api/v2/notifications/channels/${channel.id}/subscriptions`, []);
    wall += 2 * 3_600_000;
    expect(await old.closed).toBe(1001);
    expect((await call(simulator, 'HEAD', `/api/v2/notifications/channels/${old.channelId}`)).status).toBe(
      404,
    );
    expect((await call(simulator, 'HEAD', `/api/v2/notifications/channels/${channel.id}`)).status).toBe(200);
  });

  it('subscribes by message', async () => {
    const channel = await newChannel();
    const { socket, next } = await connect(channel.connectUri, channel.id);
    const ask = (topics: string[], correlationId: string) => {
      socket.send(JSON.stringify({ message: 'subscribe', topics, correlationId }));
      return next((frame) => frame['correlationId'] === correlationId);
    };
    expect(await ask([conversationsTopic(simulator)], 'a')).toMatchObject({
      result: '200',
      status: 'subscribed',
    });
    expect(await ask(['v2.nonsense'], 'b')).toMatchObject({ result: '400', status: 'failure' });
    const { conversationId } = simulator.control.begin();
    await next(({ eventBody }) => eventBody?.['id'] === conversationId);
  });

  it('answers nonsense without falling over', async () => {
    const { socket, next } = await listen(simulator);
    socket.send('not json');
    expect(await next((frame) => frame['result'] === '400')).toMatchObject({ status: 'error' });
    socket.send('{"message":"ping"}');
    await next(says('pong'));
  });

  it('carries the routing status, and the queue’s topic', async () => {
    const user = `v2.users.${simulator.userId}`;
    const { next } = await listen(simulator, [`${user}?routingStatus&presence`]);
    simulator.control.begin({ alertingTimeoutMs: 1_000 });
    simulator.control.answer();
    const status =
      (wanted: string) =>
      ({ topicName, eventBody }: Frame) =>
        topicName === `${user}.routingStatus` &&
        (eventBody?.['routingStatus'] as { status: string } | undefined)?.status === wanted;
    await next(status('INTERACTING'));
    const { conversationId } = simulator.control.begin();
    const [first] = simulator.control.world.conversations;
    const queue = await listen(simulator, [`v2.routing.queues.${first?.queueId}.conversations`]);
    simulator.control.startSharing(1, first?.id);
    await queue.next(({ eventBody }) => eventBody?.['id'] === first?.id);
    expect(conversationId).not.toBe(first?.id);
  });
});

describe('maintenance and trouble', () => {
  it('announces its closing, and closes', async () => {
    const { next, closed } = await listen(simulator);
    simulator.control.announceClosing(1);
    await next(({ topicName }) => topicName === 'v2.system.socket_closing');
    expect(await closed).toBe(1001);
  });

  it('cuts sockets, and the channel takes a new one', async () => {
    const channel = await newChannel();
    const { closed } = await connect(channel.connectUri, channel.id);
    simulator.control.dropSockets();
    expect(await closed).toBe(1006);
    await (await connect(channel.connectUri, channel.id)).next(says('WebSocket Heartbeat'));
  });

  it('forgets channels', async () => {
    const { closed, channelId } = await listen(simulator);
    simulator.control.closeChannels();
    expect(await closed).toBe(1001);
    expect((await call(simulator, 'HEAD', `/api/v2/notifications/channels/${channelId}`)).status).toBe(404);
  });

  it('says that tokens are revoked, or a topic taken', async () => {
    const { next } = await listen(simulator);
    simulator.control.system('no_longer_subscribed');
    expect(
      await next(({ topicName }) => topicName === `v2.system.no_longer_subscribed.${simulator.userId}`),
    ).toMatchObject({ eventBody: { reason: 'another_channel_subscribed' } });
    simulator.control.revokeTokens();
    await next(({ topicName }) => topicName === `v2.system.token_revoked.${simulator.userId}`);
    expect((await call(simulator, 'GET', '/api/v2/users/me')).status).toBe(401);
  });

  it('gives a topic to the last channel that asks for it, where channels do not live side by side', async () => {
    const first = await listen(simulator);
    await listen(simulator);
    expect(simulator.control.sockets().filter(({ topics }) => topics.length > 0)).toHaveLength(2);
    simulator.control.settings({ soleSubscriber: true });
    const third = await listen(simulator);
    const message = await first.next(({ topicName }) => topicName?.startsWith('v2.system.') === true);
    expect(message).toMatchObject({
      eventBody: { channelId: first.channelId, systemTopicType: 'no_longer_subscribed' },
    });
    expect(simulator.control.sockets().filter(({ topics }) => topics.length > 0)).toEqual([
      { channelId: third.channelId, topics: [conversationsTopic(simulator)] },
    ]);
    expect(third.frames().filter(({ topicName }) => topicName?.startsWith('v2.system.') === true)).toEqual(
      [],
    );
  });

  it('sends whatever it is told to', async () => {
    const { texts, next } = await listen(simulator);
    simulator.control.sendRaw('}{');
    simulator.control.sendRaw('{"topicName":"v2.unheard.of"}');
    await next(({ topicName }) => topicName === 'v2.unheard.of');
    expect(texts).toContain('}{');
  });

  it('goes dark and comes back on the same port, the world unharmed', async () => {
    const { closed } = await listen(simulator);
    const { conversationId } = simulator.control.begin();
    await simulator.control.goDark();
    expect(await closed).toBe(1006);
    await expect(fetch(simulator.apiUrl)).rejects.toThrow('fetch failed');
    await simulator.control.comeBack();
    expect((await call(simulator, 'GET', `/api/v2/conversations/${conversationId}`)).status).toBe(200);
  });
});
