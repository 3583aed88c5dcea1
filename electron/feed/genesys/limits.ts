/** Every wait and every size of the feed has a limit: milliseconds, bytes, counts. Tests pass shorter ones. */
export const defaultLimits = {
  /** One request, from asking for the token to the last byte of the answer. */
  requestMs: 15_000,
  /** Our share of the 300 the server allows; the rest is room for what is counted differently. */
  requestsPerMinute: 280,
  /** How long a request may wait for its turn before it is given back to whoever asked. */
  rateLimitWaitMs: 5_000,
  /** From dialling the socket to its opening. */
  openMs: 15_000,
  /** The server beats every 30 s or so; five more for the way. */
  silenceMs: 35_000,
  /** After a ping, any frame counts as the answer. */
  pongMs: 5_000,
  backOffBaseMs: 500,
  backOffCapMs: 30_000,
  /** After a 403, which an administrator must lift: tried again nevertheless, with long pauses. */
  forbiddenBaseMs: 30_000,
  forbiddenCapMs: 10 * 60_000,
  /** After a 401 the socket has this long to say that the sign-in was revoked; 0: nobody waits for that. */
  explanationMs: 1_000,
  /** Live for this long, a link has earned a fresh start of the back-off. */
  stableMs: 60_000,
  /** Longest `Retry-After` obeyed; also keeps absurd values away from timers, which would fire at once. */
  retryAfterCapMs: 60 * 60_000,
  /** A channel lives 24 h; subscribing again prolongs it. */
  renewMs: 12 * 60 * 60_000,
  /** How long `stop()` waits for facts already received to become durable. */
  drainMs: 5_000,
  /** Parsing keeps the main thread busy. Real notifications have a few KiB; the largest answer lists permissions. */
  frameBytes: 2 * 1024 * 1024,
  answerBytes: 8 * 1024 * 1024,
  /** Facts waiting for the listener before the socket is asked to pause. */
  waitingFacts: 1_000,
  pages: 100,
};

export type FeedLimits = Readonly<typeof defaultLimits>;
