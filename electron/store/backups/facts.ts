import { DatabaseProblem } from '../../../domain/database.ts';
import { asBytes, asNumber, bytesIn, numberIn, textIn } from '../columns.ts';
import type { Engine, Row, Value } from '../engine.ts';
import { glance } from './glance.ts';

/** The journal's rows as they are, whatever columns they have by now: what they mean is not looked at here. */

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Facts that follow on what `into` has, up to the first that cannot be read; `most` of them. Answers how many. */
export function copyFacts(from: Engine, into: Engine, most: number): number {
  const columns = columnsOf(into);
  const read = columns.map(({ name, type }) => (type === 'INTEGER' ? asNumber(name) : asBytes(name)));
  const select = `SELECT ${read.join(', ')} FROM journal WHERE seq = ?`;
  // A text goes in as the bytes it was read as.
  const places = columns.map(({ type }) => (type === 'TEXT' ? 'CAST(? AS TEXT)' : '?'));
  const insert = `INSERT INTO journal (${columns.map(({ name }) => name).join(', ')}) VALUES (${places.join(', ')})`;
  const first = glance(into).facts + 1;
  let copied = 0;
  while (copied < most) {
    const row = factAt(from, select, first + copied);
    if (row === null) break;
    into.run(insert, ...columns.map((column) => cell(row, column)));
    copied += 1;
  }
  return copied;
}

function columnsOf(engine: Engine): Column[] {
  return engine
    .all(`SELECT ${asBytes('name')}, ${asBytes('type')} FROM pragma_table_info('journal')`)
    .map((row) => ({ name: textIn(row, 'name'), type: textIn(row, 'type') }));
}

function factAt(from: Engine, select: string, seq: number): Row | null {
  try {
    return from.first(select, seq) ?? null;
  } catch (error) {
    // A page that is gone, or a file of an earlier schema that never had these columns.
    if (error instanceof DatabaseProblem) return null;
    throw error;
  }
}

function cell(row: Row, { name, type }: Column): Value {
  if (row[name] === null) return null;
  return type === 'INTEGER' ? numberIn(row, name) : bytesIn(row, name);
}
