import { searchWords } from '../../../domain/words/search-words.ts';
import type { Listing } from '../../../domain/review/record-listing.ts';
import { bytesIn, numberIn } from '../columns.ts';
import type { Engine } from '../engine.ts';

/** Names that many records share, each stored once and in the order a list is sorted by. */

export const nameKinds = ['peer', 'queue', 'code'] as const;
export type NameKind = (typeof nameKinds)[number];

/** The numbers in the column `kind`. */
export const kindNumber = (kind: NameKind): number => nameKinds.indexOf(kind);

/** A code without a name goes by its id. A name that is empty is none. */
export function nameIn(line: Listing, kind: NameKind): string | null {
  switch (kind) {
    case 'peer':
      return line.peer || null;
    case 'queue':
      return line.queue || null;
    case 'code':
      return line.codeName || line.code || null;
  }
}

const separator = 1;

/** Folded, so that "Ángel" stands beside "angel"; then the name itself, so that two names stay two. */
function sortKey(name: string): Uint8Array {
  return Buffer.concat([Buffer.from(searchWords(name).join(' ')), Buffer.of(separator), Buffer.from(name)]);
}

function nameFrom(sort: Buffer): string {
  return sort.subarray(sort.indexOf(separator) + 1).toString('utf8');
}

/** Number of the name, which is stored where it is new; null for none. */
export function nameNumber(engine: Engine, kind: NameKind, name: string | null): number | null {
  if (name === null) return null;
  const values = [kindNumber(kind), sortKey(name)] as const;
  const find = 'SELECT id FROM listing_names WHERE kind = ? AND sort = ?';
  const known = engine.first(find, ...values);
  if (known) return numberIn(known, 'id');
  engine.run('INSERT INTO listing_names (kind, sort) VALUES (?, ?)', ...values);
  const added = engine.first(find, ...values);
  return added ? numberIn(added, 'id') : null;
}

/** Forgets names that no record has any more. */
export function dropUnused(engine: Engine, kind: NameKind, numbers: readonly number[]): void {
  for (const number of new Set(numbers)) {
    const used = engine.first(`SELECT 1 AS used FROM listing_numbers WHERE ${kind} = ? LIMIT 1`, number);
    if (!used) engine.run('DELETE FROM listing_names WHERE id = ?', number);
  }
}

/** Every name of a kind by its number. */
export function namesOf(engine: Engine, kind: NameKind): ReadonlyMap<number, string> {
  const rows = engine.all('SELECT id, sort FROM listing_names WHERE kind = ?', kindNumber(kind));
  return new Map(rows.map((row) => [numberIn(row, 'id') ?? 0, nameFrom(bytesIn(row, 'sort'))]));
}

/** Null when there is no such name. */
export function nameOf(engine: Engine, kind: NameKind, number: number): string | null {
  const find = 'SELECT sort FROM listing_names WHERE id = ? AND kind = ?';
  const row = engine.first(find, number, kindNumber(kind));
  return row ? nameFrom(bytesIn(row, 'sort')) : null;
}
