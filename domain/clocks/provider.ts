/** What the facts say about one end, each in epoch ms of the cloud's clock unless named otherwise. */
export interface ObservedEnd {
  /** `disconnectedTime`: the provider's clock. */
  readonly disconnectedAt: number;
  /** When after-call work began, which the cloud stamps at the disconnect; null when it said nothing. */
  readonly acwStartAt: number | null;
  /** When it was last known to be still going on. */
  readonly aliveAt: number;
  /** When we heard of the end. */
  readonly heardAt: number;
  /** How far the last two may be wrong, ms. */
  readonly uncertaintyMs: number;
}

/**
 * Provider clock minus cloud clock, in ms; undefined while the facts show no difference. With the cloud's own
 * stamp of the end it is measured. Without, the end lies between the last sign of life and our hearing of it,
 * and the estimate is the smallest difference that puts the provider's time in between.
 */
export function providerOffset(end: ObservedEnd): number | undefined {
  if (end.acwStartAt !== null) return end.disconnectedAt - end.acwStartAt;
  const least = end.disconnectedAt - end.heardAt - end.uncertaintyMs;
  const most = end.disconnectedAt - end.aliveAt + end.uncertaintyMs;
  if (least > 0) return least;
  return most < 0 ? most : undefined;
}
