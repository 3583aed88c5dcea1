import type { z } from 'zod';
import type { Engine } from './engine.ts';

/** Something the worker can be asked for: what it takes, which is parsed, and what it does. */
export interface Call<Args extends readonly unknown[], Result> {
  readonly args: z.ZodType<Args>;
  readonly run: (engine: Engine, ...args: Args) => Result;
}

export function call<Args extends readonly unknown[], Result>(
  args: z.ZodType<Args>,
  run: (engine: Engine, ...args: Args) => Result,
): Call<Args, Result> {
  return { args, run };
}
