import { isNearStart } from '../wrapup-codes.ts';
import { isKnown } from '../model/values.ts';
import { searchWords } from '../words/search-words.ts';
import { parseWrittenTime } from '../words/written-time.ts';
import { everything, type ParsedQuery, type ReviewQuery } from './query.ts';
import { unreachable } from '../toolbox/result.ts';
import { say } from '../words/say.ts';

/** What can stand before a colon, each with a value that shows how it is meant. */
const filters = {
  code: 'code:resolved',
  queue: 'queue:"After sales"',
  since: 'since:7d',
  until: 'until:2026-11-23',
  role: 'role:sharing',
  is: 'is:waiting',
  sharing: 'sharing:>5m',
} as const;
type FilterName = keyof typeof filters;
const filterNames = Object.keys(filters) as FilterName[];

const roles = ['sharing', 'viewing'] as const;
/** As typed, in small letters. */
const wrapupStates = ['sent', 'elsewhere', 'timedout', 'skipped', 'draft', 'waiting', 'conflict'] as const;

/** The same limits as in `review-schemas.ts`. */
const longest = 200;
const most = 20;

/** What can be typed into the search, each with an example to type. */
interface HelpLine {
  readonly example: string;
  readonly words: string;
}

export function helpLines(): readonly HelpLine[] {
  return [
    { example: 'invoice ana', words: say('review.help.words') },
    { example: '"missed"', words: say('review.help.quotes') },
    { example: filters.code, words: say('review.help.code') },
    { example: filters.queue, words: say('review.help.queue') },
    { example: filters.since, words: say('review.help.since') },
    { example: filters.until, words: say('review.help.until') },
    { example: 'since:yesterday until:yesterday', words: say('review.help.day') },
    { example: filters.role, words: say('review.help.role') },
    { example: 'missed', words: say('review.help.missed') },
    { example: filters.is, words: say('review.help.is') },
    { example: filters.sharing, words: say('review.help.sharing') },
  ];
}

/**
 * Reads what a person typed. Spaces separate words; `"two words"` are words even where they would mean something
 * else. A name of letters with a colon and a value is a filter, known or refused; any other colon belongs to its
 * word (`14:02`, `https://…`, `sip:ana@example.com`, `Note:`). A filter at the end of the text that has no value
 * yet is ignored, and so is what has neither letter nor digit.
 *
 * @param now epoch ms
 */
export function parseQuery(text: string, now: number): ParsedQuery {
  try {
    return { ok: true, query: read(text, now) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { message: problem, from, to } = error;
    return { ok: false, problem, from, to };
  }
}

function read(text: string, now: number): ReviewQuery {
  let query = everything;
  for (const part of partsOf(text)) {
    if (isBegun(part, text)) continue;
    const before = query;
    if (part.kind === 'unclosed') throw new QueryError(say('review.query.unclosed'), part);
    query = part.kind === 'words' ? withWords(query, part) : withFilter(query, part, now);
    for (const list of ['words', 'code', 'queue'] as const)
      if (query[list].length > most) throw new QueryError(say('review.query.tooMany', { most }), part);
    const { since, until } = query;
    const timed = since !== before.since || until !== before.until;
    if (timed && since !== null && until !== null && since >= until)
      throw new QueryError(say('review.query.sinceAfterUntil'), part);
  }
  return query;
}

/** What the text ends with is still being typed. */
function isBegun(part: Part, text: string): boolean {
  if (part.to !== text.length) return false;
  switch (part.kind) {
    case 'words':
      return false;
    case 'filter':
      return !part.quoted && isBare(part.value) && isKnown(filterNames, part.name);
    case 'unclosed':
      return part.to === part.valueFrom + 1;
    default:
      return unreachable(part);
  }
}

function withWords(query: ReviewQuery, part: Extract<Part, { readonly kind: 'words' }>): ReviewQuery {
  if (!part.quoted && part.text.toLowerCase() === 'missed') return { ...query, missed: true };
  const words = part.text.split(/\s+/).filter(isSearchable);
  if (words.some((word) => word.length > longest))
    throw new QueryError(say('review.query.tooLong', { longest }), part);
  return { ...query, words: [...query.words, ...words] };
}

type Filter = Extract<Part, { readonly kind: 'filter' }>;
class QueryError extends Error {
  readonly from: number;
  readonly to: number;
  constructor(problem: string, { from, to }: { readonly from: number; readonly to: number }) {
    super(problem);
    this.from = from;
    this.to = to;
  }
}

const valueOf = ({ valueFrom, to }: Filter): { from: number; to: number } => ({ from: valueFrom, to });
/** What has neither letter nor digit can begin no word. */
const isSearchable = (text: string): boolean => searchWords(text).length > 0;
/** With its colon, as people type it. */
const shown = (name: string): string => `${name}:`;

/** Nothing stands behind the colon, or only what a value begins with. */
function isBare(value: string): boolean {
  return /^[<>=]{0,2}$/.test(value);
}

function empty(part: Filter, name: FilterName): QueryError {
  return new QueryError(say('review.query.empty', { name: shown(name), example: filters[name] }), part);
}

function choice<Choice extends string>(part: Filter, choices: readonly Choice[]): Choice {
  const value = part.value.toLowerCase();
  if (isKnown(choices, value)) return value;
  const name = shown(part.name);
  throw new QueryError(
    say('review.query.notOneOf', { name, choices: choices.join(', '), value: part.value }),
    valueOf(part),
  );
}

function moment(part: Filter, now: number): { readonly from: number; readonly to: number } {
  const isDated = part.value.includes('-');
  const at = parseWrittenTime(isDated ? part.value.toUpperCase() : part.value.toLowerCase(), now);
  if (at === null) throw new QueryError(say('review.query.notAMoment', { value: part.value }), valueOf(part));
  if (at === 'noSuchTime')
    throw new QueryError(say('review.query.noSuchTime', { value: part.value }), valueOf(part));
  return at;
}

function one(part: Filter, text: string): string {
  if (text.length > longest) throw new QueryError(say('review.query.tooLong', { longest }), valueOf(part));
  return text;
}

/** Said again, such a filter narrows nothing more, or contradicts itself. */
function once(part: Filter, known: unknown): void {
  if (known !== null) throw new QueryError(say('review.query.twice', { name: shown(part.name) }), part);
}

function unknownName(part: Filter): QueryError {
  const named = { from: part.from, to: part.valueFrom };
  const near = filterNames.find((name) => isNearStart(part.name, name));
  const name = shown(part.name);
  if (near) return new QueryError(say('review.query.didYouMean', { name, near: shown(near) }), named);
  const known = filterNames.map(shown).join(' ');
  return new QueryError(say('review.query.unknown', { name, known }), named);
}

function withFilter(query: ReviewQuery, part: Filter, now: number): ReviewQuery {
  const { name } = part;
  if (!isKnown(filterNames, name)) {
    // `Note:` is a word with its colon.
    if (part.value === '') return { ...query, words: [...query.words, part.name] };
    throw unknownName(part);
  }
  if (isBare(part.value)) throw empty(part, name);
  switch (name) {
    case 'code':
    case 'queue': {
      const value = part.value.trim();
      if (!isSearchable(value)) throw empty(part, name);
      return { ...query, [name]: [...query[name], one(part, value)] };
    }
    case 'since':
      once(part, query.since);
      return { ...query, since: moment(part, now).from };
    case 'until':
      once(part, query.until);
      return { ...query, until: moment(part, now).to };
    case 'role':
      once(part, query.role);
      return { ...query, role: choice(part, roles) };
    case 'is': {
      const is = choice(part, [...wrapupStates, 'missed'] as const);
      if (is === 'missed') return { ...query, missed: true };
      once(part, query.wrapup);
      return { ...query, wrapup: is === 'timedout' ? 'timedOut' : is };
    }
    case 'sharing': {
      once(part, query.sharing);
      const length = readLength(part.value);
      if (!length)
        throw new QueryError(
          say('review.query.notALength', { value: part.value, example: filters.sharing }),
          valueOf(part),
        );
      return { ...query, sharing: length };
    }
    default:
      return unreachable(name);
  }
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * `>5m`, `<30s`, `>=1h`, `1h30m`, `=90s`; without a sign at least so long. Null where it is no length.
 */
function readLength(text: string): ReviewQuery['sharing'] {
  const [, sign = '', length] = /^(>=|<=|>|<|=)?((?:\d{1,6}(?:\.\d{1,3})?(?:s|min|m|h))+)$/i.exec(text) ?? [];
  if (length === undefined) return null;
  let ms = 0;
  for (const [, count, unit = ''] of length.matchAll(/([\d.]+)(s|min|m|h)/gi))
    ms += Number(count) * (units[unit.toLowerCase()] ?? 0);
  const compare = sign === '>' || sign === '<' || sign === '<=' || sign === '=' ? sign : '>=';
  return { compare, ms: Math.round(ms) };
}

/** One part of a written query; offsets are into the text, `to` is not included. */
type Part =
  /** As typed, or what stood between quotes. */
  | {
      readonly kind: 'words';
      readonly text: string;
      readonly quoted: boolean;
      readonly from: number;
      readonly to: number;
    }
  /** `name:value`. */
  | {
      readonly kind: 'filter';
      /** In small letters. */
      readonly name: string;
      readonly value: string;
      readonly quoted: boolean;
      readonly from: number;
      /** Where the value begins, its quote included. */
      readonly valueFrom: number;
      readonly to: number;
    }
  /** A quote without its other half; `to` is the end of the text. */
  | { readonly kind: 'unclosed'; readonly from: number; readonly valueFrom: number; readonly to: number };

/** Addresses a peer or a note may hold; they are words. */
const schemes = new Set(['sip', 'sips', 'tel', 'mailto', 'http', 'https']);

/** The length of `name:` where a filter begins; 0 where the colon belongs to a word, as in `14:02` and `https://…`. */
function filterHead(text: string): number {
  const [head, name = ''] = /^(\p{L}+):(?!\/\/)/u.exec(text) ?? [];
  return head === undefined || schemes.has(name.toLowerCase()) ? 0 : head.length;
}

const quote = /["“”„]/;
const endOfQuote = (text: string, from: number): number => {
  const found = text.slice(from).search(quote);
  return found < 0 ? -1 : from + found;
};
const endOfWord = (text: string, from: number): number => {
  const found = text.slice(from).search(/\s/);
  return found < 0 ? text.length : from + found;
};

/**
 * Spaces separate parts, except between quotes. A quote counts only where a part or a value begins, so that
 * `19" monitor` needs none.
 */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    const head = filterHead(text.slice(at));
    const valueFrom = from + head;
    const quoted = quote.test(text.charAt(valueFrom));
    const end = quoted ? endOfQuote(text, valueFrom + 1) : endOfWord(text, valueFrom);
    if (end < 0) return [...parts, { kind: 'unclosed', from, valueFrom, to: text.length }];
    const value = text.slice(quoted ? valueFrom + 1 : valueFrom, end);
    at = quoted ? end + 1 : end;
    const name = text.slice(from, Math.max(from, valueFrom - 1)).toLowerCase();
    parts.push(
      head === 0
        ? { kind: 'words', text: value, quoted, from, to: at }
        : { kind: 'filter', name, value, quoted, from, valueFrom, to: at },
    );
  }
  return parts;
}
