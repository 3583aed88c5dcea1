import en from '../../assets/locales/en.json' with { type: 'json' };
import { compileMessage, type Message } from './compile-message.ts';

/**
 * The messages for tests and tools, compiled as they are used. A build puts its own module in the place of this one
 * (build/vite/messages.ts), with all of them compiled, and the compiler left out.
 */
export type MessageKey = keyof typeof en;

/** All messages of one language, as plain data: they can be handed to another thread. */
export interface Words {
  /** Those that are the same every time. */
  readonly texts: Readonly<Record<string, string>>;
  /** The others, as a module like this one can read them. */
  readonly elements: Readonly<Record<string, string>>;
}

export const english: Words = { texts: {}, elements: en };

/** Loaded when they are wanted; what one lacks is said in English. A build of a single file has none of them. */
export const translations: Readonly<Record<string, (() => Promise<Words>) | undefined>> = {
  de: async () => over(await import('../../assets/locales/de.json', { with: { type: 'json' } })),
  es: async () => over(await import('../../assets/locales/es.json', { with: { type: 'json' } })),
};

function over({ default: translation }: { readonly default: Readonly<Record<string, string>> }): Words {
  return { texts: {}, elements: { ...en, ...translation } };
}

const compiled = new WeakMap<Words, Map<MessageKey, Message>>();

export function messageOf(words: Words, key: MessageKey): Message {
  const known = compiled.get(words) ?? new Map<MessageKey, Message>();
  compiled.set(words, known);
  const message = known.get(key) ?? compileMessage(words.elements[key] ?? '');
  known.set(key, message);
  return message;
}
