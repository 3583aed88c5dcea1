import type { AppState, Status } from '../state.ts';
import { say } from '../words/say.ts';

/** A system notification: a pointer to the window, never the only place something is said. */
export interface Announcement {
  /** A later one with the same tag replaces the earlier one. */
  readonly tag: 'alerting' | 'sharing' | 'wrapUp' | 'conflict' | 'told' | 'test';
  readonly title: string;
  readonly body: string;
  /** The communication to bring to the front on a click. */
  readonly key: string | null;
  /** Stays until it is seen to. */
  readonly urgent: boolean;
  readonly silent: boolean;
}

function lines(state: AppState): Status['others'] {
  return state.status.others;
}

function find(
  state: AppState,
  phase: Status['phase'],
): { key: string; title: string; detail: string } | null {
  const { status } = state;
  if (status.phase === phase && status.key !== null)
    return { key: status.key, title: status.title, detail: status.detail };
  return lines(state).find((other) => other.phase === phase) ?? null;
}

function isOnAir(state: AppState): boolean {
  return state.status.phase === 'sharing';
}

/** The communication that alerts, if one does: a new key is a new alert. */
export function alertingKey(state: AppState): string | null {
  return find(state, 'alerting')?.key ?? null;
}

/** What others could read over a shared screen names no customer. */
function discreet(state: AppState, detail: string): string {
  return isOnAir(state) ? '' : detail;
}

/** What is worth announcing because the state went from `was` to `now`. */
export function announcements(was: AppState, now: AppState): Announcement[] {
  const said: Announcement[] = [];
  const alert = find(now, 'alerting');
  const before = find(was, 'alerting');
  const rang = before?.key === alert?.key;
  // An event names no queue; the reading that follows does, and the same alert is then said in full.
  if (alert && (!rang || before?.detail !== alert.detail)) {
    const body = discreet(now, alert.detail);
    const title = say('status.alerting');
    said.push({ tag: 'alerting', title, body, key: alert.key, urgent: true, silent: rang });
  }
  if (isOnAir(now) && isOnAir(was) && was.status.confirmed && !now.status.confirmed) {
    const { key, title } = now.status;
    said.push({
      tag: 'sharing',
      title,
      body: say('announce.notConfirmed'),
      key,
      urgent: true,
      silent: false,
    });
  }
  const due = now.prompt;
  const isNew = due !== null && !due.connected && due.conflict === null;
  const wasDue = was.prompt !== null && was.prompt.key === due?.key && !was.prompt.connected;
  if (isNew && !wasDue) {
    const body = discreet(now, due.subject);
    said.push({
      tag: 'wrapUp',
      title: say('announce.wrapUpDue'),
      body,
      key: due.key,
      urgent: false,
      silent: true,
    });
  }
  const conflict = find(now, 'conflict');
  if (conflict && find(was, 'conflict')?.key !== conflict.key) {
    const { title, detail, key } = conflict;
    said.push({ tag: 'conflict', title, body: discreet(now, detail), key, urgent: false, silent: true });
  }
  return said;
}

/** Which minutes on air are reached at `now` (epoch ms), of the ones not yet reminded of. */
export function rungsReached(since: number, now: number, minutes: readonly number[]): number[] {
  return minutes.filter((minute) => now - since >= minute * 60_000);
}

export function stillSharing(status: Status, minutes: number): Announcement {
  return {
    tag: 'sharing',
    title: say('announce.stillSharing'),
    body: say('announce.stillSharingSince', { minutes: Math.round(minutes) }),
    key: status.key,
    urgent: true,
    silent: false,
  };
}
