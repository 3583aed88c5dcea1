import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command, Feed, SendResult, Target, Reading } from '../../../domain/feed.ts';
import type { GenesysFeedOptions } from '../../../electron/feed/genesys/feed.ts';
import { createGenesysFeed } from '../../../electron/feed/genesys/feed.ts';
import type { Peer, Reply } from './peer.ts';
import { hang, json, startPeer, text } from './peer.ts';
import type { Recorder } from './recorder.ts';
import { createRecorder } from './recorder.ts';

const target: Target = {
  conversationId: 'conv-1',
  participantId: 'part-1',
  communicationId: 'comm-1',
  media: 'screenshare',
};
const participant = '/api/v2/conversations/conv-1/participants/part-1';
const patch = `PATCH ${participant}`;
const nothing: Reply = (response) => response.writeHead(202).end();
const wrapUp: Command = { kind: 'wrapUp', level: 'participant', code: 'code-1', notes: 'All well.' };

let peer: Peer;
let feed: Feed;
let recorder: Recorder;

function make(options: Partial<GenesysFeedOptions> = {}): Feed {
  return createGenesysFeed({
    apiUrl: peer.url,
    token: () => 'secret-token',
    listener: recorder.listener,
    random: () => 0,
    ...options,
  });
}

beforeEach(async () => {
  peer = await startPeer();
  recorder = createRecorder();
  feed = make();
});
afterEach(async () => {
  await feed.stop();
  await peer.close();
});

describe('a command', () => {
  const family = (name: string): string =>
    `/api/v2/conversations/${name}/conv-1/participants/part-1/communications/comm-1`;
  test.each<[Command, string, unknown]>([
    [wrapUp, patch, { wrapup: { code: 'code-1', notes: 'All well.' } }],
    [
      { kind: 'wrapUp', level: 'communication', code: 'code-1', notes: '' },
      `POST ${family('screenshares')}/wrapup`,
      { code: 'code-1', notes: '' },
    ],
    [{ kind: 'skip' }, patch, { wrapupSkipped: true }],
    [{ kind: 'answer' }, patch, { state: 'connected' }],
    [{ kind: 'disconnect' }, patch, { state: 'disconnected' }],
    [
      { kind: 'requireAcw', required: true },
      `PATCH ${family('aftercallwork')}`,
      { afterCallWorkRequired: true },
    ],
  ])('%j sends only what is meant', async (command, route, body) => {
    peer.route(route, nothing);
    expect(await feed.send(target, command)).toEqual({ kind: 'accepted' });
    expect(peer.asked.map((one) => `${one.method} ${one.path}`)).toEqual([route]);
    expect(JSON.parse(peer.asked[0]?.body ?? '')).toEqual(body);
  });

  test('about a video goes to the endpoints for videos, where they differ', async () => {
    const route = `POST ${family('videos')}/wrapup`;
    peer.route(route, nothing);
    const video: Target = { ...target, media: 'video' };
    const command: Command = { kind: 'wrapUp', level: 'communication', code: 'code-1', notes: '' };
    expect(await feed.send(video, command)).toEqual({ kind: 'accepted' });
    expect(peer.asked.map((one) => `${one.method} ${one.path}`)).toEqual([route]);
  });

  test.each<[string, Reply, Partial<SendResult>]>([
    [
      '400 with the words of the server',
      json(400, { message: 'A wrap-up code is required.', code: 'conversation.error.wrapup.code.required' }),
      {
        kind: 'refused',
        status: 400,
        code: 'conversation.error.wrapup.code.required',
        reason: expect.stringMatching(/unexpected answer \(400: A wrap-up code is required\)\.$/) as string,
      },
    ],
    [
      '403',
      json(403, { message: 'Access to Conversation conv-1 is forbidden.', code: 'not.authorized' }),
      {
        kind: 'refused',
        status: 403,
        code: 'not.authorized',
        reason: expect.stringContaining('Access to Conversation conv-1 is forbidden') as string,
      },
    ],
    [
      '404',
      json(404, { message: 'Not found', code: 'not.found' }),
      { kind: 'refused', status: 404, code: 'not.found' },
    ],
    ['409', json(409, { message: 'Already done' }), { kind: 'refused', status: 409, code: 'conflict' }],
    [
      'an error that is no error body',
      json(422, ['?']),
      { kind: 'refused', status: 422, code: 'unexpected' },
    ],
    [
      '401',
      json(401, { message: 'No', code: 'bad.credentials' }),
      { kind: 'unreachable', mayHaveArrived: false },
    ],
    ['429 with Retry-After', json(429, {}, { 'retry-after': '7' }), { kind: 'later', retryAfterMs: 7_000 }],
    ['429 without', json(429, {}), { kind: 'later', retryAfterMs: 5_000 }],
    [
      'an absurd Retry-After',
      json(429, {}, { 'retry-after': '99999999999' }),
      { kind: 'later', retryAfterMs: 3_600_000 },
    ],
    ['503 with Retry-After', json(503, {}, { 'retry-after': '2' }), { kind: 'later', retryAfterMs: 2_000 }],
    ['503 without', json(503, {}), { kind: 'unreachable', mayHaveArrived: true }],
    ['500', json(500, { message: 'internal server error' }), { kind: 'unreachable', mayHaveArrived: true }],
    ['504 as a web page', text(504, '<html>Gateway</html>'), { kind: 'unreachable', mayHaveArrived: true }],
    ['408', json(408, {}), { kind: 'unreachable', mayHaveArrived: true }],
    ['a web page with 200', text(200, '<html>Sign in</html>'), { kind: 'unreachable', mayHaveArrived: true }],
    ['a web page with 403', text(403, '<html>Blocked</html>'), { kind: 'unreachable', mayHaveArrived: true }],
    [
      'a redirect',
      (response) => response.writeHead(307, { location: '/x' }).end(),
      { kind: 'unreachable', mayHaveArrived: true },
    ],
    [
      'a connection cut instead of an answer',
      (response) => response.socket?.destroy(),
      { kind: 'unreachable', mayHaveArrived: true },
    ],
  ])('answered with %s', async (_what, reply, result) => {
    peer.route(patch, reply);
    expect(await feed.send(target, wrapUp)).toMatchObject(result);
    // Sending again is the outbox's submission, never the feed's.
    expect(peer.asked).toHaveLength(1);
  });

  test('refused in words that repeat the token does not repeat it', async () => {
    peer.route(patch, json(400, { message: 'Bad header: secret-token', code: 'bad.secret-token' }));
    expect(await feed.send(target, wrapUp)).toMatchObject({
      code: 'bad.…',
      reason: expect.stringMatching(/Bad header: …\)\.$/) as string,
    });
  });

  test('that takes effect but is answered too late may have arrived', async () => {
    peer.route(patch, hang);
    feed = make({ limits: { requestMs: 30 } });
    expect(await feed.send(target, wrapUp)).toMatchObject({ kind: 'unreachable', mayHaveArrived: true });
    expect(peer.asked).toHaveLength(1);
  });

  test('that finds nobody has not arrived', async () => {
    await peer.close();
    expect(await feed.send(target, wrapUp)).toMatchObject({ kind: 'unreachable', mayHaveArrived: false });
    peer = await startPeer();
  });

  test('for a host nobody knows has not arrived', async () => {
    const unknownHost = make({
      fetch: () =>
        Promise.reject(
          new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }),
        ),
    });
    expect(await unknownHost.send(target, wrapUp)).toEqual({
      kind: 'unreachable',
      reason: `Can’t reach Genesys Cloud (${new URL(peer.url).host}): the name is unknown. Check your network or VPN.`,
      mayHaveArrived: false,
    });
  });

  test('waiting for a token that never comes has not arrived', async () => {
    feed = make({ token: () => new Promise(() => undefined), limits: { requestMs: 20 } });
    expect(await feed.send(target, wrapUp)).toMatchObject({ kind: 'unreachable', mayHaveArrived: false });
  });

  test('does not outlive the feed', async () => {
    const sending = new Promise<SendResult>((resolve) => {
      peer.route(patch, () => {
        void feed.stop();
      });
      resolve(feed.send(target, wrapUp));
    });
    expect(await sending).toMatchObject({ kind: 'unreachable', mayHaveArrived: true });
  });

  test.each(['..', '../users', 'a/b', 'a?b', 'a#b', 'a b', '', '%2e%2e', 'ä', 'x'.repeat(200)])(
    'for the odd id %j is refused and not sent',
    async (odd) => {
      expect(await feed.send({ ...target, participantId: odd }, wrapUp)).toMatchObject({
        kind: 'refused',
        code: 'odd.id',
      });
      expect(await feed.reread(odd)).toBe('failed');
      expect(peer.asked).toEqual([]);
    },
  );

  test('answered 401 ends the link until the person acts, and names no token', async () => {
    peer.route(patch, json(401, { message: 'secret-token is no good', code: 'bad.credentials' }));
    feed.start();
    await recorder.link('live');
    const result = await feed.send(target, wrapUp);
    const refused = await recorder.link('refused');
    expect(refused.reason).toMatch(/wrong or has expired/);
    expect(JSON.stringify([result, refused])).not.toContain('secret-token');
  });
});

describe('reading again', () => {
  const one = 'GET /api/v2/conversations/conv-1';

  test('reports the conversation exactly as it came', async () => {
    const body = '{ "id": "conv-1", "participants": [], "future": 1.0 }';
    peer.route(one, text(200, body, 'application/json'));
    expect(await feed.reread('conv-1')).toBe('read');
    expect(recorder.arrivals).toEqual([
      {
        source: 'rest',
        subject: one,
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        askedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        body,
        content: { kind: 'conversation', value: { id: 'conv-1', participants: [], future: 1 } },
      },
    ]);
  });

  test('404: the conversation is missing', async () => {
    expect(await feed.reread('conv-1')).toBe('read');
    expect(recorder.story).toEqual(['missing conv-1']);
  });

  test.each<[string, Reply, Reading]>([
    ['500', json(500, {}), 'failed'],
    ['403', json(403, {}), 'forbidden'],
    ['a web page', text(404, '<html>No such page</html>'), 'unreadable'],
    ['a web page with 200', text(200, '<html>Sign in</html>'), 'unreadable'],
  ])('%s: nothing arrives', async (_what, reply, how) => {
    peer.route(one, reply);
    expect(await feed.reread('conv-1')).toBe(how);
    expect(recorder.story).toEqual([]);
  });

  test.each([
    ['{}'],
    ['null'],
    ['[]'],
    ['"conv-1"'],
    [''],
    ['{"id":"conv-1"}'],
    ['{"id":"conv-1","participants":null}'],
    ['{"id":"another","participants":[]}'],
    ['{"entities":[]}'],
  ])('%s is not that conversation: kept as an answer that cannot be read', async (body) => {
    peer.route(one, text(200, body, 'application/json'));
    expect(await feed.reread('conv-1')).toBe('unreadable');
    expect(recorder.arrivals).toMatchObject([
      {
        body,
        content: {
          kind: 'unreadable',
          reason: expect.stringContaining('sent a conversation in an unexpected form') as string,
        },
      },
    ]);
  });

  test('may be asked for while a fact is taken', async () => {
    peer.route(one, json(200, { id: 'conv-1', participants: [] }));
    peer.route('GET /api/v2/conversations', json(200, { entities: [{ id: 'listed' }], total: 1 }));
    let again = true;
    recorder = createRecorder({
      async taking({ subject }) {
        if (subject === 'GET /api/v2/conversations' && again)
          again = (await feed.reread('conv-1')) !== 'read';
      },
    });
    feed = make();
    feed.start();
    await recorder.link('live');
    expect(recorder.story).toEqual(['connecting', 'rest conv-1', 'rest listed', 'listed listed', 'live']);
  });
});

describe('wrap-up codes', () => {
  const codes = `GET ${participant}/wrapupcodes`;

  test('are a bare array; an odd entry does not hide the others', async () => {
    peer.route(
      codes,
      json(200, [
        { id: 'a', name: 'Solved', description: 'It is', division: {} },
        null,
        { id: 'b', name: 'Later', description: null },
      ]),
    );
    expect(await feed.wrapupCodes(target)).toEqual([
      { id: 'a', name: 'Solved', description: 'It is' },
      { id: 'b', name: 'Later' },
    ]);
  });

  test('may be none', async () => {
    peer.route(codes, json(200, []));
    expect(await feed.wrapupCodes(target)).toEqual([]);
  });

  test.each<[string, Reply, RegExp]>([
    ['a page of a listing', json(200, { entities: [] }), /wrap-up codes in an unexpected form/],
    ['nothing readable', json(200, [1, 2]), /None of the wrap-up codes/],
    [
      'a missing permission',
      json(403, { message: 'No scope', code: 'missing.permissions' }),
      /doesn’t allow this: No scope/,
    ],
  ])('%s is an error in words, and the link goes on', async (_what, reply, words) => {
    peer.route(codes, reply);
    feed.start();
    await recorder.link('live');
    await expect(feed.wrapupCodes(target)).rejects.toMatchObject({
      reason: expect.stringMatching(words) as string,
      // For the log: what the server wrote may name people.
      message: expect.not.stringContaining('No scope') as string,
    });
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
  });
});
