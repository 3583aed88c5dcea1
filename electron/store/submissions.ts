import type { Decision } from '../../domain/submissions.ts';
import { asStored } from './chain.ts';
import { checkedTable, columnFault, type RowOf } from './checked.ts';
import { countUse } from './codes.ts';
import type { Database, Value } from './engine.ts';
import { draftsTable } from './drafts.ts';
import { parseJson } from './json.ts';
import { decisionSchema } from './schemas.ts';
import { noteUnlisted } from './review/unlisted.ts';
import { readTotals, writeTotals } from './totals.ts';

const columns = { id: 'text', ord: 'number', key: 'text', unfinished: 'number', json: 'text' } as const;
/** What the agent decided, and how far it got on its way to the server. */
export const decisionsTable = checkedTable('decisions', columns);

export function parseDecision(row: Readonly<Record<'id' | 'json', string>>): Decision {
  return parseJson(row.json, decisionSchema, `decision ${JSON.stringify(row.id)}`);
}

function select(database: Database, where: string, ...values: readonly Value[]): Decision[] {
  return decisionsTable.select(database, where, ...values).map(parseDecision);
}

/** What the other columns say follows from the decision. */
function columnsOf({ id, order, key, state }: Decision): Omit<RowOf<typeof columns>, 'json'> {
  return { id, ord: order, key, unfinished: state === 'confirmed' || state === 'dropped' ? 0 : 1 };
}

/** What a row says beside its decision and the decision does not; null when nothing. */
export function decisionFault(row: RowOf<typeof columns>): string | null {
  const { id, key, ...numbers } = columnsOf(parseDecision(row));
  return columnFault('decisions', row, { id: asStored(id), key: asStored(key), ...numbers });
}

function put(database: Database, decision: Decision): void {
  decisionsTable.put(database, { ...columnsOf(decision), json: JSON.stringify(decision) });
  noteUnlisted(database, decision.key);
}

/** Those neither confirmed nor dropped, in the order they are sent. */
export function unfinishedDecisions(database: Database): Decision[] {
  return select(database, 'WHERE unfinished = 1 ORDER BY ord');
}

/** In the order they were decided. */
export function decisionsOf(database: Database, key: string): Decision[] {
  return select(database, 'WHERE key = ? ORDER BY ord', key);
}

export function latestDecisionOf(database: Database, key: string): Decision | undefined {
  return select(database, 'WHERE key = ? ORDER BY ord DESC LIMIT 1', key)[0];
}

/**
 * Adds the decision, removes the draft it came from and counts the use of its code, inside the caller's
 * transaction. Deciding the same id again answers what is stored: a repeated call takes effect once.
 */
export function decide(database: Database, decision: Omit<Decision, 'order'>): Decision {
  const known = select(database, 'WHERE id = ?', decision.id)[0];
  if (known) return known;
  const totals = readTotals(database);
  const decided: Decision = { ...decision, order: totals.decisions + 1 };
  put(database, decided);
  writeTotals(database, { ...totals, decisions: decided.order });
  draftsTable.remove(database, decision.key);
  if (decision.kind === 'wrapUp' && decision.code !== null) {
    countUse(database, decision.code, decision.createdAt);
  }
  return decided;
}

/** Replaces by id; the order stays the one it was given. */
export function updateDecision(database: Database, decision: Decision): void {
  const known = select(database, 'WHERE id = ?', decision.id)[0];
  if (!known) throw new Error(`There is no decision ${decision.id} to update`);
  put(database, { ...decision, order: known.order });
}
