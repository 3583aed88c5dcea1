import type { AppState, OtherStatus } from '../state.ts';

/** An alert that is to be heard. */
export interface Ringing {
  /** Of its communication: a new key is a new alert. */
  readonly key: string;
  /** Epoch ms of main's clock; null: as long as it alerts. */
  readonly until: number | null;
}

/** How long an alert may ring without contact where nobody knows its time to answer, ms from its beginning. */
const unknownTimeMs = 30_000;

/**
 * As long as the server says so. Once contact is lost nobody says that it is over: then until its time to answer is.
 */
function ringsUntil({ confirmed, clock }: Pick<OtherStatus, 'confirmed' | 'clock'>): number | null {
  if (confirmed) return null;
  if (clock === null) return 0;
  return clock.mode === 'until' ? clock.at : clock.at + unknownTimeMs;
}

/** The most urgent alert that is to be heard at `now`, epoch ms of main's clock; null where none is. */
export function ringingAt({ status }: Pick<AppState, 'status'>, now: number): Ringing | null {
  for (const { phase, key, confirmed, clock } of [status, ...status.others]) {
    if (phase !== 'alerting' || key === null) continue;
    const until = ringsUntil({ confirmed, clock });
    if (until === null || until > now) return { key, until };
  }
  return null;
}
