import { numberIn, type Engine } from './engine.ts';

/**
 * Records are numbered by when they happened: epoch ms × 1024, and a number that tells those of one ms apart. So
 * the order of rows is the order of time, and a span of time is a range of rows. All of it is exact in a double.
 */
const perMs = 1024;
/** The year 2248. What a server dates outside of the known moments is put at their ends. */
const lastMoment = 2 ** 43 - 1;

const within = (ms: number): number => Math.min(Math.max(Math.trunc(ms), 0), lastMoment);

/** The first id of a moment, epoch ms. */
export const firstIdAt = (ms: number): number => within(ms) * perMs;
/** Epoch ms. */
export const momentOf = (id: number): number => Math.floor(id / perMs);

/** Ids of a span of time; `to` is not included. */
export interface IdSpan {
  readonly from: number;
  readonly to: number;
}

/** @param since epoch ms, included; null: from the first @param until epoch ms, not included; null: to the last */
export function idsBetween(since: number | null, until: number | null): IdSpan {
  const isOpen = until === null || until > lastMoment;
  return { from: firstIdAt(since ?? 0), to: isOpen ? (lastMoment + 1) * perMs : firstIdAt(until) };
}

const lastIdAt = (ms: number): number => firstIdAt(ms) + perMs - 1;

/** Whether a record with this id may stay where it is: at its moment, or in what ran over from there. */
export function isAt(engine: Engine, id: number, ms: number): boolean {
  if (momentOf(id) === within(ms)) return true;
  return id > lastIdAt(ms) && isTaken(engine, lastIdAt(ms)) && isTaken(engine, id - 1);
}

function isTaken(engine: Engine, id: number): boolean {
  return engine.first('SELECT 1 AS taken FROM communications WHERE id = ?', id) !== undefined;
}

/**
 * A free id of a moment, the lowest where there is one. More than 1,024 records of one ms run over into the next,
 * which only somebody who writes records by a program will see.
 */
export function freeId(engine: Engine, ms: number): number {
  const first = firstIdAt(ms);
  if (!isTaken(engine, first)) return first;
  if (isTaken(engine, lastIdAt(ms))) return endOfRun(engine, lastIdAt(ms));
  const after = engine.first(
    `SELECT id + 1 AS free FROM communications AS one
     WHERE id >= ? AND NOT EXISTS (SELECT 1 FROM communications WHERE id = one.id + 1)
     ORDER BY id LIMIT 1`,
    first,
  );
  return after ? (numberIn(after, 'free') ?? first) : first;
}

/** A free id behind a taken one. In steps that double and then halve, so that a long run costs no more than a short. */
function endOfRun(engine: Engine, from: number): number {
  let taken = from;
  let step = 1;
  for (; isTaken(engine, taken + step); step *= 2) taken += step;
  for (let free = taken + step; free - taken > 1;) {
    const middle = Math.floor((taken + free) / 2);
    if (isTaken(engine, middle)) taken = middle;
    else free = middle;
  }
  return taken + 1;
}
