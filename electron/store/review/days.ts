/** Days and weeks by this machine's calendar; a day that changes the clocks has 23 or 25 hours. */

export type Calendar = 'day' | 'week';

/** Epoch ms of the beginning of the day, or of the week's Monday, that a moment is in. */
export function beginningOf(calendar: Calendar, ms: number): number {
  const date = new Date(ms);
  const since = calendar === 'day' ? 0 : (date.getDay() + 6) % 7;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - since).getTime();
}

export function nextBeginning(calendar: Calendar, ms: number): number {
  const date = new Date(beginningOf(calendar, ms));
  const days = calendar === 'day' ? 1 : 7;
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** `2026-11-23`. */
export function dateOf(ms: number): string {
  const date = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
