import type { AppState, Phase, Status } from '../state.ts';
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

interface Line {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
}

/** Everything that is in this phase, most urgent first. */
function linesIn({ status }: AppState, phase: Phase): Line[] {
  const { key, title, detail } = status;
  const first = key !== null && status.phase === phase ? [{ key, title, detail }] : [];
  return [...first, ...status.others.filter((other) => other.phase === phase)];
}

function isOnAir(state: AppState): boolean {
  return state.status.phase === 'sharing';
}

/** The communication that alerts, if one does: a new key is a new alert. */
export function alertingKey(state: AppState): string | null {
  return linesIn(state, 'alerting')[0]?.key ?? null;
}

/** What others could read over a shared screen names no customer. */
function discreet(state: AppState, detail: string): string {
  return isOnAir(state) ? '' : detail;
}

/** Lines that were not in this phase before. */
function entered(was: AppState, now: AppState, phase: Phase): Line[] {
  const before = new Set(linesIn(was, phase).map(({ key }) => key));
  return linesIn(now, phase).filter(({ key }) => !before.has(key));
}

/** An event names no queue; the reading that follows does, and the same alert is then said in full. */
function completed(was: AppState, now: AppState): Line[] {
  if (was.link.freshness !== 'live' || now.link.freshness !== 'live') return [];
  const before = new Map(linesIn(was, 'alerting').map(({ key, detail }) => [key, detail]));
  return linesIn(now, 'alerting').filter(({ key, detail }) => before.has(key) && before.get(key) !== detail);
}

/** What is worth announcing because the state went from `was` to `now`. */
export function announcements(was: AppState, now: AppState): Announcement[] {
  const alert =
    (silent: boolean) =>
    (line: Line): Announcement => ({
      tag: 'alerting',
      title: say('status.alerting'),
      body: discreet(now, line.detail),
      key: line.key,
      urgent: true,
      silent,
    });
  const quiet = (tag: Announcement['tag'], { key, title, detail }: Line): Announcement => {
    return { tag, title, body: discreet(now, detail), key, urgent: false, silent: true };
  };
  const isLost = isOnAir(was) && isOnAir(now) && was.status.confirmed && !now.status.confirmed;
  const { key, title } = now.status;
  const body = say('announce.notConfirmed');
  return [
    ...entered(was, now, 'alerting').map(alert(false)),
    ...completed(was, now).map(alert(true)),
    ...(isLost ? [{ tag: 'sharing' as const, title, body, key, urgent: true, silent: false }] : []),
    ...entered(was, now, 'wrapUp').map((line) =>
      quiet('wrapUp', { ...line, title: say('announce.wrapUpDue') }),
    ),
    ...entered(was, now, 'conflict').map((line) => quiet('conflict', line)),
  ];
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
