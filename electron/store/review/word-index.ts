import type { RecordWrapupState } from '../../../domain/exported-record.ts';
import type { Role } from '../../../domain/communication/communication.ts';
import type { Listing } from '../../../domain/review/record-listing.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { codeKey } from '../../../domain/model/code-names.ts';
import { searchWords } from '../../../domain/words/search-words.ts';
import { asBytes, textIn, type Engine } from '../engine.ts';

/**
 * The index of words. What is filtered by is in it as words too, each with a sign in front that no word of a
 * text has: then the index alone answers "missed, Billing, resolved", however rare any of them is.
 */

/** From a private-use area: neither a letter nor a digit, so `searchWords` never lets it through. */
const sign = '\ue000';
const roleMark = (role: Role): string => `${sign}r${role}`;
const missedMark = `${sign}m`;
const wrapupMark = (state: RecordWrapupState): string => `${sign}w${state}`;
/** An id is one word, whatever is in it. */
const codeMark = (code: string): string => `${sign}c${Buffer.from(codeKey(code)).toString('hex')}`;

/** Longer ones, of letters as people write them, do not exist. In characters. */
const longestWord = 64;
const wordsOf = (text: string): string[] => searchWords(text).map((word) => word.slice(0, longestWord));

interface SearchTexts {
  readonly peer: string;
  readonly queue: string;
  readonly code: string;
  readonly notes: string;
  readonly marks: string;
}

/** As the index has them. */
const textColumns: readonly (keyof SearchTexts)[] = ['peer', 'queue', 'code', 'notes', 'marks'];

function searchTexts(line: Listing): SearchTexts {
  const words = (text: string | null): string => wordsOf(text ?? '').join(' ');
  const marks = [
    roleMark(line.role),
    ...(line.missed ? [missedMark] : []),
    ...(line.wrapup === null ? [] : [wrapupMark(line.wrapup)]),
    ...(line.code === null ? [] : [codeMark(line.code)]),
  ];
  return {
    peer: words(line.peer),
    queue: words(line.queue),
    code: words(line.codeName),
    notes: words(line.notes),
    marks: marks.join(' '),
  };
}

const selectWords = `SELECT ${textColumns.map(asBytes).join(', ')} FROM listing_search WHERE rowid = ?`;

/** Whether the index has of this record what it should have. */
export function sameWords(engine: Engine, id: number, line: Listing): boolean {
  const row = engine.first(selectWords, id);
  const texts = searchTexts(line);
  return row !== undefined && textColumns.every((name) => textIn(row, name) === texts[name]);
}

/** Inserts or replaces the words of a record, inside the caller's transaction. */
export function putWords(engine: Engine, id: number, line: Listing): void {
  if (sameWords(engine, id, line)) return;
  engine.run('DELETE FROM listing_search WHERE rowid = ?', id);
  const texts = searchTexts(line);
  engine.run(
    'INSERT INTO listing_search (rowid, peer, queue, code, notes, marks) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    ...textColumns.map((name) => texts[name]),
  );
}

/** Asked for at once. */
const codesAtOnce = 100;

/** What these codes are called has changed: the lines of the records that have them are no longer true. */
export function noteCodesBehind(engine: Engine, codes: readonly string[]): void {
  for (let from = 0; from < codes.length; from += codesAtOnce) {
    const marks = codes.slice(from, from + codesAtOnce).map((code) => `"${codeMark(code)}"`);
    engine.run(
      `INSERT OR IGNORE INTO listing_behind
       SELECT rowid FROM listing_search WHERE listing_search MATCH ?`,
      `marks : (${marks.join(' OR ')})`,
    );
  }
}

/** Words that are all in one column, or anywhere. */
interface Clause {
  readonly column: keyof SearchTexts | null;
  readonly words: readonly string[];
  /** Each word as a whole; else it is enough that it begins one. */
  readonly whole: boolean;
}

/** Of each group one clause must be true. */
type Asked = readonly (readonly Clause[])[];

const begins = (word: string): Clause => ({ column: null, words: [word], whole: false });
const is = (mark: string): Clause => ({ column: null, words: [mark], whole: true });

function codeIs(text: string): readonly Clause[] {
  const words = wordsOf(text);
  const byId = is(codeMark(text));
  return words.length === 0 ? [byId] : [{ column: 'code', words, whole: false }, byId];
}

function queueIs(text: string): readonly Clause[] {
  return [{ column: 'queue', words: wordsOf(text), whole: false }];
}

/** What a query asks of the words and marks of a record; nothing when it asks for nothing that is in them. */
function askedOf(query: ReviewQuery): Asked {
  // Of words that begin each other the longest says all.
  const words = [...new Set(query.words.flatMap(wordsOf))];
  const longest = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
  return [
    ...longest.map((word) => [begins(word)]),
    ...query.code.map(codeIs),
    ...query.queue.filter((text) => wordsOf(text).length > 0).map(queueIs),
    ...(query.role === null ? [] : [[is(roleMark(query.role))]]),
    ...(query.missed ? [[is(missedMark)]] : []),
    ...(query.wrapup === null ? [] : [[is(wrapupMark(query.wrapup))]]),
  ];
}

function clauseText({ column, words, whole }: Clause): string {
  const terms = words.map((word) => (whole ? `"${word}"` : `"${word}"*`)).join(' AND ');
  return column === null ? terms : `${column} : (${terms})`;
}

/** What the index is asked for; null when a query asks for nothing that is in it. */
export function matchOf(query: ReviewQuery): string | null {
  const groups = askedOf(query).map((clauses) => {
    const text = clauses.map(clauseText).join(' OR ');
    return clauses.length === 1 ? text : `(${text})`;
  });
  return groups.length === 0 ? null : groups.join(' AND ');
}
