import { beforeEach, describe, expect, it } from 'vitest';
import type { Command, Feed, SendResult } from '../../../domain/feed.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { createIntents } from '../../../electron/handlers/widget.ts';
import { seeMissed } from '../../../electron/handlers/seen.ts';
import { model } from '../domain/known.ts';
import { at, ended, live, ms, one, type Told } from '../domain/wire.ts';

const about = (name: string, told: Told): Communication => one({ ...told, conversation: { id: name } });
const onAir = (policy: string, leg: object = {}): Communication =>
  about('a', { leg: { ...live, sharing: true, ...leg }, agent: { wrapupPrompt: policy } });

let sent: Command['kind'][];
let answer: SendResult;
beforeEach(() => {
  sent = [];
  answer = { kind: 'accepted' };
});

function at16(communications: readonly Communication[], connected = true) {
  const store: StateStore = createStateStore(model(communications), () => ms(16));
  const feed: Pick<Feed, 'send' | 'reread' | 'reconnect'> = {
    send: (_target, { kind }) => {
      sent.push(kind);
      return Promise.resolve(answer);
    },
    reread: () => Promise.resolve(true),
    reconnect: () => undefined,
  };
  const parts = { store, desk: () => (connected ? { feed: () => feed } : null), account: {}, windows: {} };
  const { handlers, act } = createIntents(parts as unknown as Parameters<typeof createIntents>[0]);
  return { store, handlers, act };
}

describe('stopping in the window', () => {
  it('says once that no after-call work is requested, and then does it', async () => {
    const share = onAir('agentRequested');
    const { handlers } = at16([share]);
    const first = await handlers.stopSharing('widget', { key: share.key });
    expect(first).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^No after-call work/) as string,
    });
    expect(sent).toEqual([]);
    expect(await handlers.stopSharing('widget', { key: share.key })).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it.each([
    ['it was requested', onAir('agentRequested', { afterCallWorkRequired: true })],
    ['it comes anyway', onAir('mandatory')],
  ])('does it at once where %s', async (_why, share) => {
    const { handlers } = at16([share]);
    expect(await handlers.stopSharing('widget', { key: share.key })).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it('from elsewhere never waits', async () => {
    const share = onAir('agentRequested');
    expect(await at16([share]).act('stopSharing', share.key)).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it('that the server does not take has a reason', async () => {
    answer = { kind: 'unreachable', reason: 'No network.', mayHaveArrived: false };
    const share = onAir('mandatory');
    expect(await at16([share]).act('stopSharing', share.key)).toEqual({ ok: false, reason: 'No network.' });
  });
});

describe('opening a wrap-up', () => {
  const waiting = about('b', { leg: ended });

  it('while on air shows it; opened before, it is put away when the screen goes on air', () => {
    const share = onAir('mandatory');
    const { store, handlers } = at16([share, waiting]);
    expect(store.app.getState().prompt).toBeNull();
    void handlers.openWrapUp('widget', { key: waiting.key });
    expect(store.app.getState().prompt?.key).toBe(waiting.key);

    const before = at16([waiting]);
    void before.handlers.openWrapUp('widget', { key: waiting.key });
    before.store.update(({ communications }) => ({
      communications: { ...communications, [share.key]: share },
    }));
    expect(before.store.app.getState().prompt).toBeNull();
  });

  it('that is not known any more is refused in words', async () => {
    expect(await at16([]).act('openWrapUp', waiting.key)).toMatchObject({ ok: false });
  });
});

describe('a missed alert', () => {
  const missed = about('m', {
    leg: { state: 'terminated', disconnectType: 'timeout', disconnectedTime: at(16) },
  });

  it('goes when it is dismissed', () => {
    const { store, handlers } = at16([missed]);
    expect(store.app.getState().status.phase).toBe('missed');
    void handlers.dismissMissed('widget', { key: missed.key });
    expect(store.app.getState().status.phase).toBe('idle');
  });

  it('is seen when the agent comes to the window, from then on', () => {
    const { store } = at16([missed]);
    seeMissed(store, () => ms(500));
    expect(store.model.getState().missedSeen).toEqual({ [missed.key]: ms(500) });
    seeMissed(store, () => ms(900));
    expect(store.model.getState().missedSeen).toEqual({ [missed.key]: ms(500) });
  });
});

it('trying again without an account says so', async () => {
  expect(await at16([], false).handlers.retryNow('widget')).toMatchObject({ ok: false });
});
