import { createHmac, hash } from 'node:crypto';
import { archiveKey, canonicalText } from '../../domain/archive/identity.ts';
import {
  archiveLimits,
  recordLineSchema,
  type RecordLine,
  type RecordResult,
} from '../../domain/archive/wire.ts';
import { excessOf, mostLevels } from '../../domain/toolbox/excess.ts';
import { searchWords } from '../../domain/words/search-words.ts';
import { Problem } from './problem.ts';

/** The body of a batch: what of it can be taken, and why the rest cannot. */

export interface ReadLine {
  readonly line: RecordLine;
  readonly key: string;
  readonly digest: string;
  /** The record as JSON. */
  readonly text: string;
}
export type Taken =
  | { readonly kind: 'line'; readonly read: ReadLine }
  | { readonly kind: 'refused'; readonly result: RecordResult };

const utf8 = new TextDecoder('utf-8', { fatal: true });
const sha256 = (text: string): string => hash('sha256', text);

/** One for each line that is not empty, in their order. Throws `Problem` where there are too many. */
export function readLines(body: Buffer, agentId: string, maskKey: string): Taken[] {
  const lines = linesOf(body);
  const key = Buffer.from(maskKey, 'base64url');
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  return lines.map((line) => readLine(line, { agentId, digest, sha256 }));
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < body.length;) {
    const end = body.indexOf(0x0a, from);
    const line = body.subarray(from, end === -1 ? body.length : end);
    // Spaces and a carriage return alone are no line.
    if (line.some((byte) => byte > 0x20)) lines.push(line);
    if (lines.length > archiveLimits.records)
      throw new Problem('too-large', `A batch may have ${archiveLimits.records} records.`);
    from = end === -1 ? body.length : end + 1;
  }
  return lines;
}

/** How deep JSON is nested, looked at before anything is made of it; stops beyond the limit. */
function isTooDeep(text: string): boolean {
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === 0x22) {
      for (at += 1; at < text.length && text.charCodeAt(at) !== 0x22; at += 1)
        if (text.charCodeAt(at) === 0x5c) at += 1;
    } else if (sign === 0x7b || sign === 0x5b) {
      level += 1;
      if (level > mostLevels) return true;
    } else if (sign === 0x7d || sign === 0x5d) level -= 1;
  }
  return false;
}

/** Neither has a place in a PostgreSQL text. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

function readLine(bytes: Buffer, how: Parameters<typeof archiveKey>[1]): Taken {
  const refused = (reason: string, key: string | null = null): Taken => ({
    kind: 'refused',
    result: { key, outcome: 'refused', reason },
  });
  if (bytes.length > archiveLimits.lineBytes) return refused(`longer than ${archiveLimits.lineBytes} bytes`);
  let json: unknown;
  try {
    const text = utf8.decode(bytes);
    if (isTooDeep(text)) return refused('nested too deeply');
    json = JSON.parse(text);
  } catch {
    return refused('not JSON in UTF-8');
  }
  if (excessOf(json) !== null) return refused('too many values');
  const parsed = recordLineSchema.safeParse(json);
  if (!parsed.success) {
    const { path = [] } = parsed.error.issues[0] ?? {};
    const where = path.map(String).join('.').slice(0, 100);
    return refused(where === '' ? 'not a line of a record' : `wrong or missing: ${where}`, keyIn(json, how));
  }
  const key = archiveKey(parsed.data.record, how);
  // What was sent, and not what a schema made of it.
  const text = canonicalText((json as { record: unknown }).record);
  if (unstorable.test(text)) return refused('holds a NUL or half a character', key);
  return { kind: 'line', read: { line: parsed.data, key, digest: sha256(text), text } };
}

/** So that a desk knows which one it was, as far as that can be told. */
function keyIn(json: unknown, how: Parameters<typeof archiveKey>[1]): string | null {
  const { record } = (json ?? {}) as {
    record?: { conversationId?: unknown; participantId?: unknown; screenshare?: unknown };
  };
  const { conversationId, participantId } = record ?? {};
  if (typeof conversationId !== 'string' || typeof participantId !== 'string') return null;
  const { id } = (record?.screenshare ?? {}) as { id?: unknown };
  const screenshare = typeof id === 'string' ? { id } : null;
  const { redacted } = record as { redacted?: unknown };
  return archiveKey({ conversationId, participantId, screenshare, redacted }, how);
}

/** What a search compares: each word after a space. */
export function wordsOf(text: string | null | undefined): string | null {
  const words = searchWords((text ?? '').slice(0, 500));
  return words.length === 0 ? null : ` ${words.join(' ')}`;
}

/** When it happened: it began to alert, or was first seen; a desk that says neither saw it on its day. */
export function happenedAt({ line: { record, day } }: ReadLine): string {
  for (const said of [record.alertedAt, record.firstSeenAt]) {
    const at = said ? Date.parse(said) : Number.NaN;
    // The engine's calendar is longer than any record's.
    if (at > -6e13 && at < 2.5e14) return new Date(at).toISOString();
  }
  return `${day}T00:00:00.000Z`;
}
