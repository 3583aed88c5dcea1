import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStateStore, emptyModel, showCommunications } from '../../../electron/tracker/state.ts';
import { draft, freshSettings, model } from '../domain/known.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: ms(16), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the one state', () => {
  it('begins without a claim', () => {
    const store = createStateStore(
      emptyModel(
        { kind: 'simulator', demo: true },
        { theme: 'dark', language: 'en', locale: 'en' },
        freshSettings,
      ),
      Date.now,
    );
    expect(store.app.getState()).toMatchObject({
      status: { phase: 'starting', confirmed: false, title: 'Connecting' },
      link: { freshness: 'connecting' },
      source: { demo: true, agent: null, closing: false },
      prompt: null,
      database: { health: 'opening' },
      appearance: { theme: 'dark' },
    });
    store.stop();
  });

  it('is read in the same turn as it changes', () => {
    const store = createStateStore(model(), Date.now);
    const share = one({ leg: { ...live, sharing: true } });
    store.update(() => ({ communications: { [share.key]: share } }));
    expect(store.app.getState().status.title).toBe('You are sharing');
    store.stop();
  });

  it('tells only what changed: the other slices stay the very same', () => {
    const store = createStateStore(model(), Date.now);
    const before = store.app.getState();
    let told = 0;
    store.app.subscribe(() => (told += 1));
    store.update(() => ({ uses: [] }));
    expect(told).toBe(0);
    store.update(() => ({ lastContactAt: ms(17) }));
    const after = store.app.getState();
    expect(told).toBe(1);
    expect(after.link).not.toBe(before.link);
    expect(after.status).toBe(before.status);
    expect(after.outbox).toBe(before.outbox);
    store.stop();
  });

  it('moves on by itself when a reading ends, and not after its stop', () => {
    const missed = one({ leg: { state: 'terminated', disconnectType: 'client', disconnectedTime: at(0) } });
    const store = createStateStore(model([missed]), Date.now);
    expect(store.app.getState().status.phase).toBe('missed');
    vi.advanceTimersByTime(43_900);
    expect(store.app.getState().status.phase).toBe('missed');
    vi.advanceTimersByTime(200);
    expect(store.app.getState().status.phase).toBe('idle');
    store.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for a reading far ahead without spinning (this machine’s clock was set back)', () => {
    const missed = one({ leg: { state: 'terminated', disconnectType: 'client', disconnectedTime: at(0) } });
    vi.setSystemTime(ms(-60 * 86_400));
    let readings = 0;
    const store = createStateStore(model([missed]), () => {
      readings += 1;
      return Date.now();
    });
    vi.advanceTimersByTime(60_000);
    expect(readings).toBeLessThan(20);
    vi.setSystemTime(ms(100));
    vi.advanceTimersByTime(60_000);
    expect(store.app.getState().status.phase).toBe('idle');
    store.stop();
  });
});

describe('a day of conversations', () => {
  const codes = Array.from({ length: 1000 }, (_, index) => ({ id: `c${index}`, name: `Code ${index}` }));

  it('leaves no more behind than the last few of them: neither records, codes nor marks', () => {
    const store = createStateStore(model(), Date.now);
    for (let count = 0; count < 200; count += 1) {
      const { key, ...rest } = one({
        conversation: { id: `conversation-${count}` },
        leg: { state: 'terminated', disconnectType: 'client', disconnectedTime: at(count) },
      });
      showCommunications(store, [{ ...rest, key, lastSeenAt: at(count) }]);
      store.update((known) => ({
        codes: { ...known.codes, [key]: { from: 'server', codes, problem: '' } },
        missedSeen: { ...known.missedSeen, [key]: 1 },
        postponed: [...known.postponed, key],
      }));
    }
    const { communications, ...known } = store.model.getState();
    const kept = Object.keys(communications).length;
    expect(kept).toBeLessThanOrEqual(8);
    // The last of them was marked after it was shown.
    for (const about of [Object.keys(known.codes), Object.keys(known.missedSeen), known.postponed])
      expect(about.length).toBeLessThanOrEqual(kept + 1);
    store.stop();
  });

  it('a prompt with a thousand codes keeps them as they are while words are written in it', () => {
    const due = one({ leg: ended });
    const known = { from: 'server', codes, problem: '' } as const;
    const store = createStateStore(model([due], { codes: { [due.key]: known } }), Date.now);
    const before = store.app.getState().prompt;
    expect(before?.codes).toHaveLength(1000);
    store.update(() => ({ drafts: { [due.key]: draft(due) } }));
    const after = store.app.getState().prompt;
    expect(after?.draft.notes).toBe('a note');
    expect(after?.codes).toBe(before?.codes);
    store.stop();
  });
});
