import type { AppState, OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import { acwWarningMs } from '../shown-time.ts';
import { detailLine } from './status.ts';
import { actionName } from '../words/action-names.ts';
import { joinClauses, say } from '../words/say.ts';
import { unreachable } from '../toolbox/result.ts';
import { reminderWords } from './still-sharing.ts';

/** A system notification: a pointer to the window, never the only place something is said. */
export interface Announcement {
  /** A later one with the same tag replaces the earlier one. */
  readonly tag:
    'pressAgain' | 'alerting' | 'missed' | 'sharing' | 'wrapUp' | 'conflict' | 'digest' | 'notice' | 'test';
  readonly title: string;
  readonly body: string;
  /** The communication to bring to the front on a click. */
  readonly key: string | null;
  /** Stays until the person reacts. */
  readonly urgent: boolean;
  readonly silent: boolean;
  /** About what was announced before: whoever closed that has seen it. */
  readonly again?: boolean;
  /** What can be done from it, where the system has buttons there. */
  readonly offers?: readonly Offer[];
  /** Of a share: whether it was confirmed then. */
  readonly confirmed?: boolean;
}

interface Offer {
  readonly action: StatusAction;
  readonly name: string;
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

/** Others can read a shared screen, and a locked one: no customer is named. */
function isReadByOthers(state: AppState): boolean {
  return isOnAir(state) || state.presence.locked;
}
function discreet(state: AppState, detail: string): string {
  return isReadByOthers(state) ? '' : detail;
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
    // Of several nobody could tell which one is meant.
    ...(lines.length === 1 ? { offers: offersOf(line) } : {}),
  };
}

function offersOf(line: OtherStatus): readonly Offer[] {
  return line.actions.map((action) => ({ action, name: actionName(action, line) }));
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
  const quiet = (tag: Announcement['tag'], title: string, line: OtherStatus): Announcement => {
    return { tag, title, body: discreet(now, detailLine(line)), key: line.key, urgent: false, silent: true };
  };
  const [come] = entered(was, now, 'alerting');
  const [more] = completed(was, now);
  return [
    ...(come ? [alert(now, come, false)] : more ? [alert(now, more, true)] : []),
    ...entered(was, now, 'missed')
      .filter(({ unseen }) => unseen)
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
    ...reminders(was, now),
  ];
}

/** A rung of the ladder that is more than the head; those by minutes come by the person's own list. */
function reminders({ reminder: before }: AppState, { reminder, status }: AppState): Announcement[] {
  if (reminder === null || reminder.rung === 'pulse' || reminder.reason === 'minutes') return [];
  if (before?.rung === reminder.rung && before.key === reminder.key) return [];
  return [share(titled(status), reminderWords(reminder))];
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
      return line.key === key && (told.body === body || !isReadByOthers(now)) && told.title === title
        ? shown
        : told;
    }
    case 'sharing':
      return isOnAir(now) && now.status.confirmed === shown.confirmed ? shown : null;
    case 'missed':
    case 'wrapUp':
    case 'conflict': {
      const stands = allIn(now, tag).some((line) => line.key === key && !line.decided);
      // The window says it too, and names nobody.
      return stands && (!isReadByOthers(now) || !namesSomebody(shown, now)) ? shown : null;
    }
    case 'pressAgain':
      return waiting(now).some((line) => line.key === key && line.pressAgain === body) ? shown : null;
    case 'digest':
      return isReadByOthers(now) ? null : shown;
    case 'notice':
    case 'test':
      return shown;
    default:
      return unreachable(tag);
  }
}

const phasesHeldBack = ['missed', 'wrapUp', 'conflict'] as const satisfies (Phase & Announcement['tag'])[];
function isPhaseHeldBack(tag: Announcement['tag']): tag is (typeof phasesHeldBack)[number] {
  return phasesHeldBack.some((each) => each === tag);
}

/** Nobody needs it before the share is over, and others would see it on the shared screen. */
export function isHeldBack({ tag, urgent }: Announcement, state: AppState): boolean {
  return isOnAir(state) && !urgent && isPhaseHeldBack(tag);
}

/** What was held back, in one, once the share is over; null where nothing of it is so any more. */
export function digestOf(held: readonly Announcement[], now: AppState): Announcement | null {
  if (isOnAir(now)) return null;
  // As it stands now: while it was held back nobody was to be named.
  const stands = held.flatMap(({ tag, key }) =>
    isPhaseHeldBack(tag) ? allIn(now, tag).filter((line) => line.key === key && !line.decided) : [],
  );
  if (stands.length === 0) return null;
  const lines = stands.map((line) => joinClauses([line.title, discreet(now, detailLine(line))]));
  const [first] = stands;
  return {
    tag: 'digest',
    title: say('announce.digest'),
    body: [...new Set(lines)].join('\n'),
    key: stands.length === 1 ? (first?.key ?? null) : null,
    urgent: false,
    silent: true,
  };
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
    const body = discreet(state, detailLine(line));
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

/** Without contact nobody knows whether it still goes on. */
function titled(status: Status): Status {
  return status.confirmed ? { ...status, title: say('announce.stillSharing') } : status;
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
  return share(titled(status), say('announce.stillSharingSince', { minutes: count }));
}
