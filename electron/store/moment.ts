/** What `--since` and `--until` accept, in the words of an error. */
export const momentHelp =
  'a date (2025-03-04), a date with time (2025-03-04T09:30 or with a zone) or an age (30m, 24h, 7d, 2w)';

const minute = 60_000;
const units: Readonly<Record<string, number>> = {
  m: minute,
  h: 60 * minute,
  d: 24 * 60 * minute,
  w: 7 * 24 * 60 * minute,
};

const age = /^(\d{1,6})([mhdw])$/;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;
const dateTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Midnight of that local day, or null for a day no calendar has. */
function localDay(year: number, month: number, date: number): Date | null {
  const start = new Date(year, month - 1, date);
  return start.getMonth() === month - 1 && start.getDate() === date ? start : null;
}

/**
 * Epoch ms for what a person typed, or null for anything else. Without a zone it is this machine's time. A
 * day alone means all of it: `since` begins at its start, `until` ends at its end.
 * @param now epoch ms
 */
export function parseMoment(text: string, edge: 'since' | 'until', now: number): number | null {
  const [, amount, unit] = age.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return now - Number(amount) * (units[unit] ?? 0);
  const [, year, month, date] = day.exec(text) ?? [];
  if (year !== undefined) {
    const start = localDay(Number(year), Number(month), Number(date));
    // Not 24 hours on: the day a clock is changed is longer or shorter.
    if (start && edge === 'until') start.setDate(start.getDate() + 1);
    return start?.getTime() ?? null;
  }
  if (!dateTime.test(text)) return null;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}
