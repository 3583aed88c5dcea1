import { DatabaseProblem, type Review, type Unread } from '../../../domain/database.ts';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, type ReviewQuery } from '../../../domain/review/query.ts';
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

/** The span of time, where a query asks for nothing else. */
function rangeOf({ since, until, ...rest }: ReviewQuery): RecordRange | null {
  const { since: _since, until: _until, ...nothing } = everything;
  const names = Object.keys(nothing) as (keyof typeof nothing)[];
  if (names.some((name) => JSON.stringify(rest[name]) !== JSON.stringify(nothing[name]))) return null;
  return { ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) };
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
      const range = rangeOf(query);
      return consistent((database) =>
        range ? recordsIn(database, range, unread) : recordsFound(database, query, unread),
      );
    },
    planDeletion: (what) => reader.ask('planDeletion', what),
    nextExpiry: (keepMs) => reader.ask('nextExpiry', keepMs),
  };
}
