import type { Engine } from './engine.ts';
import { numberIn } from './columns.ts';

/** Rows of the listing are numbered by time, see migration 030. All of it is exact in a double. */
const perMs = 1024;
/** The year 2248. What a server dates outside of it is listed at its ends. */
export const lastMoment = 2 ** 43 - 1;

const within = (ms: number): number => Math.min(Math.max(Math.trunc(ms), 0), lastMoment);

/** The first id of a moment, epoch ms. */
export const firstIdAt = (ms: number): number => within(ms) * perMs;
/** Epoch ms. */
export const momentOf = (id: number): number => Math.floor(id / perMs);
/** Above every id. */
export const endOfIds = (lastMoment + 1) * perMs;

/** Whether a row with this id may stay where it is: at its moment, or at the end of what ran over from there. */
export function isAt(engine: Engine, id: number, ms: number): boolean {
  if (momentOf(id) === within(ms)) return true;
  const first = firstIdAt(ms);
  // Most often it is of another moment altogether, and nothing has to be counted.
  if (id < first || !isTaken(engine, first + perMs - 1) || !isTaken(engine, id - 1)) return false;
  const row = engine.first('SELECT count(*) AS n FROM listing_numbers WHERE id >= ? AND id < ?', first, id);
  return row !== undefined && numberIn(row, 'n') === id - first;
}

function isTaken(engine: Engine, id: number): boolean {
  return engine.first('SELECT 1 AS taken FROM listing_numbers WHERE id = ?', id) !== undefined;
}

/**
 * The lowest free id of a moment. More than 1,024 records of one ms run over into the next, which only
 * somebody who writes records by a program will see.
 */
export function freeId(engine: Engine, ms: number): number {
  const first = firstIdAt(ms);
  if (!isTaken(engine, first)) return first;
  const after = engine.first(
    `SELECT id + 1 AS free FROM listing_numbers AS one
     WHERE id >= ? AND NOT EXISTS (SELECT 1 FROM listing_numbers WHERE id = one.id + 1)
     ORDER BY id LIMIT 1`,
    first,
  );
  return after ? (numberIn(after, 'free') ?? first) : first;
}

/** Whole numbers as the engine gathers them, `[1,-2,null]`, null as NaN: far quicker than a million rows. */
export function numbersIn(json: Uint8Array): Float64Array {
  const comma = 44;
  const end = 93;
  const minus = 45;
  const zero = 48;
  const letters = 97;
  if (json.length <= 2) return new Float64Array(0);
  let size = 1;
  for (const byte of json) if (byte === comma) size += 1;
  const numbers = new Float64Array(size);
  let at = 0;
  let number = 0;
  let sign = 1;
  for (let place = 1; place < json.length; place += 1) {
    const byte = json[place] ?? end;
    if (byte === comma || byte === end) {
      numbers[at] = sign * number;
      at += 1;
      number = 0;
      sign = 1;
    } else if (byte === minus) sign = -1;
    else number = byte >= letters ? Number.NaN : number * 10 + (byte - zero);
  }
  return numbers;
}
