import { z } from 'zod';
import {
  pageQuerySchema,
  type AccessAnswer,
  type Archived,
  type FiguresAnswer,
  type PageAnswer,
  type RecordAnswer,
} from '../../domain/archive/wire.ts';
import { searchWords } from '../../domain/words/search-words.ts';
import type { Database } from '../database/database.ts';
import { Problem } from './problem.ts';
import type { Session } from './sessions.ts';

/**
 * What somebody may read. One's own comes straight from the tables, whose row security knows no one else; what is
 * others' comes through functions that note the look first.
 */
export interface Reading {
  readonly page: (session: Session, query: unknown) => Promise<PageAnswer>;
  readonly record: (session: Session, key: string) => Promise<RecordAnswer>;
  readonly figures: (session: Session, query: unknown) => Promise<FiguresAnswer>;
  readonly access: (session: Session, query: unknown) => Promise<AccessAnswer>;
}

interface Line {
  readonly key: string;
  readonly revision: number;
  readonly day: string;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly device: string;
  readonly at: Date;
  readonly received_at: Date;
  readonly conflict: boolean;
  readonly record: Record<string, unknown>;
}
const lineColumns =
  "encode(key, 'hex') as key, revision, day::text, agent_id, agent_name, device, at, received_at, conflict, record";
const keyLineColumns = `of_conflict, encode((line).key, 'hex') as key, (line).revision, (line).day::text,
  (line).agent_id, (line).agent_name, (line).device, (line).at, (line).received_at, (line).conflict, (line).record`;

interface Figure {
  readonly agent_id: string;
  readonly agent_name: string;
  readonly day: string;
  readonly records: string;
  readonly answered: string;
  readonly conflicts: string;
}
const figureColumns = 'agent_id, agent_name, day::text, records, answered, conflicts';

function archived(line: Line): Archived {
  return {
    key: line.key,
    revision: line.revision,
    day: line.day,
    agent: { id: line.agent_id, name: line.agent_name },
    device: line.device,
    receivedAt: line.received_at.toISOString(),
    conflict: line.conflict,
    record: line.record,
  };
}

/** Where a page ends: the time and key of its last record. */
const cursorSchema = z.tuple([z.iso.datetime(), z.string().regex(/^[0-9a-f-]{1,64}$/)]);
const cursorOf = (at: Date, key: string): string =>
  Buffer.from(JSON.stringify([at.toISOString(), key])).toString('base64url');

function readCursor(after: string | undefined): readonly [string | null, string | null] {
  if (after === undefined) return [null, null];
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString('utf8')));
  } catch {
    throw new Problem('bad-request', 'after: give what the page before said as next.');
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, query: unknown): z.infer<Schema> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const { path = [], message = '' } = result.error.issues[0] ?? {};
  throw new Problem('bad-request', `${path.map(String).join('.').slice(0, 60)}: ${message.slice(0, 200)}`);
}

const patterns = (text: string | undefined): string[] | null =>
  text === undefined ? null : searchWords(text).map((word) => `% ${word}%`);

/** A NUL has no place in a text of the database. */
const plain = (text: string): string => Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');

interface Filters {
  /** Null: everybody one may see. */
  readonly ids: string[] | null;
  readonly words: string[] | null;
  readonly rest: readonly [string | null, string | null, string[] | null, string | null, string[] | null];
  /** As it was asked, for the log of looks. */
  readonly asked: string;
}

function filtersOf(query: z.infer<typeof pageQuerySchema>): Filters {
  const { agent, since, until, queue, code } = query;
  const pieces = agent?.split(',').map((each) => plain(each.trim()));
  const named = { agent, since, until, queue, code };
  const moment = (text: string | undefined): string | null =>
    text === undefined ? null : new Date(text).toISOString();
  return {
    ids: pieces ?? null,
    words: pieces?.map((piece) => searchWords(piece).join(' ')) ?? null,
    rest: [
      moment(since),
      moment(until),
      patterns(queue),
      code === undefined ? null : plain(code),
      // A code that is an id alone has no words to begin with.
      code === undefined ? null : (patterns(code) ?? []),
    ],
    asked: plain(
      Object.entries(named)
        .flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
        .join(' '),
    ),
  };
}

/** An agent may ask for themselves by id; anybody else is not theirs to see. */
function requireOneself({ ids }: Filters, { agentId }: Session): void {
  if (ids === null || ids.every((id) => id === agentId)) return;
  throw new Problem('forbidden', 'Only supervisors see the records of others.');
}

const count = z.coerce.number();

export function createReading(database: Database): Reading {
  async function missing(session: Session, { ids, words }: Filters): Promise<number> {
    const role = session.isSupervisor ? 'archive_supervisor' : 'archive_agent';
    return database.as(role, session, async (client) => {
      const { rows } = session.isSupervisor
        ? await client.query<{ missing: string }>('select archive.missing_of($1, $2) as missing', [
            ids,
            words,
          ])
        : await client.query<{ missing: string }>(
            'select coalesce(sum(to_seq - from_seq + 1), 0) as missing from archive.gap',
          );
      return count.parse(rows[0]?.missing);
    });
  }

  return {
    page: async (session, said) => {
      const query = parsed(pageQuerySchema, said);
      const filters = filtersOf(query);
      const [at, key] = readCursor(query.after);
      const after = [query.limit, at, key === null ? null : Buffer.from(key, 'hex')];
      let lines: Line[];
      if (session.isSupervisor) {
        const values = [filters.ids, filters.words, ...filters.rest, ...after, filters.asked];
        lines = await database.as('archive_supervisor', session, async (client) => {
          const sql = `select ${lineColumns} from archive.look($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
          return (await client.query<Line>(sql, values)).rows;
        });
      } else {
        requireOneself(filters, session);
        const values = [[session.agentId], null, ...filters.rest, ...after];
        lines = await database.as('archive_agent', session, async (client) => {
          const sql = `select ${lineColumns} from archive.page_of($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
          return (await client.query<Line>(sql, values)).rows;
        });
      }
      const last = lines.length === query.limit ? lines.at(-1) : undefined;
      return {
        records: lines.map(archived),
        next: last ? cursorOf(last.at, last.key) : null,
        ...(query.after === undefined ? { missing: await missing(session, filters) } : {}),
      };
    },

    record: async (session, key) => {
      if (!/^[0-9a-f]{64}$/.test(key)) throw new Problem('not-found', 'There is no record of this key.');
      const role = session.isSupervisor ? 'archive_supervisor' : 'archive_agent';
      const from = session.isSupervisor ? 'archive.look_at($1)' : 'archive.one_of($1)';
      const lines = await database.as(role, session, async (client) => {
        const sql = `select ${keyLineColumns} from ${from} order by 3 desc, 9 desc`;
        return (await client.query<Line & { of_conflict: boolean }>(sql, [Buffer.from(key, 'hex')])).rows;
      });
      if (lines.length === 0) throw new Problem('not-found', 'There is no record of this key.');
      const of = (conflict: boolean): Archived[] =>
        lines.filter((line) => line.of_conflict === conflict).map(archived);
      return { revisions: of(false), conflicts: of(true) };
    },

    figures: async (session, said) => {
      const filters = filtersOf(parsed(pageQuerySchema, said));
      if (!session.isSupervisor) requireOneself(filters, session);
      const rows = session.isSupervisor
        ? await database.as('archive_supervisor', session, async (client) => {
            const sql = `select ${figureColumns} from archive.look_at_figures($1, $2, $3, $4, $5, $6, $7, $8)`;
            const values = [filters.ids, filters.words, ...filters.rest, filters.asked];
            return (await client.query<Figure>(sql, values)).rows;
          })
        : await database.as('archive_agent', session, async (client) => {
            const sql = `select ${figureColumns} from archive.figures_of($1, $2, $3, $4, $5, $6)`;
            return (await client.query<Figure>(sql, [[session.agentId], ...filters.rest])).rows;
          });
      return {
        figures: rows.map(({ agent_id: id, agent_name: name, day, ...counts }) => ({
          agent: { id, name },
          day,
          records: count.parse(counts.records),
          answered: count.parse(counts.answered),
          conflicts: count.parse(counts.conflicts),
        })),
        missing: await missing(session, filters),
      };
    },

    access: async (session, said) => {
      const query = parsed(pageQuerySchema.pick({ limit: true, after: true }), said);
      const [at, id] = readCursor(query.after);
      interface Look {
        readonly id: string;
        readonly at: Date;
        readonly by: string;
        readonly name: string | null;
        readonly what: AccessAnswer['access'][number]['what'];
        readonly records: number;
        readonly query: string;
      }
      const rows = await database.as('archive_agent', session, async (client) => {
        const sql = `select l.id, date_trunc('milliseconds', l.at) as at, l.by_agent_id as by, a.name, l.what,
            l.records, l.query
          from archive.access_log l
          left join archive.agent a on a.org_id = l.org_id and a.agent_id = l.by_agent_id
          where $1::timestamptz is null or (date_trunc('milliseconds', l.at), l.id) < ($1, $2::uuid)
          order by 2 desc, 1 desc limit $3`;
        return (await client.query<Look>(sql, [at, id, query.limit])).rows;
      });
      const last = rows.length === query.limit ? rows.at(-1) : undefined;
      return {
        access: rows.map(({ at: lookedAt, by, name, what, records, query: asked }) => ({
          at: lookedAt.toISOString(),
          by: { id: by, name: name ?? '' },
          what,
          records,
          query: asked,
        })),
        next: last ? cursorOf(last.at, last.id) : null,
      };
    },
  };
}
