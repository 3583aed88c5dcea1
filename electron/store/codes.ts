import { codesScope } from '../../domain/wrapup-codes.ts';
import { DatabaseProblem, type CachedCodes, type CodeUse } from '../../domain/database.ts';
import { checksummedTable, type RowOf } from './checksummed-table.ts';
import type { Engine } from './engine.ts';
import { cachedCodesSchema, parseJson } from './schemas.ts';

/** The server's wrap-up codes by scope (a queue or a conversation), for when it cannot be asked. */
export const codesTable = checksummedTable('codes', { scope: 'text', json: 'text' });
/** How often a code was chosen, and whether the agent pinned it. */
const useColumns = { code: 'text', uses: 'number', last_used_at: 'text', favourite: 'number' } as const;
export const codeUsesTable = checksummedTable('code_uses', useColumns);

export function cacheCodes(engine: Engine, scope: string, cached: CachedCodes): void {
  codesTable.put(engine, { scope, json: JSON.stringify(cached) });
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

export function setFavourite(engine: Engine, code: string, favourite: boolean): void {
  put(engine, { ...useOf(engine, code), favourite });
}
