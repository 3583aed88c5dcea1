import type { Review } from '../../../domain/memory.ts';
import type { ExportedRecord } from '../../../domain/record.ts';
import { everything, type ReviewQuery } from '../../../domain/review/query.ts';
import type { CallArgs, CallName, CallResult } from '../calls.ts';
import type { RecordCursor, RecordRange } from '../schemas.ts';
import type { Reader } from './reader.ts';

/** Records asked for at once by an export. */
const pageSize = 500;

/** In the order they happened, straight from the records. */
export async function* recordsIn(reader: Reader, range: RecordRange): AsyncGenerator<ExportedRecord> {
  let cursor: RecordCursor | null = null;
  do {
    const page: CallResult<'pageOfRecords'> = await reader.ask('pageOfRecords', range, cursor, pageSize);
    yield* page.records;
    cursor = page.next;
  } while (cursor !== null);
}

async function* recordsFound(reader: Reader, query: ReviewQuery): AsyncGenerator<ExportedRecord> {
  let after: number | null = 0;
  do {
    const page: CallResult<'pageOfFound'> = await reader.ask('pageOfFound', query, after, pageSize);
    yield* page.records;
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

/** `Review` over a reading thread. */
export function reviewOn(reader: Reader): Review {
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
    records: (query) => {
      // The listing is a moment behind the records; where it is not needed an export does without.
      const range = rangeOf(query);
      return range ? recordsIn(reader, range) : recordsFound(reader, query);
    },
    planForget: (what) => reader.ask('planForget', what),
    nextExpiry: (keepMs) => reader.ask('nextExpiry', keepMs),
  };
}
