import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { DatabaseSummary } from '../../domain/database.ts';
import { deletionSchema } from '../../domain/review/review-schemas.ts';
import { call, type Call } from './call.ts';
import { cacheCodes, cachedCodes, codeUses, setFavourite } from './codes.ts';
import { ofConversation, putCommunications } from './communications.ts';
import type { Engine } from './engine.ts';
import { rebuildDerived } from './derived.ts';
import { decide, updateSubmission } from './submissions.ts';
import { putDraft } from './drafts.ts';
import { addImported, numberedLinesSchema } from './import-records.ts';
import { forgetCursorSchema, forgetStep } from './deletion/deletion-step.ts';
import { append } from './journal.ts';
import { recollect } from './recollect.ts';
import { pageOfRecords } from './records.ts';
import { reviewCalls } from './review/calls.ts';
import { listNoted } from './review/catch-up.ts';
import { dropDamaged } from './review/damaged.ts';
import {
  cachedCodesSchema,
  communicationSchema,
  submissionSchema,
  draftSchema,
  journalEntrySchema,
  newSubmissionSchema,
  recordCursorSchema,
  recordRangeSchema,
} from './schemas.ts';
import { sweepStep } from './deletion/free-space.ts';
import { readTotals, summaryOf, writeTotals } from './totals.ts';
import { verify } from './verify.ts';

const nothing = z.tuple([]);
const text = z.string().min(1);

/** Everything the worker can be asked for once it is open. A call that changes something is one transaction. */
export const calls = {
  commit: call(
    z.tuple([journalEntrySchema, z.array(communicationSchema)]),
    (engine, entry, changed): DatabaseSummary =>
      engine.transaction(() => {
        const before = readTotals(engine);
        const noted = append(engine, entry, before, randomBytes(16));
        const totals = {
          ...noted,
          // The only look at a record that main holds: damage must not get a good checksum again.
          records: noted.records + putCommunications(engine, changed, noted.facts, false),
        };
        writeTotals(engine, totals, before);
        return summaryOf(totals);
      }),
  ),
  recollect: call(nothing, recollect),
  communicationsOf: call(z.tuple([text]), ofConversation),
  saveDraft: call(z.tuple([draftSchema]), (engine, draft) =>
    engine.transaction(() => putDraft(engine, draft)),
  ),
  decide: call(z.tuple([newSubmissionSchema]), (engine, submission) =>
    engine.transaction(() => decide(engine, submission)),
  ),
  updateSubmission: call(z.tuple([submissionSchema]), (engine, submission) =>
    engine.transaction(() => updateSubmission(engine, submission)),
  ),
  cacheCodes: call(z.tuple([text, cachedCodesSchema]), (engine, scope, cached) =>
    engine.transaction(() => cacheCodes(engine, scope, cached)),
  ),
  cachedCodes: call(z.tuple([text]), cachedCodes),
  codeUses: call(nothing, codeUses),
  setFavourite: call(z.tuple([text, z.boolean()]), (engine, code, favourite) =>
    engine.transaction(() => setFavourite(engine, code, favourite)),
  ),
  pageOfRecords: call(
    z.tuple([recordRangeSchema, recordCursorSchema.nullable(), z.int().min(1).max(5_000)]),
    pageOfRecords,
  ),
  addImported: call(z.tuple([numberedLinesSchema]), (engine, lines) =>
    engine.transaction(() => {
      const added = addImported(engine, lines);
      listNoted(engine);
      return added;
    }),
  ),
  dropDamaged: call(z.tuple([z.array(z.int().min(0))]), (engine, lines) =>
    engine.transaction(() => dropDamaged(engine, lines)),
  ),
  ...reviewCalls,
  hold: call(nothing, (engine) => engine.hold()),
  letGo: call(nothing, (engine) => engine.letGo()),
  summary: call(nothing, (engine): DatabaseSummary => summaryOf(readTotals(engine))),
  forgetStep: call(z.tuple([deletionSchema, forgetCursorSchema.nullable()]), (engine, what, after) =>
    engine.transaction(() => forgetStep(engine, what, after, new Date().toISOString())),
  ),
  sweepStep: call(z.tuple([z.int().min(0)]), sweepStep),
  rebuildDerived: call(nothing, (engine) =>
    engine.transaction(() => {
      rebuildDerived(engine);
    }),
  ),
  verify: call(nothing, (engine) => verify(engine)),
} as const;

export type CallName = keyof typeof calls;
export type CallArgs<Name extends CallName> = z.infer<(typeof calls)[Name]['args']>;
export type CallResult<Name extends CallName> = ReturnType<(typeof calls)[Name]['run']>;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

/** Parses the arguments, which are anything as far as the worker knows, and runs the call. */
export function runCall(engine: Engine, name: CallName, args: unknown): unknown {
  const { args: schema, run } = calls[name] as Call<readonly unknown[], unknown>;
  const parsed = schema.safeParse(args);
  if (!parsed.success) throw new TypeError(`${name}: ${z.prettifyError(parsed.error)}`);
  return run(engine, ...parsed.data);
}
