import { asBytes, numberIn, textIn } from '../columns.ts';
import type { Engine } from '../engine.ts';

/**
 * Records whose line in the listing is behind. Noted in the transaction of the change, and nothing more: the
 * line itself is made when the thread has time, and a crash between the two forgets nothing.
 */
export function noteUnlisted(engine: Engine, key: string): void {
  engine.run('INSERT OR IGNORE INTO unlisted (key) VALUES (?)', key);
}

/** In the order of keys, from the one after `after`. */
export function unlistedKeys(engine: Engine, after: string, limit: number): string[] {
  return engine
    .all(`SELECT ${asBytes('key')} FROM unlisted WHERE key > ? ORDER BY unlisted.key LIMIT ?`, after, limit)
    .map((row) => textIn(row, 'key'));
}

/** How many there are; counted no further than `most`. */
export function countUnlisted(engine: Engine, most: number): number {
  const row = engine.first('SELECT count(*) AS n FROM (SELECT 1 FROM unlisted LIMIT ?)', most);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

export function noteListed(engine: Engine, key: string): void {
  engine.run('DELETE FROM unlisted WHERE key = ?', key);
}
