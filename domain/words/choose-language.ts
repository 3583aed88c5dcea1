import type { Settings } from '../settings.ts';
import { languages, type LanguageId } from './say.ts';

/** Whose speakers read one of ours rather than English, as Unicode's language matching has it. */
const near: Readonly<Record<string, LanguageId>> = {
  ...{ gsw: 'de', lb: 'de', nds: 'de', ksh: 'de', bar: 'de' },
  ...{ ast: 'es', ca: 'es', eu: 'es', gl: 'es', gn: 'es', qu: 'es' },
};

/** `de` of `de-AT`, `de_CH.UTF-8` and `DE`; empty for what names no language, such as `C`. */
function languageOf(tag: string): string {
  return /^[a-z]{2,3}(?=$|[-_.@])/.exec(tag.toLowerCase())?.[0] ?? '';
}

/**
 * The language to speak: the chosen one, or the first of those the person reads that there are words for. Any region of a
 * language is better than the next language, and English is what everybody gets for whom there is none.
 * @param preferred as systems name them, the best first: `de-AT`, `de_AT.UTF-8`
 */
export function chooseLanguage(chosen: Settings['language'], preferred: readonly string[]): LanguageId {
  if (chosen !== 'system') return chosen;
  const read = preferred.map(languageOf);
  const ours = read.find((each): each is LanguageId => Object.hasOwn(languages, each));
  // Who reads one of ours as well has said so.
  return ours ?? near[read.find((each) => Object.hasOwn(near, each)) ?? ''] ?? 'en';
}
