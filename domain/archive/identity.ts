import { maskedId, type KeyedDigest } from './mask.ts';

/** How a record is told apart in the archive: by key, day and revision. Desk and service go by the same rules. */

/** What of a record these rules need; a record of an older or newer desk may lack the rest. */
export interface IdentifiedRecord {
  readonly conversationId: string;
  readonly participantId: string;
  readonly screenshare?: { readonly id?: string | null | undefined } | null | undefined;
  readonly redacted?: unknown;
}

interface KeyParts {
  /** Whose record it is, as the sign-in says; so nobody can take another one's key. */
  readonly agentId: string;
  readonly digest: KeyedDigest;
  /** SHA-256 in hex. */
  readonly sha256: (text: string) => string;
}

/** The same for the same record of the same agent, on any desk and under any mask. 64 hex digits. */
export function archiveKey(record: IdentifiedRecord, { agentId, digest, sha256 }: KeyParts): string {
  const { conversationId, participantId, screenshare } = record;
  const ids = [conversationId, participantId, screenshare?.id ?? participantId];
  const { redacted } = record;
  const isMasked = Array.isArray(redacted) && redacted.includes('conversationId');
  const parts = isMasked ? ids : ids.map((id) => maskedId(id, digest));
  return sha256(JSON.stringify([agentId, ...parts]));
}

/**
 * The UTC day the record was first seen on: `2026-11-30`. It never changes; where two desks disagree, the day that
 * reached the archive first stays.
 * @throws RangeError where it is no time
 */
export function dayOf({ firstSeenAt }: { readonly firstSeenAt: string }): string {
  return new Date(firstSeenAt).toISOString().slice(0, 10);
}

/** A day that exists, written as `dayOf` does. */
export function isDay(text: string): boolean {
  const at = /^[12]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** What is known of a record that was queued before. */
export interface QueuedRevision {
  readonly revision: number;
  /** Of `canonicalText`. */
  readonly digest: string;
}

/**
 * The revision a record is queued under; null where nothing changed since the last one. It follows the number of facts,
 * and goes on by one where only the agent's own words changed.
 */
export function nextRevision(
  { revisions }: { readonly revisions: number },
  digest: string,
  queued: QueuedRevision | null,
): number | null {
  if (queued?.digest === digest) return null;
  return queued === null ? revisions : Math.max(revisions, queued.revision + 1);
}

/** JSON with the names of every object in order: two records are the same when this is. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(canonical(value));
}

/** The same with the names of every object in order. What is in order is not copied: a desk sends it so. */
export function canonical(value: unknown): unknown {
  return isInOrder(value) ? value : inOrder(value);
}

function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = '';
  for (const [name, inner] of Object.entries(value)) {
    if (name < before || !isInOrder(inner)) return false;
    before = name;
  }
  return true;
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    const inner = inOrder((value as Record<string, unknown>)[name]);
    // Else it would be no name but the object's kind.
    if (name === '__proto__') Object.defineProperty(ordered, name, { value: inner, enumerable: true });
    else ordered[name] = inner;
  }
  return ordered;
}
