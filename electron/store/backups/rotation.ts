import { dayMs } from '../../../domain/clocks/time.ts';

/** Which backups of a database there are by name, and which of them are kept. Nothing here touches a disk. */

/** What the name of a backup says. */
export interface NamedBackup {
  readonly name: string;
  /** When it was made, epoch ms. */
  readonly at: number;
  /** The schema it still has, when it was made before that was brought up to date; else null. */
  readonly before: number | null;
}

/** The newest ones stay whatever their age. */
export const recentKept = 3;
/** One for each of so many days back, ms. */
export const daysKept = 7 * dayMs;
/** A backup made before the schema changed stays so long, ms. */
export const beforeKept = 14 * dayMs;
/** Words deleted for their age may live on in backups so much longer, ms. */
export const graceMs = 7 * dayMs;
/** A clock may be set back; what is this much ahead of it counts as the future, ms. */
const clockToleranceMs = 60_000;

const pattern = /^memory-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2}\.\d{3})Z(?:\.before-(\d+))?\.db$/;

/** @param at epoch ms */
export function nameOf(at: number, before: number | null = null): string {
  const moment = new Date(at).toISOString().replaceAll(':', '-');
  return `memory-${moment}${before === null ? '' : `.before-${before}`}.db`;
}

/** Null for a file that is no backup of ours. */
export function parseName(name: string): NamedBackup | null {
  const match = pattern.exec(name);
  if (!match) return null;
  const [, date = '', hours = '', minutes = '', seconds = '', before] = match;
  const at = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(at)) return null;
  return { name, at, before: before === undefined ? null : Number(before) };
}

/**
 * The backups to keep: the newest three, and the newest of each of the last seven days (UTC); those from
 * before a change of the schema for fourteen days. What is older than the records themselves may get, and a
 * week, goes in any case.
 * @param now epoch ms
 * @param keepMs age at which records are deleted, ms; null when never
 */
export function keepOf(
  backups: readonly NamedBackup[],
  now: number,
  keepMs: number | null,
): ReadonlySet<NamedBackup> {
  const allowed = backups.filter(({ at }) => keepMs === null || at >= now - keepMs - graceMs);
  const kept = new Set(allowed.filter(({ before, at }) => before !== null && at >= now - beforeKept));
  const newestFirst = allowed.filter(({ before }) => before === null).sort((a, b) => b.at - a.at);
  const past = newestFirst.filter(({ at }) => at <= now + clockToleranceMs);
  // A backup from the future was made before the clock was set back: it may not stand in the way of new ones.
  const future = newestFirst.filter(({ at }) => at > now + clockToleranceMs);
  for (const backup of [...past, ...future].slice(0, recentKept)) kept.add(backup);

  const days = new Set<number>();
  for (const backup of past) {
    const number = Math.floor(backup.at / dayMs);
    if (backup.at < now - daysKept || days.has(number)) continue;
    days.add(number);
    kept.add(backup);
  }
  return kept;
}
