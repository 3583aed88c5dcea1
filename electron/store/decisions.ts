import type { Decision } from '../../domain/decisions.ts';
import { checkedTable } from './checked.ts';
import { countUse } from './codes.ts';
import type { Database, Value } from './database.ts';
import { draftsTable } from './drafts.ts';
import { parseJson } from './json.ts';
import { decisionSchema } from './schemas.ts';
import { noteUnlisted } from './review/unlisted.ts';
import { readTotals, writeTotals } from './totals.ts';

/** What the agent decided, and how far it got on its way to the server. */
export const decisionsTable = checkedTable('decisions', {
  id: 'text',
  ord: 'number',
  key: 'text',
  unfinished: 'number',
  json: 'text',
});

export function parseDecision(row: Readonly<Record<'id' | 'json', string>>): Decision {
  return parseJson(row.json, decisionSchema, `decision ${JSON.stringify(row.id)}`);
}

function select(database: Database, where: string, ...values: readonly Value[]): Decision[] {
  return decisionsTable.select(database, where, ...values).map(parseDecision);
}

function put(database: Database, decision: Decision): void {
  const finished = decision.state === 'confirmed' || decision.state === 'dropped';
  decisionsTable.put(database, {
    id: decision.id,
    ord: decision.order,
    key: decision.key,
    unfinished: finished ? 0 : 1,
    json: JSON.stringify(decision),
  });
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
