import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'node:path';
import { normalizePath, type Plugin } from 'vite';
import { compileMessage, type Message } from '../../domain/words/compile-message.ts';
import type { Words } from '../../domain/words/messages.ts';

/** Asked for by the module of the messages for each translation. */
const translationPrefix = 'translation-of-messages/';

/**
 * Puts the messages, compiled, in the place of `domain/words/messages.ts`, and leaves their compiler out. `split`: what is
 * built may be several files, and loads a translation when it is wanted; else it has English alone.
 */
export function compiledMessages(root: string, { split = false } = {}): Plugin {
  const source = normalizePath(`${root}/domain/words/messages.ts`);
  const folder = `${root}/assets/locales`;
  const fileOf = (language: string): string => `${folder}/${language}.json`;
  const read = (language: string): Record<string, Message> =>
    compileAll(JSON.parse(readFileSync(fileOf(language), 'utf8')) as Record<string, string>, language);
  return {
    name: 'compiled-messages',
    config: () => ({
      resolve: {
        alias: [
          // The formatter imports the whole of it, for messages that come as text.
          {
            find: /^@formatjs\/icu-messageformat-parser$/,
            replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
          },
        ],
      },
    }),
    resolveId: (id) => (id.startsWith(translationPrefix) ? `\0${id}` : undefined),
    load(id) {
      if (id === source) {
        this.addWatchFile(fileOf('en'));
        const others = readdirSync(folder)
          .map((file) => parse(file).name)
          .filter((name) => name !== 'en');
        return moduleOf(read('en'), split ? others : []);
      }
      if (!id.startsWith(`\0${translationPrefix}`)) return undefined;
      const language = id.slice(translationPrefix.length + 1);
      this.addWatchFile(fileOf(language));
      // What is missing is said in English: one file has all that is needed.
      return `export default JSON.parse(${literal(wordsOf({ ...read('en'), ...read(language) }))});`;
    },
  };
}

/** @throws Error that names the message that is none, and why */
export function compileAll(
  messages: Readonly<Record<string, string>>,
  language = 'en',
): Record<string, Message> {
  const compiled = Object.entries(messages).map(([key, text]) => {
    try {
      return [key, compileMessage(text)] as const;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`assets/locales/${language}.json: "${key}" is no ICU message (${reason}): ${text}`, {
        cause: error,
      });
    }
  });
  return Object.fromEntries(compiled);
}

function wordsOf(messages: Readonly<Record<string, Message>>): Words {
  const texts: Record<string, string> = {};
  const elements: Record<string, string> = {};
  for (const [key, message] of Object.entries(messages)) {
    if (typeof message === 'string') texts[key] = message;
    else elements[key] = asciiJson(message);
  }
  return { texts, elements };
}

/**
 * JSON is read several times faster than the same as a literal, and few of the messages that have elements are ever
 * said: they are read one by one. English is read when it is first spoken.
 */
function moduleOf(english: Readonly<Record<string, Message>>, others: readonly string[]): string {
  const { texts, elements } = wordsOf(english);
  const loads = others.map(
    (language) =>
      `${language}: () => import('${translationPrefix}${language}').then(({ default: words }) => words)`,
  );
  return `
    let texts;
    export const english = {
      get texts() { return texts ??= JSON.parse(${literal(texts)}); },
      elements: ${JSON.stringify(elements)},
    };
    export const translations = { ${loads.join(', ')} };
    const read = new WeakMap();
    export function messageOf(words, key) {
      const text = words.texts[key];
      if (text !== undefined) return text;
      const known = read.get(words) ?? {};
      read.set(words, known);
      return known[key] ??= JSON.parse(words.elements[key]);
    }
  `;
}

/** A string of JSON. A script with nothing outside Latin-1 takes half the memory: the rest is escaped. */
function literal(value: unknown): string {
  return JSON.stringify(asciiJson(value));
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
