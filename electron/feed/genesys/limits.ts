/** Every wait and every size of the feed has a limit. Milliseconds and bytes; tests pass shorter ones. */
export interface FeedLimits {
  /** One request, from asking for the token to the last byte of the answer. */
  readonly requestMs: number;
  /** Our share of the 300 the server allows; the rest is room for what is counted differently. */
  readonly requestsPerMinute: number;
  /** How long a request may wait for its turn before it is given back to whoever asked. */
  readonly budgetWaitMs: number;
  /** From dialling the socket to its opening. */
  readonly openMs: number;
  /** The server beats every 30 s or so; five more for the way. */
  readonly silenceMs: number;
  /** After a ping, any frame counts as the answer. */
  readonly pongMs: number;
  readonly backOffBaseMs: number;
  readonly backOffCapMs: number;
  /** Live for this long, a link has earned a fresh start of the back-off. */
  readonly stableMs: number;
  /** Longest `Retry-After` obeyed; also keeps absurd values away from timers, which would fire at once. */
  readonly retryAfterCapMs: number;
  /** A channel lives 24 h; subscribing again prolongs it. */
  readonly renewMs: number;
  /** How long `stop()` waits for facts already received to become durable. */
  readonly drainMs: number;
  readonly frameBytes: number;
  readonly answerBytes: number;
  /** Facts waiting for the listener before the socket is asked to pause. */
  readonly waitingFacts: number;
  readonly pages: number;
}

export const defaultLimits: FeedLimits = {
  requestMs: 15_000,
  requestsPerMinute: 280,
  budgetWaitMs: 5_000,
  openMs: 15_000,
  silenceMs: 35_000,
  pongMs: 5_000,
  backOffBaseMs: 500,
  backOffCapMs: 30_000,
  stableMs: 60_000,
  retryAfterCapMs: 60 * 60_000,
  renewMs: 12 * 60 * 60_000,
  drainMs: 5_000,
  frameBytes: 4 * 1024 * 1024,
  answerBytes: 32 * 1024 * 1024,
  waitingFacts: 1_000,
  pages: 100,
};
