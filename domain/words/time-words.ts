import { say } from './say.ts';
import { timeOfDay } from './times.ts';

/** Days in words, in the person's own time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, locale: string, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale}/${name}`;
  // Making one takes a hundred times as long as using it, and a list asks for every line.
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format.format(ms);
}

/** `23 Nov 2026`. */
export function dateWords(ms: number, locale: string): string {
  return formatted(ms, locale, 'date', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `Monday, 23 November 2026`: to be heard. */
export function spokenDate(ms: number, locale: string): string {
  return formatted(ms, locale, 'spoken', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** Midnight of the day, epoch ms; a count of days from it is safe where the clock is changed. */
function midnightOf(ms: number): Date {
  const at = new Date(ms);
  at.setHours(0, 0, 0, 0);
  return at;
}

/** Whole days of the calendar from one moment to the other; negative when the other is earlier. */
export function daysBetween(from: number, to: number): number {
  return Math.round((midnightOf(to).getTime() - midnightOf(from).getTime()) / 86_400_000);
}

/** Which day, as short as it is clear: empty for today, `Sun`, `22 Nov`, `22 Nov 2025`. */
export function dayWords(ms: number, now: number, locale: string): string {
  const ago = daysBetween(ms, now);
  if (ago === 0) return '';
  if (ago > 0 && ago < 7) return formatted(ms, locale, 'weekday', { weekday: 'short' });
  return new Date(ms).getFullYear() === new Date(now).getFullYear()
    ? formatted(ms, locale, 'day', { day: 'numeric', month: 'short' })
    : dateWords(ms, locale);
}

/** A time of day that cannot be taken for another day's: `16:58`, `Fri 16:58`, `22 Nov 2025 16:58`. */
export function timeWords(ms: number, now: number, locale: string, seconds = false): string {
  const time = timeOfDay(ms, locale, seconds);
  const day = dayWords(ms, now, locale);
  return day === '' ? time : say('time.ofDay', { day, time });
}
