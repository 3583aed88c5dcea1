import type { WrapupOutcome } from '../../../domain/submissions.ts';
import type { Role } from '../../../domain/communication/communication.ts';
import type { Listing } from '../../../domain/review/record-listing.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { codeKey } from '../../../domain/model/code-names.ts';
import { insideFrom, isFoundBy, searchWords } from '../../../domain/words/search-words.ts';
import { asBytes, textIn, type Engine } from '../engine.ts';

/**
 * The index of words. Of each word it has every end of three letters or more, so that any letters inside a word begin
 * one of its ends: measured, that answers as fast as whole words did, and threes of letters in a row did not. One or two
 * letters begin a word.
 * What is filtered by is in it too, each with a sign in front that no word of a text has: then the index alone answers
 * "missed, Billing, resolved", however rare any of them is.
 */

/** From a private-use area: neither a letter nor a digit, so `searchWords` never lets it through. */
const sign = '\ue000';
const roleMark = (role: Role): string => `${sign}r${role}`;
const missedMark = `${sign}m`;
const wrapupMark = (outcome: WrapupOutcome): string => `${sign}w${outcome}`;
/** An id is one word, whatever is in it. */
const codeMark = (code: string): string => `${sign}c${Buffer.from(codeKey(code)).toString('hex')}`;

/** A word begins with these one or two letters. */
const beginMark = (letters: string): string => `${sign}b${letters}`;

/** What is in the index of a word. */
function piecesOf(word: string): string[] {
  const letters = Array.from(word);
  const from = (at: number): string => letters.slice(at).join('');
  const begun = letters.slice(0, insideFrom - 1).map((_, at) => beginMark(letters.slice(0, at + 1).join('')));
  return [...begun, ...letters.slice(insideFrom - 1).map((_, at) => from(at))];
}

/** Longer ones, of letters as people write them, do not exist. In characters. */
const longestWord = 64;
const wordsOf = (text: string): string[] =>
  searchWords(text).map((word) => Array.from(word).slice(0, longestWord).join(''));

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
  const pieces = (text: string | null): string =>
    wordsOf(text ?? '')
      .flatMap(piecesOf)
      .join(' ');
  const marks = [
    roleMark(line.role),
    ...(line.missed ? [missedMark] : []),
    ...(line.wrapup === null ? [] : [wrapupMark(line.wrapup)]),
    ...(line.code === null ? [] : [codeMark(line.code)]),
  ];
  return {
    peer: pieces(line.peer),
    queue: pieces(line.queue),
    code: pieces(line.codeName),
    notes: pieces(line.notes),
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

/** Terms that are all in one column, or anywhere. */
interface Clause {
  readonly column: keyof SearchTexts | null;
  readonly terms: readonly string[];
}

/** Of each group one clause must be true. */
type Asked = readonly (readonly Clause[])[];

const whole = (piece: string): string => `"${piece}"`;
/** What a word is asked for by. */
const termOf = (word: string): string =>
  Array.from(word).length < insideFrom ? whole(beginMark(word)) : `${whole(word)}*`;

const has = (word: string): Clause => ({ column: null, terms: [termOf(word)] });
const is = (mark: string): Clause => ({ column: 'marks', terms: [whole(mark)] });

function codeIs(text: string): readonly Clause[] {
  const words = wordsOf(text);
  const byId = is(codeMark(text));
  return words.length === 0 ? [byId] : [{ column: 'code', terms: words.map(termOf) }, byId];
}

function queueIs(text: string): readonly Clause[] {
  return [{ column: 'queue', terms: wordsOf(text).map(termOf) }];
}

/** What a query asks of the words and marks of a record; nothing when it asks for nothing that is in them. */
function askedOf(query: ReviewQuery): Asked {
  // Of words that are in each other the longest says all.
  const words = [...new Set(query.words.flatMap(wordsOf))];
  const longest = words.filter((word) => !words.some((other) => other !== word && isFoundBy(other, word)));
  return [
    ...longest.map((word) => [has(word)]),
    ...query.code.map(codeIs),
    ...query.queue.filter((text) => wordsOf(text).length > 0).map(queueIs),
    ...(query.role === null ? [] : [[is(roleMark(query.role))]]),
    ...(query.missed ? [[is(missedMark)]] : []),
    ...(query.wrapup === null ? [] : [[is(wrapupMark(query.wrapup))]]),
  ];
}

function clauseText({ column, terms }: Clause): string {
  const all = terms.join(' AND ');
  return column === null ? all : `${column} : (${all})`;
}

/** What the index is asked for; null when a query asks for nothing that is in it. */
export function matchOf(query: ReviewQuery): string | null {
  const groups = askedOf(query).map((clauses) => {
    const text = clauses.map(clauseText).join(' OR ');
    return clauses.length === 1 ? text : `(${text})`;
  });
  return groups.length === 0 ? null : groups.join(' AND ');
}
