import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { archiveMasks } from '../../domain/archive/archive-settings.ts';
import { outcomes } from '../../domain/archive/wire.ts';
import type { DatabaseSummary } from '../../domain/database.ts';
import { figureKinds } from '../../domain/review/chart-figures.ts';
import { deletionSchema, reviewOrderSchema, reviewQuerySchema } from '../../domain/review/review-schemas.ts';
import {
  countAll,
  deviceOf,
  fill,
  issuesOf,
  meet,
  offerRefused,
  previewOf,
  takeAnswers,
  takeBatch,
  turnOff,
  turnOn,
} from './archive-queue.ts';
import {
  allCodeNames,
  cacheCodes,
  cachedCodes,
  codeUses,
  dropDamagedCodes,
  fillCodeNames,
  setFavourite,
} from './codes.ts';
import { ofConversation, putCommunications } from './communications.ts';
import type { Engine } from './engine.ts';
import { codePicks, decide, lastNotes, updateSubmission } from './submissions.ts';
import { putDraft } from './drafts.ts';
import { addImported, numberedLinesSchema } from './import-records.ts';
import { nextExpiry, planDeletion } from './deletion/deletion-plan.ts';
import { deletionCursorSchema, deletionStep } from './deletion/deletion-step.ts';
import { sweepStep } from './deletion/free-space.ts';
import { append } from './journal.ts';
import { pageOfRecords, recollect } from './records.ts';
import { figuresOf } from './review/charts.ts';
import { count, find, pageOfFound } from './review/find.ts';
import { listAll } from './review/listing.ts';
import { rebuildListing } from './review/listing-table.ts';
import { maskKeyOf, putMaskSecret } from './review/mask-key.ts';
import { factsOf, recordOf } from './review/record-detail.ts';
import {
  cachedCodesSchema,
  communicationSchema,
  submissionSchema,
  draftSchema,
  journalEntrySchema,
  newSubmissionSchema,
  recordRangeSchema,
} from './schemas.ts';
import { readTotals, summaryOf, writeTotals } from './totals.ts';
import { verify } from './verify.ts';

/** Something the worker can be asked for: what it takes, which is parsed, and what it does. */
interface Call<Args extends readonly unknown[], Result> {
  readonly args: z.ZodType<Args>;
  readonly run: (engine: Engine, ...args: Args) => Result;
}

function call<Args extends readonly unknown[], Result>(
  args: z.ZodType<Args>,
  run: (engine: Engine, ...args: Args) => Result,
): Call<Args, Result> {
  return { args, run };
}

/** One that only reads, all of it of one moment. */
function reading<Args extends readonly unknown[], Result>(
  args: z.ZodType<Args>,
  run: (engine: Engine, ...args: Args) => Result,
): Call<Args, Result> {
  return call(args, (engine, ...rest) => engine.readTransaction(() => run(engine, ...rest)));
}

const nothing = z.tuple([]);
const text = z.string().min(1);
const position = z.int().min(0);
const after = z.int().min(-1);
const pageSize = z.int().min(1).max(5_000);
/** Epoch ms; null where nobody knows it. */
const serverNow = z.number().nullable();
const maskScopeSchema = z.union([
  z.strictObject({ query: reviewQuerySchema }),
  z.strictObject({ key: text }),
]);
const identity = { agentId: text, maskKey: text };
const identitySchema = z.strictObject(identity);
const lineMakingSchema = z.strictObject({ ...identity, mask: z.enum(archiveMasks), now: serverNow });
const lineOutcomeSchema = z.strictObject({
  seq: z.int(),
  outcome: z.enum(outcomes),
  reason: z.string().max(1_000),
});

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
  codeNames: call(nothing, allCodeNames),
  codeUses: call(nothing, codeUses),
  codePicks: call(nothing, codePicks),
  lastNotes: call(z.tuple([text]), lastNotes),
  setFavourite: call(z.tuple([text, z.boolean()]), (engine, code, favourite) =>
    engine.transaction(() => setFavourite(engine, code, favourite)),
  ),
  pageOfRecords: call(z.tuple([recordRangeSchema, after, pageSize]), pageOfRecords),
  addImported: call(z.tuple([numberedLinesSchema]), (engine, lines) =>
    engine.transaction(() => {
      const added = addImported(engine, lines);
      listAll(engine);
      return added;
    }),
  ),
  find: call(z.tuple([reviewQuerySchema, reviewOrderSchema, position, z.int().min(0).max(5_000)]), find),
  count: call(z.tuple([reviewQuerySchema]), (engine, query) => count(engine, query)),
  record: reading(z.tuple([text]), recordOf),
  facts: reading(z.tuple([text, position]), factsOf),
  figures: reading(z.tuple([reviewQuerySchema, z.enum(figureKinds)]), figuresOf),
  pageOfFound: call(z.tuple([reviewQuerySchema, after, pageSize]), pageOfFound),
  maskKey: reading(z.tuple([maskScopeSchema]), maskKeyOf),
  planDeletion: reading(z.tuple([deletionSchema, serverNow]), planDeletion),
  nextExpiry: reading(z.tuple([z.number().min(0), serverNow]), nextExpiry),
  beginReading: call(nothing, (engine) => engine.beginReading()),
  endReading: call(nothing, (engine) => engine.endReading()),
  summary: call(nothing, (engine): DatabaseSummary => summaryOf(readTotals(engine))),
  deletionStep: call(
    z.tuple([deletionSchema, deletionCursorSchema.nullable(), serverNow]),
    (engine, what, after, now) =>
      engine.transaction(() => deletionStep(engine, what, after, new Date().toISOString(), now)),
  ),
  sweepStep: call(z.tuple([z.int().min(0)]), sweepStep),
  rebuildDerived: call(nothing, (engine) =>
    engine.transaction(() => {
      dropDamagedCodes(engine);
      fillCodeNames(engine);
      putMaskSecret(engine);
      rebuildListing(engine);
    }),
  ),
  verify: call(nothing, (engine) => verify(engine)),
  archiveOn: call(z.tuple([text, text]), (engine, url, device) =>
    engine.transaction(() => turnOn(engine, url, device)),
  ),
  archiveOff: call(nothing, (engine) => engine.transaction(() => turnOff(engine))),
  archiveDevice: call(nothing, deviceOf),
  archiveMet: call(z.tuple([identitySchema, position, text]), (engine, who, seq, device) =>
    engine.transaction(() => meet(engine, who, seq, device)),
  ),
  archiveFill: call(z.tuple([lineMakingSchema]), (engine, how) =>
    engine.transaction(() => fill(engine, how)),
  ),
  archiveBatch: call(z.tuple([z.int().min(1), z.int().min(1)]), (engine, records, bytes) =>
    engine.transaction(() => takeBatch(engine, records, bytes)),
  ),
  archiveAnswered: call(z.tuple([z.array(lineOutcomeSchema)]), (engine, outcomes) =>
    engine.transaction(() => takeAnswers(engine, outcomes)),
  ),
  archiveCounts: reading(nothing, countAll),
  archiveOfferRefused: call(nothing, (engine) => engine.transaction(() => offerRefused(engine))),
  archiveIssues: reading(nothing, issuesOf),
  archivePreview: reading(z.tuple([lineMakingSchema, z.int().nullable()]), previewOf),
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
