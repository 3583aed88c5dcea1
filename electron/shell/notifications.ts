import { Notification } from 'electron/main';
import {
  acwWarnings,
  announcements,
  contactLost,
  digestOf,
  isHeldBack,
  isUnconfirmedOnAir,
  remindersDue,
  stillSharing,
  upToDate,
  type Announcement,
} from '../../domain/present/notification-rules.ts';
import type { NotificationResult } from '../../domain/program-info.ts';
import type { AppState, StateSource, StatusAction } from '../../domain/state.ts';
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
  /** A button of one was pressed. */
  readonly onAction: (action: StatusAction, key: string) => void;
  /** The desktop holds notifications back because the person wants that; it is never changed. */
  readonly isDoNotDisturb: () => Promise<boolean>;
  /** One was clicked that may be from an earlier run: nobody holds its announcement any more. */
  readonly onOldClick: () => void;
  /** Minutes on air after which a reminder comes. */
  readonly stillSharingMinutes: () => readonly number[];
  readonly clock: Clock;
  /** As the desktop's service takes it: most take markup. */
  readonly bodyFor: (body: string) => string;
  readonly icon: string;
  /** An earlier state: what came about since then is announced as well. */
  readonly since?: AppState;
  readonly log: (message: string) => void;
}

export interface NotificationService {
  /** The last results, newest last; for diagnostics. */
  results(): readonly (NotificationResult & { readonly tag: string })[];
  /** Says once what is no part of the state; `urgent` stays until the person acts. */
  say(title: string, body: string, urgent?: boolean): void;
  /** The person looks at the window, which says it too: what lies over it goes. */
  seen(): void;
  /** Shows one now, even over our own window; resolves with what the desktop made of it. */
  test(): Promise<NotificationResult>;
  stop(): void;
}

/** What newer runtimes have, each on its system only. */
interface Newer {
  /** Windows: clicks in the Action Center, also on what an earlier run has left there. */
  readonly handleActivation?: (activated: () => void) => void;
  /** macOS. */
  readonly removeAll?: () => void;
}

interface Holding {
  readonly announcement: Announcement;
  /** Withdraws it, also before it is on the screen. */
  readonly close: () => void;
  readonly isOnScreen: boolean;
  readonly isClosed: boolean;
}

const resultsKept = 20;
/** A desktop that has not answered by then did not show it. */
const testLimitMs = 3000;
/**
 * The desktop is asked so long after the window was: this thread stands still until it has answered, and the window
 * could not be drawn. What is known better by then is shown once, and not replaced under a hand that clicks it, ms.
 */
const afterWindowMs = 250;
/** What comes with the end of a share comes within this, and nothing of the digest is later than four seconds, ms. */
const digestAfterMs = 1_500;
/** Nobody is reminded of a share by sound more often, ms. */
const soundAgainMs = 60_000;
/** Contact that is back by then was never worth an alarm. */
const lostForMs = 6_000;

/** Newer runtimes say it in the event. */
function pressedButton(event: unknown, index: unknown): number {
  const said =
    typeof event === 'object' && event !== null && 'actionIndex' in event ? event.actionIndex : index;
  return typeof said === 'number' ? said : -1;
}

/** System notifications as a service of the state. */
export function startNotifications(parts: NotificationParts): NotificationService {
  const { source, clock } = parts;
  const newer: Newer = Notification;
  // A run that ended without a word has left names on the screen.
  newer.removeAll?.();
  newer.handleActivation?.(parts.onOldClick);
  // One is held for each tag: a notification nobody holds is collected, and its click goes nowhere.
  const held = new Map<string, Holding>();
  const results: (NotificationResult & { tag: string })[] = [];
  let cancelReminder = (): void => undefined;
  let cancelAlarm: (() => void) | null = null;
  let share: { key: string; reminded: Set<number> } | null = null;
  let cancelWarning = (): void => undefined;
  let cancelDigest = (): void => undefined;
  /** By tag and communication: what waits for the end of the share. */
  const heldBack = new Map<string, Announcement>();
  let soundedAt = -Infinity;
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
    const { tag, title } = announcement;
    const done = (result: NotificationResult): void => {
      note(tag, result);
      answered(result);
    };
    if (isHeldBack(announcement, source.getState())) {
      heldBack.set(`${tag}/${announcement.key ?? title}`, announcement);
      done({ status: 'suppressed', reason: say('notification.held') });
      return;
    }
    const before = held.get(tag);
    // Whoever closed it has seen it; what is new about the same comes in the window.
    if (announcement.again && before?.isClosed) {
      held.set(tag, { ...before, announcement });
      return;
    }
    const obstacle = obstacleTo(tag);
    if (obstacle) {
      done(obstacle);
      return;
    }
    before?.close();
    // One that was never on the screen made no sound either.
    const first = announcement.again && before && !before.isOnScreen ? before.announcement : announcement;
    held.set(tag, hold({ ...announcement, silent: first.silent }, done));
  }

  /** Puts it on the screen in a moment. */
  function hold(announcement: Announcement, done: (result: NotificationResult) => void): Holding {
    let notification: Notification | null = null;
    const cancel = clock.after(afterWindowMs, () => {
      const obstacle = obstacleTo(announcement.tag);
      if (obstacle) {
        held.delete(announcement.tag);
        done(obstacle);
        return;
      }
      holding.isOnScreen = true;
      notification = made(announcement);
      notification.on('close', () => {
        holding.isClosed = true;
      });
      notification.on('show', () => {
        done({ status: 'shown', reason: '' });
      });
      notification.on('failed', (_event, error) => {
        done({ status: 'failed', reason: error });
      });
      notification.show();
    });
    const holding = {
      announcement,
      isOnScreen: false,
      isClosed: false,
      close: () => {
        cancel();
        notification?.close();
      },
    };
    return holding;
  }

  function made(announcement: Announcement): Notification {
    const { tag, title, body, urgent, key, offers = [] } = announcement;
    const isSoonAgain = tag === 'sharing' && clock.now() - soundedAt < soundAgainMs;
    const silent = announcement.silent || isSoonAgain || (tag === 'alerting' && parts.soundsItself());
    if (tag === 'sharing' && !silent) soundedAt = clock.now();
    const notification = new Notification({
      // Where the system knows ids, a later one also takes the place of one that an earlier run has left.
      id: `sharelight-${tag}`,
      title,
      body: parts.bodyFor(body),
      icon: parts.icon,
      silent,
      urgency: urgent ? 'critical' : 'normal',
      timeoutType: urgent ? 'never' : 'default',
      actions: offers.map(({ name }) => ({ type: 'button', text: name })),
    });
    notification.on('click', () => {
      parts.onClick(announcement);
    });
    notification.on('action', (event: unknown, index: unknown) => {
      const offer = offers[pressedButton(event, index)];
      if (offer && key !== null) parts.onAction(offer.action, key);
    });
    return notification;
  }

  /** What is still on the screen must stay true, and name nobody while on air. */
  function keepTrue(state: AppState): void {
    for (const [tag, holding] of [...held]) {
      const now = upToDate(holding.announcement, state);
      if (now === holding.announcement) continue;
      if (now) show(now);
      // Nothing took its place: it goes also where its successor is not shown, as when the window is looked at.
      if (held.get(tag) !== holding) continue;
      holding.close();
      held.delete(tag);
    }
  }

  /** Once the share is over, and what comes with its end is there too. */
  function digest(now: AppState, was: AppState): void {
    const isOver = was.status.phase === 'sharing' && now.status.phase !== 'sharing';
    if (!isOver || heldBack.size === 0) return;
    cancelDigest();
    cancelDigest = clock.after(digestAfterMs, () => {
      const announcement = digestOf([...heldBack.values()], source.getState());
      // Another share has begun: they go on waiting.
      if (source.getState().status.phase === 'sharing') return;
      heldBack.clear();
      if (announcement) show(announcement);
    });
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

  function follow(now: AppState, was: AppState): void {
    for (const announcement of announcements(was, now)) show(announcement);
    keepTrue(now);
    digest(now, was);
    alarm(now);
    if (now.status === was.status) return;
    remind();
    warn();
  }

  /** A desktop that does not disturb takes a notification, and shows it later, or never. */
  async function told(result: NotificationResult): Promise<NotificationResult> {
    if (result.status !== 'shown' || !(await parts.isDoNotDisturb())) return result;
    return { status: 'suppressed', reason: say('notification.doNotDisturb') };
  }

  const unsubscribe = source.subscribe(follow);
  const first = source.getState();
  follow(first, parts.since ?? first);
  remind();
  warn();

  return {
    results: () => results,
    say: (title, body, urgent = false) => {
      show({ tag: 'notice', title, body, key: null, urgent, silent: !urgent });
    },
    seen: () => {
      for (const { close, announcement } of held.values())
        if (announcement.tag !== 'notice' && announcement.tag !== 'test') close();
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
          void told(result).then(resolve);
        });
      }),
    stop: () => {
      unsubscribe();
      cancelReminder();
      cancelWarning();
      cancelDigest();
      cancelAlarm?.();
      for (const { close } of held.values()) close();
      held.clear();
    },
  };
}
