import { say } from './say.ts';

/** `14:02`, in the person's own time zone. */
export function timeOfDay(ms: number, locale: string, seconds = false): string {
  const name = `${locale}/${seconds ? 's' : 'm'}`;
  // Making one takes a hundred times as long as using it, and the card is read again with every change.
  const format = formats.get(name) ?? newFormat(locale, seconds);
  formats.set(name, format);
  return format.format(ms);
}

/** `23 Nov, 14:02`, in the person's own time zone. */
export function dayAndTime(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(ms);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function newFormat(locale: string, seconds: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds ? { second: '2-digit' } : {}),
  });
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

/** `≈ 6 min` where two clocks were mixed. */
export function marked(words: string, approximate: boolean): string {
  return approximate ? say('duration.approximate', { duration: words }) : words;
}

/** `6 min`, `41 s`: for looking back, where a second more or less says nothing. */
export function roughDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60
    ? say('duration.seconds', { count: seconds })
    : say('duration.minutes', { count: Math.round(seconds / 60) });
}
