import { formatToParts, type Formats, type Formatters } from 'intl-messageformat';
import { english, messageOf, translations, type MessageKey, type Words } from './messages.ts';
import { plainLine } from './plain-line.ts';

/**
 * Every text a person reads goes through here. English is the source (assets/locales/en.json); keys are
 * checked by the compiler, values are ICU MessageFormat.
 */
export type { MessageKey };
export type Parameters = Record<string, string | number>;

/** The languages there are words for (`assets/locales/<id>.json`), each by its own name. */
export const languages = { en: 'English', de: 'Deutsch', es: 'Español' } as const;
export type LanguageId = keyof typeof languages;
export const languageIds = Object.keys(languages) as [LanguageId, ...LanguageId[]];

/** One of each for all messages, made when the first of them needs it: that loads the data of a locale. */
interface Made {
  number?: Intl.NumberFormat;
  cardinal?: Intl.PluralRules;
  ordinal?: Intl.PluralRules;
}

/** What is spoken, and its words: what another thread needs to speak the same. */
export interface Spoken {
  readonly language: LanguageId;
  readonly words: Words;
}

let spoken: Spoken & { readonly made: Made } = { language: 'en', words: english, made: {} };
/** Of the latest wish: one that was overtaken while its words were loaded changes nothing any more. */
let wanted: LanguageId = 'en';
const listeners = new Set<() => void>();
let onRead: () => unknown = () => undefined;

/** Everything that is said from now on is said in this language. */
export function speak(next: Spoken): void {
  wanted = next.language;
  if (next.language === spoken.language) return;
  spoken = { ...next, made: {} };
  for (const listener of listeners) listener();
}

/** Loads the words of a language and speaks it. @throws when they cannot be loaded; what was spoken stays */
export async function speakIn(language: LanguageId): Promise<void> {
  wanted = language;
  if (language === spoken.language) return;
  const words = language === 'en' ? english : await translations[language]?.();
  if (words && wanted === language) speak({ language, words });
}

export function spokenNow(): Spoken {
  const { language, words } = spoken;
  return { language, words };
}

/** What a screen reader must read the words in; a date in a text may still be written in the person's own locale. */
export function wordsLanguage(): LanguageId {
  onRead();
  return spoken.language;
}

/** Calls back after each change of the language. Returns how to stop. */
export function followLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Calls back whenever something is said: a page that draws by signals then knows what depends on the language. */
export function noteReads(note: () => unknown): void {
  onRead = note;
}

/** What `work` says is English, whatever is spoken: for tables that machines read. It must not wait for anything. */
export function inEnglish<Value>(work: () => Value): Value {
  const before = spoken;
  if (before.language !== 'en') spoken = { language: 'en', words: english, made: {} };
  try {
    return work();
  } finally {
    spoken = before;
  }
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const isIsolated = /^\u2068[^\u2066-\u2069]*\u2069$/;

/** From outside, in a line of ours: one line, and words of another direction turn nothing around them. */
export function isolated(text: string): string {
  const line = plainLine(text);
  return rightToLeft.test(line) && !isIsolated.test(line) ? `\u2068${line}\u2069` : line;
}

const formatters: Formatters = {
  getNumberFormat: () => (spoken.made.number ??= new Intl.NumberFormat(spoken.language)),
  getPluralRules: (_locale, options) =>
    (spoken.made[options?.type ?? 'cardinal'] ??= new Intl.PluralRules(spoken.language, options)),
  getDateTimeFormat: () => {
    throw new Error('Messages take times as words: written-time.ts and time-words.ts write them.');
  },
};
const noFormats: Formats = { number: {}, date: {}, time: {} };

export function say(key: MessageKey, parameters?: Parameters): string {
  onRead();
  const message = messageOf(spoken.words, key);
  if (typeof message === 'string') return message;
  const values = parameters && isolatedAll(parameters);
  return formatToParts<string>(message, spoken.language, formatters, noFormats, values, undefined, key)
    .map(({ value }) => value)
    .join('');
}

/** Names and reasons come from outside: none of them may break or turn a line of ours. */
function isolatedAll(parameters: Parameters): Parameters {
  const lines = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? isolated(value) : value,
  ]);
  return Object.fromEntries(lines) as Parameters;
}

/** Clauses in one line: `Ana L. · Billing`; empty ones are left out. */
export function joinClauses(clauses: readonly string[]): string {
  const said = clauses.map(plainLine).filter((clause) => clause !== '');
  return (said.length > 1 ? said.map(isolated) : said).join(' · ');
}

/** British: without a comma before `and`. */
const listLocales: Readonly<Record<LanguageId, string>> = { en: 'en-GB', de: 'de', es: 'es' };

/** `the call, the chat and the email`; empty for none. */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(listLocales[wordsLanguage()], { type: 'conjunction' }).format(items);
}
