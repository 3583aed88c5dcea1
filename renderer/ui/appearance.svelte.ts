import { MediaQuery } from 'svelte/reactivity';
import type { Appearance } from '../../domain/state.ts';
import { wordsLanguage } from '../../domain/words/say.ts';

/** Dresses the page in the person's theme and language, and keeps it so. Called once, by a page's root. */
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
  // Of the words: in the person's locale only numbers and times are written.
  document.documentElement.lang = wordsLanguage;
}
