import type { Ordering, ReviewOrder } from '../../../domain/review/query.ts';

/** What one first wants to see: the newest, the longest; names from A. */
const beginsDescending: Record<Ordering, boolean> = {
  time: true,
  peer: false,
  queue: false,
  code: false,
  sharing: true,
  length: true,
};

/** The order after a press on the head of this column: a second press turns it round. */
export function orderAfterPress(by: Ordering, order: ReviewOrder): ReviewOrder {
  return { by, descending: order.by === by ? !order.descending : beginsDescending[by] };
}
