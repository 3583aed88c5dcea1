import { participantPrefix } from '../../../domain/communication/shared-work.ts';
import { asNumber, numberIn, type Engine } from '../engine.ts';

/** The rows of the listing by the ids of their records; what is in them is made in `listing.ts`. */

/**
 * The line of this record is no longer what the record says. Noted in the transaction of the change, and nothing
 * more: the line itself is made when the thread has time, and a crash between the two forgets nothing.
 */
export function noteBehind(engine: Engine, id: number): void {
  engine.run('INSERT OR IGNORE INTO listing_behind (id) VALUES (?)', id);
}

/** What is decided about one record may be about all of its participant: they share their after-call work. */
export function noteKeyBehind(engine: Engine, key: string): void {
  const prefix = participantPrefix(key);
  engine.run(
    `INSERT OR IGNORE INTO listing_behind SELECT id FROM communications WHERE key >= ? AND key < ?`,
    prefix,
    afterPrefix(prefix),
  );
}

/** "0" is what follows a slash. */
export function afterPrefix(prefix: string): string {
  return `${prefix.slice(0, -1)}0`;
}

export function noteListed(engine: Engine, id: number): void {
  engine.run('DELETE FROM listing_behind WHERE id = ?', id);
}

/** In their order, from the one after `after`. */
export function idsBehind(engine: Engine, after: number, limit: number): number[] {
  return engine
    .all(
      `SELECT ${asNumber('id')} FROM listing_behind WHERE id > ? ORDER BY listing_behind.id LIMIT ?`,
      after,
      limit,
    )
    .map((row) => numberIn(row, 'id') ?? 0);
}

/** How many there are; counted no further than `most`. */
export function countBehind(engine: Engine, most: number): number {
  const row = engine.first('SELECT count(*) AS n FROM (SELECT 1 FROM listing_behind LIMIT ?)', most);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** Takes a record out of the listing, inside the caller's transaction. */
export function removeLine(engine: Engine, id: number): void {
  engine.run('DELETE FROM listing WHERE id = ?', id);
  engine.run('DELETE FROM listing_search WHERE rowid = ?', id);
  noteListed(engine, id);
}

/**
 * After damage to the listing: drops what no record stands behind, makes the index of words say what its rows say,
 * and notes every record as behind. Inside the caller's transaction.
 */
export function rebuildListing(engine: Engine): void {
  engine.exec(`
    INSERT INTO listing_search (listing_search) VALUES ('rebuild');
    DELETE FROM listing_search WHERE rowid NOT IN (SELECT id FROM communications);
    DELETE FROM listing WHERE id NOT IN (SELECT id FROM communications);
    DELETE FROM listing_behind;
    INSERT INTO listing_behind SELECT id FROM communications;
  `);
}
