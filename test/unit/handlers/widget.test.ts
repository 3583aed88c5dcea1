import { beforeEach, describe, expect, it } from 'vitest';
import type { Command, Feed, SendResult } from '../../../domain/feed.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { done, ok, refused } from '../../../domain/toolbox/result.ts';
import {
  createCommunicationCommands,
  markMissedSeen,
} from '../../../electron/handlers/communication-commands.ts';
import { createWidgetHandlers, type WidgetHandlerParts } from '../../../electron/handlers/widget.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
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

function widget(communications: readonly Communication[], over: Partial<WidgetHandlerParts> = {}) {
  const store = createStateStore(model(communications), () => ms(16));
  const feed: Pick<Feed, 'send' | 'reread'> = {
    send: (_target, { kind }) => {
      sent.push(kind);
      return Promise.resolve(answer);
    },
    reread: () => Promise.resolve(true),
  };
  const commands = createCommunicationCommands({ store, feed: () => feed });
  const handlers = createWidgetHandlers({
    store,
    session: () => null,
    sessionOf: () => null,
    draftsSaved: () => undefined,
    commands,
    account: { signIn: () => Promise.resolve(done), cancelSignIn: () => done },
    changeSettings: () => ok({ notKept: '' }),
    windows: {
      fit: () => undefined,
      hide: () => undefined,
      openSettings: () => undefined,
      openReview: () => undefined,
    },
    snapshot: () => ({ rev: 0, at: 0, state: store.app.getState() }),
    ...over,
  });
  return { store, handlers, act: commands.act };
}

describe('stopping in the window', () => {
  it('says once that no after-call work is requested, and then does it', async () => {
    const share = onAir('agentRequested');
    const { handlers } = widget([share]);
    const first = await handlers.stopSharing({ key: share.key });
    expect(first).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^You won’t get a wrap-up/) as string,
    });
    expect(sent).toEqual([]);
    expect(await handlers.stopSharing({ key: share.key })).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it.each([
    ['it was requested', onAir('agentRequested', { afterCallWorkRequired: true })],
    ['it comes anyway', onAir('mandatory')],
  ])('does it at once where %s', async (_why, share) => {
    const { handlers } = widget([share]);
    expect(await handlers.stopSharing({ key: share.key })).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it('from elsewhere never waits', async () => {
    const share = onAir('agentRequested');
    expect(await widget([share]).act('stopSharing', share.key)).toMatchObject({ ok: true });
    expect(sent).toEqual(['disconnect']);
  });

  it('that the server does not take has a reason', async () => {
    answer = { kind: 'unreachable', reason: 'No network.', mayHaveArrived: false };
    const share = onAir('mandatory');
    expect(await widget([share]).act('stopSharing', share.key)).toEqual({ ok: false, reason: 'No network.' });
  });
});

describe('opening a wrap-up', () => {
  const waiting = about('b', { leg: ended });

  it('while on air shows it; opened before, it is put away when the screen goes on air', () => {
    const share = onAir('mandatory');
    const { store, handlers } = widget([share, waiting]);
    expect(store.app.getState().prompt).toBeNull();
    void handlers.openWrapUp({ key: waiting.key });
    expect(store.app.getState().prompt?.key).toBe(waiting.key);

    const before = widget([waiting]);
    void before.handlers.openWrapUp({ key: waiting.key });
    before.store.update(({ communications }) => ({
      communications: { ...communications, [share.key]: share },
    }));
    expect(before.store.app.getState().prompt).toBeNull();
  });

  it('that is not known any more is refused in words', async () => {
    expect(await widget([]).act('openWrapUp', waiting.key)).toMatchObject({ ok: false });
  });
});

describe('a missed alert', () => {
  const missed = about('m', {
    leg: { state: 'terminated', disconnectType: 'timeout', disconnectedTime: at(16) },
  });

  it('goes when it is dismissed', () => {
    const { store, handlers } = widget([missed]);
    expect(store.app.getState().status.phase).toBe('missed');
    void handlers.dismissMissed({ key: missed.key });
    expect(store.app.getState().status.phase).toBe('idle');
  });

  it('is seen when the agent comes to the window, from then on', () => {
    const { store } = widget([missed]);
    markMissedSeen(store, ms(500));
    expect(store.model.getState().missedSeen).toEqual({ [missed.key]: ms(500) });
    markMissedSeen(store, ms(900));
    expect(store.model.getState().missedSeen).toEqual({ [missed.key]: ms(500) });
  });
});

it('a favourite of codes that no communication here has is refused: it is another organisation’s', async () => {
  const favourite = { code: 'code-of-others', favourite: true };
  expect(await widget([]).handlers.setFavourite(favourite)).toMatchObject({ ok: false });
});

it('trying again without an account says so', async () => {
  expect(await widget([]).handlers.retryNow()).toMatchObject({ ok: false });
});

it('a theme that is not kept is in force, and all the menu has to say is why', () => {
  const notKept = (reason: string) => widget([], { changeSettings: () => ok({ notKept: reason }) });
  expect(notKept('disk full').handlers.setTheme({ theme: 'dark' })).toEqual(refused('disk full'));
  expect(notKept('').handlers.setTheme({ theme: 'dark' })).toEqual(done);
  const locked = widget([], { changeSettings: () => refused('locked') });
  expect(locked.handlers.setTheme({ theme: 'dark' })).toEqual(refused('locked'));
});
