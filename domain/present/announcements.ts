import type { AppState, OtherStatus, Phase, Status } from '../state.ts';
import { acwWarningMs } from '../timer.ts';
import { say } from '../words/say.ts';
import { unreachable } from '../toolbox/result.ts';

/** A system notification: a pointer to the window, never the only place something is said. */
export interface Announcement {
  /** A later one with the same tag replaces the earlier one. */
  readonly tag: 'alerting' | 'missed' | 'sharing' | 'wrapUp' | 'conflict' | 'told' | 'test';
  readonly title: string;
  readonly body: string;
  /** The communication to bring to the front on a click. */
  readonly key: string | null;
  /** Stays until it is seen to. */
  readonly urgent: boolean;
  readonly silent: boolean;
  /** Of a share: whether it was told as confirmed. */
  readonly confirmed?: boolean;
}

/** Everything that is in this phase, most urgent first. */
function linesIn({ status }: AppState, phase: Phase): OtherStatus[] {
  const { key } = status;
  const first = key !== null && status.phase === phase ? [{ ...status, key }] : [];
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
function entered(was: AppState, now: AppState, phase: Phase): OtherStatus[] {
  const before = new Set(linesIn(was, phase).map(({ key }) => key));
  return linesIn(now, phase).filter(({ key }) => !before.has(key));
}

/** An event names no queue; the reading that follows does, and the same alert is then said in full. */
function completed(was: AppState, now: AppState): OtherStatus[] {
  if (was.link.freshness !== 'live' || now.link.freshness !== 'live') return [];
  const before = new Map(linesIn(was, 'alerting').map(({ key, detail }) => [key, detail]));
  return linesIn(now, 'alerting').filter(({ key, detail }) => before.has(key) && before.get(key) !== detail);
}

function alert(state: AppState, line: OtherStatus, silent: boolean): Announcement {
  const title = say('status.alerting');
  const body = discreet(state, line.detail);
  return { tag: 'alerting', title, body, key: line.key, urgent: true, silent };
}

/** What waits until the agent has seen it; one they declined themselves does not. */
function missed(state: AppState, { key, title, detail, next }: OtherStatus): Announcement {
  const body = [discreet(state, detail), next].filter((part) => part !== '').join(' · ');
  return { tag: 'missed', title, body, key, urgent: false, silent: true };
}

/** What is worth announcing because the state went from `was` to `now`. */
export function announcements(was: AppState, now: AppState): Announcement[] {
  const quiet = (tag: Announcement['tag'], title: string, { key, detail }: OtherStatus): Announcement => {
    return { tag, title, body: discreet(now, detail), key, urgent: false, silent: true };
  };
  const isLost = isOnAir(was) && isOnAir(now) && was.status.confirmed && !now.status.confirmed;
  return [
    ...entered(was, now, 'alerting').map((line) => alert(now, line, false)),
    ...completed(was, now).map((line) => alert(now, line, true)),
    ...(isLost ? [share(now.status, say('announce.notConfirmed'))] : []),
    ...entered(was, now, 'missed')
      .filter(({ actions }) => actions.includes('dismiss'))
      .map((line) => missed(now, line)),
    ...entered(was, now, 'wrapUp').map((line) => quiet('wrapUp', say('announce.wrapUpDue'), line)),
    ...entered(was, now, 'conflict').map((line) => quiet('conflict', line.title, line)),
  ];
}

/**
 * What an announcement still on the screen says by now: itself while it is true, something else, or `null` when
 * it is to go. One that names a customer does not outlast the moment the screen goes on air.
 */
export function upToDate(shown: Announcement, now: AppState): Announcement | null {
  const { tag, key, body } = shown;
  switch (tag) {
    case 'alerting': {
      const lines = linesIn(now, 'alerting');
      const line = lines.find((each) => each.key === key) ?? lines[0];
      if (!line) return null;
      return line.key === key && (body === '' || !isOnAir(now)) ? shown : alert(now, line, true);
    }
    case 'sharing':
      return isOnAir(now) && now.status.confirmed === shown.confirmed ? shown : null;
    case 'missed':
    case 'wrapUp':
    case 'conflict': {
      const stands = linesIn(now, tag).some((line) => line.key === key && !line.decided);
      // The window says it as well, and it names nobody.
      return stands && (!isOnAir(now) || !namesSomebody(shown, now)) ? shown : null;
    }
    case 'told':
    case 'test':
      return shown;
    default:
      return unreachable(tag);
  }
}

/** Told while on air it has no more than that to say. */
function namesSomebody({ tag, body, key }: Announcement, now: AppState): boolean {
  if (tag !== 'missed') return body !== '';
  return linesIn(now, 'missed').every((line) => line.key !== key || line.next !== body);
}

/** A wrap-up whose time is nearly up, once it is: the number in the window is seen only by who looks there. */
export interface Warning {
  readonly key: string;
  /** Epoch ms of main's clock. */
  readonly at: number;
  /** As it is said at `now`, epoch ms; `null` once there is no time left to use. */
  readonly said: (now: number) => Announcement | null;
}

/** When to warn of each wrap-up that has not been decided; those too short for it are not warned of. */
export function acwWarnings(state: AppState): Warning[] {
  return linesIn(state, 'wrapUp').flatMap((line) => {
    const { key, clock, decided } = line;
    if (decided || clock?.mode !== 'until' || (clock.totalMs ?? Infinity) <= acwWarningMs) return [];
    const body = discreet(state, line.detail);
    const said = (now: number): Announcement | null => {
      const seconds = Math.ceil((clock.at - now) / 1000);
      const title = say('announce.acwEnding', { seconds });
      return seconds > 0 ? { tag: 'wrapUp', title, body, key, urgent: true, silent: true } : null;
    };
    return [{ key, at: clock.at - acwWarningMs, said }];
  });
}

/** Which minutes on air are reached at `now` (epoch ms), of the ones not yet reminded of. */
export function remindersDue(since: number, now: number, minutes: readonly number[]): number[] {
  return minutes.filter((minute) => now - since >= minute * 60_000);
}

/** What is said of the share: as sure as its status is, and no surer. */
function share(status: Status, body: string): Announcement {
  const { key, title, confirmed } = status;
  return { tag: 'sharing', title, body, key, urgent: true, silent: false, confirmed };
}

/** The reminder after so many minutes on air; while contact is lost nobody knows whether it still is. */
export function stillSharing(status: Status, minutes: number): Announcement {
  const count = Math.round(minutes);
  if (!status.confirmed) {
    const words = say('announce.maybeSharingSince', { minutes: count });
    return share(status, say('announce.asOf', { words, asOf: status.asOf }));
  }
  const title = say('announce.stillSharing');
  return share({ ...status, title }, say('announce.stillSharingSince', { minutes: count }));
}
