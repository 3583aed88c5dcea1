import { describe, expect, test } from 'vitest';
import { readFrame } from '../../../electron/feed/genesys/frames.ts';

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
    ['half an event', '{"topicName":"v2.users.u', 'notification', /wasn’t complete JSON/],
    ['no object', '"hello"', 'notification', /had no topic/],
    ['an answer of the socket', '{"result":"400","status":"error"}', 'notification', /had no topic/],
    [
      'another user’s topic',
      frame('v2.users.other.conversations', {}),
      'v2.users.other.conversations',
      /didn’t ask for/,
    ],
    [
      'the flattened topic of another user',
      frame('v2.users.other.conversations.screenshares', {}),
      'v2.users.other.conversations.screenshares',
      /didn’t ask for/,
    ],
    [
      'another flattened topic',
      frame(`${reader.topic}.calls`, {}),
      `${reader.topic}.calls`,
      /didn’t ask for/,
    ],
    [
      'a system topic of the future',
      frame('v2.system.new_moon', {}),
      'v2.system.new_moon',
      /didn’t ask for: v2\.system\.new_moon/,
    ],
    ['an event without a body', frame(reader.topic), reader.topic, /was empty/],
    ['an event of nothing', frame(reader.topic, null), reader.topic, /was empty/],
    ['an endless topic', frame('t'.repeat(999)), 't'.repeat(200), /didn’t ask for/],
  ])('%s cannot be read', (_what, text, subject, reason) => {
    expect(readFrame(text, reader)).toEqual({
      kind: 'unreadable',
      subject,
      reason: expect.stringMatching(reason) as string,
    });
  });
});
