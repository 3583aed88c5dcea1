import { z } from 'zod';
import { figureKinds } from '../../../domain/review/listing.ts';
import { forgetSchema, reviewOrderSchema, reviewQuerySchema } from '../../../domain/review/schemas.ts';
import { call } from '../call.ts';
import { factsOf, recordOf } from './detail.ts';
import { figuresOf } from './figures.ts';
import { nextExpiry, planForget } from './plans.ts';
import { count, find, pageOfFound } from './review.ts';

const key = z.string().min(1);
const position = z.int().min(0);

/** What a review asks; all of it only reads. See `Review`. */
export const reviewCalls = {
  find: call(z.tuple([reviewQuerySchema, reviewOrderSchema, position, z.int().min(0).max(5_000)]), find),
  count: call(z.tuple([reviewQuerySchema]), count),
  record: call(z.tuple([key]), (database, ...args) => database.snapshot(() => recordOf(database, ...args))),
  facts: call(z.tuple([key, position]), (database, ...args) =>
    database.snapshot(() => factsOf(database, ...args)),
  ),
  figures: call(z.tuple([reviewQuerySchema, z.enum(figureKinds)]), (database, ...args) =>
    database.snapshot(() => figuresOf(database, ...args)),
  ),
  pageOfFound: call(z.tuple([reviewQuerySchema, position, z.int().min(1).max(5_000)]), pageOfFound),
  planForget: call(z.tuple([forgetSchema]), (database, what) =>
    database.snapshot(() => planForget(database, what)),
  ),
  nextExpiry: call(z.tuple([z.number().min(0)]), (database, keepMs) =>
    database.snapshot(() => nextExpiry(database, keepMs)),
  ),
} as const;
