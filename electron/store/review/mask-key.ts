import { createHmac, randomBytes } from 'node:crypto';
import type { MaskScope } from '../../../domain/database.ts';
import { isOnlySpan, type ReviewQuery } from '../../../domain/review/query.ts';
import { checksummedTable } from '../checksummed-table.ts';
import { asBytes, bytesIn, numberIn, type Engine, type Value } from '../engine.ts';
import { idsBetween } from '../time-ids.ts';
import { pageOfIds } from './find.ts';

export const maskSecretTable = checksummedTable('mask_secret', { id: 'number', secret: 'text' });

/** Where there is none, or a damaged one. No export that was made before comes out the same again. */
export function putMaskSecret(engine: Engine): void {
  const [found] = maskSecretTable.look(engine);
  if (found?.fault === null) return;
  maskSecretTable.put(engine, { id: 1, secret: randomBytes(32).toString('hex') });
}

type Hmac = ReturnType<typeof createHmac>;

const pageSize = 1_000;

/** Notes what these records are by their checksums, in the order they happened. */
function note(engine: Engine, key: Hmac, where: string, ...values: readonly Value[]): number[] {
  const rows = engine.all(`SELECT id, ${asBytes('sum')} FROM communications WHERE ${where}`, ...values);
  for (const row of rows) key.update(bytesIn(row, 'sum'));
  return rows.map((row) => numberIn(row, 'id') ?? 0);
}

/** The ids after one; the records are noted. */
function notePage(engine: Engine, key: Hmac, query: ReviewQuery, after: number): number[] {
  // As an export does: the listing is a moment behind.
  if (isOnlySpan(query)) {
    const { from, to } = idsBetween(query.since, query.until);
    const span = 'id > ? AND id >= ? AND id < ? ORDER BY id LIMIT ?';
    return note(engine, key, span, after, from, to, pageSize);
  }
  const ids = pageOfIds(engine, query, after, pageSize);
  note(engine, key, 'id IN (SELECT value FROM json_each(?)) ORDER BY id', JSON.stringify(ids));
  return ids;
}

/** See `Review.maskKey`. Made with a secret of this database, so nobody who knows the records can make it. */
export function maskKeyOf(engine: Engine, scope: MaskScope): Uint8Array {
  const [row] = maskSecretTable.select(engine);
  if (!row) throw new Error('The database has no secret for masks');
  const key = createHmac('sha256', Buffer.from(row.secret, 'hex'));
  if ('key' in scope) note(engine, key, 'key = ?', scope.key);
  else {
    let page: readonly number[] = [];
    do page = notePage(engine, key, scope.query, page.at(-1) ?? -1);
    while (page.length === pageSize);
  }
  return key.digest();
}
