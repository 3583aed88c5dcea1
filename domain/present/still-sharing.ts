import type { Communication } from '../communication/communication.ts';
import type { AppState, Reminder, ReminderReason, Rung } from '../state.ts';
import { say } from '../words/say.ts';

/**
 * The ladder of what reminds that the screen is still shared. Below it is the tally, which is always there: the filled
 * head. Each rung comes once a share.
 */

/** What there is to know of a share that goes on. Times are epoch ms of main's clock; null where it is not so. */
export interface OnAirWatch {
  readonly since: number;
  /** On air after which the person wants to be reminded, sorted. */
  readonly minutes: readonly number[];
  /** The call or chat the share belonged to is over. */
  readonly callEndedAt: number | null;
  readonly idleSince: number | null;
  readonly lockedAt: number | null;
  readonly asleepAt: number | null;
}

interface Step {
  readonly rung: Rung;
  readonly reason: ReminderReason;
  /** Epoch ms. */
  readonly at: number;
}

const rungs: readonly Rung[] = ['pulse', 'toast', 'modal'];

/** The others are asked about before they come, see `electron/shell/session-guard.ts`. */
type OnLadder = Exclude<ReminderReason, 'minutes' | 'goesToSleep' | 'sessionEnds'>;

/** Ms after each of these until its rungs, in their order. */
const delays: Readonly<Record<OnLadder, readonly [number, number, number]>> = {
  callEnded: [0, 8_000, 90_000],
  // An agent may listen for a while without touching anything.
  idle: [60_000, 180_000, 600_000],
  locked: [0, 5_000, 60_000],
  // It is there when the machine wakes.
  asleep: [0, 0, 0],
};

/** The toasts of every minute are notifications of their own; before the first of them the head stands out more. */
function byMinutes({ since, minutes }: OnAirWatch): Step[] {
  const [first] = minutes;
  const last = minutes.at(-1);
  if (first === undefined || last === undefined) return [];
  const step = (rung: Rung, minute: number): Step => ({
    rung,
    reason: 'minutes',
    at: since + minute * 60_000,
  });
  return [
    step('pulse', first / 2),
    step('toast', first),
    ...(minutes.length > 1 ? [step('modal', last)] : []),
  ];
}

function after(reason: keyof typeof delays, from: number | null): Step[] {
  if (from === null) return [];
  return rungs.map((rung, index) => ({ rung, reason, at: from + (delays[reason][index] ?? 0) }));
}

function steps(watch: OnAirWatch): Step[] {
  return [
    ...after('callEnded', watch.callEndedAt),
    ...after('locked', watch.lockedAt),
    ...after('asleep', watch.asleepAt),
    ...after('idle', watch.idleSince),
    ...byMinutes(watch),
  ].sort((a, b) => a.at - b.at || rungs.indexOf(b.rung) - rungs.indexOf(a.rung));
}

/**
 * The highest rung that is due at `now` (epoch ms) above the one that was reached, and when the next one is; a rung
 * that was skipped does not come later.
 */
export function climb(
  watch: OnAirWatch,
  now: number,
  reached: Rung | null,
): { readonly step: Step | null; readonly nextAt: number | null } {
  const height = (rung: Rung | null): number => (rung === null ? -1 : rungs.indexOf(rung));
  const above = (rung: Rung | null) => (each: Step) => height(each.rung) > height(rung);
  const all = steps(watch);
  const due = all.filter(({ at }) => at <= now).filter(above(reached));
  const step = due.sort((a, b) => height(b.rung) - height(a.rung) || a.at - b.at)[0] ?? null;
  const next = all.filter(({ at }) => at > now).find(above(step?.rung ?? reached));
  return { step, nextAt: next?.at ?? null };
}

/** The call or chat the share belonged to is over. A record knows of other legs only once it had some. */
export function isLinkedOver({ otherLegs }: Pick<Communication, 'otherLegs'>): boolean {
  return otherLegs?.length === 0;
}

/** Why somebody is reminded, in words; names nobody. */
export function reminderWords({ reason, minutes }: Pick<Reminder, 'reason' | 'minutes'>): string {
  switch (reason) {
    case 'minutes':
      return say('announce.stillSharingSince', { minutes });
    case 'callEnded':
      return say('reminder.callEnded');
    case 'idle':
      return say('reminder.idle');
    case 'locked':
      return say('reminder.locked');
    case 'asleep':
      return say('reminder.asleep');
    case 'goesToSleep':
      return say('reminder.goesToSleep');
    case 'sessionEnds':
      return say('reminder.sessionEnds');
  }
}

/** A reminder is about the share that is on air, and about no other. */
export function isReminderOf({ status }: Pick<AppState, 'status'>, key: string | null): boolean {
  return status.phase === 'sharing' && status.key === key;
}
