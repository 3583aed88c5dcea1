import { describe, expect, test } from 'vitest';
import { checkBaseUrl, checkConnectUri } from '../../../electron/feed/genesys/server-address.ts';
import { readFrame } from '../../../electron/feed/genesys/frames.ts';
import { createRedactor, type Http } from '../../../electron/feed/genesys/http.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';
import { readConversations } from '../../../electron/feed/genesys/full-reading.ts';

describe('base addresses', () => {
  test.each([
    ['https://api.mypurecloud.de', 'https://api.mypurecloud.de'],
    [' https://api.mypurecloud.de/ ', 'https://api.mypurecloud.de'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:9', 'http://[::1]:9'],
  ])('%s is used', (given, origin) => {
    const checked = checkBaseUrl(given);
    expect(checked instanceof URL && checked.origin).toBe(origin);
  });

  test.each([
    ['', /is not an address/],
    ['api.mypurecloud.de', /is not an address/],
    ['localhost:80', /is not a web address/],
    ['ftp://api.mypurecloud.de', /is not a web address/],
    ['http://api.mypurecloud.de', /use https/],
    ['http://127.0.0.1.example.com', /use https/],
    ['http://localhost.example.com', /use https/],
    ['https://user:pass@api.mypurecloud.de', /name or password/],
    ['https://api.mypurecloud.de/api/v2', /more than scheme, host and port/],
    ['https://api.mypurecloud.de?x=1', /more than scheme, host and port/],
  ])('%j is refused with a reason', (given, problem) => {
    expect(checkBaseUrl(given)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  test('a password in an address is not repeated', () => {
    expect(JSON.stringify(checkBaseUrl('https://user:hunter2@api.mypurecloud.de'))).not.toContain('hunter2');
  });
});

describe('addresses of the socket', () => {
  test.each([
    'wss://streaming.mypurecloud.de/channels/c',
    'ws://127.0.0.1:9/channels/c',
    'ws://localhost/channels/c',
  ])('%s is used', (given) => {
    expect(checkConnectUri(given)).toBeInstanceOf(URL);
  });

  test.each([
    'ws://streaming.mypurecloud.de/channels/c',
    'https://x/channels/c',
    '/channels/c',
    'wss://x/channels/c#y',
  ])('%s is refused without being repeated', (given) => {
    const checked = checkConnectUri(given);
    expect(checked).toHaveProperty('problem');
    expect(JSON.stringify(checked)).not.toContain('channels/c');
  });
});

describe('frames', () => {
  const reader = { topic: 'v2.users.u.conversations', channelId: 'mine' };
  const frame = (topicName: string, eventBody?: unknown): string => JSON.stringify({ topicName, eventBody });

  test.each<[string, string, unknown]>([
    [
      'an event',
      frame(reader.topic, { id: 'c' }),
      { kind: 'event', topic: reader.topic, value: { id: 'c' } },
    ],
    [
      'an event of the flattened topic',
      frame(`${reader.topic}.screenshares`, { id: 'c' }),
      { kind: 'event', topic: `${reader.topic}.screenshares`, value: { id: 'c' } },
    ],
    ['a heartbeat', frame('channel.metadata', { message: 'WebSocket Heartbeat' }), { kind: 'sign-of-life' }],
    ['a pong', frame('channel.metadata', { message: 'pong' }), { kind: 'sign-of-life' }],
    ['a closing socket', frame('v2.system.socket_closing', { message: 'soon' }), { kind: 'closing' }],
    ['a closing socket without a body', frame('v2.system.socket_closing'), { kind: 'closing' }],
    [
      'the end of a subscription',
      frame('v2.system.no_longer_subscribed.u', { channelId: 'mine', reason: 'another_channel_subscribed' }),
      { kind: 'unsubscribed', cause: 'another_channel_subscribed' },
    ],
    [
      'the end of a subscription with odd fields',
      frame('v2.system.no_longer_subscribed.u', { channelId: 7, reason: {} }),
      { kind: 'unsubscribed', cause: 'no_longer_subscribed' },
    ],
    [
      'the end of somebody else’s subscription',
      frame('v2.system.no_longer_subscribed.u', { channelId: 'theirs' }),
      { kind: 'sign-of-life' },
    ],
    ['a revoked token', frame('v2.system.token_revoked.u', { channelId: 'mine' }), { kind: 'revoked' }],
    [
      'somebody else’s revoked token',
      frame('v2.system.token_revoked.u', { channelId: 'theirs' }),
      { kind: 'sign-of-life' },
    ],
    [
      'another subscription',
      frame('v2.system.subscription_changed.u', { channelId: 'mine' }),
      { kind: 'resubscribed' },
    ],
    [
      'another subscription of somebody else',
      frame('v2.system.subscription_changed.u', { channelId: 'theirs' }),
      { kind: 'sign-of-life' },
    ],
  ])('%s', (_what, text, read) => {
    expect(readFrame(text, reader)).toEqual(read);
  });

  test.each([
    ['half an event', '{"topicName":"v2.users.u', 'notification', /not whole JSON/],
    ['no object', '"hello"', 'notification', /named no topic/],
    ['an answer of the socket', '{"result":"400","status":"error"}', 'notification', /named no topic/],
    [
      'another user’s topic',
      frame('v2.users.other.conversations', {}),
      'v2.users.other.conversations',
      /nobody asked for/,
    ],
    [
      'the flattened topic of another user',
      frame('v2.users.other.conversations.screenshares', {}),
      'v2.users.other.conversations.screenshares',
      /nobody asked for/,
    ],
    [
      'another flattened topic',
      frame(`${reader.topic}.calls`, {}),
      `${reader.topic}.calls`,
      /nobody asked for/,
    ],
    [
      'a system topic of the future',
      frame('v2.system.new_moon', {}),
      'v2.system.new_moon',
      /nobody asked for: v2\.system\.new_moon/,
    ],
    ['an event without a body', frame(reader.topic), reader.topic, /was empty/],
    ['an event of nothing', frame(reader.topic, null), reader.topic, /was empty/],
    ['an endless topic', frame('t'.repeat(999)), 't'.repeat(200), /nobody asked for/],
  ])('%s cannot be read', (_what, text, subject, reason) => {
    expect(readFrame(text, reader)).toEqual({
      kind: 'unreadable',
      subject,
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('the listing', () => {
  const read = (pages: Record<string, unknown>): ReturnType<typeof readConversations> => {
    const http: Http = {
      request: (_method, path) =>
        path in pages
          ? Promise.resolve({ text: '', json: pages[path] })
          : Promise.reject(new Error(`Nobody should ask for ${path}`)),
    };
    return readConversations(http, defaultLimits, new AbortController().signal);
  };
  const first = '/api/v2/conversations';

  test('follows the pages by link', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }], total: 2, nextUri: `${first}?pageSize=1&pageNumber=2` },
      [`${first}?pageSize=1&pageNumber=2`]: { entities: [{ id: 'b' }], total: 2 },
    };
    expect(await read(pages)).toEqual({
      entities: [{ id: 'a' }, { id: 'b' }],
      ids: ['a', 'b'],
      complete: true,
    });
  });

  test('follows the pages by number', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }], total: 2, pageNumber: 1, pageCount: 2 },
      [`${first}?pageNumber=2`]: { entities: [{ id: 'b' }], total: 2, pageNumber: 2, pageCount: 2 },
    };
    expect((await read(pages)).ids).toEqual(['a', 'b']);
  });

  test('one that moves while it is read has each conversation once', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }, { id: 'b' }], nextUri: `${first}?pageNumber=2` },
      [`${first}?pageNumber=2`]: { entities: [{ id: 'b' }, { id: 'c' }] },
    };
    expect((await read(pages)).ids).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a link that leads in a circle', { entities: [{ id: 'a' }], total: 2, nextUri: first }],
    [
      'a link that leads away',
      { entities: [{ id: 'a' }], total: 2, nextUri: 'https://example.com/api/v2/users' },
    ],
    ['an entry without an id', { entities: [{ id: 'a' }, {}], total: 2 }],
  ])('%s: not the whole', async (_what, page) => {
    const { ids, complete } = await read({ [first]: page });
    expect(ids).toEqual(['a']);
    expect(complete).toBe(false);
  });

  test.each([[{}], [{ entities: null, total: null }], [{ entities: [] }]])(
    '%j is empty and whole',
    async (page) => {
      expect(await read({ [first]: page })).toEqual({ entities: [], ids: [], complete: true });
    },
  );
});

test('secrets are hidden wherever they turn up, and only the latest are remembered', () => {
  const redactor = createRedactor();
  for (let count = 0; count < 20; count += 1) redactor.hide(`secret-${String(count).padStart(2, '0')}`);
  redactor.hide('a');
  expect(redactor.redact('a secret-19 and secret-19/x, secret-00')).toBe('a … and …/x, secret-00');
});
