import type { RecordWrapupState } from '../../../domain/record.ts';
import type { Role } from '../../../domain/fold/communication.ts';
import type { Listing } from '../../../domain/review/listing.ts';
import type { ReviewQuery } from '../../../domain/review/query.ts';
import { foldedWords } from '../../../domain/words/fold.ts';
import type { Database } from '../database.ts';

/**
 * The index of words. What is filtered by is in it as words too, each with a sign in front that no word of a
 * text has: then the index alone answers "missed, Billing, resolved", however rare any of them is.
 */

/** From a private-use area: neither a letter nor a digit, so `foldedWords` never lets it through. */
const sign = '\ue000';
const roleMark = (role: Role): string => `${sign}r${role}`;
const missedMark = `${sign}m`;
const wrapupMark = (state: RecordWrapupState): string => `${sign}w${state}`;
/** An id is one word, whatever is in it. */
const codeMark = (code: string): string => `${sign}c${Buffer.from(code).toString('hex')}`;

/** Longer ones, of letters as people write them, do not exist. In characters. */
const longestWord = 64;
const wordsOf = (text: string): string[] => foldedWords(text).map((word) => word.slice(0, longestWord));

export interface SearchTexts {
  readonly peer: string;
  readonly queue: string;
  readonly code: string;
  readonly notes: string;
  readonly marks: string;
}

export function searchTexts(line: Listing): SearchTexts {
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

export function addToSearch(database: Database, id: number, texts: SearchTexts): void {
  database.run(
    'INSERT INTO listing_search (rowid, peer, queue, code, notes, marks) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    texts.peer,
    texts.queue,
    texts.code,
    texts.notes,
    texts.marks,
  );
}

export function removeFromSearch(database: Database, id: number): void {
  database.run('DELETE FROM listing_search WHERE rowid = ?', id);
}

const begins = (word: string): string => `"${word}"*`;
const is = (mark: string): string => `"${mark}"`;
const all = (terms: readonly string[]): string => terms.join(' AND ');

function codeIs(text: string): string {
  const words = wordsOf(text).map(begins);
  const byId = is(codeMark(text));
  return words.length === 0 ? byId : `(code : (${all(words)}) OR ${byId})`;
}

function queueIs(text: string): string | null {
  const words = wordsOf(text).map(begins);
  return words.length === 0 ? null : `queue : (${all(words)})`;
}

/** What the index is asked for; null when a query asks for nothing that is in it. */
export function matchOf(query: ReviewQuery): string | null {
  // Of words that begin each other the longest says all.
  const words = [...new Set(query.words.flatMap(wordsOf))];
  const telling = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
  const terms = [
    ...telling.map(begins),
    ...query.code.map(codeIs),
    ...query.queue.map(queueIs).filter((term) => term !== null),
    ...(query.role === null ? [] : [is(roleMark(query.role))]),
    ...(query.missed ? [is(missedMark)] : []),
    ...(query.wrapup === null ? [] : [is(wrapupMark(query.wrapup))]),
  ];
  return terms.length === 0 ? null : all(terms);
}
