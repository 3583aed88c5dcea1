import type { Place } from './record-pages.ts';

/** What is beside the list. */
export const panes = ['record', 'charts'] as const;
export type Pane = (typeof panes)[number];

/** From where a record was chosen: only a list tells by itself which one that is. */
export interface Come {
  readonly from: 'list' | 'record';
}

/** What a part of the page can be asked to do, besides what it is given to show. */
export interface Focusable {
  readonly focus: () => void;
}
export interface Closable {
  readonly close: () => void;
}
export interface List extends Focusable {
  /** Where it stands, by a record: others may come and go before it. Null at the very top, which stays the top. */
  readonly place: () => Place | null;
  /** Down by so many rows: what was in sight stays in sight. */
  readonly shift: (by: number) => void;
  readonly reveal: (row: number) => void;
}
