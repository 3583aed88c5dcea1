import { codesTable } from './codes.ts';
import { numberIn } from './columns.ts';
import type { Database } from './engine.ts';
import { removeFromSearch } from './review/search.ts';
import { countChange } from './review/changes.ts';

/**
 * What follows from the rest, or can be had from the server again: the listing, and the codes that are kept for
 * when the server cannot be asked. Damage there loses nothing, and is no reason to stop using a memory.
 */

const pageSize = 500;

function dropBadCodes(database: Database): void {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = codesTable.find(database, after, pageSize);
    for (const { position, fault } of page) {
      after = position;
      if (fault !== null) database.run('DELETE FROM codes WHERE rowid = ?', position);
    }
    if (page.length < pageSize) return;
  }
}

/** Lines no record stands behind: nothing would ever make them anew. */
function dropStrays(database: Database): void {
  const rows = database.all(`
    SELECT id FROM listing WHERE key NOT IN (SELECT key FROM communications)
    UNION SELECT id FROM listing_numbers WHERE id NOT IN (SELECT id FROM listing)
    UNION SELECT rowid AS id FROM listing_search WHERE rowid NOT IN (SELECT id FROM listing)`);
  for (const row of rows) {
    const id = numberIn(row, 'id') ?? 0;
    removeFromSearch(database, id);
    database.run('DELETE FROM listing_numbers WHERE id = ?', id);
    database.run('DELETE FROM listing WHERE id = ?', id);
  }
}

/**
 * Drops what is bad of it and notes every record as unlisted, inside the caller's transaction: the lines are made
 * anew when the thread has time. A line that is damaged is no hindrance to that.
 */
export function makeDerivedAnew(database: Database): void {
  dropBadCodes(database);
  dropStrays(database);
  database.run('INSERT OR IGNORE INTO unlisted SELECT key FROM communications');
  countChange(database);
}
