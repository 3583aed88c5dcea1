import { codesTable } from './codes.ts';
import { numberIn } from './columns.ts';
import type { Engine } from './engine.ts';
import { removeFromSearch } from './review/word-index.ts';
import { countChange } from './review/changes.ts';

/**
 * What follows from the rest, or can be had from the server again: the listing, and the codes that are kept for
 * when the server cannot be asked. Damage there loses nothing, and is no reason to stop using a database.
 */

const pageSize = 500;

function dropBadCodes(engine: Engine): void {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = codesTable.find(engine, after, pageSize);
    for (const { position, fault } of page) {
      after = position;
      if (fault !== null) engine.run('DELETE FROM codes WHERE rowid = ?', position);
    }
    if (page.length < pageSize) return;
  }
}

/** Lines no record stands behind: nothing would ever make them anew. */
function dropStrays(engine: Engine): void {
  const rows = engine.all(`
    SELECT id FROM listing WHERE key NOT IN (SELECT key FROM communications)
    UNION SELECT id FROM listing_numbers WHERE id NOT IN (SELECT id FROM listing)
    UNION SELECT rowid AS id FROM listing_search WHERE rowid NOT IN (SELECT id FROM listing)`);
  for (const row of rows) {
    const id = numberIn(row, 'id') ?? 0;
    removeFromSearch(engine, id);
    engine.run('DELETE FROM listing_numbers WHERE id = ?', id);
    engine.run('DELETE FROM listing WHERE id = ?', id);
  }
}

/**
 * Drops what is bad of it and notes every record as unlisted, inside the caller's transaction: the lines are made
 * anew when the thread has time. A line that is damaged is no hindrance to that.
 */
export function rebuildDerived(engine: Engine): void {
  dropBadCodes(engine);
  dropStrays(engine);
  engine.run('INSERT OR IGNORE INTO unlisted SELECT key FROM communications');
  countChange(engine);
}
