import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { atWork } from '../../../domain/state.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { nameNotifications } from '../../../electron/shell/notification-name.ts';
import { startNotifications, type NotificationService } from '../../../electron/shell/notifications.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { submission, model } from '../domain/known.ts';
import { at, ended, live, ms, one, type Told } from '../domain/wire.ts';

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly actions: readonly { readonly text: string }[];
}

/** The desktop: what is on the screen now. */
const screen = vi.hoisted(() => {
  const newer: { removeAll?: () => void; handleActivation?: (activated: () => void) => void } = {};
  return {
    shown: new Set<Shown>(),
    /** How many there ever were. */
    count: 0,
    /** What the runtime has besides: nothing, as the older one. */
    newer,
  };
});
vi.mock('electron/main', () => ({
  app: { setAppUserModelId: () => undefined },
  Notification: class extends EventEmitter {
    static isSupported = (): boolean => true;
    static get removeAll() {
      return screen.newer.removeAll;
    }
    static get handleActivation() {
      return screen.newer.handleActivation;
    }
    readonly id: string;
    readonly title: string;
    readonly body: string;
    readonly silent: boolean;
    readonly actions: readonly { text: string }[];
    constructor({ id, title, body, silent, actions }: Shown) {
      super();
      screen.count += 1;
      this.silent = silent;
      this.actions = actions;
      this.id = id;
      this.title = title;
      this.body = body;
    }
    show(): void {
      screen.shown.add(this);
    }
    close(): void {
      if (screen.shown.delete(this)) this.emit('close');
    }
  },
}));

const customer = 'Ana Lima';
const about = (name: string, told: Told): Communication => one({ ...told, conversation: { id: name } });
const sharing = (name: string): Communication => about(name, { leg: { ...live, sharing: true } });
const due = (name: string): Communication => about(name, { leg: ended });
const stale = { link: { kind: 'stale' } } as const;

let store: StateStore;
let service: NotificationService;
let seen: boolean;
let soundsItself: boolean;
let doNotDisturb: boolean;
let pressed: unknown[];
const oldClick = vi.fn();

/** Once the window has had its moment. */
const onScreen = (): string[] => {
  vi.advanceTimersByTime(250);
  return [...screen.shown].map(({ title, body }) => `${title}: ${body}`);
};
function become(known: KnownState): void {
  store.update(() => known);
}
function start(known: KnownState = model()): void {
  store = createStateStore(known, systemClock.now);
  service = startNotifications({
    source: store.app,
    enabled: () => true,
    soundsItself: () => soundsItself,
    bodyFor: (body) => body,
    isSeen: () => seen,
    onClick: () => undefined,
    onAction: (action, key) => void pressed.push([action, key]),
    isDoNotDisturb: () => Promise.resolve(doNotDisturb),
    onOldClick: oldClick,
    stillSharingMinutes: () => [5, 15],
    clock: systemClock,
    icon: '',
    log: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: ms(16) });
  screen.shown.clear();
  screen.count = 0;
  soundsItself = true;
  screen.newer = {};
  seen = false;
  doNotDisturb = false;
  pressed = [];
});
afterEach(() => {
  service.stop();
  store.stop();
  vi.useRealTimers();
});

describe('what lies over the window', () => {
  it('goes when the person looks at it, and nothing else does', () => {
    start();
    become(model([due('a')]));
    expect(onScreen()).toHaveLength(1);
    service.seen();
    expect(onScreen()).toEqual([]);
    service.say('Sharelight', 'It is in the tray.');
    vi.advanceTimersByTime(250);
    service.seen();
    expect(onScreen()).toEqual(['Sharelight: It is in the tray.']);
  });
});

describe('the reminder of a share', () => {
  it('comes once at each rung, sure while it is confirmed', () => {
    start(model([sharing('a')]));
    vi.advanceTimersByTime(5 * 60_000);
    expect(onScreen()).toEqual(['You are still sharing: You have been sharing your screen for 5 minutes.']);
    vi.advanceTimersByTime(5 * 60_000);
    expect(service.results()).toHaveLength(0);
    expect(onScreen()).toHaveLength(1);
  });

  it('claims nothing while contact is lost, and goes when contact is back', () => {
    start(model([sharing('a')], stale));
    vi.advanceTimersByTime(5 * 60_000);
    expect(onScreen()).toEqual([
      expect.stringMatching(
        /^Sharing – not confirmed: You may have been sharing your screen for 5 minutes\. Last confirmed [\d:]+\.$/,
      ) as string,
    ]);
    become(model([sharing('a')]));
    expect(onScreen()).toEqual([]);
  });

  it('that is on the screen is not left to claim what is no longer known', () => {
    start(model([sharing('a')]));
    vi.advanceTimersByTime(5 * 60_000);
    // The window is looked at: nothing new is shown.
    seen = true;
    become(model([sharing('a')], stale));
    expect(onScreen()).toEqual([]);
  });
});

describe('contact that is lost while sharing', () => {
  it('raises no alarm where it is back in a moment', () => {
    start(model([sharing('a')]));
    become(model([sharing('a')], stale));
    vi.advanceTimersByTime(5_000);
    become(model([sharing('a')]));
    vi.advanceTimersByTime(60_000);
    expect(onScreen()).toEqual([]);
  });

  it('raises one where it is still lost, once, and takes it away when contact is back', () => {
    start(model([sharing('a')]));
    become(model([sharing('a')], stale));
    vi.advanceTimersByTime(6_000);
    const alarm = [expect.stringMatching(/^Sharing – not confirmed: Contact with Genesys is lost/) as string];
    expect(onScreen()).toEqual(alarm);
    become(model([sharing('a')], { ...stale, lastContactAt: ms(17) }));
    vi.advanceTimersByTime(60_000);
    expect(onScreen()).toEqual(alarm);
    become(model([sharing('a')]));
    expect(onScreen()).toEqual([]);
  });

  it('raises none once the share is over', () => {
    start(model([sharing('a')]));
    become(model([sharing('a')], stale));
    become(model([due('a')]));
    vi.advanceTimersByTime(60_000);
    expect(onScreen().join()).not.toContain('Contact');
  });
});

describe('an alert', () => {
  const rings = (name: string, queueName = 'Billing'): Communication =>
    about(name, { leg: { state: 'alerting', startAlertingTime: at(0) }, agent: { queueName } });
  const nameless = (name: string): Communication =>
    about(name, {
      leg: { state: 'alerting', startAlertingTime: at(0) },
      agent: { queueName: '' },
      customer: { name: '' },
    });

  it('that was closed does not come back with what is learned about it', () => {
    start();
    become(model([nameless('a')]));
    expect(onScreen()).toHaveLength(1);
    for (const each of [...screen.shown]) (each as unknown as { close: () => void }).close();
    become(model([rings('a')]));
    become(model([rings('a', 'Support')]));
    expect(onScreen()).toEqual([]);
    become(model([]));
    become(model([rings('a')]));
    expect(onScreen()).toHaveLength(1);
  });

  it('says what to do before anything is known about it, and never nothing', () => {
    start();
    become(model([nameless('a')]));
    expect(onScreen()).toEqual(['Incoming screen share: Open Sharelight to answer.']);
    become(model([rings('a')]));
    expect(onScreen()).toEqual([expect.stringContaining('Billing') as string]);
  });

  it('is shown after the window, once, with what was learned of it by then, and sounds', () => {
    soundsItself = false;
    start();
    become(model([nameless('a')]));
    expect(screen.count).toBe(0);
    vi.advanceTimersByTime(100);
    become(model([rings('a')]));
    expect(onScreen()).toEqual([expect.stringContaining('Billing') as string]);
    expect(screen.count).toBe(1);
    expect([...screen.shown].map(({ silent }) => silent)).toEqual([false]);
  });

  it('that is over, or looked at, in that moment is not shown at all', () => {
    start();
    become(model([rings('a')]));
    become(model([]));
    expect(onScreen()).toEqual([]);
    become(model([rings('b')]));
    seen = true;
    expect(onScreen()).toEqual([]);
    expect(screen.count).toBe(0);
    expect(service.results().at(-1)).toMatchObject({ tag: 'alerting', status: 'suppressed' });
  });

  it('and a second one are one notification, which goes on saying what is left', () => {
    start();
    become(model([rings('a')]));
    become(model([rings('a'), rings('b', 'Support')]));
    expect(onScreen()).toEqual([
      expect.stringMatching(/^2 incoming screen shares: [^]*Support[^]*Billing/) as string,
    ]);
    become(model([rings('b', 'Support')]));
    expect(onScreen()).toEqual([expect.stringMatching(/^Incoming screen share: [^]*Support/) as string]);
  });
});

describe('going on air', () => {
  it('takes every name off the screen', () => {
    start();
    become(model([due('a')]));
    expect(onScreen().join()).toContain(customer);
    become(model([due('a'), sharing('b')]));
    expect(onScreen().join()).not.toContain(customer);
  });

  it('keeps what still rings, without the name', () => {
    const alerting = about('a', { leg: { state: 'alerting', startAlertingTime: at(0) } });
    start();
    become(model([alerting]));
    expect(onScreen().join()).toContain(customer);
    become(model([alerting, sharing('b')]));
    expect(onScreen()).toEqual(['Incoming screen share: Open Sharelight to answer.']);
  });

  it('takes the name off also where the window is looked at, and nothing new is shown', () => {
    const alerting = about('a', { leg: { state: 'alerting', startAlertingTime: at(0) } });
    start();
    become(model([alerting]));
    seen = true;
    become(model([alerting, sharing('b')]));
    expect(onScreen()).toEqual([]);
    const told = service.results().length;
    become(model([alerting, sharing('b')], { lastContactAt: ms(17) }));
    expect(service.results()).toHaveLength(told);
  });
});

describe('what came while sharing', () => {
  const missed = about('m', {
    leg: { state: 'terminated', disconnectType: 'system', disconnectedTime: at(16) },
  });
  const alerting = about('m', { leg: { state: 'alerting', startAlertingTime: at(14) } });

  it('is held back, and comes as one digest within four seconds of the end, with its names', () => {
    start(model([sharing('a')]));
    become(model([sharing('a'), alerting]));
    become(model([sharing('a'), missed]));
    become(model([sharing('a'), missed, due('w')]));
    expect(onScreen()).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(onScreen()).toEqual([]);
    become(model([missed, due('w')]));
    vi.advanceTimersByTime(4_000);
    const digests = onScreen().filter((each) => each.startsWith('While you were sharing: '));
    expect(digests).toHaveLength(1);
    expect(digests[0]).toMatch(/Missed screen share · .*Ana Lima[^]*\nWrap up · .*Ana Lima/);
    // Once.
    become(model([missed, due('w'), sharing('b')]));
    expect(onScreen().join()).not.toContain(customer);
    become(model([missed, due('w')]));
    vi.advanceTimersByTime(10_000);
    expect(onScreen().filter((each) => each.startsWith('While you'))).toEqual([]);
  });

  it('and is over by then is not told of', () => {
    start(model([sharing('a')]));
    become(model([sharing('a'), missed]));
    become(model([sharing('a'), missed], { missedSeen: { [missed.key]: 0 } }));
    become(model([missed], { missedSeen: { [missed.key]: 0 } }));
    vi.advanceTimersByTime(10_000);
    expect(onScreen()).toEqual([]);
  });
});

it('on a locked screen what rings names nobody', () => {
  const alerting = about('a', { leg: { state: 'alerting', startAlertingTime: at(0) } });
  const locked = { presence: { ...atWork, locked: true } };
  start(model([], locked));
  become(model([alerting], locked));
  expect(onScreen()).toEqual(['Incoming screen share: Open Sharelight to answer.']);
  become(model([alerting]));
  become(model([alerting], locked));
  expect(onScreen().join()).not.toContain(customer);
});

it('an alert can be answered and declined from its notification where the system has buttons', () => {
  const rings = (name: string): Communication =>
    about(name, { leg: { state: 'alerting', startAlertingTime: at(0) } });
  start();
  become(model([rings('a')]));
  expect(onScreen()).toHaveLength(1);
  const [shown] = [...screen.shown];
  expect(shown?.actions.map(({ text }) => text)).toEqual(['Answer', 'Decline']);
  const buttons = shown as unknown as EventEmitter;
  buttons.emit('action', {}, 1);
  buttons.emit('action', { actionIndex: 0 });
  buttons.emit('action', { actionIndex: 7 }, 7);
  expect(pressed).toEqual([
    ['decline', rings('a').key],
    ['answer', rings('a').key],
  ]);
  // Of several nobody could tell which one is meant.
  become(model([rings('a'), rings('b')]));
  expect(onScreen()).toHaveLength(1);
  expect([...screen.shown].map(({ actions }) => actions)).toEqual([[]]);
});

it('a test says that the desktop was asked not to disturb, which stays as it is', async () => {
  start();
  doNotDisturb = true;
  const testing = service.test();
  expect(onScreen()).toHaveLength(1);
  ([...screen.shown][0] as unknown as EventEmitter).emit('show');
  expect(await testing).toMatchObject({
    status: 'suppressed',
    reason: expect.stringMatching(/^do not disturb/) as string,
  });
});

describe('after-call work', () => {
  const timed = about('a', {
    leg: ended,
    agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 60_000, startAcwTime: at(15) },
  });

  it('is warned of once, 20 s before its end, and the warning goes with it', () => {
    start(model([timed]));
    vi.advanceTimersByTime(ms(54) - Date.now());
    expect(onScreen()).toEqual([]);
    vi.advanceTimersByTime(1100);
    expect(onScreen()).toEqual([expect.stringMatching(/^20 s left to wrap up: .*Ana Lima/) as string]);
    [...screen.shown].forEach((each) => screen.shown.delete(each));
    become(model([timed], { lastContactAt: ms(56) }));
    vi.advanceTimersByTime(5000);
    expect(onScreen()).toEqual([]);
  });

  it('is not warned of where the agent looks, nor once it is decided', () => {
    start(model([timed]));
    become(model([timed], { submissions: [submission(timed)] }));
    vi.advanceTimersByTime(60_000);
    expect(onScreen()).toEqual([]);
  });
});

it('a missed alert says why and what to do, until the agent has dismissed it', () => {
  const alerting = about('a', { leg: { state: 'alerting', startAlertingTime: at(0) } });
  const missed = about('a', {
    leg: { state: 'terminated', disconnectType: 'system', disconnectedTime: at(16) },
  });
  start();
  become(model([alerting]));
  become(model([missed]));
  expect(onScreen()).toEqual([
    expect.stringMatching(
      /^Missed screen share: Not answered in time .* Genesys may have set you to Not Responding/,
    ) as string,
  ]);
  become(model([missed], { missedSeen: { [missed.key]: 0 } }));
  expect(onScreen()).toEqual([]);
});

describe('what an earlier run has left', () => {
  it('goes at the start where the runtime can take it away, and a click on it leads to the window', () => {
    let click = (): void => undefined;
    const removeAll = vi.fn(() => {
      expect(onScreen()).toEqual([]);
    });
    screen.newer = { removeAll, handleActivation: (activated) => (click = activated) };
    start(model([due('a')]));
    become(model([due('a'), about('b', { leg: { state: 'alerting', startAlertingTime: at(0) } })]));
    expect(removeAll).toHaveBeenCalledOnce();
    oldClick.mockClear();
    click();
    expect(oldClick).toHaveBeenCalledOnce();
  });

  it('is replaced by the next of its kind: ids are the same in every run', () => {
    const alerting = about('a', { leg: { state: 'alerting', startAlertingTime: at(0) } });
    const ids = [1, 2].map(() => {
      screen.shown.clear();
      start();
      become(model([alerting]));
      expect(onScreen()).toHaveLength(1);
      return [...screen.shown].map(({ id }) => id);
    });
    expect(ids[0]).toEqual(['sharelight-alerting']);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('starts this program on Windows, whatever run it is from: its name there stays', () => {
    const names: string[] = [];
    for (let run = 0; run < 2; run += 1)
      nameNotifications({ setToastActivatorCLSID: (name) => names.push(name) });
    expect(names[0]).toMatch(/^\{[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}\}$/);
    expect(names[1]).toBe(names[0]);
    // The older runtime has no such call.
    nameNotifications({});
  });
});
