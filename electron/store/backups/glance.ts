import { asBytes, asNumber, numberIn, textIn } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { genesis } from '../totals.ts';

/** What any database says of itself at once, whatever its schema: these columns have been there from the first. */
export interface Glance {
  readonly facts: number;
  readonly records: number;
  /** Hash of the newest fact. */
  readonly head: string;
}

/** @throws DatabaseProblem `damaged` */
export function glance(engine: Engine): Glance {
  const row = engine.first(
    `SELECT ${asNumber('facts')}, ${asNumber('records')}, ${asBytes('head')} FROM totals`,
  );
  if (!row) return { facts: 0, records: 0, head: genesis };
  return {
    facts: numberIn(row, 'facts') ?? 0,
    records: numberIn(row, 'records') ?? 0,
    head: textIn(row, 'head'),
  };
}

/** Hash of the fact with this number; null where there is none. */
export function hashOf(engine: Engine, seq: number): string | null {
  const row = engine.first(`SELECT ${asBytes('hash')} FROM journal WHERE seq = ?`, seq);
  return row ? textIn(row, 'hash') : null;
}
