import { z } from 'zod';
import { excessOf, mostLevels, mostValues } from '../toolbox/excess.ts';
import { say } from '../words/say.ts';
import { nestFlattened } from './flattened.ts';
import { isObject } from './values.ts';
import {
  afterCallWorkSchema,
  conversationSchema,
  participantSchema,
  segmentSchema,
  videoSchema,
  wrapupSchema,
  type Conversation,
} from './screenshare.ts';

/**
 * Where facts enter the domain: `unknown` in, a conversation or a refusal out.
 *
 * Strict on truth, lenient on decoration. What decides whether somebody is sharing must be right or the
 * whole snapshot is refused (and read again); a broken field that decides nothing is left out and named,
 * so that one odd note does not hide a share that began. The journal keeps the text as it came either way.
 */
export type Decoded =
  | { readonly ok: true; readonly conversation: Conversation; readonly problems: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Where what is read came from: a reading, or an event. */
type FactSource = 'rest' | 'socket';

/** Fields that decide what the agent is told; a wrong type here refuses the snapshot. */
const truths = new Set([
  'id',
  'participants',
  'userId',
  'screenshares',
  'videos',
  'state',
  'sharing',
  'sharingScreen',
]);

/** Known field names, for reading the older snake_case spelling. */
const knownNames = new Set(
  [
    conversationSchema,
    participantSchema,
    videoSchema,
    segmentSchema,
    wrapupSchema,
    afterCallWorkSchema,
  ].flatMap((schema) => Object.keys(schema.shape)),
);

/** Free maps whose keys belong to somebody else. */
const foreignMaps = new Set(['attributes', 'conversationRoutingData', 'conversation_routing_data']);

/** Of those that refuse a conversation, so many are named. */
const problemsNamed = 5;

/** No known name is longer. */
const longestName = 40;

function camelName(name: string): string {
  if (!name.includes('_') || name.length > longestName) return name;
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

/**
 * Renames known snake_case fields to camelCase; a field that is there in both spellings keeps both. What has nothing to
 * rename, as nearly every fact, is not copied.
 */
function readSpelling(value: unknown): unknown {
  if (!Array.isArray(value)) return isObject(value) ? readNames(value) : value;
  const read = value.map(readSpelling);
  return read.some((each, at) => each !== value[at]) ? read : value;
}

function readNames(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(value);
  let read: Record<string, unknown> | null = null;
  for (const [at, name] of names.entries()) {
    const given = value[name];
    const inner = foreignMaps.has(name) ? given : readSpelling(given);
    const camel = camelName(name);
    const known = camel !== name && knownNames.has(camel) && !(camel in value);
    // Copied by name it would give the copy a parent, whose fields would read as sent.
    const isParent = name === '__proto__';
    if (read === null && (inner !== given || known || isParent))
      read = Object.fromEntries(names.slice(0, at).map((before) => [before, value[before]]));
    if (read !== null && !isParent) read[known ? camel : name] = inner;
  }
  return read ?? value;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((holder, part) => (holder as Record<PropertyKey, unknown>)[part], root);
}

function pathWords(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'the whole';
}

/** Truth is decided at the level of conversation, participant and communication, not inside a segment or wrap-up. */
function decides(path: readonly PropertyKey[], root: unknown): boolean {
  const last = path.at(-1);
  if (last === undefined) return true;
  if (path.includes('screenMonitorings')) return false;
  if (typeof last === 'number') {
    // Real lists hold noise: an entry that is nothing hides nothing.
    if (valueAt(root, path) === null) return false;
    return path.length <= 4 && path.at(-2) !== 'segments' && path.at(-2) !== 'tags';
  }
  if (path.some((part) => part === 'segments' || part === 'wrapup' || part === 'afterCallWork')) return false;
  return truths.has(String(last));
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]));
}

function remove(root: unknown, path: readonly PropertyKey[]): void {
  const holder = valueAt(root, path.slice(0, -1)) as Record<PropertyKey, unknown>;
  const last = path.at(-1) as PropertyKey;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
}

/** Why a conversation is too much to be read, in words; null for one that is not. */
export function excessWords(value: unknown): string | null {
  switch (excessOf(value)) {
    case 'levels':
      return say('feed.conversation.tooDeep', { levels: mostLevels });
    case 'values':
      return say('feed.conversation.tooMany', { values: mostValues });
    case null:
      return null;
  }
}

/**
 * Reads a conversation from REST (`Conversation`), from the topic `v2.users.{id}.conversations`, or from the
 * flattened `….conversations.screenshares` and `….videos`, which are nested like the others. A reading without
 * participants is none; an event without them says nothing about people.
 * Source: design reference §1 and §10; both spellings are read, camelCase is kept.
 */
export function decodeConversation(value: unknown, source: FactSource = 'rest'): Decoded {
  if (!isObject(value)) {
    const got = Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
    return { ok: false, reason: say('feed.conversation.notObject', { got }) };
  }
  const excess = excessWords(value);
  if (excess !== null) return { ok: false, reason: excess };
  const nested = nestFlattened(readNames(value));
  const read = source === 'socket' ? { ...nested, participants: nested['participants'] ?? [] } : nested;
  const first = conversationSchema.safeParse(read);
  if (first.success) return { ok: true, conversation: first.data, problems: [] };

  const refusing = first.error.issues.find((issue) => decides(issue.path, read));
  if (refusing) return { ok: false, reason: `${pathWords(refusing.path)}: ${refusing.message}` };

  const problems = first.error.issues.map((issue) => `${pathWords(issue.path)}: ${issue.message}`);
  const rest = copyOf(read);
  // Last to first, so that removing an element does not move the next one to remove.
  for (const issue of [...first.error.issues].reverse()) remove(rest, issue.path);
  const second = z.safeParse(conversationSchema, rest);
  if (!second.success) return { ok: false, reason: problems.slice(0, problemsNamed).join('; ') };
  return { ok: true, conversation: second.data, problems };
}
