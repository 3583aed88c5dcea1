import { z } from 'zod';
import type { CachedCodes, CodeUse } from '../../domain/memory.ts';
import { checkedTable } from './checked.ts';
import type { Database } from './database.ts';
import { parseJson } from './json.ts';
import { cachedCodesSchema } from './schemas.ts';

/** The server's wrap-up codes by scope (a queue or a conversation), for when it cannot be asked. */
export const codesTable = checkedTable('codes', ['scope', 'json']);
/** How often a code was chosen, and whether the agent pinned it. */
export const codeUsesTable = checkedTable('code_uses', ['code', 'uses', 'last_used_at', 'favourite']);

export function cacheCodes(database: Database, scope: string, cached: CachedCodes): void {
  codesTable.put(database, { scope, json: JSON.stringify(cached) });
}

export function parseCodes(row: Readonly<Record<'scope' | 'json', unknown>>): CachedCodes {
  return parseJson(row.json, cachedCodesSchema, `codes ${JSON.stringify(row.scope)}`);
}

export function cachedCodes(database: Database, scope: string): CachedCodes | null {
  const row = codesTable.select(database, 'WHERE scope = ?', scope)[0];
  return row ? parseCodes(row) : null;
}

const useSchema = z.object({
  code: z.string(),
  uses: z.int(),
  last_used_at: z.string(),
  favourite: z.literal([0, 1]),
});

export function parseUse(row: Readonly<Record<string, unknown>>): CodeUse {
  const { code, uses, last_used_at, favourite } = useSchema.parse(row);
  return { code, uses, lastUsedAt: last_used_at, favourite: favourite === 1 };
}

/** Most used first; among equals the most recent. */
export function codeUses(database: Database): CodeUse[] {
  return codeUsesTable.select(database, 'ORDER BY uses DESC, last_used_at DESC, code').map(parseUse);
}

function useOf(database: Database, code: string): CodeUse {
  const row = codeUsesTable.select(database, 'WHERE code = ?', code)[0];
  return row ? parseUse(row) : { code, uses: 0, lastUsedAt: '', favourite: false };
}

function put(database: Database, use: CodeUse): void {
  codeUsesTable.put(database, {
    code: use.code,
    uses: use.uses,
    last_used_at: use.lastUsedAt,
    favourite: use.favourite ? 1 : 0,
  });
}

/** `at`: ISO-8601. */
export function countUse(database: Database, code: string, at: string): void {
  const use = useOf(database, code);
  put(database, { ...use, uses: use.uses + 1, lastUsedAt: at });
}

export function setFavourite(database: Database, code: string, favourite: boolean): void {
  put(database, { ...useOf(database, code), favourite });
}
