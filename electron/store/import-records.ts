import { z } from 'zod';
import { readImportedLine, type Imported } from '../../domain/review/imported-record.ts';
import { putCodeNames } from './codes.ts';
import type { Engine } from './engine.ts';
import { decide } from './submissions.ts';
import { putDraft } from './drafts.ts';
import { putCommunications } from './communications.ts';
import { readTotals, writeTotals } from './totals.ts';

/** A line of a file; the first has number 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}
/** What became of some lines. */
export interface Added {
  /** Records there are now. */
  readonly records: number;
  /** Lines that are no record, and why. */
  readonly problems: readonly { readonly number: number; readonly reason: string }[];
}

export const numberedLinesSchema: z.ZodType<readonly NumberedLine[]> = z
  .array(z.strictObject({ number: z.int().min(1), text: z.string() }))
  .max(1_000)
  .readonly();

/** A file holds no received facts. */
const noFact = null;

function put(engine: Engine, { communication, draft, submission, code }: Imported): number {
  const added = putCommunications(engine, [communication], noFact);
  if (code) putCodeNames(engine, [code]);
  if (draft) putDraft(engine, draft);
  if (submission) decide(engine, submission);
  return added;
}

/** Reads exported records and adds them, inside the caller's transaction. The same record again replaces the first. */
export function addImported(engine: Engine, lines: readonly NumberedLine[]): Added {
  const problems: { number: number; reason: string }[] = [];
  let added = 0;
  for (const { number, text } of lines) {
    const read = readImportedLine(text);
    if (read.ok) added += put(engine, read.value);
    else problems.push({ number, reason: read.reason });
  }
  const totals = readTotals(engine);
  const records = totals.records + added;
  writeTotals(engine, { ...totals, records });
  return { records, problems };
}
