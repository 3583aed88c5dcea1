import type { Role } from '../communication/communication.ts';
import type { RecordWrapupState } from '../exported-record.ts';

/** What a review looks for. Every part narrows; an empty query is every record. */
export interface ReviewQuery {
  /** Each must begin a word of the peer, the queue, the code or the notes. */
  readonly words: readonly string[];
  /** Begin a word of the code's name, or are its id. */
  readonly code: readonly string[];
  /** Begin a word of the queue's name. */
  readonly queue: readonly string[];
  /** Epoch ms; since is included, until is not. About the time a record happened, see `Listing.at`. */
  readonly since: number | null;
  readonly until: number | null;
  readonly role: Role | null;
  /** It alerted and was never answered. */
  readonly missed: boolean;
  /** How long the agent was on air, in ms. */
  readonly sharing: { readonly compare: '>' | '<' | '>=' | '<=' | '='; readonly ms: number } | null;
  /** How the wrap-up stands (`is:waiting`). */
  readonly wrapup: RecordWrapupState | null;
}

export const everything: ReviewQuery = {
  words: [],
  code: [],
  queue: [],
  since: null,
  until: null,
  role: null,
  missed: false,
  sharing: null,
  wrapup: null,
};

/** What a person typed: a query, or which part of it is wrong and why. */
export type ParsedQuery =
  | { readonly ok: true; readonly query: ReviewQuery }
  | {
      readonly ok: false;
      /** One sentence: what is wrong and what would be right. */
      readonly problem: string;
      /** The part it is about, as offsets into the text. */
      readonly from: number;
      readonly to: number;
    };

export const orderings = ['time', 'peer', 'queue', 'code', 'sharing', 'length'] as const;
export type Ordering = (typeof orderings)[number];
/** Records that are equal in it are in order of time, newest first. */
export interface ReviewOrder {
  readonly by: Ordering;
  readonly descending: boolean;
}
export const newestFirst: ReviewOrder = { by: 'time', descending: true };

/** What one first wants to see: the newest, the longest; names from A. */
const startsDescending: Record<Ordering, boolean> = {
  time: true,
  peer: false,
  queue: false,
  code: false,
  sharing: true,
  length: true,
};

/** The order after a click on the head of this column: a second click reverses it. */
export function orderAfterClick(by: Ordering, order: ReviewOrder): ReviewOrder {
  return { by, descending: order.by === by ? !order.descending : startsDescending[by] };
}
