import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command, Feed, SendResult } from '../../../domain/feed.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { done, ok, refused } from '../../../domain/toolbox/result.ts';
import {
  createCommunicationCommands,
  markMissedSeen,
} from '../../../electron/handlers/communication-commands.ts';
import { createWidgetHandlers, type WidgetHandlerParts } from '../../../electron/handlers/widget.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { at, ended, live, ms, one, type Told } from '../domain/wire.ts';

const about = (name: string, told: Told): Communication => one({ ...told, conversation: { id: name } });
const onAir = (policy: string, leg: object = {}): Communication =>
  about('a', { leg: { ...live, sharing: true, ...leg }, agent: { wrapupPrompt: policy } });

let sent: Command['kind'][];
let answer: SendResult;
beforeEach(() => {
  sent = [];
  seconds = 16;
  answer = { kind: 'accepted' };
});

// What waits to be read again would be so in the time of another test.
const stores: StateStore[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.stop();
});

let seconds: number;
function widget(communications: readonly Communication[], over: Partial<WidgetHandlerParts> = {}) {
  const store = createStateStore(model(communications), () => ms(seconds));
  stores.push(store);
  const feed: Pick<Feed, 'send'> = {
    send: (_target, { kind }) => {
      sent.push(kind);
      return Promise.resolve(answer);
    },
  };
  const ask = () => Promise.resolve(true);
  const commands = createCommunicationCommands({ store, feed: () => feed, ask, now: () => ms(seconds) });
  const handlers = createWidgetHandlers({
    store,
    session: () => null,
    sessionOf: () => null,
    draftsSaved: () => undefined,
    acceptGate: () => undefined,
    commands,
    account: {
      signIn: () => Promise.resolve(done),
      cancelSignIn: () => done,
      lookAround: () => Promise.resolve(done),
    },
    stepTextSize: () => Promise.resolve(done),
    changeSettings: () => Promise.resolve(ok({ notKept: '' })),
    showRecord: () => Promise.resolve(),
    windows: {
      fit: () => undefined,
      hide: () => undefined,
      openSettings: () => undefined,
      openReview: () => undefined,
    },
    snapshot: () => ({ rev: 0, at: 0, state: store.app.getState() }),
    ...over,
  });
  return { store, handlers, act: commands.act, isMeant: commands.isMeant };
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

describe('where a hang-up ends more than the share', () => {
  const inCall = (state = 'connected'): Communication =>
    one({
      leg: { ...live, sharing: true },
      agent: { calls: [{ id: 'call', state, connectedTime: at(1) }] },
    });
  const share = inCall();

  it('the button says what it ends, and one press does it', async () => {
    const { store, handlers } = widget([share]);
    const { ends } = store.app.getState().status;
    expect(ends).toBe('the call');
    expect(await handlers.stopSharing({ key: share.key, ends })).toEqual(done);
    expect(sent).toEqual(['disconnect']);
  });

  it('a call that joined after the button was drawn is not ended unsaid', async () => {
    const { handlers } = widget([share]);
    const reply = await handlers.stopSharing({ key: share.key, ends: '' });
    expect(reply).toMatchObject({
      ok: false,
      reason: expect.stringContaining('also end the call') as string,
    });
    expect(sent).toEqual([]);
  });

  it('a key in the window takes two presses, each of which says so', async () => {
    const { store, handlers } = widget([share]);
    const press = () => handlers.stopSharing({ key: share.key, byKey: true });
    await press();
    expect(sent).toEqual([]);
    expect(store.app.getState().status.pressAgain).toBe(
      'Press again within 2 seconds to stop sharing and end the call.',
    );
    await press();
    expect(sent).toEqual(['disconnect']);
    expect(store.app.getState().status.pressAgain).toBe('');
  });

  it('only a second press within two seconds is meant, by whatever way', () => {
    const { isMeant } = widget([share]);
    expect(isMeant('stopSharing', share.key)).toBe(false);
    seconds += 2.1;
    expect(isMeant('stopSharing', share.key)).toBe(false);
    seconds += 2;
    expect(isMeant('stopSharing', share.key)).toBe(true);
    // And then it begins anew.
    expect(isMeant('stopSharing', share.key)).toBe(false);
  });

  it('what a second press would end must be what the first one said', () => {
    const { store, isMeant } = widget([share]);
    expect(isMeant('stopSharing', share.key)).toBe(false);
    const more = { ...share, otherLegs: ['calls', 'chats'] };
    store.update(() => ({ communications: { [share.key]: more } }));
    expect(store.app.getState().status.pressAgain).toBe('');
    expect(isMeant('stopSharing', share.key)).toBe(false);
    expect(store.app.getState().status.pressAgain).toContain('the call and the chat');
    expect(isMeant('stopSharing', share.key)).toBe(true);
  });

  it('a decline is the same, and nothing else takes two presses', () => {
    const ringing = one({ leg: { state: 'alerting' }, agent: { calls: [{ id: 'c', state: 'connected' }] } });
    const { isMeant, store } = widget([ringing]);
    expect(isMeant('answer', ringing.key)).toBe(true);
    expect(isMeant('decline', ringing.key)).toBe(false);
    expect(store.app.getState().status).toMatchObject({
      ends: 'the call',
      pressAgain: 'Press again within 2 seconds to decline and end the call.',
    });
    expect(isMeant('decline', ringing.key)).toBe(true);
  });

  it('a call that has ended needs no second press', () => {
    expect(widget([inCall('disconnected')]).isMeant('stopSharing', share.key)).toBe(true);
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

  it('goes with those before it, not with one that came after the agent looked', () => {
    const [first, second, third] = ['m1', 'm2', 'm3'].map((id, index) => ({
      ...about(id, {
        leg: { state: 'terminated', disconnectType: 'timeout', disconnectedTime: at(16 + index) },
      }),
      firstSeenAt: at(10 + index),
    }));
    if (!first || !second || !third) throw new Error('three were made');
    const { store, handlers } = widget([first, second, third]);
    void handlers.dismissMissed({ key: second.key });
    expect(store.app.getState().status).toMatchObject({ key: third.key, title: 'Missed screen share' });
    void handlers.dismissMissed({ key: 'of nothing' });
    expect(store.app.getState().status).toMatchObject({ key: third.key });
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

it('a theme that is not kept is in force, and all the menu has to say is why', async () => {
  const notKept = (reason: string) =>
    widget([], { changeSettings: () => Promise.resolve(ok({ notKept: reason })) });
  expect(await notKept('disk full').handlers.setTheme({ theme: 'dark' })).toEqual(refused('disk full'));
  expect(await notKept('').handlers.setTheme({ theme: 'dark' })).toEqual(done);
  const locked = widget([], { changeSettings: () => Promise.resolve(refused('locked')) });
  expect(await locked.handlers.setTheme({ theme: 'dark' })).toEqual(refused('locked'));
});
