import { type Draft, isBlank } from '../../domain/submissions.ts';
import { checksummedTable, columnFault, type RowOf } from './checksummed-table.ts';
import { asStored } from './hash-chain.ts';
import type { Engine, Value } from './engine.ts';
import { noteKeyBehind } from './review/listing-table.ts';
import { draftSchema, parseJson } from './schemas.ts';

const columns = { key: 'text', revision: 'number', json: 'text' } as const;
/** Words the agent is still writing; one draft for a communication. */
export const draftsTable = checksummedTable('drafts', columns);

export function parseDraft(row: Readonly<Record<'key' | 'json', string>>): Draft {
  return parseJson(row.json, draftSchema, `draft ${JSON.stringify(row.key)}`);
}

/** What a row says beside its draft and the draft does not; null when nothing. */
export function draftFault(row: RowOf<typeof columns>): string | null {
  const { key, revision } = parseDraft(row);
  return columnFault('drafts', row, { key: asStored(key), revision });
}

function select(engine: Engine, where: string, ...values: readonly Value[]): Draft[] {
  return draftsTable.select(engine, where, ...values).map(parseDraft);
}

export function draftOf(engine: Engine, key: string): Draft | undefined {
  return select(engine, 'WHERE key = ?', key)[0];
}

/** By the keys of their records. */
export function draftsOf(engine: Engine, keys: readonly string[]): ReadonlyMap<string, Draft> {
  const found = select(engine, 'WHERE key IN (SELECT value FROM json_each(?))', JSON.stringify(keys));
  return new Map(found.map((draft) => [draft.key, draft]));
}

/** What was written last about any of these records. */
export function latestDraftOf(engine: Engine, keys: readonly string[]): Draft | undefined {
  return keys
    .flatMap((key) => draftOf(engine, key) ?? [])
    .sort((a, b) => a.updatedAt.localeCompare(b.updatedAt))
    .at(-1);
}

export function allDrafts(engine: Engine): Draft[] {
  return select(engine, 'ORDER BY key');
}

/** An older revision never replaces a newer one, however late it arrives. A blank one removes what is there. */
export function putDraft(engine: Engine, draft: Draft): void {
  const stored = draftOf(engine, draft.key);
  if (stored && stored.revision > draft.revision) return;
  if (isBlank(draft)) draftsTable.remove(engine, draft.key);
  else draftsTable.put(engine, { key: draft.key, revision: draft.revision, json: JSON.stringify(draft) });
  noteKeyBehind(engine, draft.key);
}
