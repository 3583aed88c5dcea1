import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { WrapupCode } from '../../../domain/model/screenshare.ts';
import type { KnownCodes, KnownState } from '../../../domain/present/known-state.ts';
import { startLoadingCodes } from '../../../electron/tracker/load-codes.ts';
import { createRecording } from '../../../electron/tracker/recording.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { createManualClock, type ManualClock } from '../feed/manual-clock.ts';
import { submission, model } from '../domain/known.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';
import { createNotebook } from './notebook.ts';
import { settled } from './rig.ts';
import { stoppedAfterwards } from '../stores.ts';

const connected = one({ leg: live });
const due = one({ leg: ended });
const resolved: WrapupCode = { id: 'code-1', name: 'Resolved' };
const offline = { link: { kind: 'offline', reason: 'No network.', retryAt: null } } as const;

class Server {
  readonly asked: string[] = [];
  problem: Error | null = null;
  codes: readonly WrapupCode[] = [resolved];
  readonly fetchCodes = ({ conversationId }: { conversationId: string }): Promise<readonly WrapupCode[]> => {
    this.asked.push(conversationId);
    return this.problem ? Promise.reject(this.problem) : Promise.resolve(this.codes);
  };
}

async function start(
  known: readonly Communication[],
  change: Partial<KnownState> = {},
  server = new Server(),
  notebook = createNotebook(),
): Promise<{
  store: StateStore;
  server: Server;
  stop: () => void;
  of: (about: Communication) => KnownCodes | undefined;
  clock: ManualClock;
}> {
  const store = stoppedAfterwards(createStateStore(model(known, change), () => ms(20)));
  const recording = createRecording(store);
  recording.attach(notebook);
  const clock = createManualClock();
  const stop = startLoadingCodes({
    store,
    recording,
    fetchCodes: (target) => server.fetchCodes(target),
    clock: { now: () => ms(20), after: (ms, call) => clock.after(ms, call) },
    // The longest pause each time.
    random: () => 1,
  });
  await settled();
  return { store, server, stop, clock, of: ({ key }) => store.model.getState().codes[key] };
}

describe('wrap-up codes', () => {
  it('are there before they are needed, and kept for when the server is out of reach', async () => {
    const notebook = createNotebook();
    const { of } = await start([connected], {}, new Server(), notebook);
    expect(of(connected)).toEqual({ from: 'server', codes: [resolved], problem: '' });
    expect(await notebook.cachedCodes('queue/queue-1')).toEqual({ codes: [resolved], fetchedAt: at(20) });

    const later = await start([due], offline, new Server(), notebook);
    expect(later.of(due)).toEqual({ from: 'cache', codes: [resolved], problem: '' });
    expect(later.server.asked).toEqual([]);
    later.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(later.of(due)?.from).toBe('server');
    expect(later.server.asked).toEqual(['conversation-1']);
  });

  it('are asked for once', async () => {
    const { store, server } = await start([connected]);
    store.update(({ communications }) => ({ communications: { ...communications } }));
    store.update(() => ({ link: { kind: 'stale' } }));
    store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(server.asked).toHaveLength(1);
  });

  it('are not asked for what needs none', async () => {
    const alerting = one({ leg: { state: 'alerting' } });
    const done = one({
      leg: { ...ended, afterCallWork: { state: 'complete' } },
      conversation: { id: 'done' },
    });
    expect((await start([alerting, done])).server.asked).toEqual([]);
  });

  it('that cannot be loaded say why, and are tried again by themselves', async () => {
    const server = new Server();
    server.problem = new Error('Not allowed.');
    const { clock, of } = await start([connected], {}, server);
    expect(of(connected)).toEqual({
      from: 'none',
      codes: [],
      problem: 'Wrap-up codes couldn’t be loaded: Not allowed. Your notes are saved.',
    });
    server.problem = null;
    await clock.advance(1999);
    expect(server.asked).toHaveLength(1);
    await clock.advance(1);
    expect(of(connected)?.from).toBe('server');
  });

  it('that cannot be loaded are not asked for with every fact: each pause is longer, to a minute', async () => {
    const server = new Server();
    server.problem = new Error('Not allowed.');
    const { clock, store, stop } = await start([connected], {}, server);
    const facts = async (): Promise<void> => {
      for (let fact = 0; fact < 5; fact += 1)
        store.update(({ communications }) => ({ communications: { ...communications } }));
      await settled();
    };
    for (const pauseMs of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      const before = server.asked.length;
      await clock.advance(pauseMs - 1);
      await facts();
      expect(server.asked).toHaveLength(before);
      await clock.advance(1);
      expect(server.asked).toHaveLength(before + 1);
    }
    // A new link is a new beginning.
    const before = server.asked.length;
    store.update(() => ({ link: { kind: 'stale' } }));
    store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(server.asked).toHaveLength(before + 1);
    expect(clock.pending).toEqual([2000]);
    stop();
    expect(clock.pending).toEqual([]);
  });

  it('of work that was there before contact are asked for as soon as there is some', async () => {
    const notebook = createNotebook();
    const release = notebook.hold('cachedCodes');
    const { store, server, of } = await start([due], offline, new Server(), notebook);
    // The link comes while the local database is still looked into.
    store.update(() => ({ link: { kind: 'live' } }));
    release();
    await settled();
    expect(server.asked).toEqual(['conversation-1']);
    expect(of(due)?.from).toBe('server');
  });

  it('that were asked for over a link that is gone are asked for over the next one at once', async () => {
    const server = new Server();
    const failures: (() => void)[] = [];
    const { store, of } = await start([], {}, server);
    const answer = server.fetchCodes;
    Object.assign(server, {
      fetchCodes: () => new Promise((_, reject) => failures.push(() => reject(new Error('Cut off.')))),
    });
    store.update(() => ({ communications: { [due.key]: due } }));
    store.update(() => ({ link: { kind: 'stale' } }));
    store.update(() => ({ link: { kind: 'live' } }));
    Object.assign(server, { fetchCodes: answer });
    failures.forEach((fail) => fail());
    await settled();
    expect(of(due)?.from).toBe('server');
  });

  it('come from the database when that is opened later', async () => {
    const notebook = createNotebook();
    const { store, of } = await start([due], offline, new Server(), notebook);
    expect(of(due)?.from).toBe('none');
    await notebook.cacheCodes('queue/queue-1', { codes: [resolved], fetchedAt: at(1) });
    store.update(({ database }) => ({ database: { ...database, health: 'paused' } }));
    store.update(({ database }) => ({ database: { ...database, health: 'ok' } }));
    await settled();
    expect(of(due)?.from).toBe('cache');
  });

  it('are asked for again while the server has none, and none replace no known ones', async () => {
    const server = new Server();
    const notebook = createNotebook();
    await notebook.cacheCodes('queue/queue-1', { codes: [resolved], fetchedAt: at(1) });
    server.codes = [];
    const { clock, of } = await start([due], {}, server, notebook);
    expect(of(due)).toEqual({ from: 'server', codes: [], problem: '' });
    expect((await notebook.cachedCodes('queue/queue-1'))?.codes).toEqual([resolved]);
    server.codes = [resolved];
    await clock.advance(2000);
    expect(of(due)?.codes).toEqual([resolved]);
  });

  it('without a queue are kept for their own conversation only', async () => {
    const notebook = createNotebook();
    const loose = one({ leg: live, agent: { queueId: null } });
    await start([loose], {}, new Server(), notebook);
    expect(await notebook.cachedCodes('conversation/conversation-1')).not.toBeNull();
    const other = one({ leg: live, agent: { queueId: null }, conversation: { id: 'other' } });
    expect((await start([other], offline, new Server(), notebook)).of(other)?.from).toBe('none');
  });

  it('come with how often they were used', async () => {
    const notebook = createNotebook();
    await notebook.decide(submission(due));
    const { store } = await start([], {}, new Server(), notebook);
    expect(store.model.getState().uses).toMatchObject([{ code: 'code-1', uses: 1 }]);
  });

  it('are not looked for after the stop', async () => {
    const { store, server, stop } = await start([]);
    stop();
    store.update(() => ({ communications: { [connected.key]: connected } }));
    await settled();
    expect(server.asked).toEqual([]);
  });
});
