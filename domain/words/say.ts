import { IntlMessageFormat } from 'intl-messageformat';
import en from '../../assets/locales/en.json' with { type: 'json' };
import { plainLine } from './plain-line.ts';

/**
 * Every text a person reads goes through here. English is the source (assets/locales/en.json); keys are
 * checked by the compiler, values are ICU MessageFormat.
 */
export type MessageKey = keyof typeof en;
export type Parameters = Record<string, string | number>;

/** What a screen reader must read them in; a date in a text may still be written in the person's own locale. */
export const wordsLanguage: LanguageId = 'en';

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const isIsolated = /^\u2068[^\u2066-\u2069]*\u2069$/;

/** From outside, in a line of ours: one line, and words of another direction turn nothing around them. */
export function isolated(text: string): string {
  const line = plainLine(text);
  return rightToLeft.test(line) && !isIsolated.test(line) ? `\u2068${line}\u2069` : line;
}

const formats = new Map<MessageKey, IntlMessageFormat>();

export function say(key: MessageKey, parameters?: Parameters): string {
  let format = formats.get(key);
  if (!format) {
    format = new IntlMessageFormat(en[key], wordsLanguage);
    formats.set(key, format);
  }
  return String(format.format(parameters && isolatedAll(parameters)));
}

/** Names and reasons come from outside: none of them may break or turn a line of ours. */
function isolatedAll(parameters: Parameters): Parameters {
  const lines = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? isolated(value) : value,
  ]);
  return Object.fromEntries(lines) as Parameters;
}

/** The languages there are words for (`assets/locales/<id>.json`), each by its own name. */
export const languages = { en: 'English' } as const;
export type LanguageId = keyof typeof languages;
export const languageIds = Object.keys(languages) as [LanguageId, ...LanguageId[]];

/** Clauses in one line: `Ana L. · Billing`; empty ones are left out. */
export function joinClauses(clauses: readonly string[]): string {
  const said = clauses.map(plainLine).filter((clause) => clause !== '');
  return (said.length > 1 ? said.map(isolated) : said).join(' · ');
}

/** `the call, the chat and the email`; empty for none. */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(`${wordsLanguage}-GB`, { type: 'conjunction' }).format(items);
}
