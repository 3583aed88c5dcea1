import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import type { RecordDetail } from '../../domain/review/record-detail.ts';
import type { DaySum } from '../../domain/review/day-headings.ts';
import {
  everything,
  newestFirst,
  type ParsedQuery,
  type ReviewOrder,
  type ReviewQuery,
  type ReviewSource,
} from '../../domain/review/query.ts';
import { parseQuery } from '../../domain/review/query-parser.ts';
import {
  alternativesTo,
  isEmptySearch,
  wholeText,
  type Alternative,
  type OfferedNames,
  type WrittenSearch,
} from '../../domain/review/search-parts.ts';
import { attempt } from '../state/command.ts';
import { createQuestion, type Question } from '../state/question.ts';
import { createRecords, lineAt, pageSize, type Place, type Records } from './record-pages.ts';

/** The record that is shown; `key` is null until its page has come. */
export interface Selection {
  readonly row: number | null;
  readonly key: string | null;
}

/** What is searched for, and what is wrong with it. */
export interface Typed extends WrittenSearch {
  /** All of it in the words of the search: what is wrong is a part of it. */
  readonly whole: string;
  readonly problem: Extract<ParsedQuery, { readonly ok: false }> | null;
}

/** The sums of each day of a search. */
export interface Days {
  readonly query: ReviewQuery | null;
  readonly sums: readonly DaySum[];
}

/** What the window shows: a search, the records found, and one of them. */
export interface Review {
  readonly records: Records;
  readonly detail: Question<string, RecordDetail | null>;
  readonly typed: Pick<StoreApi<Typed>, 'getState' | 'subscribe'>;
  readonly selection: Pick<StoreApi<Selection>, 'getState' | 'subscribe'>;
  /** Searches for what is typed; what cannot be parsed leaves the list as it is. */
  readonly type: (text: string) => void;
  /** Searches for this: a suggestion was taken, a chip dropped, a search chosen again. */
  readonly write: (search: WrittenSearch) => void;
  /** What would find something, where this search finds nothing. */
  readonly alternatives: Pick<StoreApi<readonly Alternative[]>, 'getState' | 'subscribe'>;
  readonly names: Question<void, OfferedNames>;
  /** What the list is divided by; null while it is not known for this search. */
  readonly days: Pick<StoreApi<Days>, 'getState' | 'subscribe'>;
  /** What is searched for is done with for now: it is offered again, if it found something. */
  readonly leaveSearch: () => void;
  readonly sort: (order: ReviewOrder) => void;
  /** Shows this record, wherever it stands in the list: a link leads to it. */
  readonly show: (key: string) => void;
  /** Shows the record in this row as soon as it has come. */
  readonly select: (row: number) => void;
  /**
   * Records may have changed: reads again what is shown. Resolves with how many rows `place` (the row at the upper
   * edge) has moved.
   */
  readonly refresh: (place: Place | null) => Promise<number>;
  /** Another source is looked at, or the same again: all records are others. */
  readonly startOver: (of: ReviewSource) => void;
}

/** Rows among which the record a link led to is looked for: more than a day has. */
const farthestLinked = 200;

/** While somebody types, each result would show another record: the first is shown when they pause. */
const settleMs = 150;
/** Each search of the archive is noted: it waits until nobody types any more, ms. */
const typingMs = 500;
/** Nothing found while somebody types is not the end yet, ms. */
const nothingMs = 400;

export function createReview(
  bridge: Pick<
    BridgeOf<'review'>,
    'findRecords' | 'countRecords' | 'readRecord' | 'readSearchNames' | 'keepSearch' | 'readFigures'
  >,
  now: () => number = Date.now,
): Review {
  const records = createRecords(bridge);
  const detail = createQuestion((key: string) => bridge.readRecord({ key }));
  const typed = createStore<Typed>(() => ({ chips: [], text: '', whole: '', problem: null }));
  const alternatives = createStore<readonly Alternative[]>(() => []);
  const days = createStore<Days>(() => ({ query: null, sums: [] }));
  const names = createQuestion(() => bridge.readSearchNames());
  const selection = createStore<Selection>(() => ({ row: null, key: null }));
  let source: ReviewSource = 'desk';
  let query = everything;
  let order = newestFirst;
  /** In which row the shown record was before it was no longer found. */
  let lostAt: number | null = null;
  /** What a link led to: it stays until another one is chosen, also where the search does not find it. */
  let linked: string | null = null;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let summing: ReturnType<typeof setTimeout> | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;

  records.store.subscribe((view, before) => {
    if (view.search !== before.search || view.counted !== before.counted) lookForOthers();
    if (view.search !== before.search || view.rows !== before.rows) sumDays();
    if (view.search !== before.search) findAgain();
    else if (view.pages !== before.pages) {
      takeKey();
      findLinked();
    }
    // How many there are is known a moment after the first of them.
    else if (view.rows !== before.rows) readOnForLinked();
  });
  detail.store.subscribe(({ question, value, busy }) => {
    const { row, key } = selection.getState();
    if (busy || lostAt === null || row !== null || question !== key) return;
    const from = lostAt;
    lostAt = null;
    if (value === null) selectNear(from);
  });

  /** What is typed, if it can be parsed. */
  function readTyped(): ReviewQuery | null {
    clearTimeout(typing);
    const read = parseQuery(typed.getState().whole, now(), source);
    typed.setState({ problem: read.ok ? null : read });
    return read.ok ? read.query : null;
  }

  function search(next: ReviewQuery): void {
    query = next;
    records.search(query, order);
  }

  function write(written: WrittenSearch): void {
    typed.setState({ ...written, whole: wholeText(written).whole });
    const next = readTyped();
    if (next === null) {
      // Those there are, are about what was typed before.
      alternatives.setState([], true);
      return;
    }
    if (source === 'desk') search(next);
    else
      typing = setTimeout(() => {
        search(next);
      }, typingMs);
  }

  /** Not with each letter: the days of all records take longer than a page of rows. */
  function sumDays(): void {
    clearTimeout(summing);
    summing = setTimeout(() => void readDays(), nothingMs);
  }

  async function readDays(): Promise<void> {
    const { query: asked, order: by, rows, archive } = records.store.getState();
    if (rows === 0 || by.by !== 'time' || archive !== null) return;
    const reply = await attempt(() => bridge.readFigures({ query: asked, by: 'day' }));
    if (reply.ok && records.store.getState().query === asked)
      days.setState({ query: asked, sums: reply.value });
  }

  /** Of a search that finds nothing: what it would find with less. */
  function lookForOthers(): void {
    clearTimeout(looking);
    alternatives.setState([], true);
    const { rows, counted, state, archive } = records.store.getState();
    if (state !== 'ready' || !counted || rows > 0 || archive !== null || isEmptySearch(typed.getState()))
      return;
    looking = setTimeout(() => void readOthers(), nothingMs);
  }

  async function readOthers(): Promise<void> {
    const search = typed.getState();
    const found = await alternativesTo(search, async (other) => {
      const read = parseQuery(wholeText(other).whole, now());
      if (!read.ok || typed.getState().whole !== search.whole) return null;
      const reply = await attempt(() => bridge.countRecords({ query: read.query }));
      return reply.ok ? reply.value : null;
    });
    const { rows, counted } = records.store.getState();
    if (typed.getState().whole === search.whole && counted && rows === 0) alternatives.setState(found, true);
  }

  function leaveSearch(): void {
    const { chips, text, problem } = typed.getState();
    if (problem || isEmptySearch({ chips, text }) || records.store.getState().rows === 0) return;
    void bridge.keepSearch({ chips, text });
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
    findLinked();
    readOnForLinked();
    settling = setTimeout(settle, settleMs);
  }

  /** What a link led to is looked for among the first few hundred, so that one can step on from it. */
  function readOnForLinked(): void {
    const { row, key } = selection.getState();
    if (row !== null || key === null || key !== linked) return;
    records.want(0, Math.min(records.store.getState().rows, farthestLinked));
  }
  function findLinked(): void {
    const { row, key } = selection.getState();
    if (row !== null || key === null || key !== linked) return;
    for (const [page, lines] of records.store.getState().pages) {
      const at = lines.findIndex((line) => line.key === key);
      if (at >= 0) selection.setState({ row: page * pageSize + at });
    }
  }

  function settle(): void {
    const { row, key } = selection.getState();
    if (row !== null || (key !== null && key === linked)) return;
    if (records.store.getState().rows > 0) select(0);
    else forget();
  }

  function show(key: string): void {
    clearTimeout(settling);
    lostAt = null;
    linked = key;
    selection.setState({ row: null, key });
    detail.ask(key);
    if (records.store.getState().search > 0) findAgain();
  }

  function forget(): void {
    linked = null;
    selection.setState({ row: null, key: null });
    detail.forget();
  }

  function select(row: number): void {
    clearTimeout(settling);
    lostAt = null;
    linked = null;
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
      write({ chips: typed.getState().chips, text });
    },
    write,
    alternatives,
    names,
    days,
    leaveSearch,
    sort: (chosen) => {
      order = chosen;
      records.search(query, order);
    },
    show,
    select,
    refresh,
    startOver: (of) => {
      forget();
      if (source !== of) records.clear();
      source = of;
      // The archive has no other order.
      if (source === 'archive') order = newestFirst;
      // What means nothing there narrows nothing.
      search(readTyped() ?? everything);
    },
  };
}
