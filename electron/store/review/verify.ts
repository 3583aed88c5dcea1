import type { Listing } from '../../../domain/review/record-listing.ts';
import { say } from '../../../domain/words/say.ts';
import { asBytes, asNumber, numberIn, textIn } from '../columns.ts';
import type { Engine } from '../engine.ts';
import { isAt } from '../time-ids.ts';
import { lineText, listingTable } from './lines.ts';
import { lineNow, numbersOf } from './listing.ts';
import { nameIn, nameKinds, nameOf, type NameKind } from './names.ts';
import { searchTexts, textColumns, type SearchTexts } from './word-index.ts';

/** Above this many lines nobody learns more. */
const most = 20;
const pageSize = 500;

/**
 * Compares every line of the listing, with what is summed and looked for, with what its record says now.
 * Lines that are known to be behind are let be. That the index of words is what its rows say is SQLite's own
 * check to find.
 */
export function verifyListing(engine: Engine): string[] {
  const problems: string[] = [];
  for (let after = -1; problems.length < most;) {
    const page = listingTable.find(engine, after, pageSize);
    const behind = behindOf(
      engine,
      page.map(({ row }) => row.key),
    );
    for (const { position, row, fault } of page) {
      after = position;
      if (behind.has(row.key)) continue;
      if (fault !== null) problems.push(fault);
      else if (!isTrue(engine, position, row)) {
        problems.push(say('database.verify.line', { key: JSON.stringify(row.key) }));
      }
    }
    if (page.length < pageSize) break;
  }
  return problems.length === 0 ? countFaults(engine) : problems.slice(0, most);
}

function behindOf(engine: Engine, keys: readonly string[]): ReadonlySet<string> {
  const rows = engine.all(
    `SELECT ${asBytes('key')} FROM unlisted WHERE key IN (SELECT value FROM json_each(?))`,
    JSON.stringify(keys),
  );
  return new Set(rows.map((row) => textIn(row, 'key')));
}

function isTrue(engine: Engine, id: number, { key, json }: { key: string; json: string }): boolean {
  const line = lineNow(engine, key);
  if (!line || json !== lineText(line) || !isAt(engine, id, line.at)) return false;
  return hasNumbers(engine, id, line) && hasWords(engine, id, searchTexts(line));
}

function hasNumbers(engine: Engine, id: number, line: Listing): boolean {
  const numbers = Object.entries(numbersOf(line));
  const columns = [...numbers.map(([column]) => column), ...nameKinds].map(asNumber).join(', ');
  const row = engine.first(`SELECT ${columns} FROM listing_numbers WHERE id = ?`, id);
  if (!row) return false;
  const hasName = (kind: NameKind): boolean => {
    const number = numberIn(row, kind);
    const name = nameIn(line, kind);
    return number === null ? name === null : name !== null && nameOf(engine, kind, number) === asStored(name);
  };
  return numbers.every(([column, value]) => numberIn(row, column) === value) && nameKinds.every(hasName);
}

/** Half of a surrogate pair has no UTF-8. */
const asStored = (name: string): string => Buffer.from(name).toString('utf8');

function hasWords(engine: Engine, id: number, texts: SearchTexts): boolean {
  const columns = textColumns.map((name) => asBytes(name)).join(', ');
  const row = engine.first(`SELECT ${columns} FROM listing_search WHERE rowid = ?`, id);
  return row !== undefined && textColumns.every((name) => textIn(row, name) === texts[name]);
}

/** Rows that nothing above has come by: too few, or too many. */
function countFaults(engine: Engine): string[] {
  const row = engine.first(`SELECT
    (SELECT count(*) FROM communications WHERE key NOT IN (SELECT key FROM unlisted)) AS records,
    (SELECT count(*) FROM listing WHERE key NOT IN (SELECT key FROM unlisted)) AS lines,
    (SELECT count(*) FROM listing) AS listed,
    (SELECT count(*) FROM listing_numbers) AS numbers,
    (SELECT count(*) FROM listing_search_content) AS words`);
  const count = (name: string): number => (row ? (numberIn(row, name) ?? 0) : 0);
  const pairs = [
    ['records', 'lines'],
    ['listed', 'numbers'],
    ['listed', 'words'],
  ] as const;
  return pairs
    .filter(([one, other]) => count(one) !== count(other))
    .map(([one, other]) => say('database.verify.lines', { expected: count(one), found: count(other) }));
}
