import type { Role } from '../communication/communication.ts';
import type { WrapupOutcome } from '../submissions.ts';

/** Whose records a review looks at: those on this computer (an opened file too), or those in the archive. */
export const reviewSources = ['desk', 'archive'] as const;
export type ReviewSource = (typeof reviewSources)[number];

/** What a review looks for. Every part narrows; an empty query is every record. */
export interface ReviewQuery {
  /** Each must be in a word of the peer, the queue, the code or the notes; one of one or two letters begins it. */
  readonly words: readonly string[];
  /** Are in words of the code's name in the same way, or are its id. */
  readonly code: readonly string[];
  /** Are in words of the queue's name. */
  readonly queue: readonly string[];
  /** Ids, or what words of an agent's name begin with; any of them. Only an archive has records of several agents. */
  readonly agent?: readonly string[];
  /** Epoch ms; since is included, until is not. About the time a record happened, see `Listing.at`. */
  readonly since: number | null;
  readonly until: number | null;
  readonly role: Role | null;
  /** It alerted and was never answered. */
  readonly missed: boolean;
  /** How long the agent was on air, in ms. */
  readonly sharing: { readonly compare: '>' | '<' | '>=' | '<=' | '='; readonly ms: number } | null;
  /** What became of the wrap-up (`is:waiting`). */
  readonly wrapup: WrapupOutcome | null;
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

/** It asks for a span of time, or for all of it, and for nothing else. */
export function isOnlySpan(query: ReviewQuery): boolean {
  const { since, until } = query;
  return JSON.stringify({ ...everything, ...query }) === JSON.stringify({ ...everything, since, until });
}

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
