import type { Draft } from '../../domain/submissions.ts';
import { asStored } from './chain.ts';
import { checkedTable, columnFault, type RowOf } from './checked.ts';
import type { Database, Value } from './engine.ts';
import { parseJson } from './json.ts';
import { noteUnlisted } from './review/unlisted.ts';
import { draftSchema } from './schemas.ts';

const columns = { key: 'text', revision: 'number', json: 'text' } as const;
/** Words the agent is still writing; one draft for a communication. */
export const draftsTable = checkedTable('drafts', columns);

export function parseDraft(row: Readonly<Record<'key' | 'json', string>>): Draft {
  return parseJson(row.json, draftSchema, `draft ${JSON.stringify(row.key)}`);
}

/** What a row says beside its draft and the draft does not; null when nothing. */
export function draftFault(row: RowOf<typeof columns>): string | null {
  const { key, revision } = parseDraft(row);
  return columnFault('drafts', row, { key: asStored(key), revision });
}

function select(database: Database, where: string, ...values: readonly Value[]): Draft[] {
  return draftsTable.select(database, where, ...values).map(parseDraft);
}

export function draftOf(database: Database, key: string): Draft | undefined {
  return select(database, 'WHERE key = ?', key)[0];
}

export function allDrafts(database: Database): Draft[] {
  return select(database, 'ORDER BY key');
}

/** An older revision never replaces a newer one, however late it arrives. */
export function putDraft(database: Database, draft: Draft): void {
  const stored = draftOf(database, draft.key);
  if (stored && stored.revision > draft.revision) return;
  draftsTable.put(database, { key: draft.key, revision: draft.revision, json: JSON.stringify(draft) });
  noteUnlisted(database, draft.key);
}
