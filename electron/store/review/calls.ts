import { z } from 'zod';
import { figureKinds } from '../../../domain/review/chart-figures.ts';
import {
  deletionSchema,
  reviewOrderSchema,
  reviewQuerySchema,
} from '../../../domain/review/review-schemas.ts';
import { call } from '../call.ts';
import { factsOf, recordOf } from './record-detail.ts';
import { figuresOf } from './charts.ts';
import { nextExpiry, planForget } from '../deletion/deletion-plan.ts';
import { count, find, pageOfFound } from './find.ts';

const key = z.string().min(1);
const position = z.int().min(0);

/** What a review asks; all of it only reads. See `Review`. */
export const reviewCalls = {
  find: call(z.tuple([reviewQuerySchema, reviewOrderSchema, position, z.int().min(0).max(5_000)]), find),
  count: call(z.tuple([reviewQuerySchema]), count),
  record: call(z.tuple([key]), (engine, ...args) => engine.snapshot(() => recordOf(engine, ...args))),
  facts: call(z.tuple([key, position]), (engine, ...args) => engine.snapshot(() => factsOf(engine, ...args))),
  figures: call(z.tuple([reviewQuerySchema, z.enum(figureKinds)]), (engine, ...args) =>
    engine.snapshot(() => figuresOf(engine, ...args)),
  ),
  pageOfFound: call(z.tuple([reviewQuerySchema, position, z.int().min(1).max(5_000)]), pageOfFound),
  planForget: call(z.tuple([deletionSchema]), (engine, what) =>
    engine.snapshot(() => planForget(engine, what)),
  ),
  nextExpiry: call(z.tuple([z.number().min(0)]), (engine, keepMs) =>
    engine.snapshot(() => nextExpiry(engine, keepMs)),
  ),
} as const;
