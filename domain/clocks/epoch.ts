/** The end of the year 9999: far times must stay times when an offset or a limit is added to them. */
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Epoch ms of an ISO-8601 time between 1970 and 9999; null when absent or not a time. */
export function epoch(iso: string | null | undefined): number | null {
  if (iso === null || iso === undefined) return null;
  const ms = Date.parse(iso);
  return ms >= 0 && ms <= lastMoment ? ms : null;
}

/**
 * Epoch ms of the first time that reads as one, 0 where none does. Of any year: what a record is sorted by
 * must not change because its server's clock was far off.
 */
export function firstEpoch(...times: readonly (string | null | undefined)[]): number {
  for (const time of times) {
    const parsed = Date.parse(time ?? '');
    if (Number.isInteger(parsed)) return parsed;
  }
  return 0;
}
