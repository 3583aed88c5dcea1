import { DatabaseProblem, type Verification } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { archivedTable, archiveLinesTable, archiveStateTable } from './archive-queue.ts';
import type { ChecksummedTable, Finding, RowOf, TableColumns } from './checksummed-table.ts';
import { codeNamesTable, codesTable, codeUsesTable, parseCodes } from './codes.ts';
import { columnFault, communicationsTable, parseCommunication } from './communications.ts';
import { asBytes, textIn, type Engine } from './engine.ts';
import { submissionFault, submissionsTable, parseSubmission } from './submissions.ts';
import { draftFault, draftsTable, parseDraft } from './drafts.ts';
import { verifyJournal, type ChainReport, type JournalRow } from './journal.ts';
import { createReplay, type Replay } from './replay.ts';
import { migrations, newestOf, versionOf } from './migrations/schema-version.ts';
import { verifyListing } from './review/listing.ts';
import { maskSecretTable } from './review/mask-key.ts';
import { signatureFault } from './file-signature.ts';
import { readTotals, totalsTable, type Totals } from './totals.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

/** Above this many lines about one table nobody learns more. */
const linesPerTable = 20;
const pageSize = 500;

interface Check {
  readonly rows: number;
  readonly problems: readonly string[];
}

/** Reads every row, compares it with its checksum and parses it. */
function checkTable<C extends TableColumns>(
  engine: Engine,
  table: ChecksummedTable<C>,
  parse: (row: RowOf<C>) => unknown,
  faultOf: (row: RowOf<C>) => string | null = () => null,
): Check {
  const problems: string[] = [];
  let rows = 0;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page: readonly Finding<C>[] = table.find(engine, after, pageSize);
    for (const { position, row, fault } of page) {
      after = position;
      rows += 1;
      const problem = fault ?? parseFault(() => parse(row)) ?? faultOf(row);
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
    return reasonOf(error);
  }
}

/** SQLite's own look at pages, indexes and free lists. */
function integrity(engine: Engine): string[] {
  return engine
    .all(`SELECT ${asBytes('integrity_check')} FROM pragma_integrity_check(${linesPerTable})`)
    .map((row) => textIn(row, 'integrity_check'))
    .filter((line) => line !== 'ok')
    .map((line) => `file: ${line}`);
}

function rowsAndFile(engine: Engine, depth: Depth): Verification {
  const problems: string[] = [];
  /** About what follows from the rest, or can be had from the server again. */
  const derived: string[] = [];
  /** A damaged page stops one look at it, not the others. */
  const look = <T>(at: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      const damage =
        error instanceof DatabaseProblem && (error.code === 'damaged' || error.code === 'wrong-key');
      if (!damage) throw error;
      problems.push(`${at}: ${error.message}`);
      return otherwise;
    }
  };
  const table = <C extends TableColumns>(
    checked: ChecksummedTable<C>,
    parse: (row: RowOf<C>) => unknown,
    faultOf?: (row: RowOf<C>) => string | null,
    into = problems,
  ): number => {
    const nothing = { rows: 0, problems: [] };
    const result = look(checked.name, () => checkTable(engine, checked, parse, faultOf), nothing);
    into.push(...result.problems);
    return result.rows;
  };

  const replay = depth === 'records' ? replayOf(engine) : null;
  const chain = look('journal', () => verifyJournal(engine, replay?.take), null);
  if (chain?.problem) problems.push(chain.problem);
  const records = table(communicationsTable, parseCommunication, (row) => columnFault(engine, row));
  table(draftsTable, parseDraft, draftFault);
  table(submissionsTable, parseSubmission, submissionFault);
  table(codesTable, parseCodes, undefined, derived);
  table(codeNamesTable, () => null, undefined, derived);
  table(maskSecretTable, () => null, undefined, derived);
  table(codeUsesTable, () => null);
  table(archiveStateTable, () => null);
  table(archivedTable, () => null);
  table(archiveLinesTable, () => null);
  table(totalsTable, () => null);

  // What follows from a part that is already known to be bad would only repeat it: a count, a record.
  if (problems.length === 0 && chain) problems.push(...endFaults(readTotals(engine), chain));
  const replayed = problems.length === 0 ? look('records', () => replay?.end(), undefined) : undefined;
  if (replayed?.problem) problems.push(replayed.problem);
  if (problems.length === (replayed?.problem ? 1 : 0))
    problems.push(...countFaults(readTotals(engine), { records }));
  // Before it is brought up to date what follows from the rest is as another version made it.
  if (versionOf(engine) >= newestOf(migrations))
    derived.push(...look('listing', () => verifyListing(engine), []));
  for (const line of look('file', () => integrity(engine), []))
    (line.includes('listing_search') ? derived : problems).push(line);
  return {
    whole: problems.length + derived.length === 0,
    facts: chain?.facts ?? 0,
    deleted: chain?.deleted ?? 0,
    records,
    rebuilt: replayed?.rebuilt ?? 0,
    notRebuilt: replayed?.notRebuilt ?? 0,
    problems: [...problems, ...derived],
    derived,
  };
}

/** A damaged row ends it: the look at its table names that row. */
function replayOf(engine: Engine): { take: (row: JournalRow) => void; end: Replay['end'] } {
  const replay = createReplay(engine);
  let broken: string | null = null;
  return {
    take: (row) => {
      if (row.kind === 'tombstone' || broken !== null) return;
      try {
        replay.take(row.fact);
      } catch (error) {
        if (!(error instanceof DatabaseProblem)) throw error;
        broken = error.message;
      }
    },
    end: () => (broken === null ? replay.end() : { rebuilt: 0, notRebuilt: 0, problem: broken }),
  };
}

type Counted = Partial<Record<'facts' | 'quarantined' | 'deleted' | 'records', number>>;

function countFaults(totals: Totals, counted: Counted): string[] {
  return (['facts', 'quarantined', 'deleted', 'records'] as const)
    .filter((name) => counted[name] !== undefined && totals[name] !== counted[name])
    .map((name) => say('database.verify.count', { name, expected: totals[name], found: counted[name] ?? 0 }));
}

/** Whether the journal ends where it should. */
function endFaults(totals: Totals, { facts, quarantined, deleted, head }: ChainReport): string[] {
  const wrong = countFaults(totals, { facts, quarantined, deleted });
  return totals.head === head ? wrong : [...wrong, say('database.verify.end')];
}

/** `rows`: what each row says of itself; `records`: also whether the records follow from the facts. */
export type Depth = 'rows' | 'records';

/**
 * Looks at everything: the chain, the records made again from it, the counts, every row of every table, the
 * file's structure, and, when it was closed cleanly, every byte of it. Reads one moment of a database another
 * process may be writing.
 * @throws DatabaseProblem only when the file cannot be looked at any further.
 */
export function verify(engine: Engine, depth: Depth = 'records'): Verification {
  const verification = engine.readTransaction(() => rowsAndFile(engine, depth));
  const broken = signatureFault(engine.path, engine.keyHex);
  if (broken === null) return verification;
  return { ...verification, whole: false, problems: [...verification.problems, broken] };
}
