import { beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { createActWithoutWindow, createPerformVerb } from '../../../electron/handlers/without-window.ts';
import { model } from '../domain/known.ts';
import { ms, live, one } from '../domain/wire.ts';
import { createCommunicationCommands } from '../../../electron/handlers/communication-commands.ts';
import { stoppedAfterwards } from '../stores.ts';

let store: StateStore;
let done: string[];
beforeEach(() => {
  store = stoppedAfterwards(createStateStore(model(), () => ms(16)));
  done = [];
});

function actWith(act: () => Promise<Reply<null>>, isMeant = true): ReturnType<typeof createActWithoutWindow> {
  return createActWithoutWindow({
    store,
    act,
    isMeant: () => isMeant,
    windows: {
      focus: () => void done.push('focus'),
      raise: () => void done.push('raise'),
    },
    notifications: {
      say: (_title, body, urgent) => void done.push(`say${urgent === true ? '!' : ''} ${body}`),
    },
    log: () => void done.push('log'),
  });
}
const notices = (): unknown[] => store.app.getState().notices.map(({ tone, text }) => [tone, text]);
const refused = (): Promise<Reply<null>> => Promise.resolve({ ok: false, reason: 'No network.' });
const accepted = (): Promise<Reply<null>> => Promise.resolve({ ok: true, value: null });

describe('a stop that did not work', () => {
  const text = 'Couldn’t stop sharing – people may still see your screen. No network.';

  it('is in the window, the window in sight, and told by a notification that stays', async () => {
    await actWith(refused)('stopSharing', 'a');
    expect(notices()).toEqual([['error', text]]);
    expect(done).toEqual(['raise', `say! ${text}`]);
  });

  it('is told once however often it is tried, and no longer once it has worked', async () => {
    await actWith(refused)('stopSharing', 'a');
    await actWith(refused)('stopSharing', 'a');
    expect(notices()).toHaveLength(1);
    await actWith(accepted)('stopSharing', 'a');
    expect(notices()).toEqual([]);
  });

  it('is told also when it broke off', async () => {
    await actWith(() => Promise.reject(new Error('gone')))('stopSharing', 'a');
    expect(notices()).toHaveLength(1);
    expect(done).toContain('log');
  });
});

it.each([
  ['answer', 'Couldn’t answer: No network.'],
  ['decline', 'Couldn’t decline: No network.'],
  ['requestAcw', 'Couldn’t request after-call work: No network.'],
] as const)('%s that was refused is told too', async (action, text) => {
  await actWith(refused)(action, 'a');
  expect(notices()).toEqual([['error', text]]);
  expect(done).toEqual(['raise', `say ${text}`]);
});

it('a wrap-up that is opened brings the window with it; other successes need none', async () => {
  await actWith(accepted)('openWrapUp', 'a');
  expect(done).toEqual(['focus']);
  await actWith(accepted)('answer', 'a');
  expect(done).toEqual(['focus']);
});

it('the first of two presses only brings into sight what the second one would end', async () => {
  await actWith(() => Promise.reject(new Error('done at once')), false)('stopSharing', 'a');
  expect(done).toEqual(['raise']);
  expect(notices()).toEqual([]);
});

describe('what is handed over by another start, or a key', () => {
  const call = { calls: [{ id: 'call-1', state: 'connected' }] };
  const share = one({ leg: { ...live, sharing: true }, agent: call });
  let seconds: number;
  let sent: string[];

  function performWith(communications: Parameters<typeof model>[0]): ReturnType<typeof createPerformVerb> {
    seconds = 16;
    sent = [];
    store = stoppedAfterwards(createStateStore(model(communications), () => ms(seconds)));
    const commands = createCommunicationCommands({
      store,
      feed: () => ({
        send: (_target, { kind }) => {
          sent.push(kind);
          return Promise.resolve({ kind: 'accepted' });
        },
      }),
      ask: () => Promise.resolve(true),
      now: () => ms(seconds),
    });
    const windows = {
      focus: () => void done.push('focus'),
      raise: () => void done.push('raise'),
      hide: () => void done.push('hide'),
    };
    const act = createActWithoutWindow({
      store,
      act: commands.act,
      isMeant: commands.isMeant,
      windows,
      notifications: { say: () => undefined },
      log: () => undefined,
    });
    return createPerformVerb({ source: store.app, act, windows });
  }

  it('says why not where there is nothing to do it to', async () => {
    const perform = performWith([]);
    expect(await perform('stop')).toEqual({ ok: false, reason: 'You aren’t sharing.' });
    expect(await perform('answer')).toEqual({ ok: false, reason: 'No screen share is coming in.' });
    expect(done).toEqual([]);
  });

  it('takes a second press where more would end, within its two seconds', async () => {
    const perform = performWith([share]);
    const again = 'Press again within 2 seconds to stop sharing and end the call.';
    expect(await perform('stop')).toEqual({ ok: false, reason: again });
    seconds += 3;
    expect(await perform('stop')).toEqual({ ok: false, reason: again });
    expect([done, sent]).toEqual([['raise', 'raise'], []]);
    seconds += 1;
    expect(await perform('stop')).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
    store.stop();
  });

  it('shows and hides the window', async () => {
    const perform = performWith([]);
    expect([await perform('show'), await perform('hide')]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(done).toEqual(['focus', 'hide']);
  });
});
