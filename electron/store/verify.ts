import { z } from 'zod';
import { MemoryProblem, type Verification } from '../../domain/memory.ts';
import type { CheckedTable } from './checked.ts';
import { codesTable, codeUsesTable, parseCodes, parseUse } from './codes.ts';
import { communicationsTable, parseCommunication } from './communications.ts';
import type { Database, Row } from './database.ts';
import { decisionsTable, parseDecision } from './decisions.ts';
import { draftsTable, parseDraft } from './drafts.ts';
import { verifyJournal } from './journal.ts';
import { readTotals, totalsTable } from './totals.ts';

/** Above this many lines about one table nobody learns more. */
const linesPerTable = 20;
const pageSize = 500;

const position = z.object({ position: z.int() });

interface Check {
  readonly rows: number;
  readonly problems: readonly string[];
}

/** Reads every row, compares it with its checksum and parses it. */
function checkTable<Column extends string>(
  database: Database,
  table: CheckedTable<Column>,
  parse: (row: Record<Column, unknown>) => unknown,
): Check {
  const sql = `SELECT rowid AS position, ${table.columns.join(', ')}, sum FROM ${table.name} WHERE rowid > ? ORDER BY rowid LIMIT ?`;
  const problems: string[] = [];
  let rows = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page: readonly Row[] = database.all(sql, after, pageSize);
    for (const row of page) {
      after = position.parse(row).position;
      rows += 1;
      const fault = table.fault(row) ?? parseFault(() => parse(row as Record<Column, unknown>));
      if (fault !== null) problems.push(fault);
    }
    if (page.length < pageSize || problems.length >= linesPerTable) return { rows, problems };
  }
}

function parseFault(parse: () => unknown): string | null {
  try {
    parse();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** SQLite's own look at pages, indexes and free lists. */
function integrity(database: Database): string[] {
  const lines = z.array(z.object({ integrity_check: z.string() }));
  return lines
    .parse(database.all(`PRAGMA integrity_check(${linesPerTable})`))
    .map((line) => line.integrity_check)
    .filter((line) => line !== 'ok')
    .map((line) => `file: ${line}`);
}

/**
 * Looks at everything: the chain, the counts, every row of every table, and the file's structure. Damage is
 * reported, never thrown; only a file that cannot be read at all for another reason throws MemoryProblem.
 */
export function verify(database: Database): Verification {
  const problems: string[] = [];
  /** A damaged page stops one look at it, not the others. */
  const look = <T>(at: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof z.ZodError) {
        problems.push(`${at}: ${z.prettifyError(error)}`);
        return otherwise;
      }
      const damage =
        error instanceof MemoryProblem && (error.code === 'damaged' || error.code === 'wrong-key');
      if (!damage) throw error;
      problems.push(`${at}: a page cannot be read`);
      return otherwise;
    }
  };
  const table = <Column extends string>(
    checked: CheckedTable<Column>,
    parse: (row: Record<Column, unknown>) => unknown,
  ): number => {
    const result = look(checked.name, () => checkTable(database, checked, parse), { rows: 0, problems: [] });
    problems.push(...result.problems);
    return result.rows;
  };

  const chain = look('journal', () => verifyJournal(database), null);
  if (chain?.problem) problems.push(chain.problem);
  const records = table(communicationsTable, parseCommunication);
  table(draftsTable, parseDraft);
  table(decisionsTable, parseDecision);
  table(codesTable, parseCodes);
  table(codeUsesTable, parseUse);
  table(totalsTable, () => readTotals(database));

  const totals = look('totals', () => readTotals(database), null);
  // A count beside a part that is already known to be bad would only repeat it.
  if (problems.length === 0 && totals && chain) {
    const counted = { facts: chain.facts, quarantined: chain.quarantined, records };
    for (const name of ['facts', 'quarantined', 'records'] as const) {
      if (totals[name] !== counted[name]) {
        problems.push(`totals: ${name} should be ${totals[name]}, there are ${counted[name]}`);
      }
    }
    if (totals.head !== chain.head) problems.push('journal: the chain does not end where it did');
  }
  problems.push(...look('file', () => integrity(database), []));
  return { whole: problems.length === 0, facts: chain?.facts ?? 0, records, problems };
}
