import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { readableColumns } from '../../../domain/review/readable-columns.ts';
import { chooseLanguage } from '../../../domain/words/choose-language.ts';
import { compileMessage } from '../../../domain/words/compile-message.ts';
import { translations } from '../../../domain/words/messages.ts';
import {
  inEnglish,
  languageIds,
  languages,
  listed,
  say,
  speakIn,
  spokenNow,
  wordsLanguage,
  type LanguageId,
} from '../../../domain/words/say.ts';

afterEach(() => speakIn('en'));

type Texts = Readonly<Record<string, string>>;
const textsOf = (language: string): Texts =>
  JSON.parse(readFileSync(path.join(ROOT, 'assets/locales', `${language}.json`), 'utf8')) as Texts;
const english = textsOf('en');
const translated = languageIds.filter((language) => language !== 'en');

/** Kinds of message elements (`TYPE` of the ICU parser). */
const literal = 0;
const select = 5;
const plural = 6;

interface Asked {
  /** `name`, `name:plural`, `name:select:yes,other`: what a translation must ask for as well. */
  readonly what: Set<string>;
  /** Categories of plurals, beside exact numbers. */
  readonly plurals: { readonly name: string; readonly categories: readonly string[] }[];
}

function asked(text: string): Asked {
  const found: Asked = { what: new Set(), plurals: [] };
  const visit = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      const type: number = element.type;
      if (!('value' in element) || type === literal) continue;
      const options = 'options' in element ? Object.entries(element.options) : [];
      const categories = options
        .map(([category]) => category)
        .filter((category) => !category.startsWith('='));
      const kind =
        type === select ? `:select:${categories.toSorted().join()}` : type === plural ? ':number' : '';
      found.what.add(`${element.value}${kind}`);
      if (type === plural) found.plurals.push({ name: element.value, categories });
      for (const [, { value }] of options) visit(value);
    }
  };
  const message = compileMessage(text);
  if (typeof message !== 'string') visit(message);
  return found;
}

/** Words a language shares with English, and names. */
const shared: Readonly<Record<string, readonly string[]>> = {
  de: [
    ...['Sharelight', 'Genesys Cloud', 'In Genesys', 'X11', 'Live', 'Offline', 'Tab', 'System', 'Demo'],
    ...[
      'optional',
      'Optional',
      'Passphrase',
      'Details',
      'Name',
      'Text',
      'Region',
      'Server',
      'Export',
      'Format',
    ],
    ...['Version', 'Segment', 'Segment {number}', 'Code', 'Code: {name}', 'Agent', 'Zoom'],
  ],
  es: [
    ...[
      'Sharelight',
      'Genesys Cloud',
      'X11',
      'Tab',
      'Demo',
      'Error',
      'error',
      'spam',
      'Zoom',
      'No',
      'Total',
      'Ctrl',
    ],
  ],
};
/** Signs, units and what is put in: the same in many languages. */
const isWordless = (text: string): boolean =>
  !/\p{L}{2}/u.test(text.replaceAll(/\w+, plural,|\{\w+\}|\b(?:one|other|min)\b/g, ''));

describe.each(translated)('the translation into %s', (language) => {
  const texts = textsOf(language);

  it('has every message, and no other', () => {
    expect(Object.keys(texts).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  it('asks for the same values, and has the plurals of its language', () => {
    const ofLanguage = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const problems = Object.entries(texts).flatMap(([key, text]) => {
      const [ours, theirs] = [asked(text), asked(english[key] ?? '')];
      const unlike = [...ours.what, ...theirs.what].filter(
        (each) => !ours.what.has(each) || !theirs.what.has(each),
      );
      const wrong = ours.plurals.flatMap(({ name, categories }) => {
        const unknown = categories.filter((each) => !ofLanguage.includes(each as Intl.LDMLPluralRule));
        // Of a number that is one in English there must be one here, unless both say the same.
        const inEnglish = theirs.plurals.find((each) => each.name === name)?.categories ?? [];
        const lacking = ['one', 'other'].filter(
          (each) => inEnglish.includes(each) && !categories.includes(each),
        );
        return [
          ...unknown.map((each) => `${name} ${each}?`),
          ...lacking.map((each) => `${name} lacks ${each}`),
        ];
      });
      return unlike.length + wrong.length === 0 ? [] : [`${key}: ${[...unlike, ...wrong].join('; ')}`];
    });
    expect(problems).toEqual([]);
  });

  it('begins and ends like the English, with its own quotes, and leaves no word in English by accident', () => {
    const problems = Object.entries(texts).flatMap(([key, text]) => {
      const from = english[key] ?? '';
      const found = [
        /^\s/.test(text) !== /^\s/.test(from) || /\s$/.test(text) !== /\s$/.test(from) ? 'space' : '',
        /\.$/.test(from) && !/[.}]$/.test(text) ? 'full stop' : '',
        from.endsWith('…') && !text.endsWith('…') ? 'ellipsis' : '',
        /[“”]/.test(text.replaceAll(/„[^“„]*“/g, '')) ? 'quotes' : '',
        text.includes('  ') ? 'two spaces' : '',
        text === from && !isWordless(text) && !shared[language]?.includes(text)
          ? `“${text}” as in English`
          : '',
      ].filter((each) => each !== '');
      return found.length === 0 ? [] : [`${key}: ${found.join(', ')}`];
    });
    expect(problems).toEqual([]);
  });

  it('is spoken everywhere from then on, until another one is', async () => {
    const loaded = await translations[language]?.();
    expect(Object.keys({ ...loaded?.texts, ...loaded?.elements })).toHaveLength(Object.keys(english).length);
    await speakIn(language);
    expect(wordsLanguage()).toBe(language);
    expect(say('tray.quit')).toBe(texts['tray.quit']);
    expect(say('prompt.notesLength', { count: 12_345, limit: 20_000 })).toMatch(/12\.345 .+ 20\.000/);
    expect(structuredClone(spokenNow())).toEqual(spokenNow());
  });
});

it('the languages are those there are files for, and loads', () => {
  const files = readdirSync(path.join(ROOT, 'assets/locales')).map((file) => path.parse(file).name);
  expect(files.toSorted()).toEqual(Object.keys(languages).toSorted());
  expect(Object.keys(translations).toSorted()).toEqual(translated.toSorted());
});

it('the last wish counts, in whatever order words are loaded', async () => {
  await Promise.all([speakIn('de'), speakIn('es'), speakIn('en')]);
  expect(wordsLanguage()).toBe('en');
  await Promise.all([speakIn('es'), speakIn('de')]);
  expect(wordsLanguage()).toBe('de');
});

it('lists are joined as the language does it', async () => {
  const all: Partial<Record<LanguageId, string>> = {};
  for (const language of languageIds) {
    await speakIn(language);
    all[language] = listed(['A', 'B', 'C']);
  }
  expect(all).toEqual({ en: 'A, B and C', de: 'A, B und C', es: 'A, B y C' });
});

it('exported tables are English, whatever is spoken', async () => {
  await speakIn('de');
  expect(inEnglish(() => say('prompt.code'))).toBe('Wrap-up code');
  expect(say('prompt.code')).toBe('Abschlusscode');
  expect(readableColumns.map(({ heading }) => heading)).toContain('Wrap-up code');
});

it.each<[chosen: 'system' | LanguageId, preferred: string[], language: LanguageId]>([
  ['system', ['de-AT', 'en'], 'de'],
  ['system', ['de_CH.UTF-8', 'C'], 'de'],
  ['system', ['es-419'], 'es'],
  ['system', ['es_MX@euro', 'en_US'], 'es'],
  ['system', ['ES'], 'es'],
  ['system', ['fr-CA', 'de', 'en'], 'de'],
  ['system', ['', 'de'], 'de'],
  // Who reads English as well reads it rather than a language near to their own.
  ['system', ['gsw-CH'], 'de'],
  ['system', ['ca', 'es', 'en'], 'es'],
  ['system', ['ca', 'en'], 'en'],
  ['system', ['ca-ES.UTF-8', 'C'], 'es'],
  ['system', ['ja', 'pt-BR'], 'en'],
  ['system', ['C'], 'en'],
  ['system', ['POSIX', 'c.utf8'], 'en'],
  ['system', ['desktop', 'essential'], 'en'],
  ['system', ['__proto__', 'constructor'], 'en'],
  ['system', [], 'en'],
  ['es', ['de'], 'es'],
  ['en', ['de'], 'en'],
])('chosen %s, on a system of %j: %s', (chosen, preferred, language) => {
  expect(chooseLanguage(chosen, preferred)).toBe(language);
});
