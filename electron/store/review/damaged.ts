import type { Engine } from '../engine.ts';
import { countChange } from './changes.ts';
import { lastMoment, momentOf } from '../time-ids.ts';
import { isReadable, keyAt, removeLine } from './listing.ts';
import { noteUnlisted } from './unlisted.ts';

/**
 * Lines that were found damaged while somebody looked back. All of a line follows from its record, so it is no
 * loss: it is left out or drawn from the record, and the thread that writes makes it anew.
 */

const found = new WeakMap<Engine, Set<number>>();

/** Whoever looks cannot write; the ids wait for whoever asks for them. */
export function noteDamaged(engine: Engine, id: number): void {
  const ids = found.get(engine) ?? new Set();
  found.set(engine, ids.add(id));
}

/** What was found since this was last asked. */
export function takeDamaged(engine: Engine): number[] {
  const ids = [...(found.get(engine) ?? [])];
  found.delete(engine);
  return ids;
}

/** Takes damaged lines out, to be made anew; to be called inside a transaction. A good one is let be. */
export function dropDamaged(engine: Engine, ids: readonly number[]): void {
  for (const id of ids) {
    if (isReadable(engine, id)) continue;
    const key = keyAt(engine, id);
    if (key !== null && isRecord(engine, key)) noteUnlisted(engine, key);
    // The key may be what is damaged; then it is one of those of that moment.
    noteMoment(engine, momentOf(id));
    removeLine(engine, id);
  }
  countChange(engine, ids);
}

function isRecord(engine: Engine, key: string): boolean {
  return engine.first('SELECT 1 AS one FROM communications WHERE key = ?', key) !== undefined;
}

function noteMoment(engine: Engine, ms: number): void {
  // What a server dates outside of all moments is listed at their ends.
  const since = ms === 0 ? Number.MIN_SAFE_INTEGER : ms;
  const until = ms === lastMoment ? Number.MAX_SAFE_INTEGER : ms + 1;
  engine.run(
    'INSERT OR IGNORE INTO unlisted SELECT key FROM communications WHERE at >= ? AND at < ?',
    since,
    until,
  );
}
