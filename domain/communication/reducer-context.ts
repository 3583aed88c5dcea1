import type { CloudOffset } from '../clocks/cloud-clock.ts';

/** What the fold needs to know besides the fact itself. */
export interface ReducerContext {
  /** The local agent. */
  readonly userId: string;
  /** ISO-8601, this machine's clock: stamps first and last seen. */
  readonly receivedAt: string;
  /** ISO-8601, the server's clock as estimated: stamps what the wire has no time for (sharing, peers). */
  readonly serverTime: string;
  /** What that estimate rests on; absent before the first answer of the server. */
  readonly cloud?: CloudOffset;
  /** A reading that was asked for before the latest event of the conversation came: it may be older. */
  readonly overtaken?: true;
}
