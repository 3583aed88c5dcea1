import { Notification } from 'electron/main';
import {
  acwWarnings,
  announcements,
  contactLost,
  isUnconfirmedOnAir,
  remindersDue,
  stillSharing,
  upToDate,
  type Announcement,
} from '../../domain/present/announcements.ts';
import type { NotificationResult } from '../../domain/program-info.ts';
import type { AppState, StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { say } from '../../domain/words/say.ts';

interface NotificationParts {
  readonly source: StateSource;
  readonly enabled: () => boolean;
  /** The widget sounds when it alerts: the desktop need not sound as well. */
  readonly soundsItself: () => boolean;
  /** The person is looking at the window already. */
  readonly isSeen: () => boolean;
  /** Brings the right window and the right communication to the front. */
  readonly onClick: (announcement: Announcement) => void;
  /** Minutes on air after which a reminder comes. */
  readonly stillSharingMinutes: () => readonly number[];
  readonly clock: Clock;
  /** As the desktop's service takes it: most take markup. */
  readonly bodyFor: (body: string) => string;
  readonly icon: string;
  readonly log: (message: string) => void;
}

export interface NotificationService {
  /** The last results, newest last; for diagnostics. */
  results(): readonly (NotificationResult & { readonly tag: string })[];
  /** Says once what is no part of the state; `urgent` stays until the person acts. */
  say(title: string, body: string, urgent?: boolean): void;
  /** Shows one now, even over our own window; resolves with what the desktop made of it. */
  test(): Promise<NotificationResult>;
  stop(): void;
}

const resultsKept = 20;
/** A desktop that has not answered by then did not show it. */
const testLimitMs = 3000;
/** Contact that is back by then was never worth an alarm. */
const lostForMs = 6_000;

/** System notifications as a service of the state. */
export function startNotifications(parts: NotificationParts): NotificationService {
  const { source, clock } = parts;
  // One is held for each tag: a notification nobody holds is collected, and its click goes nowhere.
  const held = new Map<
    string,
    { notification: Notification; announcement: Announcement; isClosed: boolean }
  >();
  const results: (NotificationResult & { tag: string })[] = [];
  let cancelReminder = (): void => undefined;
  let cancelAlarm: (() => void) | null = null;
  let share: { key: string; reminded: Set<number> } | null = null;
  let cancelWarning = (): void => undefined;
  /** Keys of the wrap-ups the person was warned about. */
  let warned = new Set<string>();

  function note(tag: string, result: NotificationResult): void {
    results.push({ ...result, tag });
    if (results.length > resultsKept) results.shift();
    if (result.status !== 'shown') parts.log(`notification ${tag}: ${result.status}: ${result.reason}`);
  }

  function obstacleTo(tag: Announcement['tag']): NotificationResult | null {
    if (!parts.enabled()) return { status: 'suppressed', reason: say('notification.off') };
    if (tag !== 'test' && parts.isSeen()) return { status: 'suppressed', reason: say('notification.seen') };
    if (!Notification.isSupported()) return { status: 'failed', reason: say('notification.unsupported') };
    return null;
  }

  function show(
    announcement: Announcement,
    answered: (result: NotificationResult) => void = () => undefined,
  ): void {
    const { tag, title, body, urgent } = announcement;
    const silent = announcement.silent || (tag === 'alerting' && parts.soundsItself());
    const done = (result: NotificationResult): void => {
      note(tag, result);
      answered(result);
    };
    const obstacle = obstacleTo(tag);
    if (obstacle) {
      done(obstacle);
      return;
    }
    const before = held.get(tag);
    // Whoever closed it has seen it; what is new about the same comes in the window.
    if (announcement.again && before?.isClosed) {
      held.set(tag, { ...before, announcement });
      return;
    }
    const notification = new Notification({
      title,
      body: parts.bodyFor(body),
      icon: parts.icon,
      silent,
      urgency: urgent ? 'critical' : 'normal',
      timeoutType: urgent ? 'never' : 'default',
    });
    const holding = { notification, announcement, isClosed: false };
    notification.on('close', () => {
      holding.isClosed = true;
    });
    notification.on('click', () => {
      parts.onClick(announcement);
    });
    notification.on('show', () => {
      done({ status: 'shown', reason: '' });
    });
    notification.on('failed', (_event, error) => {
      done({ status: 'failed', reason: error });
    });
    before?.notification.close();
    held.set(tag, holding);
    notification.show();
  }

  /** What is still on the screen must stay true, and name nobody while on air. */
  function keepTrue(state: AppState): void {
    for (const [tag, holding] of [...held]) {
      const now = upToDate(holding.announcement, state);
      if (now === holding.announcement) continue;
      if (now) {
        show(now);
        continue;
      }
      holding.notification.close();
      held.delete(tag);
    }
  }

  /** A planned change of the connection is over in a moment: the card says it at once, the alarm waits. */
  function alarm(state: AppState): void {
    if (!isUnconfirmedOnAir(state)) {
      cancelAlarm?.();
      cancelAlarm = null;
      return;
    }
    cancelAlarm ??= clock.after(lostForMs, () => {
      const now = source.getState();
      if (isUnconfirmedOnAir(now)) show(contactLost(now));
    });
  }

  /** Each reminder comes once a share. */
  function remind(): void {
    cancelReminder();
    const { status } = source.getState();
    if (status.phase !== 'sharing' || status.key === null || status.clock === null) {
      share = null;
      return;
    }
    if (share?.key !== status.key) share = { key: status.key, reminded: new Set() };
    const { reminded } = share;
    const minutes = parts.stillSharingMinutes();
    const reached = remindersDue(status.clock.at, clock.now(), minutes).filter(
      (minute) => !reminded.has(minute),
    );
    const latest = Math.max(...reached);
    for (const minute of reached) reminded.add(minute);
    if (reached.length > 0) show(stillSharing(status, latest));
    const next = Math.min(...minutes.filter((minute) => !reminded.has(minute)));
    if (Number.isFinite(next)) {
      cancelReminder = clock.after(Math.max(0, status.clock.at + next * 60_000 - clock.now()) + 1, remind);
    }
  }

  /** Once a wrap-up, shortly before its time is up. */
  function warn(): void {
    cancelWarning();
    const warnings = acwWarnings(source.getState());
    warned = new Set(warnings.map(({ key }) => key).filter((key) => warned.has(key)));
    const now = clock.now();
    const open = warnings.filter(({ key }) => !warned.has(key));
    for (const { key, said } of open.filter(({ at }) => at <= now)) {
      warned.add(key);
      const announcement = said(now);
      if (announcement) show(announcement);
    }
    const next = Math.min(...open.map(({ at }) => at).filter((at) => at > now));
    // Cut, because the machine may sleep in between.
    if (Number.isFinite(next)) cancelWarning = clock.after(Math.min(next - now + 1, 30_000), warn);
  }

  const unsubscribe = source.subscribe((now, was) => {
    for (const announcement of announcements(was, now)) show(announcement);
    keepTrue(now);
    alarm(now);
    if (now.status === was.status) return;
    remind();
    warn();
  });
  remind();
  warn();

  return {
    results: () => results,
    say: (title, body, urgent = false) => {
      show({ tag: 'notice', title, body, key: null, urgent, silent: !urgent });
    },
    test: () =>
      new Promise((resolve) => {
        const cancelLimit = clock.after(testLimitMs, () => {
          resolve({ status: 'failed', reason: say('notification.silent') });
        });
        const announcement: Announcement = {
          tag: 'test',
          title: say('notification.test'),
          body: say('notification.test.body'),
          key: null,
          urgent: false,
          silent: false,
        };
        show(announcement, (result) => {
          cancelLimit();
          resolve(result);
        });
      }),
    stop: () => {
      unsubscribe();
      cancelReminder();
      cancelWarning();
      cancelAlarm?.();
      for (const { notification } of held.values()) notification.close();
      held.clear();
    },
  };
}
