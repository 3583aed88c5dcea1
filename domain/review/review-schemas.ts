import { z } from 'zod';
import type { Deletion } from './deletion.ts';
import { wrapupOutcomes } from '../submissions.ts';
import { orderings, type ReviewOrder, type ReviewQuery } from './query.ts';

/** Queries as they come from a window or go to the database's thread. */

/** More than anybody types; bounds what one query can cost. */
const words = z.array(z.string().min(1).max(200)).max(20).readonly();
const moment = z.int().nullable();

export const reviewQuerySchema: z.ZodType<ReviewQuery> = z.strictObject({
  words,
  code: words,
  queue: words,
  agent: words.exactOptional(),
  since: moment,
  until: moment,
  role: z.enum(['viewing', 'sharing']).nullable(),
  missed: z.boolean(),
  sharing: z.strictObject({ compare: z.enum(['>', '<', '>=', '<=', '=']), ms: z.number().min(0) }).nullable(),
  wrapup: z.enum(wrapupOutcomes).nullable(),
});

export const reviewOrderSchema: z.ZodType<ReviewOrder> = z.strictObject({
  by: z.enum(orderings),
  descending: z.boolean(),
});

export const deletionSchema: z.ZodType<Deletion> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('one'), key: z.string().min(1).max(400) }),
  z.strictObject({ kind: z.literal('range'), since: moment, until: z.int() }),
  z.strictObject({ kind: z.literal('all') }),
]);
