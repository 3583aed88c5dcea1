import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createGenesysFeed, type GenesysFeedOptions } from '../../../electron/feed/genesys/feed.ts';
import type { Feed } from '../../../domain/feed.ts';
import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** What the feed tells about the sign-in rather than about calls, from the real wire of the simulator. */

let service: RunningSimulator;
let recorder: Recorder;
let feed: Feed;
const unauthorised = vi.fn<(reason: string) => void>();
const takenOver = vi.fn<(reason: string) => void>();
const granted = vi.fn<(permissions: readonly string[]) => void>();
const missing = vi.fn<(permissions: readonly string[]) => void>();

beforeEach(async () => {
  service = await startSimulator({ scenario: 'idle' });
  recorder = createRecorder();
});
afterEach(async () => {
  await feed.stop();
  await service.close();
  vi.clearAllMocks();
});

function start(over: Partial<GenesysFeedOptions> = {}): void {
  feed = createGenesysFeed({
    apiUrl: service.apiUrl,
    token: () => service.accessToken,
    listener: recorder.listener,
    random: () => 0,
    unauthorised,
    takenOver,
    granted,
    missing,
    ...over,
  });
  feed.start();
}

/** The conversation the agent is in, as a command needs it. */
const begun = () => service.control.begin({ policy: 'optional' });

describe('a token that is not accepted', () => {
  it('is tried once more with another one, and nobody is troubled', async () => {
    let token = 'run-out';
    const renew = vi.fn(() => Promise.resolve((token = service.accessToken)));
    start({ token: () => token, renew });
    await recorder.link('live');
    expect(renew).toHaveBeenCalledExactlyOnceWith('run-out');
    expect(recorder.links.map(({ kind }) => kind)).toEqual(['connecting', 'live']);
    expect(unauthorised).not.toHaveBeenCalled();
  });

  it('sends a command again with the new token, and it takes effect once', async () => {
    let token = service.accessToken;
    start({ token: () => token, renew: () => Promise.resolve((token = service.accessToken)) });
    await recorder.link('live');
    const target = begun();
    token = 'run-out';
    expect(await feed.send(target, { kind: 'answer' })).toEqual({ kind: 'accepted' });
    const commands = service.control.received().filter(({ status }) => status === 202);
    expect(commands).toHaveLength(1);
    expect(recorder.links.at(-1)).toEqual({ kind: 'live' });
  });

  it('and none to be had: refused, said once, and tried again only when asked', async () => {
    const asked = vi.fn(fetch);
    start({ token: () => 'run-out', renew: () => Promise.resolve(null), fetch: asked });
    const { reason } = await recorder.link('refused');
    expect(reason).toContain('Sign in again');
    expect(unauthorised).toHaveBeenCalledExactlyOnceWith(reason);
    expect(asked).toHaveBeenCalledTimes(1);

    feed.reconnect();
    await recorder.link('refused', 2);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('the second one as well: it does not go round in circles', async () => {
    const asked = vi.fn(fetch);
    let count = 0;
    const renew = (): Promise<string> => Promise.resolve(`run-out-${String((count += 1))}`);
    start({ token: () => 'run-out', renew, fetch: asked });
    await recorder.link('refused');
    expect(asked).toHaveBeenCalledTimes(2);
    expect(unauthorised).toHaveBeenCalledTimes(1);
  });

  it('is said to be revoked, and another one is to be had: it is taken, and nobody is troubled', async () => {
    let token = service.accessToken;
    const renew = vi.fn(() => Promise.resolve((token = service.accessToken)));
    start({ token: () => token, renew });
    await recorder.link('live');
    token = 'run-out';
    service.control.system('token_revoked');
    await recorder.link('live', 2);
    expect(renew).toHaveBeenCalledExactlyOnceWith('run-out');
    expect(unauthorised).not.toHaveBeenCalled();
  });

  it('or is revoked: that is told apart from calls', async () => {
    start();
    await recorder.link('live');
    service.control.revokeTokens();
    const { reason } = await recorder.link('refused');
    expect(unauthorised).toHaveBeenCalledExactlyOnceWith(reason);
  });

  it('is said to be revoked just after a request was refused for it: that is the reason', async () => {
    const refusedFirst: typeof fetch = async (...asked) => {
      const answer = await fetch(...asked);
      if (answer.status === 401) setTimeout(() => service.control.system('token_revoked'));
      return answer;
    };
    start({ fetch: refusedFirst });
    await recorder.link('live');
    const target = begun();
    service.control.expireTokens();
    await feed.send(target, { kind: 'answer' });
    const { reason } = await recorder.link('refused');
    expect(reason).toBe('Your sign-in was revoked. Sign in again.');
    expect(new Set(unauthorised.mock.calls.flat())).toEqual(new Set([reason]));
  });
});

describe('another client of the same user', () => {
  it('that takes over the notifications is named, and they are taken back', async () => {
    start();
    await recorder.link('live');
    service.control.system('no_longer_subscribed');
    await recorder.link('live', 2);
    expect(takenOver).toHaveBeenCalledTimes(1);
    expect(takenOver.mock.calls[0]?.[0]).toContain('Another program signed in as you');
    expect(service.control.sockets()).toHaveLength(1);
  });

  it('on the same channel is named, and is left that channel', async () => {
    start();
    await recorder.link('live');
    const before = service.control.sockets()[0]?.channelId ?? '';
    const rival = new WebSocket(`${service.apiUrl.replace('http', 'ws')}/channels/${before}`);
    await recorder.link('live', 2);
    expect(takenOver).toHaveBeenCalledTimes(1);
    const channels = service.control.sockets().map(({ channelId }) => channelId);
    expect(channels).toHaveLength(2);
    expect(channels).toContain(before);
    rival.close();
  });

  it('is not suspected behind a plain end of the connection', async () => {
    start();
    await recorder.link('live');
    const before = service.control.sockets()[0]?.channelId;
    service.control.dropSockets(1001);
    await recorder.link('live', 2);
    expect(takenOver).not.toHaveBeenCalled();
    expect(service.control.sockets().map(({ channelId }) => channelId)).toEqual([before]);
  });
});

describe('permissions', () => {
  it('are told with who we are, each that the person has', async () => {
    service.control.settings({ withheld: ['conversation:participant:wrapup'] });
    start();
    await recorder.link('live');
    expect(granted).toHaveBeenCalledExactlyOnceWith([
      'acdscreenshare:session:view',
      'conversation:communication:disconnect',
      'conversation:communication:view',
      'conversation:settings:view',
      'presence:presenceDefinition:view',
      'routing:queue:view',
    ]);
  });

  it.each([
    ['a server that does not say them', {}],
    ['one that says them in a way nobody can read', { permissions: 'all' }],
  ])('are not guessed of %s', async (_case, authorization) => {
    const said = vi.fn<(url: string) => void>();
    start({
      fetch: async (input, init) => {
        const url = input instanceof URL ? input.href : '';
        const response = await fetch(input, init);
        if (!url.includes('/users/me')) return response;
        said(url);
        return Response.json({ ...((await response.json()) as object), authorization });
      },
    });
    await recorder.link('live');
    expect(said).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('expand=authorization'));
    expect(granted).not.toHaveBeenCalled();
  });

  it('that a role lacks are refused by the server, and told by name', async () => {
    service.control.settings({ withheld: ['conversation:participant:wrapup'] });
    start();
    await recorder.link('live');
    const target = service.control.begin({ policy: 'agentRequested' });
    service.control.answer();
    expect(await feed.send(target, { kind: 'requireAcw', required: true })).toMatchObject({ status: 403 });
    expect(missing).toHaveBeenCalledExactlyOnceWith(['conversation:participant:wrapup']);
    // The change of a participant asks for any one of several, and another one is there.
    expect(await feed.send(target, { kind: 'disconnect' })).toEqual({ kind: 'accepted' });
  });

  it('are told by name from a refused command', async () => {
    start();
    await recorder.link('live');
    const permissions = ['conversation:participant:wrapup', 'conversation:communication:disconnect'];
    service.control.faults.set({ on: 'http', kind: 'status', status: 403, method: 'PATCH', permissions });
    expect(await feed.send(begun(), { kind: 'disconnect' })).toMatchObject({ kind: 'refused', status: 403 });
    expect(missing).toHaveBeenCalledExactlyOnceWith(permissions);
  });

  it('are not read out of any other 403', async () => {
    start();
    await recorder.link('live');
    service.control.faults.set({ on: 'http', kind: 'status', status: 403, method: 'PATCH' });
    expect(await feed.send(begun(), { kind: 'disconnect' })).toMatchObject({ kind: 'refused', status: 403 });
    expect(missing).not.toHaveBeenCalled();
  });
});
