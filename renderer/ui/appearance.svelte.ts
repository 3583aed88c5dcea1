import { MediaQuery } from 'svelte/reactivity';
import type { Appearance } from '../../domain/state.ts';
import {
  followLanguage,
  noteReads,
  say,
  speakIn,
  wordsLanguage,
  type MessageKey,
} from '../../domain/words/say.ts';

/** Counts changes of the language: whatever said something is drawn again when it changes. */
let spoken = $state(0);
noteReads(() => spoken);
followLanguage(() => {
  spoken += 1;
});

/** Sets the person's theme and language on the page, and follows their changes. Called once, by `Page.svelte`. */
export function followAppearance(title: MessageKey, appearance: () => Appearance | undefined): void {
  const moreContrast = new MediaQuery('(prefers-contrast: more)');
  const theme = $derived(appearance()?.theme ?? 'system');
  const contrast = $derived(theme === 'contrast' || moreContrast.current);
  const language = $derived(appearance()?.language);

  $effect(() => {
    document.documentElement.dataset['theme'] = theme;
  });
  $effect(() => {
    document.documentElement.toggleAttribute('data-contrast', contrast);
  });
  $effect(() => {
    if (language) void speakIn(language);
  });
  $effect(() => {
    // The language of the words; only numbers and times are in the person's locale.
    document.documentElement.lang = wordsLanguage();
    document.title = say(title);
  });
}
