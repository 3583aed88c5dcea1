import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeOf, Reply } from '../../domain/ipc/contract.ts';
import type { ArchiveListing, Listing } from '../../domain/review/record-listing.ts';
import { everything, newestFirst, type ReviewOrder, type ReviewQuery } from '../../domain/review/query.ts';
import { attempt } from '../state/command.ts';

/** What the list shows: a search, and those of its records that are here. Replaced, never changed. */
export interface RecordsView {
  readonly state: 'loading' | 'ready' | 'failed';
  /** Why something could not be read, in words; empty when all is well. What was read before stays. */
  readonly problem: string;
  /** Counts up with each search whose records are shown: a list begins at the top with it. */
  readonly search: number;
  readonly query: ReviewQuery;
  readonly order: ReviewOrder;
  /** How many there are; while that is being counted, how many there are at least. */
  readonly rows: number;
  readonly counted: boolean;
  /** Records that are not in the list as they are now, or not at all: see `ListingPage`. */
  readonly behind: number;
  /** How far the archive was read; null where something else is looked at. `rows` are those it gave so far. */
  readonly archive: ArchiveListing | null;
  /** Pages by number; see `lineAt`. */
  readonly pages: ReadonlyMap<number, readonly Listing[]>;
}

/** A record and where it stood. */
export interface Place {
  readonly key: string;
  readonly row: number;
}

export interface Records {
  readonly store: Pick<StoreApi<RecordsView>, 'getState' | 'subscribe'>;
  /** Shows another search as soon as its first page is there; the last one asked for wins. */
  readonly search: (query: ReviewQuery, order: ReviewOrder) => void;
  /** Nothing of what was shown is true any more: until the next search has come, or failed, nothing is shown. */
  readonly clear: () => void;
  /** These rows are in sight: what is missing of them is read. */
  readonly want: (first: number, end: number) => void;
  /**
   * Reads again what is in sight, as records may have changed. Resolves, once the new records are in the view, with
   * the rows of these places, as far as they were found nearby. Overtaken by another search it starts again with that
   * one and asks for the places again. Null when nothing could be read: then all stays as it was, and `problem` says
   * why.
   */
  readonly refresh: (places: () => readonly Place[]) => Promise<ReadonlyMap<string, number> | null>;
  /** After a problem: from the beginning when nothing is shown yet. */
  readonly tryAgain: () => void;
}

/** What a usual window shows, twice: a search waits for no more. */
export const pageSize = 25;
/** More than a screen needs, so that going back and forth reads nothing. */
const pagesKept = 96;
/** Pages asked for at the same time. */
const pagesAtOnce = 2;
/** So near to the end of what the archive gave so far, more is read. */
const rowsAhead = 10;
/** Beyond this a place is only looked for where it should be, not in every row between. */
const farthestMove = 4 * pageSize;

type Reads = Pick<BridgeOf<'review'>, 'findRecords' | 'countRecords'>;

export function lineAt({ pages }: Pick<RecordsView, 'pages'>, row: number): Listing | undefined {
  return pages.get(Math.floor(row / pageSize))?.[row % pageSize];
}

export function createRecords(bridge: Reads): Records {
  const store = createStore<RecordsView>(() => ({
    state: 'loading',
    problem: '',
    search: 0,
    query: everything,
    order: newestFirst,
    rows: 0,
    counted: false,
    behind: 0,
    archive: null,
    pages: new Map(),
  }));
  type Search = Pick<RecordsView, 'query' | 'order'>;
  let wanted: Search | null = null;
  /** The last one that could not be read. */
  let refused: Search | null = null;
  let searching: Promise<void> | null = null;
  /** Answers to what was asked for before the last turn are about other rows. */
  let turn = 0;
  /** Counts the sources: a search of an earlier one is nothing to show, or to ask for again. */
  let sources = 0;
  let inSight = { first: 0, end: 0 };
  const underWay = new Set<number>();

  function search(next: Search): void {
    wanted = next;
    searching ??= searchAll().finally(() => {
      searching = null;
      void count();
    });
  }

  async function searchAll(): Promise<void> {
    for (let next = wanted; next !== null; next = wanted) {
      wanted = null;
      await show(next);
    }
  }

  async function show({ query, order }: Search): Promise<void> {
    const mine = sources;
    const reply = await attempt(() => bridge.findRecords({ query, order, from: 0, count: pageSize }));
    if (mine !== sources) return;
    if (isSuperseded(reply)) {
      // A page of the list that is still shown was asked for meanwhile: this search is still wanted.
      wanted ??= { query, order };
      return;
    }
    refused = reply.ok ? null : { query, order };
    if (!reply.ok) {
      const { state } = store.getState();
      store.setState({ problem: reply.reason, state: state === 'loading' ? 'failed' : state });
      return;
    }
    newTurn();
    const { lines, behind, archive = null } = reply.value;
    store.setState(({ search }) => ({
      state: 'ready',
      problem: '',
      search: search + 1,
      query,
      order,
      rows: lines.length,
      // A page that is not full is the last one.
      counted: lines.length < pageSize,
      behind,
      ...readSoFar(archive),
      pages: new Map([[0, lines]]),
    }));
  }

  function newTurn(): void {
    turn += 1;
    underWay.clear();
    inSight = { first: 0, end: 0 };
  }

  async function count(): Promise<void> {
    const { counted, query, state, archive } = store.getState();
    if (counted || state !== 'ready' || archive !== null) return;
    const mine = turn;
    const reply = await attempt(() => bridge.countRecords({ query }));
    if (mine !== turn || isSuperseded(reply)) return;
    store.setState(reply.ok ? { rows: reply.value, counted: true } : { problem: reply.reason });
  }

  function readMissing(): void {
    const { pages, rows, problem, archive } = store.getState();
    if (problem !== '') return;
    const last = Math.ceil(Math.min(inSight.end, rows) / pageSize);
    for (let page = Math.floor(inSight.first / pageSize); page < last; page += 1) {
      if (underWay.size >= pagesAtOnce) return;
      if (!pages.has(page) && !underWay.has(page)) void readPage(page);
    }
    // The last page again where it was not full: what comes next is a part of it.
    const isNearEnd = archive?.rest === 'more' && inSight.end > rows - rowsAhead;
    if (isNearEnd && underWay.size === 0) void readPage(Math.floor(rows / pageSize));
  }

  async function readPage(page: number): Promise<void> {
    const mine = turn;
    underWay.add(page);
    const reply = await readLines(page);
    if (mine !== turn) return;
    underWay.delete(page);
    // Another search is on its way, and these rows go with this one.
    if (isSuperseded(reply)) return;
    if (!reply.ok) {
      store.setState({ problem: reply.reason });
      return;
    }
    const { lines, behind, archive = null } = reply.value;
    store.setState(({ pages }) => ({
      pages: keeping(pages, page, lines),
      behind,
      ...readSoFar(archive),
    }));
    // What is in sight may be another part by now.
    readMissing();
  }

  function readLines(page: number) {
    const { query, order } = store.getState();
    return attempt(() => bridge.findRecords({ query, order, from: page * pageSize, count: pageSize }));
  }

  async function refresh(places: () => readonly Place[]): Promise<ReadonlyMap<string, number> | null> {
    for (;;) {
      while (searching) await searching;
      if (store.getState().state !== 'ready') return null;
      const found = await readAgain(places());
      if (found !== 'overtaken') return found;
    }
  }

  async function readAgain(
    places: readonly Place[],
  ): Promise<ReadonlyMap<string, number> | 'overtaken' | null> {
    const before = store.getState();
    const mine = turn;
    const counting = await attempt(() => bridge.countRecords({ query: before.query }));
    if (mine !== turn || isSuperseded(counting)) return 'overtaken';
    if (!counting.ok) {
      store.setState({ problem: counting.reason });
      return null;
    }
    const rows = counting.value;
    const more = before.counted ? rows - before.rows : 0;
    let { behind, archive } = before;
    const read = new Map<number, readonly Listing[]>();
    for (const page of pagesToRead(places, more, rows)) {
      const reply = await readLines(page);
      if (mine !== turn || isSuperseded(reply)) return 'overtaken';
      if (!reply.ok) {
        store.setState({ problem: reply.reason });
        return null;
      }
      ({ behind, archive = null } = reply.value);
      read.set(page, reply.value.lines);
    }
    const sight = inSight;
    newTurn();
    inSight = sight;
    store.setState({ problem: '', rows, counted: true, behind, ...readSoFar(archive), pages: read });
    return whereabouts(places, read);
  }

  /** Pages that show what was in sight, and those a place may have moved to when records came or went before it. */
  function pagesToRead(places: readonly Place[], more: number, rows: number): Set<number> {
    const numbers = new Set<number>();
    const seen = inSight.end - inSight.first;
    const near = Math.abs(more) <= farthestMove;
    const rowsOf = [...places.map(({ row }) => row), inSight.first];
    for (const row of rowsOf) {
      const from = Math.max(0, near ? Math.min(row, row + more) : row + more);
      const to = Math.min(rows - 1, (near ? Math.max(row, row + more) : row + more) + seen);
      for (let page = Math.floor(from / pageSize); page <= Math.floor(to / pageSize); page += 1) {
        numbers.add(page);
      }
    }
    return numbers;
  }

  return {
    store,
    search: (query, order) => {
      search({ query, order });
    },
    clear: () => {
      sources += 1;
      wanted = null;
      refused = null;
      newTurn();
      store.setState({
        state: 'loading',
        problem: '',
        rows: 0,
        counted: false,
        behind: 0,
        archive: null,
        pages: new Map(),
      });
    },
    want: (first, end) => {
      inSight = { first, end };
      readMissing();
    },
    refresh,
    tryAgain: () => {
      const { state } = store.getState();
      store.setState({ problem: '', state: state === 'failed' ? 'loading' : state });
      if (refused) {
        search(refused);
        return;
      }
      readMissing();
      void count();
    },
  };
}

/** The archive is not counted: it says how many it gave, and whether that is all. */
function readSoFar(
  archive: ArchiveListing | null,
): Pick<RecordsView, 'archive'> & Partial<Pick<RecordsView, 'rows' | 'counted'>> {
  if (archive === null) return { archive };
  return { archive, rows: archive.known, counted: archive.rest !== 'more' };
}

function isSuperseded(reply: Reply<unknown>): boolean {
  return !reply.ok && reply.superseded === true;
}

/** With one page more, and without the oldest beyond `pagesKept`. */
function keeping(
  pages: ReadonlyMap<number, readonly Listing[]>,
  page: number,
  lines: readonly Listing[],
): ReadonlyMap<number, readonly Listing[]> {
  return new Map([...pages, [page, lines] as const].slice(-pagesKept));
}

function whereabouts(
  places: readonly Place[],
  pages: ReadonlyMap<number, readonly Listing[]>,
): ReadonlyMap<string, number> {
  const sought = new Set(places.map(({ key }) => key));
  const found = new Map<string, number>();
  for (const [page, lines] of pages) {
    for (const [at, { key }] of lines.entries()) if (sought.has(key)) found.set(key, page * pageSize + at);
  }
  return found;
}
