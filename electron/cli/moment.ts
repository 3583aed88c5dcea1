/** Length of a unit of age, in ms. */
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * A moment as people write it: `2026-11-23` (midnight here), `2026-11-23T14:00`, a full ISO-8601 time, or
 * an age before now such as `30m`, `24h`, `7d`, `2w`. Returns ISO-8601 in UTC; `null` when it is neither.
 *
 * @param now epoch ms
 */
export function parseMoment(text: string, now: number): string | null {
  const age = /^(\d{1,5})([mhdw])$/.exec(text);
  if (age) return new Date(now - Number(age[1]) * (units[age[2] ?? ''] ?? 0)).toISOString();
  if (!/^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text)) return null;
  // A date alone would be read as UTC; people mean their own midnight.
  const at = new Date(/T/.test(text) ? text : `${text}T00:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
