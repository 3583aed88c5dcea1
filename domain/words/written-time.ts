/** Length of a unit of age, in ms. */
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What a person meant by a moment, epoch ms: a day lasts from its midnight here to the next one, a time no longer than itself. */
export interface WrittenTime {
  readonly from: number;
  /** Where it is over: "until a day" includes that day. */
  readonly to: number;
}

function dayOf(at: Date): WrittenTime {
  const next = new Date(at);
  next.setDate(next.getDate() + 1);
  return { from: at.getTime(), to: next.getTime() };
}

function midnight(now: number, daysAgo: number): Date {
  const at = new Date(now);
  at.setHours(0, 0, 0, 0);
  at.setDate(at.getDate() - daysAgo);
  return at;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(year: string, month: string, day: string): boolean {
  const at = new Date(`${year}-${month}-${day}T00:00Z`);
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day);
}

/**
 * A moment as people write it, in a search and on the command line: `2026-11-23`, `today`, `yesterday`,
 * `2026-11-23T14:00` (here, unless it says where), a full ISO-8601 time, or an age before now such as `30m`,
 * `24h`, `7d`, `2w`. `null` when it is none of them, `noSuchTime` for one no calendar or clock has.
 *
 * @param now epoch ms
 */
export function parseWrittenTime(text: string, now: number): WrittenTime | 'noSuchTime' | null {
  if (text === 'today') return dayOf(midnight(now, 0));
  if (text === 'yesterday') return dayOf(midnight(now, 1));
  const age = /^(\d{1,5})([mhdw])$/.exec(text);
  if (age) {
    const at = now - Number(age[1]) * (units[age[2] ?? ''] ?? 0);
    return { from: at, to: at };
  }
  const [written, year = '', month = '', day = '', time] =
    /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?))?$/.exec(
      text,
    ) ?? [];
  if (written === undefined) return null;
  // A date alone would be read as UTC; people mean their own midnight.
  const at = new Date(time === undefined ? `${text}T00:00` : text);
  if (!isDay(year, month, day) || Number.isNaN(at.getTime())) return 'noSuchTime';
  return time === undefined ? dayOf(at) : { from: at.getTime(), to: at.getTime() };
}
