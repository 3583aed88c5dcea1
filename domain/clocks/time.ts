/**
 * Three clocks meet in one record: this machine's (receipt), the cloud's (alerting, connected, after-call
 * work) and the provider's (disconnected). Source: the field descriptions of `Screenshare`.
 */
export type ClockName = 'machine' | 'cloud' | 'provider';

/** How the clocks of one record stand to each other, in ms. */
export interface Clocks {
  /** Cloud minus this machine, by the latest fact. */
  readonly cloudOffsetMs: number;
  /** How far that may be wrong, either way. */
  readonly cloudUncertaintyMs: number;
  /** Provider minus cloud; absent while the facts show no difference. */
  readonly providerOffsetMs?: number;
}

/** A time and by which clock. */
export interface Moment {
  /** ISO-8601. */
  readonly iso: string;
  readonly clock: ClockName;
}

/** Without a change to or from summer time. */
export const dayMs = 86_400_000;

export interface Duration {
  /** Never negative. */
  readonly ms: number;
  /** Two clocks were mixed: to be shown with "≈". */
  readonly approximate: boolean;
}

/** A moment in epoch ms of the cloud's clock, corrected as far as the record knows; null when it is no time. */
export function cloudMs({ iso, clock }: Moment, clocks: Clocks | undefined): number | null {
  const at = epoch(iso);
  if (at === null) return null;
  switch (clock) {
    case 'cloud':
      return at;
    case 'machine':
      return at + (clocks?.cloudOffsetMs ?? 0);
    case 'provider':
      return at - (clocks?.providerOffsetMs ?? 0);
  }
}

/** Time between two moments; null when one of them is not a time. */
export function duration(from: Moment, to: Moment, clocks: Clocks | undefined): Duration | null {
  const start = cloudMs(from, clocks);
  const end = cloudMs(to, clocks);
  if (start === null || end === null) return null;
  return { ms: Math.max(0, end - start), approximate: from.clock !== to.clock };
}

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
