import type { Deletion, DeletionResult, InTurn } from '../../../domain/review/deletion.ts';
import type { ForgetCursor, ForgetStep } from './deletion-step.ts';

export interface ForgetCalls {
  readonly forgetStep: (what: Deletion, after: ForgetCursor | null) => Promise<ForgetStep>;
  readonly sweepStep: (after: number) => Promise<number | null>;
}

/** For a database nobody else writes to. */
export const untended: InTurn = async (step) => {
  await step();
};

/** Sweeps until nothing is owed; a no-op where nothing is. */
export async function sweepInSteps({ sweepStep }: Pick<ForgetCalls, 'sweepStep'>): Promise<void> {
  let after: number | null = 0;
  while (after !== null) after = await sweepStep(after);
}

/** Deletes step by step, then sweeps; what others ask of the database comes in between. */
export async function forgetInSteps(
  calls: ForgetCalls,
  what: Deletion,
  inTurn: InTurn,
): Promise<DeletionResult> {
  let [records, facts, staying] = [0, 0, 0];
  let after: ForgetCursor | null = null;
  do {
    const next: { step: ForgetStep | null } = { step: null };
    await inTurn(async () => {
      next.step = await calls.forgetStep(what, after);
      return next.step.keys;
    });
    const { step } = next;
    records += step?.keys.length ?? 0;
    facts += step?.facts ?? 0;
    staying += step?.staying ?? 0;
    after = step?.next ?? null;
  } while (after !== null);
  await sweepInSteps(calls);
  return { records, facts, staying };
}
