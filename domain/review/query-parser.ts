import { outcomeFilters, outcomeOfFilter } from '../communication/wrapup-outcome.ts';
import { isNearStart } from '../codes/search.ts';
import { isKnown } from '../model/values.ts';
import { searchWords } from '../words/search-words.ts';
import { parseWrittenTime } from '../words/written-time.ts';
import { everything, type ParsedQuery, type ReviewQuery, type ReviewSource } from './query.ts';
import { unreachable } from '../toolbox/result.ts';
import { say } from '../words/say.ts';

/** What can stand before a colon, each with a value that shows how it is meant. */
const filters = {
  agent: 'agent:ana',
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
/** What can be asked of each source. The archive is asked over a wire that has no more than this. */
const namesIn: Readonly<Record<ReviewSource, readonly FilterName[]>> = {
  desk: filterNames.filter((name) => name !== 'agent'),
  archive: ['agent', 'queue', 'code', 'since', 'until'],
};

const roles = ['sharing', 'viewing'] as const;

/** The same limits as in `review-schemas.ts`. */
const longest = 200;
const most = 20;

/** What can be typed into the search, each with an example to type. */
interface HelpLine {
  readonly example: string;
  readonly words: string;
}

export function helpLines(source: ReviewSource = 'desk'): readonly HelpLine[] {
  const lines = [
    { example: filters.agent, words: say('review.help.agent') },
    { example: 'invoice ana', words: say('review.help.words') },
    { example: '"missed"', words: say('review.help.quotes') },
    { example: filters.code, words: say('review.help.code') },
    { example: filters.queue, words: say('review.help.queue') },
    { example: filters.since, words: say('review.help.since') },
    { example: filters.until, words: say('review.help.until') },
    { example: 'since:yesterday until:yesterday', words: say('review.help.day') },
    { example: filters.role, words: say('review.help.role') },
    { example: 'missed', words: say('review.help.missed') },
    { example: 'today', words: say('review.help.today') },
    { example: filters.is, words: say('review.help.is') },
    { example: filters.sharing, words: say('review.help.sharing') },
  ];
  return lines.filter(({ example }) => parseQuery(example, 0, source).ok);
}

/**
 * Reads what a person typed. Spaces separate words; `"two words"` are words even where they would mean something
 * else. A name of letters with a colon and a value is a filter, known or refused; any other colon belongs to its
 * word (`14:02`, `https://…`, `sip:ana@example.com`, `Note:`). A filter at the end of the text that has no value
 * yet is ignored, and so is what has neither letter nor digit.
 *
 * @param now epoch ms
 * @param source what is searched: what cannot be asked there is refused, and says so
 */
export function parseQuery(text: string, now: number, source: ReviewSource = 'desk'): ParsedQuery {
  try {
    return { ok: true, query: read(text, { now, source }) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { message: problem, from, to } = error;
    return { ok: false, problem, from, to };
  }
}

interface Context {
  readonly now: number;
  readonly source: ReviewSource;
}

function read(text: string, context: Context): ReviewQuery {
  let query = everything;
  const parts = partsOf(text).filter((part) => !isBegun(part, text));
  for (const part of parts) {
    const before = query;
    if (part.kind === 'unclosed') throw new QueryError(say('review.query.unclosed'), part);
    query = part.kind === 'words' ? withWords(query, part, context) : withFilter(query, part, context);
    for (const list of ['words', 'code', 'queue', 'agent'] as const)
      if ((query[list]?.length ?? 0) > most)
        throw new QueryError(say('review.query.tooMany', { most }), part);
    const { since, until } = query;
    const timed = since !== before.since || until !== before.until;
    if (timed && since !== null && until !== null && since >= until)
      throw new QueryError(say('review.query.sinceAfterUntil'), part);
  }
  const [first] = parts;
  if (first && query === everything)
    throw new QueryError(say('review.query.noLetters'), { from: first.from, to: text.length });
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

function withWords(
  query: ReviewQuery,
  part: Extract<Part, { readonly kind: 'words' }>,
  { now, source }: Context,
): ReviewQuery {
  const word = part.quoted ? '' : part.text.toLowerCase();
  if (word === 'missed') {
    if (source === 'archive') throw notThere(source, word, part);
    return { ...query, missed: true };
  }
  if (word === 'today' || word === 'yesterday') return withDay(query, part, word, now);
  if (!part.quoted && /^-\p{L}/u.test(part.text)) throw new QueryError(say('review.query.minus'), part);
  const words = part.text.split(/\s+/).filter(isSearchable);
  if (words.some((word) => word.length > longest))
    throw new QueryError(say('review.query.tooLong', { longest }), part);
  return withWordsThere(query, words, source, part);
}

/** Names and notes may be masked in the archive: nobody finds them there, and a search that finds nothing would lie. */
function withWordsThere(
  query: ReviewQuery,
  words: readonly string[],
  source: ReviewSource,
  part: Part,
): ReviewQuery {
  if (words.length === 0) return query;
  if (source === 'archive')
    throw new QueryError(say('review.query.archiveWords', { known: knownIn(source) }), part);
  return { ...query, words: [...query.words, ...words] };
}

/** A day alone is one to look at: `banking today`. */
function withDay(query: ReviewQuery, part: Part, day: 'today' | 'yesterday', now: number): ReviewQuery {
  if (query.since !== null || query.until !== null)
    throw new QueryError(say('review.query.whenTwice', { name: day }), part);
  const at = parseWrittenTime(day, now);
  if (at === null || at === 'noSuchTime') return query;
  return day === 'today' ? { ...query, since: at.from } : { ...query, since: at.from, until: at.to };
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
  return isKnown(choices, value) ? value : notOneOf(part, choices);
}

function notOneOf(part: Filter, choices: readonly string[]): never {
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
  const name = shown(part.name);
  const isTime = part.name === 'since' || part.name === 'until';
  if (known !== null)
    throw new QueryError(
      isTime ? say('review.query.whenTwice', { name }) : say('review.query.twice', { name }),
      part,
    );
}

const knownIn = (source: ReviewSource): string => namesIn[source].map(shown).join(' ');

function unknownName(part: Filter, source: ReviewSource): QueryError {
  const named = { from: part.from, to: part.valueFrom };
  const near = namesIn[source].find((name) => isNearStart(part.name, name));
  const name = shown(part.name);
  if (near) return new QueryError(say('review.query.didYouMean', { name, near: shown(near) }), named);
  return new QueryError(say('review.query.unknown', { name, known: knownIn(source) }), named);
}

/** It means something, but not in what is looked at. */
function notThere(source: ReviewSource, name: string, part: Part): QueryError {
  const words =
    source === 'archive'
      ? say('review.query.deskOnly', { name, known: knownIn(source) })
      : say('review.query.archiveOnly', { name });
  return new QueryError(words, part);
}

function withFilter(query: ReviewQuery, part: Filter, context: Context): ReviewQuery {
  const { name } = part;
  const { now, source } = context;
  if (!isKnown(filterNames, name)) {
    // `Note:` is a word with its colon.
    if (part.value === '') return withWordsThere(query, [part.name], source, part);
    throw unknownName(part, source);
  }
  if (!namesIn[source].includes(name)) throw notThere(source, shown(name), part);
  if (isBare(part.value)) throw empty(part, name);
  switch (name) {
    case 'agent':
    case 'code':
    case 'queue': {
      const value = part.value.trim();
      if (!isSearchable(value)) throw empty(part, name);
      return { ...query, [name]: [...(query[name] ?? []), one(part, value)] };
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
      const is = outcomeOfFilter(part.value) ?? notOneOf(part, Object.values(outcomeFilters));
      if (is === 'missed') return { ...query, missed: true };
      once(part, query.wrapup);
      return { ...query, wrapup: is };
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

/** The parts of a text, as they are typed. */
export function writtenParts(text: string): readonly { readonly from: number; readonly to: number }[] {
  return partsOf(text).map(({ from, to }) => ({ from, to }));
}

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
