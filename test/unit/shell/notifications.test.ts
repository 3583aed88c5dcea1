import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Model } from '../../../domain/present/model.ts';
import { startNotifications, type NotificationService } from '../../../electron/shell/notifications.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { submission, model } from '../domain/known.ts';
import { at, ended, live, ms, one, type Told } from '../domain/wire.ts';

/** The desktop: what is on the screen now. */
const screen = vi.hoisted(() => ({ shown: new Set<{ title: string; body: string }>() }));
vi.mock('electron/main', () => ({
  Notification: class extends EventEmitter {
    static isSupported = (): boolean => true;
    readonly title: string;
    readonly body: string;
    constructor({ title, body }: { title: string; body: string }) {
      super();
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

const onScreen = (): string[] => [...screen.shown].map(({ title, body }) => `${title}: ${body}`);
function become(known: Model): void {
  store.update(() => known);
}
function start(known: Model = model()): void {
  store = createStateStore(known, systemClock.now);
  service = startNotifications({
    source: store.app,
    enabled: () => true,
    soundsItself: () => true,
    bodyFor: (body) => body,
    isSeen: () => seen,
    onClick: () => undefined,
    stillSharingMinutes: () => [5, 15],
    clock: systemClock,
    icon: '',
    log: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: ms(16) });
  screen.shown.clear();
  seen = false;
});
afterEach(() => {
  service.stop();
  store.stop();
  vi.useRealTimers();
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
