import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeConversation } from '../../../domain/model/decode.ts';
import { screenshareFields } from '../../../domain/model/screenshare.ts';
import { communicationStates, disconnectTypes } from '../../../domain/model/values.ts';
import { agentId, at, conversation, read } from './wire.ts';

const fullLeg = {
  state: 'connected',
  initialState: 'alerting',
  id: 'leg-1',
  context: 'room@conference',
  sharing: true,
  peerCount: 2,
  disconnectType: null,
  startAlertingTime: at(0),
  connectedTime: at(4),
  disconnectedTime: null,
  provider: 'Genesys',
  peerId: 'leg-2',
  segments: [
    { startTime: at(0), endTime: at(4), type: 'Alert', howEnded: 'Interact', disconnectType: null },
    { startTime: at(4), type: 'Interact', howEnded: 'Disconnect', disconnectType: 'peer' },
  ],
  wrapup: {
    code: 'code-1',
    name: 'Resolved',
    notes: 'a note',
    tags: ['one'],
    durationSeconds: 14,
    endTime: at(90),
    provisional: true,
  },
  afterCallWork: { startTime: at(60), endTime: at(90), state: 'pending' },
  afterCallWorkRequired: true,
};

const fullParticipant = {
  id: 'participant-1',
  startTime: at(0),
  endTime: null,
  connectedTime: at(4),
  name: 'An Agent',
  userId: agentId,
  queueId: 'queue-1',
  queueName: 'Billing',
  purpose: 'agent',
  address: 'sip:agent',
  state: 'connected',
  wrapupRequired: true,
  wrapupExpected: true,
  wrapupPrompt: 'timeout',
  wrapupTimeoutMs: 120_000,
  wrapupSkipped: false,
  wrapup: fullLeg.wrapup,
  startAcwTime: at(60),
  endAcwTime: at(90),
  alertingTimeoutMs: 8000,
  screenshares: [fullLeg],
  videos: [{ ...fullLeg, id: 'leg-3', sharingScreen: true }],
};

const full = {
  id: 'conversation-1',
  name: 'A name',
  startTime: at(0),
  endTime: null,
  participants: [fullParticipant],
};

function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [snakeName(name), snake(inner)]));
}

describe('what a server sends', () => {
  it('is read field for field, as REST spells it', () => {
    expect(Object.keys(fullLeg).sort()).toEqual([...screenshareFields].sort());
    expect(decodeConversation(full)).toEqual({ ok: true, conversation: full, problems: [] });
  });

  it('is read the same in the older snake_case spelling, nested models and all', () => {
    expect(decodeConversation(snake(full))).toEqual({ ok: true, conversation: full, problems: [] });
  });

  it('may leave out or null everything but the ids and the list of participants', () => {
    const bare = { id: 'c', participants: [] };
    expect(decodeConversation(bare)).toEqual({ ok: true, conversation: bare, problems: [] });
    const nulls = (of: object): object => Object.fromEntries(Object.keys(of).map((name) => [name, null]));
    const empty = { id: 'c', participants: [nulls(fullParticipant), { screenshares: [nulls(fullLeg)] }] };
    expect(decodeConversation(empty)).toEqual({ ok: true, conversation: empty, problems: [] });
  });

  it('keeps words a newer server made up', () => {
    const told = conversation({
      leg: { state: 'levitating', disconnectType: 'boredom', afterCallWork: { state: 'dreaming' } },
      agent: { wrapupPrompt: 'whenever' },
    });
    expect(read(told)).toEqual(told);
    expect(communicationStates).not.toContain('levitating');
    expect(disconnectTypes).not.toContain('boredom');
  });

  it('keeps a field that came in both spellings twice', () => {
    const told = { id: 'c', participants: [{ userId: 'u', user_id: 'v' }] };
    expect(read(told)).toEqual(told);
  });

  it('leaves the keys of free maps alone, however they are spelled', () => {
    const attributes = { start_time: 'theirs', user_id: 'theirs' };
    const told = {
      id: 'c',
      participants: [
        { attributes, conversationRoutingData: { queue: {}, end_time: 1 } },
        { conversation_routing_data: { end_time: 1 } },
      ],
    };
    expect(read(told)).toEqual(told);
  });
});

describe('lossless', () => {
  // Names no schema knows and no spelling rule touches.
  const unknownName = fc.string({ minLength: 1, maxLength: 8 }).map((name) => `x-${name}`);
  // One name is left out on purpose, see "cannot give an object a parent it did not send".
  const unknownValue = fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => !JSON.stringify(value).includes('__proto__'));
  const unknown = fc.dictionary(unknownName, unknownValue, { maxKeys: 3 });

  /** Adds unknown fields to every object of a full conversation. */
  function sprinkle(value: unknown, extras: () => object): unknown {
    if (Array.isArray(value)) return value.map((inner) => sprinkle(inner, extras));
    if (typeof value !== 'object' || value === null) return value;
    const known = Object.entries(value).map(([name, inner]) => [name, sprinkle(inner, extras)] as const);
    return { ...Object.fromEntries(known), ...extras() };
  }

  it('keeps unknown fields at any depth, in both spellings, through reading and writing', () => {
    fc.assert(
      fc.property(fc.array(unknown, { minLength: 1, maxLength: 10 }), fc.boolean(), (extras, snaked) => {
        let next = 0;
        const told = sprinkle(full, () => extras[next++ % extras.length] ?? {});
        next = 0;
        const sent = snaked ? sprinkle(snake(full), () => extras[next++ % extras.length] ?? {}) : told;
        const once = read(JSON.parse(JSON.stringify(sent)));
        expect(once).toEqual(JSON.parse(JSON.stringify(told)));
        expect(read(JSON.parse(JSON.stringify(once)))).toEqual(once);
      }),
    );
  });
});

describe('a wrong type', () => {
  it.each([
    ['the whole', 'text', 'A conversation must be an object; this was a string.'],
    ['the whole', null, 'A conversation must be an object; this was null.'],
    ['the whole', [], 'A conversation must be an object; this was a list.'],
  ])('of %s (%j) is refused in words', (_what, value, reason) => {
    expect(decodeConversation(value)).toEqual({ ok: false, reason });
  });

  const leg = (change: object): object => ({ id: 'c', participants: [{ screenshares: [change] }] });
  it.each([
    ['id', { id: 7, participants: [] }],
    ['id', { id: '', participants: [] }],
    ['participants', { id: 'c' }],
    ['participants', { id: 'c', participants: {} }],
    ['participants.0', { id: 'c', participants: ['text'] }],
    ['participants.0.userId', { id: 'c', participants: [{ userId: 7 }] }],
    ['participants.0.screenshares', { id: 'c', participants: [{ screenshares: 'text' }] }],
    ['participants.0.screenshares.0', { id: 'c', participants: [{ screenshares: [7] }] }],
    [
      'participants.0.videos.0.sharingScreen',
      { id: 'c', participants: [{ videos: [{ sharingScreen: 1 }] }] },
    ],
    ['participants.0.screenshares.0.sharing', leg({ sharing: 'true' })],
    ['participants.0.screenshares.0.state', leg({ state: 3 })],
    ['participants.0.screenshares.0.id', leg({ id: {} })],
  ])('of a truth (%s) refuses the whole, and says where', (path, value) => {
    const decoded = decodeConversation(value);
    expect(decoded.ok).toBe(false);
    expect(decoded.ok ? '' : decoded.reason).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}: `));
  });

  it('of a decoration is left out and named, and the truth beside it stands', () => {
    const decoded = decodeConversation(
      leg({ sharing: true, peerCount: 'two', provider: 9, wrapup: { code: 1, notes: 'n' }, x: 1 }),
    );
    expect(decoded).toMatchObject({
      ok: true,
      conversation: leg({ sharing: true, wrapup: { notes: 'n' }, x: 1 }),
    });
    expect(decoded.ok ? decoded.problems.map((problem) => problem.split(':')[0]).sort() : []).toEqual([
      'participants.0.screenshares.0.peerCount',
      'participants.0.screenshares.0.provider',
      'participants.0.screenshares.0.wrapup.code',
    ]);
  });

  it('of list entries that decide nothing takes out those and no others', () => {
    const decoded = decodeConversation(
      leg({
        segments: ['a', { type: 'Alert' }, 7, null, { type: 'Interact', endTime: 5 }],
        wrapup: { tags: [1, 'a', 2] },
      }),
    );
    expect(decoded).toMatchObject({
      ok: true,
      conversation: leg({ segments: [{ type: 'Alert' }, { type: 'Interact' }], wrapup: { tags: ['a'] } }),
    });
    expect(decoded.ok ? decoded.problems : []).toHaveLength(6);
  });

  it('of nothing at all (null entries, empty objects) is noise, left out or harmless', () => {
    const noisy = {
      id: 'c',
      participants: [
        null,
        { screenshares: [null, {}, { id: 'leg-1', sharing: true }] },
        { additionalProperties: {} },
      ],
    };
    const decoded = decodeConversation(noisy);
    expect(decoded).toMatchObject({
      ok: true,
      conversation: {
        participants: [{ screenshares: [{}, { id: 'leg-1', sharing: true }] }, { additionalProperties: {} }],
      },
    });
    expect(decoded.ok ? decoded.problems : []).toHaveLength(2);
  });

  it('does not change what it was given', () => {
    const given = leg({ peerCount: 'two', segments: [1] });
    const before = JSON.stringify(given);
    decodeConversation(given);
    expect(JSON.stringify(given)).toBe(before);
  });
});

describe('hostile input', () => {
  const shaped = (inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.record({
      id: fc.oneof(fc.constant('c'), inner),
      participants: fc.oneof(
        inner,
        fc.array(fc.record({ userId: inner, screenshares: fc.oneof(inner, fc.array(inner)), wrapup: inner })),
      ),
    });

  it('of any kind is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), shaped(fc.anything()), shaped(fc.jsonValue())), (value) => {
        const decoded = decodeConversation(value);
        if (decoded.ok) expect(decoded.conversation.id).not.toBe('');
        else expect(decoded.reason).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('nested thousands deep is refused, not a crash', () => {
    const deep = `{"id":"c","participants":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const decoded = decodeConversation(JSON.parse(deep));
    expect(decoded).toEqual({
      ok: false,
      reason: 'A conversation nested more than 100 levels deep isn’t read.',
    });
  });

  it('cannot give an object a parent it did not send', () => {
    const told = JSON.parse('{"__proto__":{"id":"c","participants":[]}}') as unknown;
    expect(decodeConversation(told).ok).toBe(false);
    const inner = read(JSON.parse('{"id":"c","participants":[{"__proto__":{"userId":"agent-1"}}]}'));
    expect(inner.participants[0]?.userId).toBeUndefined();
  });

  it('with a number beyond all numbers loses that number only', () => {
    const told = JSON.parse('{"id":"c","participants":[{"wrapupTimeoutMs":1e999,"userId":"u"}]}') as unknown;
    expect(read(told).participants).toEqual([{ userId: 'u' }]);
  });

  it('of great size is read whole', () => {
    const participants = Array.from({ length: 100 }, (_, index) => ({
      ...fullParticipant,
      id: `p${index}`,
    }));
    expect(read({ id: 'c', participants }).participants).toHaveLength(100);
  });

  it.each([
    ['things of a wrong kind', '1'],
    ['empty things', '{}'],
    ['nothings', 'null'],
  ])('of %s without end is refused in a few words, not a crash', (_what, one) => {
    const many = `[${`${one},`.repeat(300_000)}${one}]`;
    for (const told of [
      `{"id":"c","participants":${many}}`,
      `{"id":"c","participants":[{"screenshares":[{"segments":${many}}]}]}`,
    ])
      expect(decodeConversation(JSON.parse(told))).toEqual({
        ok: false,
        reason: 'A conversation of more than 50000 values isn’t read.',
      });
  });
});
