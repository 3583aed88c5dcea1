import type { Deletion, DeletionPlan, NextExpiry } from '../../../domain/review/deletion.ts';
import { dayMs } from '../../../domain/clocks/time.ts';
import { happenedAt } from '../../../domain/communication/moments.ts';
import {
  communicationsTable,
  isOpen,
  ofConversation,
  parseCommunication,
  unsettledRows,
} from '../communications.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { asBytes, asNumber, numberIn, textIn, type Engine } from '../engine.ts';
import { idsBetween, momentOf, type IdSpan } from '../time-ids.ts';

/** Records that stay whatever is deleted: their conversation goes on, or words about it are on their way. */
function staying(engine: Engine, now: number | null): Communication[] {
  const open = unsettledRows(engine)
    .filter((record) => isOpen(record, now))
    .map(({ communication }) => communication);
  const busy = engine
    .all(`SELECT ${asBytes('key')} FROM submissions WHERE unfinished = 1`)
    .flatMap((row) => recordOf(engine, textIn(row, 'key')) ?? []);
  const conversations = new Set([...open, ...busy].map(({ conversationId }) => conversationId));
  return [...conversations].flatMap((conversation) => ofConversation(engine, conversation));
}

function recordOf(engine: Engine, key: string): Communication | undefined {
  return communicationsTable.select(engine, 'WHERE key = ?', key).map(parseCommunication)[0];
}

function countRecords(engine: Engine, { from, to }: IdSpan): number {
  const row = engine.first('SELECT count(*) AS n FROM communications WHERE id >= ? AND id < ?', from, to);
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** No conversation lasts longer; only so far from the ends of a span its other records are looked for. */
const longestConversationMs = 7 * dayMs;

/** Records outside of a span that go with the conversation of one inside. */
function countSiblings(engine: Engine, { from, to }: IdSpan): number {
  const row = engine.first(
    `SELECT count(*) AS n FROM communications AS one
     WHERE (id >= ? AND id < ? OR id >= ? AND id < ?) AND EXISTS (
       SELECT 1 FROM communications AS other
       WHERE other.key > substr(one.key, 1, instr(one.key, '/'))
         AND other.key < substr(one.key, 1, instr(one.key, '/') - 1) || '0'
         AND other.id >= ? AND other.id < ?
     )`,
    idsBetween(momentOf(from) - longestConversationMs, null).from,
    from,
    to,
    idsBetween(null, momentOf(to) + longestConversationMs).to,
    from,
    to,
  );
  return row ? (numberIn(row, 'n') ?? 0) : 0;
}

/** See `Review.planDeletion`. */
export function planDeletion(engine: Engine, what: Deletion, now: number | null): DeletionPlan {
  const stay = staying(engine, now);
  if (what.kind === 'one') {
    const record = recordOf(engine, what.key);
    if (!record) return { records: 0, staying: 0 };
    const records = ofConversation(engine, record.conversationId).length;
    const stays = stay.some(({ conversationId }) => conversationId === record.conversationId);
    return stays ? { records: 0, staying: 1 } : { records, staying: 0 };
  }
  const span = what.kind === 'all' ? idsBetween(null, null) : idsBetween(what.since, what.until);
  const isInside = (record: Communication): boolean => {
    const id = idsBetween(happenedAt(record), null).from;
    return id >= span.from && id < span.to;
  };
  const inside = stay.filter(isInside);
  const conversations = new Set(inside.map(({ conversationId }) => conversationId));
  const stayingSiblings = stay.filter(
    (record) => conversations.has(record.conversationId) && !isInside(record),
  );
  const meant = countRecords(engine, span) + countSiblings(engine, span);
  return { records: meant - inside.length - stayingSiblings.length, staying: inside.length };
}

/** See `Review.nextExpiry`. What becomes too old within a day of the first counts with it. */
export function nextExpiry(engine: Engine, keepMs: number, now: number | null): NextExpiry | null {
  const stay = staying(engine, now);
  const stayingKeys = new Set(stay.map(({ key }) => key));
  // So many that at least one of them goes, if any does.
  const oldest = engine.all(
    `SELECT ${asNumber('id')}, ${asBytes('key')} FROM communications ORDER BY communications.id LIMIT ?`,
    stay.length + 1,
  );
  const first = oldest.find((row) => !stayingKeys.has(textIn(row, 'key')));
  if (!first) return null;
  const firstAt = momentOf(numberIn(first, 'id') ?? 0);
  const { records } = planDeletion(engine, { kind: 'range', since: firstAt, until: firstAt + dayMs }, now);
  return { at: firstAt + keepMs, records };
}
