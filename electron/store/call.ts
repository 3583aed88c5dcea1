import type { z } from 'zod';
import type { Database } from './engine.ts';

/** Something the worker can be asked for: what it takes, which is parsed, and what it does. */
export interface Call<Args extends readonly unknown[], Result> {
  readonly args: z.ZodType<Args>;
  readonly run: (database: Database, ...args: Args) => Result;
}

export function call<Args extends readonly unknown[], Result>(
  args: z.ZodType<Args>,
  run: (database: Database, ...args: Args) => Result,
): Call<Args, Result> {
  return { args, run };
}
