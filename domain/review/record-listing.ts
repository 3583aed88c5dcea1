import type { Role } from '../communication/communication.ts';
import type { RecordWrapupState } from '../exported-record.ts';
import type { CellPhase } from '../words/next-step.ts';

/**
 * One record as a list, a search and a chart need it: what can be found and drawn without reading the record
 * itself. Made by `listingOf` from the record, the agent's draft and the latest submission about it.
 */
export interface Listing {
  readonly key: string;
  /** When it happened, epoch ms: it began to alert, or, where that is unknown, was first seen. */
  readonly at: number;
  /** What became of it; one glyph each. */
  readonly glyph: CellPhase;
  readonly role: Role;
  readonly missed: boolean;
  readonly peer: string | null;
  readonly queue: string | null;
  /** Id of the code, and its name where that is known: the agent's own choice before the server's. */
  readonly code: string | null;
  readonly codeName: string | null;
  readonly notes: string;
  readonly wrapup: RecordWrapupState | null;
  /** As sent; null while it lasts. */
  readonly disconnectType: string | null;
  /** ms; null where it never was, or is not known. Never negative. */
  readonly alertingMs: number | null;
  readonly connectedMs: number | null;
  readonly onAirMs: number | null;
  readonly workMs: number | null;
  /** In which lengths two clocks were mixed: those are shown with "≈". */
  readonly approximate: Readonly<Record<ListedLength, boolean>>;
}

/** The lengths a line tells in words. */
export const listedLengths = ['alerting', 'connected', 'onAir'] as const;
export type ListedLength = (typeof listedLengths)[number];

/** A page of the list. */
export interface ListingPage {
  /** Position of the first line in the whole result. */
  readonly from: number;
  readonly lines: readonly Listing[];
  /**
   * Records whose lines are behind: not in any result yet, or not as they are now. A moment after a change there
   * are some; more when an update makes all lines anew, or there is no room for them. Counted up to `mostBehind`.
   */
  readonly behind: number;
}
export const mostBehind = 10_000;

export const figureKinds = ['day', 'week', 'queue', 'code'] as const;
export type FigureKind = (typeof figureKinds)[number];

/** One bar of a chart. */
export interface Figure {
  /** `2026-11-23` (a week: its Monday; this machine's time zone), or the name of the queue or code; '' for none. */
  readonly name: string;
  readonly shares: number;
  readonly missed: number;
  readonly onAirMs: number;
  readonly workMs: number;
}
