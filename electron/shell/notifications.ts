import { Notification } from 'electron/main';
import {
  announcements,
  rungsReached,
  stillSharing,
  type Announcement,
} from '../../domain/present/announce.ts';
import type { AppState } from '../../domain/state.ts';

/** What became of an announcement, and why. */
export type NotificationResult = {
  readonly status: 'shown' | 'suppressed' | 'failed';
  readonly reason: string;
};

interface NotificationParts {
  readonly source: {
    getState(): AppState;
    subscribe(listener: (now: AppState, was: AppState) => void): () => void;
  };
  readonly enabled: () => boolean;
  /** The person is looking at the window already. */
  readonly isSeen: () => boolean;
  /** Brings the right window and the right communication to the front. */
  readonly onClick: (announcement: Announcement) => void;
  /** Minutes on air after which a reminder comes. */
  readonly stillSharingMinutes: () => readonly number[];
  /** Epoch ms. */
  readonly clock: () => number;
  readonly icon: string;
  readonly log: (message: string) => void;
}

export interface NotificationService {
  /** The last results, newest last; for diagnostics. */
  results(): readonly (NotificationResult & { readonly tag: string })[];
  /** Something to be told once, that is no part of the state. */
  say(title: string, body: string): void;
  stop(): void;
}

const resultsKept = 20;

/** System notifications as a service of the state. */
export function startNotifications(parts: NotificationParts): NotificationService {
  const { source, clock } = parts;
  // A notification nobody holds is collected, and its click goes nowhere: one is held for each tag.
  const held = new Map<string, Notification>();
  const results: (NotificationResult & { tag: string })[] = [];
  let reminder: NodeJS.Timeout | undefined;
  let share: { key: string; reminded: Set<number> } | null = null;

  function note(tag: string, result: NotificationResult): void {
    results.push({ ...result, tag });
    if (results.length > resultsKept) results.shift();
    if (result.status !== 'shown') parts.log(`notification ${tag}: ${result.status}: ${result.reason}`);
  }

  function obstacleTo(): NotificationResult | null {
    if (!parts.enabled()) return { status: 'suppressed', reason: 'switched off in the preferences' };
    if (parts.isSeen()) return { status: 'suppressed', reason: 'the window has the focus' };
    if (!Notification.isSupported())
      return { status: 'failed', reason: 'this desktop shows no notifications' };
    return null;
  }

  function show(announcement: Announcement): void {
    const { tag, title, body, urgent, silent } = announcement;
    const obstacle = obstacleTo();
    if (obstacle) {
      note(tag, obstacle);
      return;
    }
    const notification = new Notification({
      title,
      body,
      icon: parts.icon,
      silent,
      urgency: urgent ? 'critical' : 'normal',
      timeoutType: urgent ? 'never' : 'default',
    });
    notification.on('click', () => {
      parts.onClick(announcement);
    });
    notification.on('show', () => {
      note(tag, { status: 'shown', reason: '' });
    });
    notification.on('failed', (_event, error) => {
      note(tag, { status: 'failed', reason: error });
    });
    held.get(tag)?.close();
    held.set(tag, notification);
    notification.show();
  }

  function withdraw(state: AppState): void {
    const phases = [state.status, ...state.status.others].map(({ phase }) => phase);
    const stale: Record<Announcement['tag'], boolean> = {
      alerting: !phases.includes('alerting'),
      sharing: !phases.includes('sharing'),
      wrapUp: !phases.includes('wrapUp'),
      conflict: !phases.includes('conflict'),
      told: false,
    };
    for (const [tag, notification] of held) {
      if (!stale[tag as Announcement['tag']]) continue;
      notification.close();
      held.delete(tag);
    }
  }

  /** Each rung of the ladder comes once a share. */
  function remind(): void {
    clearTimeout(reminder);
    const { status } = source.getState();
    if (status.phase !== 'sharing' || status.key === null || status.clock === null) {
      share = null;
      return;
    }
    if (share?.key !== status.key) share = { key: status.key, reminded: new Set() };
    const { reminded } = share;
    const minutes = parts.stillSharingMinutes();
    const reached = rungsReached(status.clock.at, clock(), minutes).filter((minute) => !reminded.has(minute));
    const latest = Math.max(...reached);
    for (const minute of reached) reminded.add(minute);
    if (reached.length > 0) show(stillSharing(status, latest));
    const next = Math.min(...minutes.filter((minute) => !reminded.has(minute)));
    if (Number.isFinite(next)) {
      reminder = setTimeout(remind, Math.max(0, status.clock.at + next * 60_000 - clock()) + 1);
    }
  }

  const unsubscribe = source.subscribe((now, was) => {
    withdraw(now);
    announcements(was, now).forEach(show);
    if (now.status !== was.status) remind();
  });
  remind();

  return {
    results: () => results,
    say: (title, body) => {
      show({ tag: 'told', title, body, key: null, urgent: false, silent: true });
    },
    stop: () => {
      unsubscribe();
      clearTimeout(reminder);
      for (const notification of held.values()) notification.close();
      held.clear();
    },
  };
}
