import { refusals, type RecordResult } from '../../domain/archive/wire.ts';
import type { Database, Identity } from '../database/database.ts';
import { happenedAt, wordsOf, type ReadLine, type Taken } from './lines.ts';

/** Puts a batch into the archive: one transaction, one answer for each line. */

export interface Ingest {
  readonly keep: (taken: readonly Taken[], who: Identity) => Promise<RecordResult[]>;
}

interface Kept {
  readonly n: number;
  readonly outcome: RecordResult['outcome'];
  readonly reason: string | null;
}

const keepSql =
  'select n::int, outcome, reason from archive.keep($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)';

/** Two transactions may need each other's rows; the same may go well at once. */
const mostAttempts = 3;
const collides = new Set(['40001', '40P01']);
const hasNoMonth = (code: string): boolean => code === '23514';

const reasons: Readonly<Record<string, string>> = {
  deleted: refusals.deleted,
  expired: refusals.expired,
  content: 'another content is there under this revision; both are kept',
  chain: 'the journal of this desk is not the one that sent this line before',
};

export function createIngest(database: Database, now: () => number): Ingest {
  /** Months that have their partitions, as far as this service has seen. */
  const months = new Set<string>();

  async function prepared(read: readonly ReadLine[], who: Identity): Promise<ReadonlySet<string>> {
    const wanted = new Set(read.map(({ line }) => line.day.slice(0, 7)));
    const lacking = [...wanted].filter((month) => !months.has(month)).sort();
    for (const month of lacking) {
      const there = await database.as('archive_agent', who, async (client) => {
        const { rows } = await client.query<{ there: boolean }>('select archive.prepare_month($1) as there', [
          `${month}-01`,
        ]);
        return rows[0]?.there === true;
      });
      if (there) months.add(month);
    }
    return months;
  }

  async function attempt(read: readonly ReadLine[], who: Identity): Promise<Kept[]> {
    const lines = read.map(({ line }) => line);
    const values = [
      read.map(({ key }) => `\\x${key}`),
      lines.map(({ day }) => day),
      lines.map(({ revision }) => revision),
      lines.map(({ device }) => device),
      lines.map(({ seq }) => seq),
      lines.map(({ chain }) => storable(chain)),
      read.map(({ digest }) => `\\x${digest}`),
      read.map(happenedAt),
      lines.map(({ record }) => wordsOf(record.queueName)),
      lines.map(({ record }) => storable(record.wrapup?.code?.slice(0, 200) ?? null)),
      lines.map(({ record }) => wordsOf(record.wrapup?.name)),
      lines.map(({ record }) => record.answered ?? null),
      // JSON has no line breaks of its own.
      read.map(({ text }) => text).join('\n'),
    ];
    return database.as('archive_agent', who, async (client) => {
      const { rows } = await client.query<Kept>(keepSql, values);
      for (const device of new Set(read.map(({ line }) => line.device))) {
        const lines = read.filter(({ line }) => line.device === device);
        await client.query('select archive.advance($1, $2, $3)', [
          device,
          lines.map(({ line }) => line.seq),
          lines.map(({ line }) => storable(line.chain)),
        ]);
      }
      return rows;
    });
  }

  async function keepAll(read: readonly ReadLine[], who: Identity): Promise<Kept[]> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(read, who);
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (attempts === mostAttempts || !(collides.has(code) || hasNoMonth(code))) throw error;
        // Retention dropped one since it was prepared.
        if (hasNoMonth(code)) {
          months.clear();
          await prepared(read, who);
        }
      }
    }
  }

  return {
    keep: async (taken, who) => {
      const read = taken.flatMap((each) => (each.kind === 'line' ? [each.read] : []));
      const there = await prepared(read, who);
      const inTime = read.filter(({ line }) => there.has(line.day.slice(0, 7)));
      const kept = inTime.length === 0 ? [] : await keepAll(inTime, who);
      const results = new Map(
        kept.map(({ n, outcome, reason }) => {
          const one = inTime[n - 1] as ReadLine;
          const result: RecordResult = {
            key: one.key,
            outcome,
            ...(reason === null ? {} : { reason: reasons[reason] ?? reason }),
          };
          return [one, result] as const;
        }),
      );
      return taken.map((each) => {
        if (each.kind === 'refused') return each.result;
        const { key, line } = each.read;
        const isAhead = Date.parse(line.day) > now();
        const reason = isAhead
          ? 'its day is in the future: the clock of the desk is wrong'
          : refusals.expired;
        return results.get(each.read) ?? { key, outcome: 'refused', reason };
      });
    },
  };
}

/** Neither a NUL nor half a character has a place in a text of the database. */
function storable<Text extends string | null>(text: Text): Text {
  return (text === null ? null : Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8')) as Text;
}
