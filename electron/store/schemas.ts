import { z } from 'zod';
import {
  DatabaseProblem,
  type CachedCodes,
  type FactContext,
  type JournalEntry,
} from '../../domain/database.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { Submission, Draft } from '../../domain/submissions.ts';
import { observationKinds, type Communication } from '../../domain/communication/communication.ts';
import { screenshareSchema, wrapupSchema } from '../../domain/model/screenshare.ts';

/**
 * What the worker accepts from the other side and from its own file. Objects are loose where a later
 * version may have added a field: reading and writing again must not lose it.
 */

const count = z.int().min(0);
const textOrNull = z.string().nullable();

export const factContextSchema: z.ZodType<FactContext> = z.looseObject({
  conversationId: z.string().min(1),
  rules: z.int(),
  userId: z.string(),
  serverTime: z.string().min(1),
  cloud: z.looseObject({ offsetMs: z.number(), uncertaintyMs: z.number() }).exactOptional(),
  missing: z.literal(true).exactOptional(),
  overtaken: z.literal(true).exactOptional(),
});

export const journalEntrySchema: z.ZodType<JournalEntry> = z.strictObject({
  source: z.enum(['socket', 'rest', 'held']),
  subject: z.string(),
  receivedAt: z.string().min(1),
  body: z.string(),
  refusal: textOrNull,
  context: factContextSchema.nullable(),
});

export const communicationSchema: z.ZodType<Communication> = z.looseObject({
  key: z.string().min(1),
  conversationId: z.string().min(1),
  participantId: z.string(),
  communicationId: z.string(),
  media: z.enum(['screenshare', 'video']),
  screenshare: screenshareSchema,
  queueId: z.string().exactOptional(),
  queueName: z.string().exactOptional(),
  peerName: z.string().exactOptional(),
  peerSharing: z.boolean(),
  sharers: z.array(z.string()).readonly().exactOptional(),
  policy: z.string().exactOptional(),
  wrapupRequired: z.boolean().exactOptional(),
  wrapupTimeoutMs: z.number().exactOptional(),
  wrapupSkipped: z.boolean().exactOptional(),
  participantWrapup: wrapupSchema.exactOptional(),
  otherLegs: z.array(z.string()).readonly().exactOptional(),
  startAcwTime: z.string().exactOptional(),
  endAcwTime: z.string().exactOptional(),
  endTime: z.string().exactOptional(),
  superseded: z.boolean().exactOptional(),
  alertedAt: z.string().exactOptional(),
  alertingTimeoutMs: z.number().exactOptional(),
  answered: z.boolean(),
  onAir: z.array(z.looseObject({ from: z.string(), to: z.string().exactOptional() })),
  peers: z.array(z.looseObject({ at: z.string(), count: z.number() })),
  observations: z
    .array(
      z.looseObject({
        how: z.enum(observationKinds),
        participantId: z.string().exactOptional(),
        name: z.string().exactOptional(),
        purpose: z.string().exactOptional(),
        from: z.string(),
        to: z.string().exactOptional(),
      }),
    )
    .readonly()
    .exactOptional(),
  gone: z.boolean(),
  clocks: z
    .looseObject({
      cloudOffsetMs: z.number(),
      cloudUncertaintyMs: z.number(),
      providerOffsetMs: z.number().exactOptional(),
    })
    .exactOptional(),
  exported: z
    .looseObject({
      role: z.enum(['viewing', 'sharing']),
      saysExposure: z.literal(true).exactOptional(),
      beyond: z.record(z.string(), z.unknown()),
    })
    .exactOptional(),
  firstSeenAt: z.string().min(1),
  lastSeenAt: z.string().min(1),
  revisions: count,
});

const statusChoice = z.looseObject({ id: z.string().min(1), name: z.string() });

export const draftSchema: z.ZodType<Draft> = z.looseObject({
  key: z.string().min(1),
  code: textOrNull,
  name: textOrNull,
  notes: z.string(),
  letters: z.string().exactOptional(),
  nextStatus: statusChoice.exactOptional(),
  revision: count,
  updatedAt: z.string().min(1),
});

const submissionFields = {
  id: z.string().min(1),
  key: z.string().min(1),
  conversationId: z.string().min(1),
  participantId: z.string(),
  communicationId: z.string(),
  kind: z.enum(['wrapUp', 'skip']),
  code: textOrNull,
  name: textOrNull,
  notes: z.string(),
  letters: z.string().exactOptional(),
  nextStatus: statusChoice.exactOptional(),
  state: z.enum(['waiting', 'accepted', 'confirmed', 'conflict', 'failed', 'dropped']),
  attempts: count,
  origin: z.enum(['limit', 'default']).exactOptional(),
  afterLimit: z.literal(true).exactOptional(),
  mayHaveArrived: z.boolean(),
  createdAt: z.string().min(1),
  updatedAt: z.string().min(1),
  problem: textOrNull,
  theirs: z.looseObject({ code: textOrNull, name: textOrNull, notes: textOrNull }).nullable(),
} as const;

export const newSubmissionSchema: z.ZodType<Omit<Submission, 'order'>> = z.looseObject(submissionFields);
export const submissionSchema: z.ZodType<Submission> = z.looseObject({ ...submissionFields, order: count });

export const cachedCodesSchema: z.ZodType<CachedCodes> = z.looseObject({
  codes: z.array(
    z.looseObject({
      id: z.string().min(1),
      name: z.string().min(1),
      description: z.string().exactOptional(),
    }),
  ),
  fetchedAt: z.string().min(1),
});

/** Epoch ms; since is included, until is not. */
export interface RecordRange {
  readonly since?: number;
  readonly until?: number;
}

const moment = z.number();
export const recordRangeSchema: z.ZodType<RecordRange> = z.strictObject({
  since: moment.exactOptional(),
  until: moment.exactOptional(),
});

/** Reads the JSON column of a row whose checksum was right; a shape we cannot read is damage too. */
export function parseJson<T>(json: string, schema: z.ZodType<T>, row: string): T {
  const problem = (detail: string): DatabaseProblem =>
    new DatabaseProblem('damaged', say('database.unreadableRow', { row, detail }));
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw problem(reasonOf(error));
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw problem(z.prettifyError(parsed.error));
  return parsed.data;
}
