import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Feed } from '../../../domain/feed.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import type { GenesysFeedOptions } from '../../../electron/feed/genesys/feed.ts';
import { createGenesysFeed } from '../../../electron/feed/genesys/feed.ts';
import type { Peer } from './peer.ts';
import { channelId, event, hang, json, startPeer, text, topic, userId } from './peer.ts';
import type { Recorder } from './recorder.ts';
import { createRecorder } from './recorder.ts';

const token = 'secret-token-5f1d';
const me = 'GET /api/v2/users/me';
const channels = 'POST /api/v2/notifications/channels';
const subscriptions = `POST /api/v2/notifications/channels/${channelId}/subscriptions`;
const subscribed = `GET /api/v2/notifications/channels/${channelId}/subscriptions`;
const listing = 'GET /api/v2/conversations';

let peer: Peer;
let feed: Feed | undefined;
let recorder: Recorder;

beforeEach(async () => {
  peer = await startPeer();
  recorder = createRecorder();
});
afterEach(async () => {
  await feed?.stop();
  feed = undefined;
  await peer.close();
});

function start(options: Partial<GenesysFeedOptions> = {}): Feed {
  feed = createGenesysFeed({
    apiUrl: peer.url,
    token: () => token,
    listener: recorder.listener,
    random: () => 0,
    ...options,
  });
  feed.start();
  return feed;
}

function listed(...ids: string[]): ReturnType<typeof json> {
  return json(200, { entities: ids.map((id) => ({ id, participants: [] })), total: ids.length });
}

async function socketOf(wanted: Peer): Promise<Peer['sockets'][number]> {
  await recorder.until(() => wanted.sockets.length > 0);
  const socket = wanted.sockets.at(-1);
  if (!socket) throw new Error('No socket');
  return socket;
}

describe('from nothing to live', () => {
  test('asks who we are, opens a channel, subscribes, reads everything, and only then is live', async () => {
    peer.route(listing, listed('one', 'two'));
    start();
    await recorder.link('live');

    expect(recorder.heard.map((one) => one.kind)).toEqual([
      'link',
      'identified',
      'arrived',
      'arrived',
      'listed',
      'link',
    ]);
    expect(recorder.story).toEqual(['connecting', 'rest one', 'rest two', 'listed one,two', 'live']);
    expect(recorder.heard[1]).toEqual({ kind: 'identified', person: { id: userId, name: 'Ada Agent' } });
    expect(recorder.arrivals[0]).toMatchObject({
      source: 'rest',
      subject: 'GET /api/v2/conversations',
      body: '{"id":"one","participants":[]}',
    });
    expect(peer.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `${me}?expand=authorization`,
      channels,
      `${subscriptions}?ignoreErrors=true`,
      listing,
    ]);
    expect(peer.asked.every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true);
    expect(peer.requests(subscriptions)[0]?.body).toBe(JSON.stringify([{ id: topic }]));
    expect(recorder.contacts.length).toBeGreaterThanOrEqual(4);
    expect(recorder.answers.length).toBeGreaterThanOrEqual(4);
    for (const { date, sentAt, receivedAt } of recorder.answers) {
      expect(Date.parse(date) + 1000 - sentAt).toBeGreaterThan(0);
      expect(Date.parse(date)).toBeLessThanOrEqual(receivedAt);
    }
  });

  test('events sent while the snapshot is read are heard after it, in order', async () => {
    let answer: (() => void) | undefined;
    peer.route(listing, (response, asked) => {
      answer = () => {
        listed('listed')(response, asked);
      };
      for (const id of ['first', 'second', 'third']) peer.sockets[0]?.send(event({ id }));
      peer.sockets[0]?.ping();
      peer.sockets[0]?.once('pong', () => answer?.());
    });
    start();
    await recorder.link('live');
    expect(recorder.story).toEqual([
      'connecting',
      'rest listed',
      'listed listed',
      'socket first',
      'socket second',
      'socket third',
      'live',
    ]);
  });

  test('an event whose snapshot never came is heard all the same', async () => {
    peer.route(listing, (response, asked) => {
      peer.sockets[0]?.send(event({ id: 'early' }));
      peer.sockets[0]?.ping();
      peer.sockets[0]?.once('pong', () => {
        json(500, {})(response, asked);
      });
    });
    start({ random: () => 0.999 });
    await recorder.until(() => recorder.story.includes('socket early'));
    expect(recorder.story).not.toContain('live');
  });

  test('a snapshot overtaken by a dropped socket is not finished: the next one counts', async () => {
    let go: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    recorder = createRecorder({
      taking: ({ body }) => {
        if (!body.includes('old-1')) return Promise.resolve();
        peer.route(listing, listed('fresh'));
        peer.sockets[0]?.terminate();
        return held;
      },
    });
    peer.route(listing, listed('old-1', 'old-2'));
    let dropped: (() => void) | undefined;
    const noticed = new Promise<void>((resolve) => {
      dropped = resolve;
    });
    start({
      dial: (address, settings) => new WebSocket(address, settings).on('close', () => dropped?.()),
    });
    await noticed;
    go?.();
    await recorder.link('live');
    expect(recorder.story.filter((line) => !/connecting|offline|stale/.test(line))).toEqual([
      'rest old-1',
      'rest fresh',
      'listed fresh',
      'live',
    ]);
  });

  test('events are delivered one at a time, in order, however slowly they are taken', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `event-${index}`);
    let busy = 0;
    let most = 0;
    recorder = createRecorder({
      async taking() {
        busy += 1;
        most = Math.max(most, busy);
        await new Promise(setImmediate);
        busy -= 1;
      },
    });
    // Far fewer may wait than are sent: the socket is paused and resumed on the way.
    start({ limits: { waitingFacts: 4 } });
    await recorder.link('live');
    for (const id of ids) peer.sockets[0]?.send(event({ id }));
    await recorder.until(() => recorder.arrivals.length === ids.length);
    expect(recorder.story.slice(-ids.length)).toEqual(ids.map((id) => `socket ${id}`));
    expect(most).toBe(1);
  });

  test('a fact that cannot be taken does not hold up the next', async () => {
    const lines: string[] = [];
    recorder = createRecorder({
      taking: ({ content }) =>
        content.kind === 'conversation' && (content.value as { id: string }).id === 'poison'
          ? Promise.reject(new Error(`disk full ${token}`))
          : Promise.resolve(),
    });
    start({ log: (line) => lines.push(line) });
    await recorder.link('live');
    peer.sockets[0]?.send(event({ id: 'poison' }));
    peer.sockets[0]?.send(event({ id: 'sound' }));
    await recorder.until(() => recorder.story.includes('socket sound'));
    expect(lines).toEqual(['feed: a fact was not taken: disk full …']);
  });
});

describe('what comes over the socket', () => {
  test('garbage, bytes, strangers and empty events are kept with a reason, and the next event is heard', async () => {
    start();
    await recorder.link('live');
    const socket = await socketOf(peer);
    const garbage = '{"topicName":"v2.users.';
    socket.send(garbage);
    socket.send(Buffer.from([0xff, 0xfe, 0x00]), { binary: true });
    socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
    socket.send('[1,2,3]');
    socket.send(event({ id: 'x' }, `v2.weather.${channelId}`));
    socket.send(JSON.stringify({ topicName: topic }));
    socket.send(event({ id: 'sound' }));
    await recorder.until(() => recorder.story.includes('socket sound'));

    const kept = recorder.arrivals.filter(({ content }) => content.kind === 'unreadable');
    expect(
      kept.map(({ subject, content }) => [subject, content.kind === 'unreadable' && content.reason]),
    ).toEqual([
      ['notification', 'A notification wasn’t complete JSON.'],
      ['notification', 'A notification wasn’t text (kept in base64).'],
      ['notification', 'A notification wasn’t text (kept in base64).'],
      ['notification', 'A notification had no topic.'],
      ['v2.weather.…', 'A notification came for a topic Sharelight didn’t ask for: v2.weather.….'],
      [topic, 'A notification about a conversation was empty.'],
    ]);
    expect(kept[0]?.body).toBe(garbage);
    expect(kept[1]?.body).toBe('//4A');
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
  });

  test('heartbeats, pings and pongs are contact, not facts', async () => {
    start();
    await recorder.link('live');
    const before = recorder.contacts.length;
    const socket = await socketOf(peer);
    socket.send(
      JSON.stringify({ topicName: 'channel.metadata', eventBody: { message: 'WebSocket Heartbeat' } }),
    );
    await recorder.until(() => recorder.contacts.length === before + 1);
    socket.ping();
    await recorder.until(() => recorder.contacts.length === before + 2);
    expect(recorder.arrivals).toEqual([]);
  });

  test('a frame that is too big is not taken, said so, and healed by reading everything again', async () => {
    start({ limits: { frameBytes: 2_048 } });
    await recorder.link('live');
    peer.route(listing, listed('after'));
    peer.sockets[0]?.send(event({ id: 'x', filling: 'y'.repeat(5_000) }));
    await recorder.link('live', 2);
    expect(recorder.story).toEqual([
      'connecting',
      'listed ',
      'live',
      'unreadable notification',
      'stale',
      'rest after',
      'listed after',
      'live',
    ]);
    expect(recorder.arrivals[0]?.content).toEqual({
      kind: 'unreadable',
      reason: 'A notification was larger than 2 KiB and wasn’t read.',
    });
  });
});

describe('the life of the socket', () => {
  test('a dropped socket: stale, then everything is read again on the same channel', async () => {
    peer.route(listing, listed('one'));
    start();
    await recorder.link('live');
    peer.route(listing, listed('two'));
    peer.sockets[0]?.terminate();
    await recorder.link('live', 2);
    expect(recorder.story).toEqual([
      'connecting',
      'rest one',
      'listed one',
      'live',
      'stale',
      'rest two',
      'listed two',
      'live',
    ]);
    expect(peer.requests(channels)).toHaveLength(1);
    expect(peer.requests(me)).toHaveLength(1);
  });

  test('silence: a ping, and without an answer stale and a new socket', async () => {
    const received: string[] = [];
    // This end never answers; only the first socket is asked.
    peer.onSocket((socket) => socket.on('message', (data: Buffer) => received.push(data.toString())));
    let waits = 0;
    start({
      limits: { silenceMs: 1_111, pongMs: 2_222 },
      clock: {
        now: () => Date.now(),
        after(ms, callback) {
          // The watch over the first socket runs at once; every other wait is real.
          const first = (ms === 1_111 || ms === 2_222) && recorder.links.at(-1)?.kind === 'live' && waits < 2;
          if (first) waits += 1;
          const timer = setTimeout(callback, first ? 20 : ms);
          return () => {
            clearTimeout(timer);
          };
        },
      },
    });
    await recorder.link('live');
    // One heartbeat arms the watch.
    peer.sockets[0]?.send(
      JSON.stringify({ topicName: 'channel.metadata', eventBody: { message: 'WebSocket Heartbeat' } }),
    );
    await recorder.link('live', 2);
    expect(received).toEqual(['{"message":"ping"}']);
    expect(recorder.story).toEqual(['connecting', 'listed ', 'live', 'stale', 'listed ', 'live']);
  });

  test('a pong keeps the socket', async () => {
    let pings = 0;
    peer.onSocket((socket) =>
      socket.on('message', () => {
        pings += 1;
        socket.send(JSON.stringify({ topicName: 'channel.metadata', eventBody: { message: 'pong' } }));
      }),
    );
    start({ limits: { silenceMs: 5 } });
    await recorder.link('live');
    await recorder.until(() => pings >= 5);
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
    expect(peer.sockets).toHaveLength(1);
  });

  /** Another channel is followed, and the first socket was left. */
  async function moved(times: number): Promise<void> {
    await expect.poll(() => recorder.story.filter((line) => line === 'listed ').length).toBe(times + 1);
    await expect.poll(() => peer.sockets.length).toBe(1);
  }

  test('socket_closing: the next one is opened and has read everything before this one is left', async () => {
    start({ random: () => 0.999 });
    await recorder.link('live');
    peer.sockets[0]?.send(event({ message: 'closing' }, 'v2.system.socket_closing'));
    await moved(1);
    expect(recorder.story).toEqual(['connecting', 'listed ', 'live', 'listed ']);
    expect(peer.requests(channels)).toHaveLength(2);
  });

  test('socket_closing again so soon after a move is not followed without a pause', async () => {
    start({ random: () => 0.999 });
    await recorder.link('live');
    peer.sockets[0]?.send(event({}, 'v2.system.socket_closing'));
    await moved(1);
    peer.sockets[0]?.send(event({}, 'v2.system.socket_closing'));
    await recorder.link('live', 2);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  test('socket_closing and the end before the next one is live: not confirmed until it is', async () => {
    start({ random: () => 0.999 });
    await recorder.link('live');
    const [socket] = peer.sockets;
    socket?.send(event({}, 'v2.system.socket_closing'));
    socket?.close();
    await recorder.link('live', 2);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  /** A clock that can be put forward; its waits are real. */
  function leaping(): { clock: Clock; leap: (ms: number) => void } {
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead, after: systemClock.after };
    return { clock, leap: (ms) => (ahead += ms) };
  }

  test('after several moves it is the last channel that is taken up again', async () => {
    let made = 0;
    peer.route(channels, (response, asked) => {
      made += 1;
      const id = `channel-${String(made)}`;
      const permitted = json(200, { entities: [{ id: topic, state: 'Permitted' }] });
      peer.route(`POST /api/v2/notifications/channels/${id}/subscriptions`, permitted);
      json(200, { id, connectUri: `${peer.url.replace('http', 'ws')}/channels/${id}` })(response, asked);
    });
    const { clock, leap } = leaping();
    start({ clock });
    await recorder.link('live');
    for (const times of [1, 2]) {
      leap(60_000);
      peer.sockets[0]?.send(event({}, 'v2.system.socket_closing'));
      await moved(times);
    }
    peer.sockets[0]?.terminate();
    await recorder.link('live', 2);
    const used = peer.asked.flatMap(({ path }) => /channels\/(.*)\/subscriptions/.exec(path)?.[1] ?? []);
    expect(used).toEqual(['channel-1', 'channel-2', 'channel-3', 'channel-3']);
  });

  test('socket_closing and no next one to be had: this one goes on, and the next announcement is a new try', async () => {
    const { clock, leap } = leaping();
    start({ clock });
    await recorder.link('live');
    peer.route(channels, json(503, { message: 'Not now', code: 'service.unavailable' }));
    const closing = event({}, 'v2.system.socket_closing');
    peer.sockets[0]?.send(closing);
    await expect.poll(() => peer.requests(channels).length).toBe(2);
    peer.sockets[0]?.send(event({ id: 'still heard' }));
    await recorder.until(() => recorder.story.includes('socket still heard'));
    peer.route(channels, null);
    leap(60_000);
    peer.sockets[0]?.send(closing);
    await moved(1);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live']);
  });

  test('a next one that the sign-in is not accepted for is a refusal at once', async () => {
    start();
    await recorder.link('live');
    peer.route(channels, json(401, { message: 'Invalid login', code: 'bad.credentials' }));
    peer.sockets[0]?.send(event({}, 'v2.system.socket_closing'));
    await recorder.link('refused');
    await expect.poll(() => peer.sockets.length).toBe(0);
  });

  test('a next one that takes the topic and then fails leaves no deaf socket that looks alive', async () => {
    start({ limits: { silenceMs: 10 * 60_000 } });
    await recorder.link('live');
    peer.route(listing, (response, asked) => {
      peer.route(listing, null);
      const reason = 'another_channel_subscribed';
      peer.sockets[0]?.send(event({ channelId, reason }, `v2.system.no_longer_subscribed.${userId}`));
      json(503, { message: 'Not now', code: 'service.unavailable' })(response, asked);
    });
    peer.sockets[0]?.send(event({}, 'v2.system.socket_closing'));
    await recorder.link('live', 2);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  test('socket_closing after every opening does not become a busy loop', async () => {
    peer.onSocket((socket) => {
      socket.send(event({}, 'v2.system.socket_closing'));
    });
    start({ random: () => 0.999 });
    const offline = await recorder.link('offline');
    expect(offline.retryAt).toBeGreaterThan(Date.now());
    expect(offline.reason).toBe('Genesys Cloud is closing the connection for maintenance.');
  });

  test('no_longer_subscribed is named, and a new channel is made', async () => {
    start();
    await recorder.link('live');
    peer.sockets[0]?.send(
      event(
        { channelId: 'another', reason: 'another_channel_subscribed' },
        `v2.system.no_longer_subscribed.${userId}`,
      ),
    );
    peer.sockets[0]?.send(
      event({ channelId, reason: 'another_channel_subscribed' }, `v2.system.no_longer_subscribed.${userId}`),
    );
    await recorder.link('live', 2);
    expect(peer.requests(channels)).toHaveLength(2);
  });

  test('token_revoked is asked about: a sign-in the server still accepts goes on', async () => {
    const unauthorised = vi.fn();
    start({ unauthorised, random: () => 0.999 });
    await recorder.link('live');
    peer.sockets[0]?.send(
      event({ channelId, reason: 'user_tokens_revoked' }, `v2.system.token_revoked.${userId}`),
    );
    await recorder.link('live', 2);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'stale', 'live']);
    expect(unauthorised).not.toHaveBeenCalled();
  });

  test('token_revoked of a token that was: refused in these words, until the person acts', async () => {
    const running = start();
    await recorder.link('live');
    peer.route(subscriptions, json(401, { message: 'Invalid login', code: 'bad.credentials' }));
    peer.sockets[0]?.send(
      event({ channelId, reason: 'user_tokens_revoked' }, `v2.system.token_revoked.${userId}`),
    );
    const refused = await recorder.link('refused');
    expect(refused.reason).toBe('Your sign-in was revoked. Sign in again.');
    peer.route(subscriptions, null);
    running.reconnect();
    await recorder.link('live', 2);
    expect(peer.requests(me)).toHaveLength(2);
  });

  test('subscription_changed: a channel that lost our topic asks for it again, and for all it missed', async () => {
    start();
    await recorder.link('live');
    peer.route(subscribed, json(200, { entities: [] }));
    peer.sockets[0]?.send(event({ channelId }, `v2.system.subscription_changed.${userId}`));
    await recorder.link('live', 2);
    expect(recorder.story).toEqual(['connecting', 'listed ', 'live', 'stale', 'listed ', 'live']);
    expect(peer.requests(subscriptions)).toHaveLength(2);
  });

  test('subscription_changed of one that still has it is only looked into', async () => {
    start();
    await recorder.link('live');
    const change = (of: string): void => {
      peer.sockets[0]?.send(event({ channelId: of }, `v2.system.subscription_changed.${userId}`));
    };
    peer.route(subscribed, (response, asked) => {
      // The second question is only asked when the first answer ended nothing.
      response.once('close', () => {
        if (peer.requests(subscribed).length === 1) change(channelId);
      });
      json(200, { entities: [{ id: topic }] })(response, asked);
    });
    change('another');
    change(channelId);
    await recorder.until(() => peer.requests(subscribed).length === 2);
    expect(peer.requests(subscriptions)).toHaveLength(1);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live']);
  });

  test.each([401, 404])('an upgrade answered %i: a new channel at once', async (status) => {
    start();
    await recorder.link('live');
    peer.decline(status);
    peer.route(channels, (response, asked) => {
      peer.decline(null);
      peer.route(channels, null);
      json(200, { id: channelId, connectUri: `${peer.url.replace('http', 'ws')}/channels/${channelId}` })(
        response,
        asked,
      );
    });
    peer.sockets[0]?.terminate();
    await recorder.link('live', 2);
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live', 'stale', 'live']);
  });

  test('a channel that is unknown as soon as it is given is not asked for in a busy loop', async () => {
    peer.decline(404);
    start({ random: () => 0.999 });
    const offline = await recorder.link('offline');
    expect(offline.reason).toBe('Genesys Cloud doesn’t know the notification channel it just gave.');
    expect(peer.requests(channels)).toHaveLength(1);
  });

  test('a channel gone at the subscription: a new channel at once', async () => {
    start();
    await recorder.link('live');
    peer.route(subscriptions, (response, asked) => {
      peer.route(subscriptions, null);
      json(404, { message: `Channel ${channelId} not found`, code: 'not.found' })(response, asked);
    });
    peer.sockets[0]?.terminate();
    await recorder.link('live', 2);
    expect(peer.requests(channels)).toHaveLength(2);
  });

  test('a long-lived channel is prolonged by subscribing again', async () => {
    start({ limits: { renewMs: 5 } });
    await recorder.link('live');
    let renewed = 0;
    await new Promise<void>((resolve) => {
      peer.route(subscriptions, (response, asked) => {
        renewed += 1;
        if (renewed === 2) resolve();
        json(200, { entities: [{ id: topic, state: 'Permitted' }] })(response, asked);
      });
    });
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
  });

  test('reconnect() drops the socket and reads everything again', async () => {
    const running = start({ random: () => 0.999 });
    await recorder.link('live');
    const first = await socketOf(peer);
    peer.route(listing, listed('fresh'));
    running.reconnect();
    await recorder.link('live', 2);
    expect(first.readyState).not.toBe(first.OPEN);
    expect(recorder.story).toEqual([
      'connecting',
      'listed ',
      'live',
      'stale',
      'rest fresh',
      'listed fresh',
      'live',
    ]);
  });
});

describe('when it cannot be', () => {
  test.each([
    ['me', me],
    ['the channel', channels],
    ['the snapshot', listing],
  ])('a token refused at %s: one clear sentence, and no more asking', async (_where, route) => {
    peer.route(
      route,
      json(401, { message: `Bad credentials ${token}`, code: 'bad.credentials', status: 401 }),
    );
    const running = start();
    const refused = await recorder.link('refused');
    expect(refused.reason).toMatch(/didn’t accept the sign-in: the access token is wrong or has expired/);
    expect(refused.reason).not.toContain(token);
    expect(peer.requests(route)).toHaveLength(1);
    peer.route(route, null);
    running.reconnect();
    await recorder.link('live');
  });

  test('a missing permission is said in the server’s words, without secrets, with the time of the next try', async () => {
    peer.route(
      channels,
      json(403, { message: `Unable to perform ${token} action.`, code: 'missing.permissions' }),
    );
    start();
    const { reason, retryAt } = await recorder.link('offline');
    expect(reason).toMatch(/doesn’t allow this: Unable to perform … action\. Ask your administrator/);
    expect(retryAt).toBeGreaterThan(Date.now() + 10_000);
  });

  test.each([
    ['me', me],
    ['the channel', channels],
    ['the subscription', subscriptions],
    ['the snapshot', listing],
  ])('one 403 at %s is told, and tried again by itself', async (_where, route) => {
    peer.route(route, (response, asked) => {
      peer.route(route, null);
      json(403, { message: 'Not now', code: 'not.authorized' })(response, asked);
    });
    start({ limits: { forbiddenBaseMs: 10 } });
    expect((await recorder.link('offline')).reason).toContain('doesn’t allow this: Not now');
    await recorder.link('live');
    expect(recorder.links.map(({ kind }) => kind)).not.toContain('refused');
  });

  const shapeless: readonly [string, ReturnType<typeof json>][] = [
    ['{}', json(200, {})],
    ['a list', json(200, [])],
    ['a string', json(200, 'OK')],
    ['null', json(200, null)],
    ['nothing', text(200, '', 'application/json')],
    ['entities: null', json(200, { entities: null })],
    ['a web page', text(200, '<html>Sign in to the network</html>')],
  ];
  test.each(
    [me, channels, subscriptions, listing].flatMap((route) =>
      shapeless.map(([what, reply]) => [route, what, reply] as const),
    ),
  )('%s answered with %s: never live, said in words, and tried again', async (route, _what, reply) => {
    peer.route(route, reply);
    const running = start({ limits: { backOffBaseMs: 1, backOffCapMs: 1 } });
    const { reason } = await recorder.link('offline');
    expect(reason).toMatch(/in an unexpected form|web page instead of data/);
    expect(recorder.story).not.toContain('live');
    expect(recorder.story.filter((line) => line.startsWith('listed'))).toEqual([]);
    peer.route(route, null);
    await recorder.link('live');
    await running.stop();
  });

  test('a subscription without our topic is none: the channel would be silent and look alive', async () => {
    peer.route(subscriptions, json(200, { entities: [{ id: 'v2.system.other', state: 'Permitted' }] }));
    start();
    expect((await recorder.link('offline')).reason).toBe(
      'Genesys Cloud didn’t say that it follows your conversations.',
    );
  });

  test('a rejected topic is a refusal that names what is missing', async () => {
    peer.route(
      subscriptions,
      json(200, {
        entities: [
          {
            id: topic,
            state: 'Rejected',
            rejectionReason: `No rights on ${channelId}.`,
            missingPermissions: ['a:b:c'],
          },
        ],
      }),
    );
    start();
    expect((await recorder.link('offline')).reason).toBe(
      'You aren’t allowed to follow your own conversations: No rights on … (missing: a:b:c). Ask your administrator.',
    );
  });

  test.each([
    ['', 'There is no access token. Sign in first.'],
    ['odd\ntoken', 'The access token has characters no token has. Sign in again, or start with a new token.'],
  ])('an access token like %j is never sent', async (bad, reason) => {
    start({ token: () => bad });
    expect((await recorder.link('refused')).reason).toBe(reason);
    expect(peer.asked).toEqual([]);
  });

  test('HTML instead of JSON is recognised, and tried again', async () => {
    peer.route(me, text(200, '<!doctype html><title>Welcome to the guest network</title>'));
    const running = start({ random: () => 0.999 });
    const offline = await recorder.link('offline');
    expect(offline.reason).toMatch(/answered with a web page instead of data/);
    expect(offline.retryAt).toBeGreaterThan(Date.now());
    expect(recorder.contacts).toEqual([]);
    peer.route(me, null);
    running.reconnect();
    await recorder.link('live');
  });

  test.each([
    ['half JSON', text(200, '{"entities":[{"id":', 'application/json'), /incomplete JSON/],
    ['another shape', json(200, { entities: 'none' }), /in an unexpected form \(entities: /],
    [
      'an outage',
      json(500, { message: 'internal server error' }),
      /a problem \(500: internal server error\)/,
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'https://portal.invalid/' }).end(),
      /sent the request elsewhere/,
    ],
    ['a broken connection', (response) => response.socket?.destroy(), /The connection to .* broke/],
  ] satisfies [string, Parameters<Peer['route']>[1], RegExp][])(
    '%s: offline with a reason, and tried again',
    async (_what, reply, reason) => {
      peer.route(listing, reply);
      const running = start({ random: () => 0.999 });
      expect((await recorder.link('offline')).reason).toMatch(reason);
      peer.route(listing, null);
      running.reconnect();
      await recorder.link('live');
      expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'offline', 'connecting', 'live']);
    },
  );

  test('a server that takes the request and says nothing is given up in time', async () => {
    peer.route(me, hang);
    start({ limits: { requestMs: 30 }, random: () => 0.999 });
    expect((await recorder.link('offline')).reason).toMatch(/didn’t answer within 0\.03 s/);
  });

  test('an answer without end is not read to the end', async () => {
    peer.route(listing, json(200, { entities: [], filling: 'y'.repeat(4 * 1024 * 1024) }));
    start({ limits: { answerBytes: 1024 * 1024 }, random: () => 0.999 });
    expect((await recorder.link('offline')).reason).toMatch(
      /answered with more than 1 MiB\. Sharelight didn’t read it\.$/,
    );
  });

  test('a listener that cannot take who we are: said in the log, and tried again', async () => {
    const lines: string[] = [];
    const { listener } = recorder;
    const running = start({
      random: () => 0.999,
      log: (line) => lines.push(line),
      listener: {
        ...listener,
        identified: (person) =>
          lines.length === 0 ? Promise.reject(new Error('the disk is full')) : listener.identified(person),
      },
    });
    expect((await recorder.link('offline')).reason).toBe(
      'The connection failed because of a fault in Sharelight.',
    );
    expect(lines).toEqual(['feed: the disk is full']);
    running.reconnect();
    await recorder.link('live');
  });

  test('an upgrade that is never answered is given up in time', async () => {
    peer.decline('never');
    start({ limits: { openMs: 30 }, random: () => 0.999 });
    expect((await recorder.link('offline')).reason).toMatch(
      /didn’t open the notification channel within 0\.03 s\.$/,
    );
  });

  test('an upgrade declined for another reason is named, and the channel kept', async () => {
    peer.decline(503);
    const running = start({ random: () => 0.999 });
    expect((await recorder.link('offline')).reason).toMatch(/didn’t open the notification channel \(503\)/);
    peer.decline(null);
    running.reconnect();
    await recorder.link('live');
    expect(peer.requests(channels)).toHaveLength(1);
  });

  test.each([
    [429, { 'Retry-After': '40' }, 40_000],
    [503, { 'retry-after': '7' }, 7_000],
    [503, { 'Retry-After': new Date(Date.parse('2026-03-01T09:00:12Z')).toUTCString() }, 12_000],
    [503, { 'Retry-After': '99999999999' }, 3_600_000],
    [503, { 'Retry-After': 'soon' }, null],
  ])(
    'an upgrade declined with %i and %j is tried again no earlier than asked',
    async (status, headers, pauseMs) => {
      const now = Date.parse('2026-03-01T09:00:00Z');
      peer.decline(status, headers);
      // Our own wait is half a second: what is longer is the server's wish.
      start({ random: () => 0.999, clock: { ...systemClock, now: () => now } });
      const { retryAt } = await recorder.link('offline');
      expect(retryAt).toBe(now + (pauseMs ?? 499.5));
    },
  );

  test('nobody there: offline with the time of the next try', async () => {
    await peer.close();
    start({ random: () => 0.999 });
    const offline = await recorder.link('offline');
    expect(offline.reason).toMatch(
      /^Can’t reach Genesys Cloud \(127\.0\.0\.1:\d+\)\. Check your network or VPN\.$/,
    );
    expect(offline.retryAt).toBeGreaterThan(Date.now());
    peer = await startPeer();
  });

  test('an unprotected address for the notifications is not used', async () => {
    peer.route(
      channels,
      json(200, { id: channelId, connectUri: `ws://streaming.example.com/channels/${channelId}` }),
    );
    start({ random: () => 0.999 });
    expect((await recorder.link('offline')).reason).toBe(
      'Genesys Cloud sent an unprotected notification address. Sharelight didn’t use it.',
    );
  });

  test('a listing that may be incomplete is not called the whole', async () => {
    peer.route(listing, json(200, { entities: [{ id: 'one' }, { strange: true }], total: 2 }));
    start();
    await recorder.link('live');
    expect(recorder.arrivals).toHaveLength(2);
    expect(recorder.heard.filter((one) => one.kind === 'listed')).toMatchObject([{ isAll: false }]);
  });

  test('a base address that cannot be used is refused before anything is sent', () => {
    expect(() =>
      createGenesysFeed({
        apiUrl: 'http://api.example.com',
        token: () => token,
        listener: recorder.listener,
      }),
    ).toThrow(/Use https/);
  });
});

describe('stop', () => {
  async function quiet(): Promise<void> {
    // The other end hears of a dropped connection a turn later.
    while (peer.busy() > 0) await new Promise(setImmediate);
  }
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  test('while live: no socket, no timer, no request, no word', async () => {
    const before = timers();
    const running = start();
    await recorder.link('live');
    await running.stop();
    const words = recorder.heard.length;
    await quiet();
    expect(timers()).toBeLessThanOrEqual(before);
    expect(recorder.heard).toHaveLength(words);
    running.reconnect();
    running.start();
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
  });

  test('facts received before it are delivered first', async () => {
    let go: (() => void) | undefined;
    recorder = createRecorder({
      taking: () =>
        new Promise((resolve) => {
          go = resolve;
        }),
    });
    const running = start();
    await recorder.link('live');
    const before = recorder.contacts.length;
    peer.sockets[0]?.send(event({ id: 'last' }));
    await recorder.until(() => recorder.contacts.length === before + 1);
    await new Promise(setImmediate);
    const stopping = running.stop();
    go?.();
    await stopping;
    expect(recorder.story.at(-1)).toBe('socket last');
  });

  test('a listener that never takes its fact cannot hold it up', async () => {
    recorder = createRecorder({ taking: () => new Promise(() => undefined) });
    peer.route(listing, listed('stuck'));
    const running = start({ limits: { drainMs: 10 } });
    await recorder.until(() => peer.requests(listing).length === 1);
    await expect(running.stop()).resolves.toBeUndefined();
    await quiet();
  });

  test('in the middle of a request', async () => {
    const running = await new Promise<Feed>((resolve) => {
      peer.route(me, () => {
        resolve(started);
      });
      const started = start();
    });
    await running.stop();
    await quiet();
    expect(recorder.links).toEqual([{ kind: 'connecting', attempt: 1 }]);
  });

  test.each([
    ['offline', 500],
    ['refused', 401],
  ] as const)('while %s', async (kind, status) => {
    peer.route(me, json(status, {}));
    const running = start({ random: () => 0.999, limits: { backOffBaseMs: 60_000, backOffCapMs: 60_000 } });
    await recorder.link(kind);
    const before = timers();
    await running.stop();
    await quiet();
    expect(timers()).toBeLessThanOrEqual(kind === 'offline' ? before - 1 : before);
  });
});
