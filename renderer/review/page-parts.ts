import type { Place } from './record-pages.ts';

/** What is beside the list. */
export const panes = ['record', 'charts'] as const;
export type Pane = (typeof panes)[number];

/** From where a record was chosen: only the list itself tells a screen reader which one. Replaced with each choice. */
export interface Origin {
  readonly from: 'list' | 'record';
}

/** What the page asks of its parts, besides showing something. */
export interface Focusable {
  readonly focus: () => void;
}
export interface Closable {
  readonly close: () => void;
}
export interface List extends Focusable {
  /** The record at its upper edge: others may come and go before it. Null at the very top, which stays the top. */
  readonly place: () => Place | null;
  /** Down by so many rows, so that what was in sight stays in sight. */
  readonly shift: (by: number) => void;
  readonly reveal: (row: number) => void;
}
