import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { AppState, Patch, Snapshot } from '../../../domain/state.ts';
import { mirror } from '../../../renderer/state/mirror.ts';
import { stateWith } from './states.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Main's side of the wire: the state, numbered, and every answer and patch as late as it is told to be. */
function main() {
  let rev = 0;
  let state = stateWith('start');
  let listener: (patch: Patch) => void = () => undefined;
  const asked = vi.fn();
  return {
    asked,
    state: (): AppState => state,
    change: (title: string, delay: number): void => {
      const { status } = stateWith(title);
      state = { ...state, status };
      rev += 1;
      const patch = { rev, at: Date.now(), patch: { status } };
      setTimeout(() => listener(patch), delay);
    },
    bridge: (answer: (now: Snapshot) => Promise<Reply<Snapshot>>) => {
      return {
        getSnapshot: () => {
          asked();
          return answer({ rev, at: Date.now(), state });
        },
        onPatch: (each: (patch: Patch) => void) => {
          listener = each;
        },
      };
    },
  };
}

const later = (now: Snapshot, ms: number): Promise<Reply<Snapshot>> =>
  new Promise((resolve) => setTimeout(() => resolve({ ok: true, value: now }), ms));

it('keeps the codes of a prompt as the objects they are while their words are the same', async () => {
  const prompt = (revision: number, name = 'Resolved') =>
    ({
      key: 'a',
      codes: [{ id: '1', name, description: '', favourite: false }],
      draft: { revision },
    }) as never;
  let listener: (patch: Patch) => void = () => undefined;
  const { store } = mirror({
    getSnapshot: () =>
      Promise.resolve({
        ok: true,
        value: { rev: 0, at: 0, state: { ...stateWith('start'), prompt: prompt(1) } },
      }),
    onPatch: (each) => {
      listener = each;
    },
  });
  await vi.runAllTimersAsync();
  const codes = () => store.getState().state?.prompt?.codes;
  const before = codes();
  listener({ rev: 1, at: 0, patch: { prompt: prompt(2) } });
  expect(store.getState().state?.prompt?.draft.revision).toBe(2);
  expect(codes()).toBe(before);
  listener({ rev: 2, at: 0, patch: { prompt: prompt(3, 'Refunded') } });
  expect(codes()).not.toBe(before);
});

describe('mirror', () => {
  it('has nothing until the first snapshot, then exactly it', async () => {
    const { bridge, state } = main();
    const { store, ready } = mirror(bridge((now) => later(now, 5)));
    expect(store.getState()).toEqual({ state: null, lost: false });
    await vi.runAllTimersAsync();
    await ready;
    expect(store.getState()).toEqual({ state: state(), lost: false });
  });

  it('applies a patch without asking again, and leaves untouched slices as they are', async () => {
    const peer = main();
    const { store } = mirror(peer.bridge((now) => later(now, 0)));
    await vi.runAllTimersAsync();
    const before = store.getState().state;
    peer.change('next', 0);
    await vi.runAllTimersAsync();
    expect(peer.asked).toHaveBeenCalledTimes(1);
    expect(store.getState().state?.status.title).toBe('next');
    expect(store.getState().state?.link).toBe(before?.link);
  });

  it('does not ask again for patches that overtook its first snapshot', async () => {
    const peer = main();
    const { store } = mirror(peer.bridge((now) => later(now, 5)));
    peer.change('one', 1);
    peer.change('two', 2);
    await vi.runAllTimersAsync();
    expect(store.getState()).toEqual({ state: peer.state(), lost: false });
    expect(peer.asked).toHaveBeenCalledTimes(1);
  });

  it('ends equal to main however snapshots and patches race', async () => {
    const step = fc.record({ wait: fc.nat(20), patchDelay: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }),
        async (steps, answerDelays) => {
          const peer = main();
          let answers = 0;
          const { store } = mirror(
            peer.bridge((now) => later(now, answerDelays[answers++ % answerDelays.length] ?? 0)),
          );
          for (const [index, { wait, patchDelay }] of steps.entries()) {
            await vi.advanceTimersByTimeAsync(wait);
            peer.change(`change ${index}`, patchDelay);
          }
          await vi.runAllTimersAsync();
          expect(store.getState()).toEqual({ state: peer.state(), lost: false });
        },
      ),
    );
  });

  it.each([
    ['refuses', () => Promise.resolve({ ok: false as const, reason: 'not yet' })],
    ['breaks off', () => Promise.reject(new Error('gone'))],
  ])('says that it lost main while a snapshot %s, and recovers by itself', async (_how, fail) => {
    const peer = main();
    let failures = 3;
    const { store } = mirror(peer.bridge((now) => (failures-- > 0 ? fail() : later(now, 0))));
    await vi.advanceTimersByTimeAsync(100);
    expect(store.getState()).toEqual({ state: null, lost: true });
    await vi.runAllTimersAsync();
    expect(store.getState()).toEqual({ state: peer.state(), lost: false });
    expect(peer.asked).toHaveBeenCalledTimes(4);
  });

  it('keeps the last known state while it has lost main', async () => {
    const peer = main();
    let answering = true;
    const { store } = mirror(
      peer.bridge((now) => (answering ? later(now, 0) : Promise.resolve({ ok: false, reason: 'busy' }))),
    );
    await vi.advanceTimersByTimeAsync(10);
    answering = false;
    // The first of the two never arrives in time: a gap that only a snapshot closes.
    peer.change('overtaken', 60_000);
    peer.change('seen', 0);
    await vi.advanceTimersByTimeAsync(10);
    expect(store.getState().lost).toBe(true);
    expect(store.getState().state?.status.title).toBe('start');
    answering = true;
    await vi.runAllTimersAsync();
    expect(store.getState()).toEqual({ state: peer.state(), lost: false });
  });

  it("sets the page's clock by all that main sends, and asks main when the page is in doubt", async () => {
    const peer = main();
    const anchors: number[] = [];
    let doubt = (): void => undefined;
    mirror(
      peer.bridge((now) => later(now, 5)),
      {
        anchor: (at) => anchors.push(at),
        whenInDoubt: (ask) => {
          doubt = ask;
        },
      },
    );
    const start = Date.now();
    await vi.runAllTimersAsync();
    expect(anchors).toEqual([start]);
    peer.change('next', 7);
    await vi.runAllTimersAsync();
    expect(anchors).toEqual([start, start + 5]);
    doubt();
    await vi.runAllTimersAsync();
    expect(anchors).toEqual([start, start + 5, start + 12]);
    expect(peer.asked).toHaveBeenCalledTimes(2);
  });
});
