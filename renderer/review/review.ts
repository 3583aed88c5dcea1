import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import type { RecordDetail } from '../../domain/review/record-detail.ts';
import { everything, newestFirst, type ParsedQuery, type ReviewOrder } from '../../domain/review/query.ts';
import { parseQuery } from '../../domain/review/query-parser.ts';
import { createQuestion, type Question } from '../state/question.ts';
import { createRecords, lineAt, type Place, type Records } from './record-pages.ts';

/** The record that is shown; `key` is null until its page has come. */
export interface Selection {
  readonly row: number | null;
  readonly key: string | null;
}

/** What was typed into the search, and what is wrong with it. */
export interface Typed {
  readonly text: string;
  readonly problem: Extract<ParsedQuery, { readonly ok: false }> | null;
}

/** What the window shows: a search, the records found, and one of them. */
export interface Review {
  readonly records: Records;
  readonly detail: Question<string, RecordDetail | null>;
  readonly typed: Pick<StoreApi<Typed>, 'getState' | 'subscribe'>;
  readonly selection: Pick<StoreApi<Selection>, 'getState' | 'subscribe'>;
  /** Searches for what is typed; what cannot be parsed leaves the list as it is. */
  readonly type: (text: string) => void;
  readonly sort: (order: ReviewOrder) => void;
  /** Shows the record in this row as soon as it has come. */
  readonly select: (row: number) => void;
  /**
   * Records may have changed: reads again what is shown. Resolves with how many rows `place` (the row at the upper
   * edge) has moved.
   */
  readonly refresh: (place: Place | null) => Promise<number>;
  /** A file was opened or closed: all records are others. */
  readonly startOver: () => void;
}

/** While somebody types, each result would show another record: the first is shown when they pause. */
const settleMs = 150;

export function createReview(
  bridge: Pick<BridgeOf<'review'>, 'findRecords' | 'countRecords' | 'readRecord'>,
  now: () => number = Date.now,
): Review {
  const records = createRecords(bridge);
  const detail = createQuestion((key: string) => bridge.readRecord({ key }));
  const typed = createStore<Typed>(() => ({ text: '', problem: null }));
  const selection = createStore<Selection>(() => ({ row: null, key: null }));
  let query = everything;
  let order = newestFirst;
  /** In which row the shown record was before it was no longer found. */
  let lostAt: number | null = null;
  let settling: ReturnType<typeof setTimeout> | undefined;

  records.store.subscribe((view, before) => {
    if (view.search !== before.search) findAgain();
    else if (view.pages !== before.pages) takeKey();
  });
  detail.store.subscribe(({ question, value, busy }) => {
    const { row, key } = selection.getState();
    if (busy || lostAt === null || row !== null || question !== key) return;
    const from = lostAt;
    lostAt = null;
    if (value === null) selectNear(from);
  });

  function search(): void {
    const read = parseQuery(typed.getState().text, now());
    typed.setState({ problem: read.ok ? null : read });
    if (!read.ok) return;
    ({ query } = read);
    records.search(query, order);
  }

  /** In a new result the shown record stays, where it is among the first. */
  function findAgain(): void {
    const { key } = selection.getState();
    const view = records.store.getState();
    const first = view.pages.get(0) ?? [];
    const row = key === null ? -1 : first.findIndex((line) => line.key === key);
    clearTimeout(settling);
    if (row >= 0) {
      selection.setState({ row });
      return;
    }
    selection.setState({ row: null });
    settling = setTimeout(settle, settleMs);
  }

  function settle(): void {
    if (selection.getState().row !== null) return;
    if (records.store.getState().rows > 0) select(0);
    else forget();
  }

  function forget(): void {
    selection.setState({ row: null, key: null });
    detail.forget();
  }

  function select(row: number): void {
    clearTimeout(settling);
    lostAt = null;
    selection.setState({ row, key: null });
    takeKey();
  }

  /** The selected row's record has come. */
  function takeKey(): void {
    const { row, key } = selection.getState();
    if (row === null || key !== null) return;
    const line = lineAt(records.store.getState(), row);
    if (!line) return;
    selection.setState({ key: line.key });
    detail.ask(line.key);
  }

  async function refresh(place: Place | null): Promise<number> {
    const { search: searched } = records.store.getState();
    const isSame = (): boolean => records.store.getState().search === searched;
    let chosen: Place | null = null;
    const found = await records.refresh(() => {
      const { row, key } = selection.getState();
      chosen = row !== null && key !== null ? { row, key } : null;
      return [isSame() ? place : null, chosen].filter((each) => each !== null);
    });
    if (found) follow(chosen, found);
    const { key } = selection.getState();
    // The record itself may have changed, too.
    if (key !== null) detail.ask(key);
    // The first records have come.
    else if (found) settle();
    return place && found && isSame() ? (found.get(place.key) ?? place.row) - place.row : 0;
  }

  function follow(chosen: Place | null, found: ReadonlyMap<string, number>): void {
    if (!chosen || selection.getState().key !== chosen.key) return;
    const now = found.get(chosen.key);
    // Either deleted, or no longer found by this search; reading it tells which.
    lostAt = now === undefined ? chosen.row : null;
    selection.setState({ row: now ?? null });
  }

  function selectNear(row: number): void {
    const { rows } = records.store.getState();
    if (rows === 0) forget();
    else select(Math.min(row, rows - 1));
  }

  return {
    records,
    detail,
    typed,
    selection,
    type: (text) => {
      typed.setState({ text });
      search();
    },
    sort: (chosen) => {
      order = chosen;
      records.search(query, order);
    },
    select,
    refresh,
    startOver: () => {
      forget();
      search();
    },
  };
}
