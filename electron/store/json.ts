import { z } from 'zod';
import { DatabaseProblem } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

/** Reads the JSON column of a row whose checksum was right; a shape we cannot read is damage all the same. */
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
