import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { MemorySummary } from '../../domain/database.ts';
import { forgetSchema } from '../../domain/review/schemas.ts';
import { call, type Call } from './call.ts';
import { cacheCodes, cachedCodes, codeUses, setFavourite } from './codes.ts';
import { ofConversation, putCommunications } from './communications.ts';
import type { Database } from './engine.ts';
import { makeDerivedAnew } from './derived.ts';
import { decide, updateDecision } from './submissions.ts';
import { putDraft } from './drafts.ts';
import { addImported, numberedLinesSchema } from './import-lines.ts';
import { forgetCursorSchema, forgetStep } from './forget.ts';
import { append } from './journal.ts';
import { recollect } from './recollect.ts';
import { pageOfRecords } from './records.ts';
import { reviewCalls } from './review/calls.ts';
import { listNoted } from './review/catch-up.ts';
import { dropDamaged } from './review/damaged.ts';
import {
  cachedCodesSchema,
  communicationSchema,
  decisionSchema,
  draftSchema,
  journalEntrySchema,
  newDecisionSchema,
  recordCursorSchema,
  recordRangeSchema,
} from './schemas.ts';
import { sweepStep } from './sweep.ts';
import { readTotals, summaryOf, writeTotals } from './totals.ts';
import { verify } from './verify.ts';

const nothing = z.tuple([]);
const text = z.string().min(1);

/** Everything the worker can be asked for once it is open. A call that changes something is one transaction. */
export const calls = {
  commit: call(
    z.tuple([journalEntrySchema, z.array(communicationSchema)]),
    (database, entry, changed): MemorySummary =>
      database.transaction(() => {
        const before = readTotals(database);
        const noted = append(database, entry, before, randomBytes(16));
        const totals = {
          ...noted,
          records: noted.records + putCommunications(database, changed, noted.facts),
        };
        writeTotals(database, totals, before);
        return summaryOf(totals);
      }),
  ),
  recollect: call(nothing, recollect),
  communicationsOf: call(z.tuple([text]), ofConversation),
  saveDraft: call(z.tuple([draftSchema]), (database, draft) =>
    database.transaction(() => putDraft(database, draft)),
  ),
  decide: call(z.tuple([newDecisionSchema]), (database, decision) =>
    database.transaction(() => decide(database, decision)),
  ),
  updateDecision: call(z.tuple([decisionSchema]), (database, decision) =>
    database.transaction(() => updateDecision(database, decision)),
  ),
  cacheCodes: call(z.tuple([text, cachedCodesSchema]), (database, scope, cached) =>
    database.transaction(() => cacheCodes(database, scope, cached)),
  ),
  cachedCodes: call(z.tuple([text]), cachedCodes),
  codeUses: call(nothing, codeUses),
  setFavourite: call(z.tuple([text, z.boolean()]), (database, code, favourite) =>
    database.transaction(() => setFavourite(database, code, favourite)),
  ),
  pageOfRecords: call(
    z.tuple([recordRangeSchema, recordCursorSchema.nullable(), z.int().min(1).max(5_000)]),
    pageOfRecords,
  ),
  addImported: call(z.tuple([numberedLinesSchema]), (database, lines) =>
    database.transaction(() => {
      const added = addImported(database, lines);
      listNoted(database);
      return added;
    }),
  ),
  dropDamaged: call(z.tuple([z.array(z.int().min(0))]), (database, lines) =>
    database.transaction(() => dropDamaged(database, lines)),
  ),
  ...reviewCalls,
  hold: call(nothing, (database) => database.hold()),
  letGo: call(nothing, (database) => database.letGo()),
  summary: call(nothing, (database): MemorySummary => summaryOf(readTotals(database))),
  forgetStep: call(z.tuple([forgetSchema, forgetCursorSchema.nullable()]), (database, what, after) =>
    database.transaction(() => forgetStep(database, what, after, new Date().toISOString())),
  ),
  sweepStep: call(z.tuple([z.int().min(0)]), sweepStep),
  makeDerivedAnew: call(nothing, (database) =>
    database.transaction(() => {
      makeDerivedAnew(database);
    }),
  ),
  verify: call(nothing, (database) => verify(database)),
} as const;

export type CallName = keyof typeof calls;
export type CallArgs<Name extends CallName> = z.infer<(typeof calls)[Name]['args']>;
export type CallResult<Name extends CallName> = ReturnType<(typeof calls)[Name]['run']>;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

/** Parses the arguments, which are anything as far as the worker knows, and runs the call. */
export function runCall(database: Database, name: CallName, args: unknown): unknown {
  const { args: schema, run } = calls[name] as Call<readonly unknown[], unknown>;
  const parsed = schema.safeParse(args);
  if (!parsed.success) throw new TypeError(`${name}: ${z.prettifyError(parsed.error)}`);
  return run(database, ...parsed.data);
}
