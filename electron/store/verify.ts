import { MemoryProblem, type Verification } from '../../domain/memory.ts';
import { say } from '../../domain/words/say.ts';
import type { CheckedTable, Finding, RowOf, TableColumns } from './checked.ts';
import { codesTable, codeUsesTable, parseCodes } from './codes.ts';
import { communicationsTable, parseCommunication } from './communications.ts';
import { asBytes, textIn } from './columns.ts';
import type { Database } from './database.ts';
import { decisionsTable, parseDecision } from './decisions.ts';
import { draftsTable, parseDraft } from './drafts.ts';
import { verifyJournal } from './journal.ts';
import { sealFault } from './seal.ts';
import { readTotals, totalsTable, type Totals } from './totals.ts';

/** Above this many lines about one table nobody learns more. */
const linesPerTable = 20;
const pageSize = 500;

interface Check {
  readonly rows: number;
  readonly problems: readonly string[];
}

/** Reads every row, compares it with its checksum and parses it. */
function checkTable<C extends TableColumns>(
  database: Database,
  table: CheckedTable<C>,
  parse: (row: RowOf<C>) => unknown,
): Check {
  const problems: string[] = [];
  let rows = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page: readonly Finding<C>[] = table.find(database, after, pageSize);
    for (const { position, row, fault } of page) {
      after = position;
      rows += 1;
      const problem = fault ?? parseFault(() => parse(row));
      if (problem !== null) problems.push(problem);
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
  return database
    .all(`SELECT ${asBytes('integrity_check')} FROM pragma_integrity_check(${linesPerTable})`)
    .map((row) => textIn(row, 'integrity_check'))
    .filter((line) => line !== 'ok')
    .map((line) => `file: ${line}`);
}

function rowsAndFile(database: Database): Verification {
  const problems: string[] = [];
  /** A damaged page stops one look at it, not the others. */
  const look = <T>(at: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      const damage =
        error instanceof MemoryProblem && (error.code === 'damaged' || error.code === 'wrong-key');
      if (!damage) throw error;
      problems.push(`${at}: ${error.message}`);
      return otherwise;
    }
  };
  const table = <C extends TableColumns>(
    checked: CheckedTable<C>,
    parse: (row: RowOf<C>) => unknown,
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
  table(codeUsesTable, () => null);
  table(totalsTable, () => null);

  // A count beside a part that is already known to be bad would only repeat it.
  if (problems.length === 0 && chain)
    problems.push(...countFaults(readTotals(database), { ...chain, records }));
  problems.push(...look('file', () => integrity(database), []));
  return { whole: problems.length === 0, facts: chain?.facts ?? 0, records, problems };
}

interface Counted {
  readonly facts: number;
  readonly quarantined: number;
  readonly deleted: number;
  readonly records: number;
  readonly head: string;
}

function countFaults(totals: Totals, counted: Counted): string[] {
  const wrong = (['facts', 'quarantined', 'deleted', 'records'] as const)
    .filter((name) => totals[name] !== counted[name])
    .map((name) => say('memory.verify.count', { name, expected: totals[name], found: counted[name] }));
  return totals.head === counted.head ? wrong : [...wrong, say('memory.verify.end')];
}

/**
 * Looks at everything: the chain, the counts, every row of every table, the file's structure, and, when it
 * was closed cleanly, every byte of it. Reads one moment of a memory another process may be writing.
 * @throws MemoryProblem only when the file cannot be looked at any further.
 */
export function verify(database: Database): Verification {
  const verification = database.snapshot(() => rowsAndFile(database));
  const broken = sealFault(database.path, database.keyHex);
  if (broken === null) return verification;
  return { ...verification, whole: false, problems: [...verification.problems, broken] };
}
