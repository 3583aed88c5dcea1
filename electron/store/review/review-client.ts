import { DatabaseProblem, type Review, type Unread } from '../../../domain/database.ts';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { isOnlySpan, type ReviewQuery } from '../../../domain/review/query.ts';
import { say } from '../../../domain/words/say.ts';
import type { CallArgs, CallName, CallResult } from '../worker-calls.ts';
import type { RecordRange } from '../schemas.ts';
import type { DatabaseCalls, ConsistentRead } from '../consistent-reads.ts';
import type { ReadingThread } from './reading-thread.ts';

/** Records asked for at once by an export. */
const pageSize = 500;

/** Without a callback for damaged records the first is an error: what is left must not be taken for everything. */
function strictly(records: number): void {
  throw new DatabaseProblem('damaged', say('database.recordsDamaged', { records }));
}

/** In the order they happened, straight from the records. */
export async function* recordsIn(
  database: DatabaseCalls,
  range: RecordRange,
  unread: Unread = strictly,
): AsyncGenerator<ExportedRecord> {
  let after: number | null = -1;
  do {
    const page: CallResult<'pageOfRecords'> = await database.ask('pageOfRecords', range, after, pageSize);
    yield* page.records;
    if (page.unread > 0) unread(page.unread);
    after = page.next;
  } while (after !== null);
}

async function* recordsFound(
  database: DatabaseCalls,
  query: ReviewQuery,
  unread: Unread = strictly,
): AsyncGenerator<ExportedRecord> {
  let after: number | null = -1;
  do {
    const page: CallResult<'pageOfFound'> = await database.ask('pageOfFound', query, after, pageSize);
    yield* page.records;
    if (page.unread > 0) unread(page.unread);
    after = page.next;
  } while (after !== null);
}

/** `Review` over a reading thread, and what reads on while the database changes. */
export function reviewOn(reader: ReadingThread, consistent: ConsistentRead): Review {
  function lookUp<Name extends CallName>(
    { asker, about }: { readonly asker: string | undefined; readonly about: readonly unknown[] },
    call: Name,
    ...args: CallArgs<Name>
  ): Promise<CallResult<Name>> {
    return asker === undefined
      ? reader.ask(call, ...args)
      : reader.askLatest({ asker, about: JSON.stringify(about) }, call, ...args);
  }
  return {
    find: (query, order, from, count, asker) =>
      lookUp({ asker, about: [query, order] }, 'find', query, order, from, count),
    count: (query, asker) => lookUp({ asker, about: [query] }, 'count', query),
    figures: (query, by, asker) => lookUp({ asker, about: [query] }, 'figures', query, by),
    record: (key) => reader.ask('record', key),
    facts: (key, after) => reader.ask('facts', key, after),
    records: (query, unread) => {
      // The listing is a moment behind the records; where it is not needed an export does without.
      const { since, until } = query;
      const range = { ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) };
      return consistent((database) =>
        isOnlySpan(query) ? recordsIn(database, range, unread) : recordsFound(database, query, unread),
      );
    },
    maskKey: (scope) => reader.ask('maskKey', scope),
    planDeletion: (what, now = null) => reader.ask('planDeletion', what, now),
    nextExpiry: (keepMs, now = null) => reader.ask('nextExpiry', keepMs, now),
  };
}
