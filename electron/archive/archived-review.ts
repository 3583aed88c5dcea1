import { randomBytes } from 'node:crypto';
import {
  archiveLimits,
  type AccessAnswer,
  type Archived,
  type FiguresAnswer,
  type PageAnswer,
} from '../../domain/archive/wire.ts';
import { SourceProblem, Superseded, type Review } from '../../domain/database.ts';
import { recordSchema } from '../../domain/exported-record-schema.ts';
import { codeKey, codeNamesIn } from '../../domain/model/code-names.ts';
import { isKnown } from '../../domain/model/values.ts';
import { importedFrom, type ReadRecord } from '../../domain/review/imported-record.ts';
import type { ReviewQuery } from '../../domain/review/query.ts';
import type { RecordDetail } from '../../domain/review/record-detail.ts';
import {
  listingOf,
  shortenedListing,
  type ArchiveListing,
  type Listing,
} from '../../domain/review/record-listing.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import type { ArchiveClient, PageFilters } from './archive-client.ts';
import { ArchiveProblem } from './archive-problem.ts';

/** The archive as a review looks at it. What it has read is in memory alone, and goes with it. */
export interface ArchivedReview extends Review {
  /** Who looked at one's own records, newest first. */
  readonly looks: (after: string | null) => Promise<AccessAnswer>;
  /** How many records of a search are whose, on which day. */
  readonly byAgent: (query: ReviewQuery) => Promise<FiguresAnswer>;
  /** Nobody waits any more: what is asked is refused at once as `Superseded`. */
  readonly close: () => void;
}

export type ReadingClient = Pick<ArchiveClient, 'session' | 'page' | 'record' | 'figures' | 'access'>;

/** Records asked for at once: each page is a look that is noted. */
const linesAtOnce = 100;
/** A list beyond this is for a narrower search, or for an export. */
const mostListed = 10_000;
/** Records somebody steps to and fro between are not asked for again. */
const detailsKept = 100;

/** One search as far as it was read. */
interface Search {
  readonly query: ReviewQuery;
  readonly lines: Listing[];
  readonly keys: Set<string>;
  /** Where the next page begins; null for the first. */
  after: string | null;
  isAtEnd: boolean;
  unread: number;
  missing: number;
}

export function createArchivedReview(client: ReadingClient, url: string): ArchivedReview {
  const { host } = new URL(url);
  const turns = createSerialQueue();
  /** By their keys, those asked for last at the end. */
  const details = new Map<string, RecordDetail>();
  let search: Search | null = null;
  const closing = new AbortController();
  const closed = new Promise<never>((_resolve, reject) => {
    closing.signal.addEventListener('abort', () => {
      reject(new Superseded());
    });
  });
  // Most of the time nobody waits for it.
  closed.catch(() => undefined);

  async function inWords<Value>(question: Promise<Value>): Promise<Value> {
    try {
      return await question;
    } catch (error) {
      throw error instanceof ArchiveProblem
        ? new SourceProblem(wordsOf(error, host), { cause: error })
        : error;
    }
  }

  /** Waits for the archive no longer than somebody looks at it. */
  function ask<Value>(question: () => Promise<Value>): Promise<Value> {
    return closing.signal.aborted
      ? Promise.reject(new Superseded())
      : inWords(Promise.race([question(), closed]));
  }

  function searchOf(query: ReviewQuery): Search {
    if (search === null || JSON.stringify(search.query) !== JSON.stringify(query))
      search = {
        query,
        lines: [],
        keys: new Set(),
        after: null,
        isAtEnd: false,
        unread: 0,
        missing: 0,
      };
    return search;
  }

  async function readUpTo(wanted: Search, end: number): Promise<void> {
    while (!wanted.isAtEnd && wanted.lines.length < Math.min(end, mostListed)) {
      const { agent } = await ask(() => client.session());
      const page = await ask(() => client.page(filtersOf(wanted.query), linesAtOnce, wanted.after));
      wanted.missing = page.missing ?? wanted.missing;
      for (const each of page.records) add(wanted, each, agent.id);
      wanted.after = page.next;
      wanted.isAtEnd = page.next === null;
    }
  }

  /** Null where the archive has none of this key, or shows it to nobody like this. */
  async function readDetail(key: string): Promise<RecordDetail | null> {
    const { agent } = await ask(() => client.session());
    const answer = await ask(async () => {
      try {
        return await client.record(key);
      } catch (error) {
        if (error instanceof ArchiveProblem && error.kind === 'not-found') return null;
        throw error;
      }
    });
    if (answer === null) return null;
    const { revisions, conflicts } = answer;
    const latest = revisions[0];
    if (latest === undefined) return null;
    const record = readRecord(latest);
    if (record === null) throw new SourceProblem(say('review.archive.unreadable'));
    return {
      ...detailOf(record, latest.key),
      archived: {
        agent: agentOf(latest, agent.id),
        receivedAt: latest.receivedAt,
        revisions: revisions.length,
        conflicts: conflicts.length,
      },
    };
  }

  const cannot = (): Promise<never> => Promise.reject(new SourceProblem(say('review.archive.readOnly')));

  return {
    find: (query, order, from, count) =>
      turns.run(async () => {
        if (order.by !== 'time' || !order.descending)
          throw new SourceProblem(say('review.archive.newestFirst'));
        const wanted = searchOf(query);
        const end = Math.min(from + count, mostListed);
        await readUpTo(wanted, end);
        return { from, lines: wanted.lines.slice(from, end), behind: 0, archive: listed(wanted) };
      }),
    // It counts nothing: as many as were read.
    count: (query) =>
      turns.run(async () => {
        const wanted = searchOf(query);
        await readUpTo(wanted, 1);
        return Math.min(wanted.lines.length, mostListed);
      }),
    record: async (key) => {
      const known = details.get(key);
      const detail = known ?? (await readDetail(key));
      details.delete(key);
      if (detail) details.set(key, detail);
      for (const oldest of [...details.keys()].slice(0, -detailsKept)) details.delete(oldest);
      return detail;
    },
    facts: () => Promise.resolve({ facts: [], next: null }),
    figures: () => Promise.reject(new SourceProblem(say('review.archive.noCharts'))),
    async *records(query, unread) {
      let after: string | null = null;
      do {
        // An export goes on while something else is looked at.
        const page: PageAnswer = await inWords(client.page(filtersOf(query), archiveLimits.page, after));
        for (const archived of page.records) {
          const record = readRecord(archived);
          // Whose it is: the records themselves are of an agent, and name none.
          const line = record && { ...record, outcome: record.outcome ?? null, agent: archived.agent };
          if (line) yield line;
          else unread?.(1);
        }
        after = page.next;
      } while (after !== null);
    },
    // Others may be there at any moment, so no two exports are the same.
    maskKey: () => Promise.resolve(randomBytes(32)),
    planDeletion: cannot,
    nextExpiry: () => Promise.resolve(null),
    byAgent: (query) => ask(() => client.figures(filtersOf(query))),
    looks: (after) => ask(() => client.access(after)),
    close: () => {
      closing.abort();
    },
  };
}

const ownWords = ['version', 'database', 'schema', 'internal'] as const;

/** In the words of who looks, not of records that wait to be sent. */
function wordsOf({ kind, message, retryAfterMs }: ArchiveProblem, host: string): string {
  if (kind === 'too-many')
    return say('review.archive.busy', { host, seconds: Math.ceil((retryAfterMs ?? 0) / 1000) });
  return isKnown(ownWords, kind) ? say(`review.archive.problem.${kind}`, { host }) : message;
}

function filtersOf({ agent, queue, code, since, until }: ReviewQuery): PageFilters {
  return {
    ...(agent === undefined ? {} : { agent: agent.join(',') }),
    ...(queue.length === 0 ? {} : { queue: queue.join(' ') }),
    ...(code.length === 0 ? {} : { code: code.join(' ') }),
    ...(since === null ? {} : { since: new Date(since).toISOString() }),
    ...(until === null ? {} : { until: new Date(until).toISOString() }),
  };
}

/** Null where this version cannot: a desk of another version sent it. */
function readRecord({ record }: Archived): ReadRecord | null {
  return recordSchema.safeParse(record).data ?? null;
}

/** Whose it is, where that is somebody else. */
function agentOf({ agent: { id, name } }: Archived, me: string): string | null {
  return id === me ? null : name || id;
}

function add(search: Search, archived: Archived, me: string): void {
  const { key } = archived;
  if (search.keys.has(key)) return;
  search.keys.add(key);
  const record = readRecord(archived);
  if (record === null) {
    search.unread += 1;
    return;
  }
  const { communication, draft, submissions, codeNames } = detailOf(record, key);
  const line = listingOf(communication, draft ?? undefined, submissions[0], codeNamesIn(codeNames));
  const agent = agentOf(archived, me);
  search.lines.push(shortenedListing(agent === null ? line : { ...line, agent }));
}

/** The archive's own key names it: ids may be masked, and two agents may have been in one conversation. */
function detailOf(record: ReadRecord, key: string): RecordDetail {
  const { communication, draft, submission, code } = importedFrom(record);
  return {
    communication: { ...communication, key },
    draft: draft && { ...draft, key },
    submissions: submission === null ? [] : [{ ...submission, key, order: 0 }],
    codeNames: code === null ? {} : { [codeKey(code.id)]: code.name },
    facts: 0,
  };
}

function listed({ lines, isAtEnd, unread, missing }: Search): ArchiveListing {
  const known = Math.min(lines.length, mostListed);
  const isCut = lines.length > known || (known === mostListed && !isAtEnd);
  return { known, rest: isCut ? 'cut' : isAtEnd ? 'none' : 'more', unread, missing };
}
