import { type ClockName, type Clocks, epoch } from '../clocks/time.ts';
import { dateAndTime, roughDuration } from '../words/time-words.ts';
import { say } from '../words/say.ts';
import { clockWords } from './clock-words.ts';
import { unreachable } from '../toolbox/result.ts';

/** One field: its name, what it says in words, and the value as sent where the words are not it. */
export interface FieldLine {
  /** As on the wire (`afterCallWork.startTime`), or in words where it is ours. */
  readonly name: string;
  readonly words: string;
  /** The value as sent; null where the words are it, or nothing was sent. */
  readonly sent: string | null;
  /** By which clock, and how far that is off; '' where it is no time. */
  readonly clock: string;
  readonly absent: boolean;
}

export interface FieldSection {
  readonly title: string;
  readonly lines: readonly FieldLine[];
}

/** What turning a value into words needs. */
export interface FieldReader {
  readonly clocks: Clocks | undefined;
  readonly locale: string;
}

/** How a value is to be read. */
export type FieldKind =
  | { readonly as: 'plain' }
  | { readonly as: 'time'; readonly clock: ClockName }
  | { readonly as: 'length'; readonly unitMs: number }
  /** A word of a list, to which a newer server may add. */
  | { readonly as: 'word'; readonly words: (value: string) => string };

export const plain: FieldKind = { as: 'plain' };
export const time = (clock: ClockName): FieldKind => ({ as: 'time', clock });

/** The value as it was sent: text as it is, everything else as JSON. */
function asSent(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function plainWords(value: unknown): string {
  if (typeof value === 'boolean') return say(value ? 'review.field.yes' : 'review.field.no');
  if (value === '' || (Array.isArray(value) && value.length === 0)) return say('review.field.empty');
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
  return asSent(value);
}

function wordsOf(value: unknown, kind: FieldKind, locale: string): string {
  switch (kind.as) {
    case 'time': {
      const ms = typeof value === 'string' ? epoch(value) : null;
      return ms === null ? say('review.field.noTime', { sent: asSent(value) }) : dateAndTime(ms, locale);
    }
    case 'length':
      return typeof value === 'number' ? roughDuration(value * kind.unitMs) : plainWords(value);
    case 'word':
      return typeof value === 'string' ? kind.words(value) : plainWords(value);
    case 'plain':
      return plainWords(value);
    default:
      return unreachable(kind);
  }
}

export function fieldLine(name: string, value: unknown, kind: FieldKind, reader: FieldReader): FieldLine {
  const clock = kind.as === 'time' ? clockWords(kind.clock, reader.clocks, reader.locale) : '';
  if (value === null || value === undefined) {
    return { name, words: say('review.field.absent'), sent: null, clock: '', absent: true };
  }
  const words = wordsOf(value, kind, reader.locale);
  const sent = asSent(value);
  return { name, words, sent: sent === words ? null : sent, clock, absent: false };
}

/**
 * Every field of an object: those we know, in their order, sent or not; then what else was sent, by name.
 *
 * @param prefix put before each name
 */
export function fieldLines(
  holder: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, FieldKind>>,
  reader: FieldReader,
  prefix = '',
): FieldLine[] {
  const names = Object.keys(known);
  const others = Object.keys(holder)
    .filter((name) => !Object.hasOwn(known, name))
    .sort();
  return [...names, ...others].map((name) =>
    fieldLine(`${prefix}${name}`, holder[name], known[name] ?? plain, reader),
  );
}
