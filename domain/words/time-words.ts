import { dayMs } from '../clocks/time.ts';
import { say } from './say.ts';

/** Times, days and lengths in words. Times are epoch ms, told in the person's own time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, locale: string, wanted: Intl.DateTimeFormatOptions): string {
  // A locale that does not say has 24 hours; one of 12 has no zero in front.
  const is12 = /-hc-h1[12]/.test(locale);
  const options =
    wanted.hour === undefined
      ? wanted
      : { ...wanted, ...(is12 ? { hour: 'numeric' as const } : { hourCycle: 'h23' as const }) };
  const key = `${locale} ${Object.entries(options).join()}`;
  // Making one takes a hundred times as long as using it, and a list needs one for every row.
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format.format(ms);
}

const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const toTheMinute = { hour: '2-digit', minute: '2-digit' } as const;
const toTheSecond = { ...toTheMinute, second: '2-digit' } as const;

/** `14:02`. */
export function timeOfDay(ms: number, locale: string, seconds = false): string {
  return formatted(ms, locale, seconds ? toTheSecond : toTheMinute);
}

/** `23 Nov, 14:02`. */
export function dayAndTime(ms: number, locale: string): string {
  return formatted(ms, locale, { day: 'numeric', month: 'short', ...toTheMinute });
}

/** `23 Nov`. */
export function dayMonth(ms: number, locale: string): string {
  return formatted(ms, locale, { day: 'numeric', month: 'short' });
}

/** `23 Nov 2026`. */
export function dateWords(ms: number, locale: string): string {
  return formatted(ms, locale, date);
}

/** `2026-11-23`, this machine's day: as a search takes it. */
export function isoDate(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `14:18:03`, as any spreadsheet reads it. */
export function isoTime(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
}

/** `0:00:41`, `26:08:02`: a length as any spreadsheet adds it up. */
export function tableDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(Math.floor(total / 3600))}:${two(Math.floor((total % 3600) / 60))}:${two(total % 60)}`;
}

/** `23 Nov 2026, 14:18:03`. */
export function dateAndTime(ms: number, locale: string): string {
  return say('review.moment', { date: dateWords(ms, locale), time: timeOfDay(ms, locale, true) });
}

/** `23 Nov 2026, 14:18:02.123`. */
export function exactTime(ms: number, locale: string): string {
  return formatted(ms, locale, { ...date, ...toTheSecond, fractionalSecondDigits: 3 });
}

/** `Monday, 23 November 2026`, for a screen reader. */
export function spokenDate(ms: number, locale: string): string {
  return formatted(ms, locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** Whole calendar days from one moment to the other; negative when the other is earlier. */
export function daysBetween(from: number, to: number): number {
  const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  // Rounded, as a day on which the clocks change is not 24 hours long.
  return Math.round((midnight(to) - midnight(from)) / dayMs);
}

/** Which day, as short as it is clear: empty for today, `Sun`, `22 Nov`, `22 Nov 2025`. */
export function dayWords(ms: number, now: number, locale: string): string {
  const ago = daysBetween(ms, now);
  if (ago === 0) return '';
  if (ago > 0 && ago < 7) return formatted(ms, locale, { weekday: 'short' });
  return new Date(ms).getFullYear() === new Date(now).getFullYear()
    ? formatted(ms, locale, { day: 'numeric', month: 'short' })
    : dateWords(ms, locale);
}

/** A time of day with its day unless that is today: `16:58`, `Fri 16:58`, `22 Nov 2025 16:58`. */
export function timeWords(ms: number, now: number, locale: string, seconds = false): string {
  const time = timeOfDay(ms, locale, seconds);
  const day = dayWords(ms, now, locale);
  return day === '' ? time : say('time.ofDay', { day, time });
}

/** `0:41`, `12:08`, `1:02:08`; never negative. */
export function clockDuration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  const tail = `${hours > 0 ? two(minutes) : String(minutes)}:${two(total % 60)}`;
  return hours > 0 ? `${String(hours)}:${tail}` : tail;
}

/** `6 min`, `41 s`: for looking back, where a second more or less says nothing. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60
    ? say('duration.seconds', { count: seconds })
    : say('duration.minutes', { count: Math.round(seconds / 60) });
}

/** `≈ 6 min` where two clocks were mixed. */
export function markApproximate(words: string, approximate: boolean): string {
  return approximate ? say('duration.approximate', { duration: words }) : words;
}
