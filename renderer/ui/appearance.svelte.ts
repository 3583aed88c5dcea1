import { MediaQuery } from 'svelte/reactivity';
import type { Appearance } from '../../domain/state.ts';
import { wordsLanguage } from '../../domain/words/say.ts';

/** Sets the person's theme and language on the page, and follows their changes. Called once, by `Page.svelte`. */
export function followAppearance(appearance: () => Appearance | undefined): void {
  const moreContrast = new MediaQuery('(prefers-contrast: more)');
  const theme = $derived(appearance()?.theme ?? 'system');
  const contrast = $derived(theme === 'contrast' || moreContrast.current);

  $effect(() => {
    document.documentElement.dataset['theme'] = theme;
  });
  $effect(() => {
    document.documentElement.toggleAttribute('data-contrast', contrast);
  });
  // The language of the words; only numbers and times are in the person's locale.
  document.documentElement.lang = wordsLanguage;
}
