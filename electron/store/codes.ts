import { codesScope } from '../../domain/codes/scope.ts';
import { DatabaseProblem, type CachedCodes, type CodeUse } from '../../domain/database.ts';
import { codeKey, type CodeNames } from '../../domain/model/code-names.ts';
import { checksummedTable, type RowOf } from './checksummed-table.ts';
import type { Engine } from './engine.ts';
import { noteCodesBehind } from './review/word-index.ts';
import { cachedCodesSchema, parseJson } from './schemas.ts';

/** The server's wrap-up codes by scope (a queue or a conversation), for when it cannot be asked. */
export const codesTable = checksummedTable('codes', { scope: 'text', json: 'text' });
/** How often a code was chosen, and whether the agent pinned it. */
const useColumns = { code: 'text', uses: 'number', last_used_at: 'text', favourite: 'number' } as const;
export const codeUsesTable = checksummedTable('code_uses', useColumns);

/** Also of codes whose list is gone or lists them no more: records name them for years. By `codeKey` of the id. */
const nameColumns = { id: 'text', name: 'text' } as const;
export const codeNamesTable = checksummedTable('code_names', nameColumns);

export function cacheCodes(engine: Engine, scope: string, cached: CachedCodes): void {
  codesTable.put(engine, { scope, json: JSON.stringify(cached) });
  putCodeNames(engine, cached.codes);
}

type Named = Pick<CachedCodes['codes'][number], 'id' | 'name'>;

/** The latest name of each; the lines of records that have one of these codes are behind then. */
export function putCodeNames(engine: Engine, codes: readonly Named[]): void {
  const ids = JSON.stringify(codes.map(({ id }) => codeKey(id)));
  const stored = new Map(
    codeNamesTable
      .look(engine, 'WHERE id IN (SELECT value FROM json_each(?))', ids)
      .map(({ row, fault }) => [row.id, fault === null ? row.name : null]),
  );
  const changed = codes.filter(({ id, name }) => stored.get(codeKey(id)) !== name);
  for (const { id, name } of changed) codeNamesTable.put(engine, { id: codeKey(id), name });
  // Some records have the name in place of the id.
  noteCodesBehind(engine, [...new Set(changed.flatMap(({ id, name }) => [id, name]))]);
}

/** A name that is damaged is none: the next list brings it again. */
function namesWhere(engine: Engine, where: string, value: string): RowOf<typeof nameColumns>[] {
  return codeNamesTable.look(engine, where, value).flatMap(({ row, fault }) => (fault === null ? [row] : []));
}

export function codeNamesOf(engine: Engine): CodeNames {
  return {
    nameOf: (id) => namesWhere(engine, 'WHERE id = ?', codeKey(id))[0]?.name,
    idOf: (name) => {
      const [first, ...others] = namesWhere(engine, 'WHERE name = ? LIMIT 2', name);
      return others.length === 0 ? first?.id : undefined;
    },
  };
}

export function allCodeNames(engine: Engine): Record<string, string> {
  const found = codeNamesTable.look(engine).filter(({ fault }) => fault === null);
  return Object.fromEntries(found.map(({ row }) => [row.id, row.name]));
}

/** The names in the lists that are cached, after those that are damaged are dropped. */
export function fillCodeNames(engine: Engine): void {
  for (const { row, fault } of codeNamesTable.look(engine))
    if (fault !== null) codeNamesTable.remove(engine, row.id);
  for (const { row, fault } of codesTable.look(engine)) {
    if (fault !== null) continue;
    const cached = cachedCodes(engine, row.scope);
    if (cached) putCodeNames(engine, cached.codes);
  }
}

export function parseCodes(row: Readonly<Record<'scope' | 'json', string>>): CachedCodes {
  return parseJson(row.json, cachedCodesSchema, `codes ${JSON.stringify(row.scope)}`);
}

export function cachedCodes(engine: Engine, scope: string): CachedCodes | null {
  try {
    const row = codesTable.select(engine, 'WHERE scope = ?', scope)[0];
    return row ? parseCodes(row) : null;
  } catch (error) {
    // Only a cache of what the server has: the next answer takes its place.
    if (error instanceof DatabaseProblem && error.code === 'damaged') return null;
    throw error;
  }
}

/** Codes that were kept for a conversation alone go with it. */
export function deleteCodesOf(engine: Engine, conversationId: string): void {
  codesTable.remove(engine, codesScope({ conversationId }));
}

const pageSize = 500;

/** They can be had from the server again. */
export function dropDamagedCodes(engine: Engine): void {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = codesTable.find(engine, after, pageSize);
    for (const { position, fault } of page) {
      after = position;
      if (fault !== null) engine.run('DELETE FROM codes WHERE rowid = ?', position);
    }
    if (page.length < pageSize) return;
  }
}

function useFrom(row: RowOf<typeof useColumns>): CodeUse {
  return {
    code: row.code,
    uses: row.uses ?? 0,
    lastUsedAt: row.last_used_at,
    favourite: row.favourite === 1,
  };
}

/** Most used first; among equals the most recent. */
export function codeUses(engine: Engine): CodeUse[] {
  return codeUsesTable.select(engine, 'ORDER BY uses DESC, last_used_at DESC, code').map(useFrom);
}

function useOf(engine: Engine, code: string): CodeUse {
  const row = codeUsesTable.select(engine, 'WHERE code = ?', code)[0];
  return row ? useFrom(row) : { code, uses: 0, lastUsedAt: '', favourite: false };
}

function put(engine: Engine, use: CodeUse): void {
  codeUsesTable.put(engine, {
    code: use.code,
    uses: use.uses,
    last_used_at: use.lastUsedAt,
    favourite: use.favourite ? 1 : 0,
  });
}

/** `at`: ISO-8601. */
export function countUse(engine: Engine, code: string, at: string): void {
  const use = useOf(engine, code);
  put(engine, { ...use, uses: use.uses + 1, lastUsedAt: at });
}

/** It was not used after all. */
export function uncountUse(engine: Engine, code: string): void {
  const use = useOf(engine, code);
  if (use.uses > 0) put(engine, { ...use, uses: use.uses - 1 });
}

export function setFavourite(engine: Engine, code: string, favourite: boolean): void {
  put(engine, { ...useOf(engine, code), favourite });
}
