import type { AppState, OtherStatus, Phase, Status } from '../state.ts';
import { acwWarningMs } from '../timer.ts';
import { joinClauses, say } from '../words/say.ts';
import { unreachable } from '../toolbox/result.ts';

/** A system notification: a pointer to the window, never the only place something is said. */
export interface Announcement {
  /** A later one with the same tag replaces the earlier one. */
  readonly tag: 'pressAgain' | 'alerting' | 'missed' | 'sharing' | 'wrapUp' | 'conflict' | 'notice' | 'test';
  readonly title: string;
  readonly body: string;
  /** The communication to bring to the front on a click. */
  readonly key: string | null;
  /** Stays until the person reacts. */
  readonly urgent: boolean;
  readonly silent: boolean;
  /** About what was announced before: whoever closed that has seen it. */
  readonly again?: boolean;
  /** Of a share: whether it was confirmed then. */
  readonly confirmed?: boolean;
}

/** Everything in this phase, most urgent first. */
function allIn({ status }: AppState, phase: Phase): OtherStatus[] {
  const { key } = status;
  const first = key !== null && status.phase === phase ? [{ ...status, key }] : [];
  return [...first, ...status.others.filter((other) => other.phase === phase)];
}

function isOnAir(state: AppState): boolean {
  return state.status.phase === 'sharing';
}

/** The communication that alerts, if any: a new key is a new alert. */
export function alertingKey(state: AppState): string | null {
  return allIn(state, 'alerting')[0]?.key ?? null;
}

/** Others can read a shared screen: no customer is named. */
function discreet(state: AppState, detail: string): string {
  return isOnAir(state) ? '' : detail;
}

/** What was not in this phase before. */
function entered(was: AppState, now: AppState, phase: Phase): OtherStatus[] {
  const before = new Set(allIn(was, phase).map(({ key }) => key));
  return allIn(now, phase).filter(({ key }) => !before.has(key));
}

/** An event names no queue. The reading that follows does, and the same alert is then shown in full. */
function completed(was: AppState, now: AppState): OtherStatus[] {
  if (was.link.freshness !== 'live' || now.link.freshness !== 'live') return [];
  const before = new Map(allIn(was, 'alerting').map(({ key, detail }) => [key, detail]));
  return allIn(now, 'alerting').filter(({ key, detail }) => before.has(key) && before.get(key) !== detail);
}

/** One for all that alerts, so that none hides another. A click leads to `line`. */
function alert(state: AppState, line: OtherStatus, again: boolean): Announcement {
  const lines = allIn(state, 'alerting');
  const details = lines.map(({ detail }) => discreet(state, detail)).filter((detail) => detail !== '');
  return {
    tag: 'alerting',
    title: lines.length > 1 ? say('announce.alerts', { count: lines.length }) : say('status.alerting'),
    body: details.length === 0 ? say('announce.alert.body') : [...new Set(details)].join('\n'),
    key: line.key,
    urgent: true,
    silent: again,
    again,
  };
}

function missed(state: AppState, { key, title, detail, next }: OtherStatus): Announcement {
  const body = joinClauses([discreet(state, detail), next]);
  return { tag: 'missed', title, body, key, urgent: false, silent: true };
}

/** What was pressed once and waits for the second press. */
function waiting(state: AppState): OtherStatus[] {
  return [...allIn(state, 'sharing'), ...allIn(state, 'alerting')].filter(
    ({ pressAgain }) => pressAgain !== '',
  );
}

/** What is worth announcing because the state went from `was` to `now`. */
export function announcements(was: AppState, now: AppState): Announcement[] {
  const quiet = (tag: Announcement['tag'], title: string, { key, detail }: OtherStatus): Announcement => {
    return { tag, title, body: discreet(now, detail), key, urgent: false, silent: true };
  };
  const [come] = entered(was, now, 'alerting');
  const [more] = completed(was, now);
  return [
    ...(come ? [alert(now, come, false)] : more ? [alert(now, more, true)] : []),
    ...entered(was, now, 'missed')
      .filter(({ actions }) => actions.includes('dismiss'))
      .map((line) => missed(now, line)),
    ...entered(was, now, 'wrapUp').map((line) => quiet('wrapUp', say('announce.wrapUpDue'), line)),
    ...waiting(now)
      .filter(({ key, pressAgain }) =>
        waiting(was).every((line) => line.key !== key || line.pressAgain !== pressAgain),
      )
      .map(({ key, title, pressAgain }): Announcement => {
        return { tag: 'pressAgain', title, body: pressAgain, key, urgent: true, silent: false };
      }),
    ...entered(was, now, 'conflict').map((line) => quiet('conflict', line.title, line)),
  ];
}

/**
 * What should stand in the place of an announcement that is still on the screen: itself while it is true, another,
 * or null. One that names a customer goes when the screen goes on air.
 */
export function upToDate(shown: Announcement, now: AppState): Announcement | null {
  const { tag, key, title, body } = shown;
  switch (tag) {
    case 'alerting': {
      const lines = allIn(now, 'alerting');
      const line = lines.find((each) => each.key === key) ?? lines[0];
      if (!line) return null;
      const told = alert(now, line, true);
      return line.key === key && (told.body === body || !isOnAir(now)) && told.title === title ? shown : told;
    }
    case 'sharing':
      return isOnAir(now) && now.status.confirmed === shown.confirmed ? shown : null;
    case 'missed':
    case 'wrapUp':
    case 'conflict': {
      const stands = allIn(now, tag).some((line) => line.key === key && !line.decided);
      // The window says it too, and names nobody.
      return stands && (!isOnAir(now) || !namesSomebody(shown, now)) ? shown : null;
    }
    case 'pressAgain':
      return waiting(now).some((line) => line.key === key && line.pressAgain === body) ? shown : null;
    case 'notice':
    case 'test':
      return shown;
    default:
      return unreachable(tag);
  }
}

function namesSomebody({ tag, body, key }: Announcement, now: AppState): boolean {
  if (tag !== 'missed') return body !== '';
  return allIn(now, 'missed').every((line) => line.key !== key || line.next !== body);
}

/** That the time for a wrap-up is nearly up, for whoever does not look at the window. */
interface Warning {
  readonly key: string;
  /** Epoch ms of main's clock. */
  readonly at: number;
  /** The announcement at `now`, epoch ms; null once no time is left. */
  readonly said: (now: number) => Announcement | null;
}

/** One for each wrap-up that is not decided and not too short to warn of. */
export function acwWarnings(state: AppState): Warning[] {
  return allIn(state, 'wrapUp').flatMap((line) => {
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

/** Which of these minutes on air are over at `now` (epoch ms). */
export function remindersDue(since: number, now: number, minutes: readonly number[]): number[] {
  return minutes.filter((minute) => now - since >= minute * 60_000);
}

function share(status: Status, body: string): Announcement {
  const { key, title, confirmed } = status;
  return { tag: 'sharing', title, body, key, urgent: true, silent: false, confirmed };
}

/** Whether a share goes on of which nobody knows any more whether it does. */
export function isUnconfirmedOnAir(state: AppState): boolean {
  return isOnAir(state) && !state.status.confirmed;
}

/** Contact was lost while on air, and is not back. */
export function contactLost(state: AppState): Announcement {
  return share(state.status, say('announce.notConfirmed'));
}

/** The reminder after so many minutes on air; without contact nobody knows whether it still goes on. */
export function stillSharing(status: Status, minutes: number): Announcement {
  const count = Math.round(minutes);
  if (!status.confirmed) {
    const words = say('announce.maybeSharingSince', { minutes: count });
    return share(status, say('announce.asOf', { words, asOf: status.asOf }));
  }
  const title = say('announce.stillSharing');
  return share({ ...status, title }, say('announce.stillSharingSince', { minutes: count }));
}
