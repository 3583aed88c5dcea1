import type { Submission } from '../../domain/submissions.ts';

/** Confirmed and dropped submissions kept at hand for the words on the card. */
const endedKept = 8;

export function prune(submissions: readonly Submission[]): Submission[] {
  const ended = submissions.filter(({ state }) => state === 'confirmed' || state === 'dropped');
  const gone = new Set(ended.slice(0, Math.max(0, ended.length - endedKept)).map(({ id }) => id));
  return submissions.filter(({ id }) => !gone.has(id));
}

export function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
