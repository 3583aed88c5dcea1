import { numberIn } from '../columns.ts';
import type { Engine } from '../engine.ts';

/** The listing counts its changes, and knows of the last few what they were about. */

/** Changes that are known; whoever has not looked for longer begins anew. */
const kept = 64;
/** Of a change of more rows than these nobody puts a list right row by row. */
const most = 256;

/** Inside the caller's transaction; `ids` are of the rows that came, went or are another now. */
export function countChange(engine: Engine, ids: Iterable<number> = []): void {
  engine.run('UPDATE listing_state SET revision = revision + 1 WHERE id = 1');
  const changed = new Set(ids);
  const revision = revisionOf(engine);
  engine.run('DELETE FROM listing_changes WHERE revision <= ?', revision - kept);
  if (changed.size > most) return;
  for (const id of changed) {
    engine.run('INSERT INTO listing_changes (revision, id) VALUES (?, ?)', revision, id);
  }
}

/** An id tells when something happened: none is kept of a record that is deleted. */
export function forgetChanges(engine: Engine): void {
  engine.run('DELETE FROM listing_changes');
}

export function revisionOf(engine: Engine): number {
  const row = engine.first('SELECT revision FROM listing_state WHERE id = 1');
  return row ? (numberIn(row, 'revision') ?? 0) : 0;
}

/** Rows that are not as they were at that revision; null where that is not known, or would be too many. */
export function changedSince(engine: Engine, revision: number, now: number): readonly number[] | null {
  if (now < revision || now - revision > kept) return null;
  const rows = engine.all('SELECT revision, id FROM listing_changes WHERE revision > ?', revision);
  const known = new Set(rows.map((row) => numberIn(row, 'revision')));
  if (known.size !== now - revision) return null;
  const ids = new Set(rows.map((row) => numberIn(row, 'id') ?? 0));
  return ids.size > most ? null : [...ids];
}
