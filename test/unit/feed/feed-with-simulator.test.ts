import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { BeginOptions } from '../../../electron/feed/simulator/acts.ts';
import type { Feed, Target } from '../../../domain/feed.ts';
import type { GenesysFeedOptions } from '../../../electron/feed/genesys/feed.ts';
import { createGenesysFeed } from '../../../electron/feed/genesys/feed.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { startSimulator } from '../../../electron/feed/simulator/server.ts';
import type { Dial } from '../../../electron/feed/genesys/socket.ts';
import type { Recorder } from './recorder.ts';
import { createRecorder } from './recorder.ts';

/** The feed against the real peer: the simulator is held to the wire by the official SDK elsewhere. */

let simulator: RunningSimulator;
let feed: Feed | undefined;
let recorder: Recorder;

beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'idle', seed: 'feed', heartbeatMs: 20 });
  recorder = createRecorder();
});
afterEach(async () => {
  await feed?.stop();
  feed = undefined;
  await simulator.close();
});

function start(options: Partial<GenesysFeedOptions> = {}): Feed {
  feed = createGenesysFeed({
    apiUrl: simulator.apiUrl,
    token: () => simulator.accessToken,
    listener: recorder.listener,
    random: () => 0,
    ...options,
  });
  feed.start();
  return feed;
}

const kinds = (): string[] => recorder.links.map(({ kind }) => kind);
const heardOf = (id: string): number => recorder.story.filter((line) => line === `socket ${id}`).length;

async function connectedShare(running: Feed, options: BeginOptions = {}): Promise<Target> {
  const target = simulator.control.begin({ policy: 'mandatory', ...options });
  expect(await running.send(target, { kind: 'answer' })).toEqual({ kind: 'accepted' });
  return target;
}

describe('the whole way', () => {
  test('a conversation that was there is listed, a new one is heard of', async () => {
    const before = simulator.control.begin();
    start();
    await recorder.link('live');
    expect(recorder.story).toEqual([
      'connecting',
      `rest ${before.conversationId}`,
      `listed ${before.conversationId}`,
      'live',
    ]);
    const after = simulator.control.begin();
    await recorder.until(() => heardOf(after.conversationId) > 0);
    expect(recorder.heard[1]).toMatchObject({ kind: 'identified', person: { id: simulator.userId } });
  });

  test.each(['wss://updates.example.com/c', 'ws://127.0.0.1:22/c', 'ws://10.0.0.8:9000/c'])(
    'a channel that leads to %s is not followed there, and the next one is',
    async (value) => {
      const dialled: string[] = [];
      const dial: Dial = (address, options) => {
        dialled.push(address.host);
        return new WebSocket(address, options);
      };
      simulator.control.faults.set({ on: 'http', kind: 'connectUri', value, path: '/channels', times: 1 });
      start({ dial });
      expect((await recorder.link('offline')).reason).toMatch(/outside its own domain|unprotected/);
      await recorder.link('live');
      expect(dialled).toEqual([new URL(simulator.apiUrl).host]);
    },
  );

  test('answered, hung up and wrapped up, each once', async () => {
    const running = start();
    await recorder.link('live');
    const target = await connectedShare(running);
    expect(await running.send(target, { kind: 'disconnect' })).toEqual({ kind: 'accepted' });
    const codes = await running.wrapupCodes(target);
    const code = codes[0]?.id ?? '';
    expect(
      await running.send(target, { kind: 'wrapUp', level: 'participant', code, notes: 'Solved together.' }),
    ).toEqual({ kind: 'accepted' });
    expect(simulator.control.wrapups(target.conversationId)).toMatchObject([
      { by: 'client', wrapup: { code, notes: 'Solved together.' } },
    ]);
  });

  test.each(['screenshare', 'video'] as const)('wrapped up for one communication, a %s', async (media) => {
    simulator.control.settings({ communicationBasedACW: true });
    const running = start();
    await recorder.link('live');
    const target = await connectedShare(running, { media });
    simulator.control.disconnect();
    const [code] = await running.wrapupCodes(target);
    const result = await running.send(target, {
      kind: 'wrapUp',
      level: 'communication',
      code: code?.id ?? '',
      notes: '',
    });
    expect(result).toEqual({ kind: 'accepted' });
    expect(simulator.control.wrapups(target.conversationId)).toHaveLength(1);
  });

  test('after-call work asked for, where the agent may', async () => {
    const running = start();
    await recorder.link('live');
    const target = simulator.control.begin({ policy: 'agentRequested' });
    simulator.control.answer();
    expect(await running.send(target, { kind: 'requireAcw', required: true })).toEqual({ kind: 'accepted' });
  });

  test('skipped, where a code is optional', async () => {
    const running = start();
    await recorder.link('live');
    const target = simulator.control.begin({ policy: 'optional' });
    simulator.control.answer();
    simulator.control.disconnect();
    expect(await running.send(target, { kind: 'skip' })).toEqual({ kind: 'accepted' });
  });

  test('what the server does not know is refused in its words', async () => {
    const running = start();
    await recorder.link('live');
    const target = simulator.control.begin();
    const result = await running.send({ ...target, conversationId: 'nobody-knows' }, { kind: 'answer' });
    expect(result).toMatchObject({ kind: 'refused', status: 404 });
    expect(await running.reread('nobody-knows')).toBe('read');
    expect(recorder.story.at(-1)).toBe('missing nobody-knows');
    expect(await running.reread(target.conversationId)).toBe('read');
    expect(recorder.story.at(-1)).toBe(`rest ${target.conversationId}`);
  });
});

describe('when the peer misbehaves', () => {
  test('a command that takes effect without an answer may have arrived, and a reading shows it', async () => {
    const running = start({ limits: { requestMs: 200 } });
    await recorder.link('live');
    const target = await connectedShare(running);
    simulator.control.disconnect();
    const [code] = await running.wrapupCodes(target);
    simulator.control.faults.set({ on: 'http', kind: 'timeout', method: 'PATCH', times: 1 });
    const result = await running.send(target, {
      kind: 'wrapUp',
      level: 'participant',
      code: code?.id ?? '',
      notes: 'once',
    });
    expect(result).toMatchObject({ kind: 'unreachable', mayHaveArrived: true });
    expect(simulator.control.wrapups(target.conversationId)).toHaveLength(1);
    expect(await running.reread(target.conversationId)).toBe('read');
    expect(recorder.arrivals.at(-1)?.body).toContain('"notes":"once"');
  });

  test('a garbage frame is kept apart, and the event behind it is heard', async () => {
    start();
    await recorder.link('live');
    simulator.control.faults.set({ on: 'event', kind: 'garbage', times: 1 });
    const { conversationId } = simulator.control.begin();
    await recorder.until(() => heardOf(conversationId) > 0);
    expect(recorder.story).toContain('unreadable notification');
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test('429 is obeyed to the second', async () => {
    simulator.control.faults.set({
      on: 'http',
      kind: 'status',
      status: 429,
      retryAfterS: 1,
      path: '/users/me',
      times: 1,
    });
    const startedAt = Date.now();
    start();
    const offline = await recorder.link('offline');
    expect(offline.reason).toMatch(/asks Sharelight to wait 1 s/);
    await recorder.link('live');
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(kinds()).toEqual(['connecting', 'offline', 'connecting', 'live']);
  });

  test('silence is noticed, and the socket made anew', async () => {
    start({ limits: { silenceMs: 100, pongMs: 20 } });
    await recorder.link('live');
    simulator.control.faults.set({ on: 'event', kind: 'silence' });
    await recorder.link('stale');
    simulator.control.faults.clear();
    await recorder.link('live', 2);
    const { conversationId } = simulator.control.begin();
    await recorder.until(() => heardOf(conversationId) > 0);
    expect(simulator.control.sockets()).toHaveLength(1);
  });

  test('heartbeats alone keep it live', async () => {
    start({ limits: { silenceMs: 200 } });
    await recorder.link('live');
    const before = recorder.contacts.length;
    await recorder.until(() => recorder.contacts.length >= before + 20);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test.each<[string, () => void]>([
    [
      'a cut socket',
      () => {
        simulator.control.dropSockets();
      },
    ],
    [
      'a socket closed for being idle',
      () => {
        simulator.control.dropSockets(1001);
      },
    ],
    [
      'a forgotten channel',
      () => {
        simulator.control.closeChannels();
      },
    ],
    [
      'the end of the subscription',
      () => {
        simulator.control.system('no_longer_subscribed');
      },
    ],
  ])('%s: stale, then live with what was missed', async (_what, act) => {
    start();
    await recorder.link('live');
    simulator.control.faults.set({ on: 'event', kind: 'drop' });
    const missed = simulator.control.begin();
    simulator.control.faults.clear();
    act();
    await recorder.link('live', 2);
    expect(kinds()).toEqual(['connecting', 'live', 'stale', 'live']);
    expect(recorder.story.slice(-3)).toEqual([
      `rest ${missed.conversationId}`,
      `listed ${missed.conversationId}`,
      'live',
    ]);
    expect(simulator.control.sockets()).toHaveLength(1);
  });

  test('an announced closing: what was missed is there, and nothing was in doubt meanwhile', async () => {
    start();
    await recorder.link('live');
    simulator.control.faults.set({ on: 'event', kind: 'drop' });
    const missed = simulator.control.begin();
    simulator.control.faults.clear();
    simulator.control.announceClosing(60_000);
    await expect.poll(() => recorder.story).toContain(`listed ${missed.conversationId}`);
    await expect.poll(() => simulator.control.sockets().length).toBe(1);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test('a server that is away and comes back', async () => {
    start();
    await recorder.link('live');
    await simulator.control.goDark();
    const offline = await recorder.link('offline');
    expect(offline.reason).toMatch(/Can’t reach Genesys Cloud/);
    await simulator.control.comeBack();
    await recorder.link('live', 2);
  });

  test('a wrong token is refused in one sentence', async () => {
    start({ token: () => 'not-the-token' });
    const refused = await recorder.link('refused');
    expect(refused.reason).toMatch(/wrong or has expired/);
    expect(simulator.control.sockets()).toEqual([]);
  });

  test('a token that expires: the next command waits, and the link says why', async () => {
    const running = start();
    await recorder.link('live');
    const target = simulator.control.begin();
    simulator.control.expireTokens();
    expect(await running.send(target, { kind: 'answer' })).toMatchObject({
      kind: 'unreachable',
      mayHaveArrived: false,
    });
    expect((await recorder.link('refused')).reason).toMatch(/wrong or has expired/);
  });

  test('a revoked token is named', async () => {
    start();
    await recorder.link('live');
    simulator.control.revokeTokens();
    expect((await recorder.link('refused')).reason).toMatch(/was revoked/);
  });

  test('HTML in place of the codes leaves the link alone', async () => {
    const running = start();
    await recorder.link('live');
    const target = simulator.control.begin();
    simulator.control.faults.set({ on: 'http', kind: 'html', path: '/wrapupcodes' });
    await expect(running.wrapupCodes(target)).rejects.toThrow(/web page instead of data/);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test('neither token nor channel is ever told', async () => {
    start();
    await recorder.link('live');
    const channel = simulator.control.sockets()[0]?.channelId ?? '';
    simulator.control.sendRaw(JSON.stringify({ topicName: `v2.odd.${channel}`, eventBody: {} }));
    await recorder.until(() => recorder.arrivals.length === 1);
    simulator.control.revokeTokens();
    await recorder.link('refused');
    const told = JSON.stringify([
      recorder.links,
      recorder.arrivals.map(({ subject, content }) => [subject, content]),
    ]);
    expect(channel).not.toBe('');
    expect(told).not.toContain(channel);
    expect(told).not.toContain(simulator.accessToken);
  });
});
