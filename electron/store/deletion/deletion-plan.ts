import type { Deletion, DeletionPlan, NextExpiry } from '../../../domain/review/deletion.ts';
import { happenedAt } from '../../../domain/communication/moments.ts';
import { asBytes, numberIn, textIn } from '../columns.ts';
import { communicationsTable, ofConversation, parseCommunication } from '../communications.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Engine } from '../engine.ts';
import { momentOf } from '../time-ids.ts';

/** Records that stay whatever is deleted: their conversation goes on, or words about it are on their way. */
function staying(engine: Engine): Communication[] {
  const keys = engine
    .all(
      `SELECT ${asBytes('key')} FROM (
         SELECT key FROM communications WHERE settled = 0
         UNION SELECT key FROM submissions WHERE unfinished = 1
       )`,
    )
    .map((row) => textIn(row, 'key'));
  const conversations = new Set(keys.flatMap((key) => recordOf(engine, key)?.conversationId ?? []));
  return [...conversations].flatMap((conversation) => ofConversation(engine, conversation));
}

function recordOf(engine: Engine, key: string): Communication | undefined {
  return communicationsTable.select(engine, 'WHERE key = ?', key).map(parseCommunication)[0];
}

/** By the records themselves: the listing is a moment behind, and this number is what a person agrees to. */
function countRecords(engine: Engine, since: number, until: number): number {
  const row = engine.first('SELECT count(*) AS n FROM communications WHERE at >= ? AND at < ?', since, until);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

const dayMs = 24 * 3_600_000;
/** No conversation lasts longer; only so far from the ends of a span its other records are looked for. */
const longestConversationMs = 7 * dayMs;

/** Records outside of a span that go with the conversation of one inside. */
function countSiblings(engine: Engine, since: number, until: number): number {
  const row = engine.first(
    `SELECT count(*) AS n FROM communications AS one
     WHERE (at >= ? AND at < ? OR at >= ? AND at < ?) AND EXISTS (
       SELECT 1 FROM communications AS other
       WHERE other.key > substr(one.key, 1, instr(one.key, '/'))
         AND other.key < substr(one.key, 1, instr(one.key, '/') - 1) || '0'
         AND other.at >= ? AND other.at < ?
     )`,
    since - longestConversationMs,
    since,
    until,
    until + longestConversationMs,
    since,
    until,
  );
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** See `Review.planForget`. */
export function planForget(engine: Engine, what: Deletion): DeletionPlan {
  const stay = staying(engine);
  if (what.kind === 'one') {
    const record = recordOf(engine, what.key);
    if (!record) return { records: 0, staying: 0 };
    const records = ofConversation(engine, record.conversationId).length;
    const stays = stay.some(({ conversationId }) => conversationId === record.conversationId);
    return stays ? { records: 0, staying: 1 } : { records, staying: 0 };
  }
  const since = (what.kind === 'all' ? null : what.since) ?? Number.MIN_SAFE_INTEGER;
  const until = what.kind === 'all' ? Number.MAX_SAFE_INTEGER : what.until;
  const isInside = (record: Communication): boolean =>
    happenedAt(record) >= since && happenedAt(record) < until;
  const inside = stay.filter(isInside);
  const conversations = new Set(inside.map(({ conversationId }) => conversationId));
  const stayingSiblings = stay.filter(
    (record) => conversations.has(record.conversationId) && !isInside(record),
  );
  const meant = countRecords(engine, since, until) + countSiblings(engine, since, until);
  return { records: meant - inside.length - stayingSiblings.length, staying: inside.length };
}

/** See `Review.nextExpiry`. Told together: what becomes too old within a day of the first. */
export function nextExpiry(engine: Engine, keepMs: number): NextExpiry | null {
  const stay = staying(engine);
  const stayingKeys = new Set(stay.map(({ key }) => key));
  // So many that at least one of them goes, if any does.
  const oldest = engine.all(
    `SELECT CAST(id AS INTEGER) AS id, ${asBytes('key')} FROM listing ORDER BY listing.id LIMIT ?`,
    stay.length + 1,
  );
  const first = oldest.find((row) => !stayingKeys.has(textIn(row, 'key')));
  if (!first) return null;
  const firstAt = momentOf(numberIn(first, 'id') ?? 0);
  const { records } = planForget(engine, { kind: 'range', since: firstAt, until: firstAt + dayMs });
  return { at: firstAt + keepMs, records };
}
