import { createContext } from 'svelte';
import { acceleratorAria, acceleratorWords } from '../../domain/shortcut.ts';
import { say } from '../../domain/words/say.ts';

/** On a Mac the command key does what Control does elsewhere. */
export const isMac = navigator.platform.startsWith('Mac');

/** How a shortcut is shown on its button and named for assistive technology. */
export const shortcuts = {
  answer: { hint: say('ui.key.enter'), keys: 'Enter' },
  submit: isMac
    ? { hint: say('ui.key.submit.mac'), keys: 'Meta+Enter' }
    : { hint: say('ui.key.submit'), keys: 'Control+Enter' },
  settings: isMac
    ? { hint: say('ui.key.settings.mac'), keys: 'Meta+,' }
    : { hint: say('ui.key.settings'), keys: 'Control+,' },
  review: isMac
    ? { hint: say('ui.key.review.mac'), keys: 'Meta+Shift+R' }
    : { hint: say('ui.key.review'), keys: 'Control+Shift+R' },
  favourite: isMac
    ? { hint: say('ui.key.favourite.mac'), spoken: say('ui.key.favourite.spoken.mac'), keys: 'Meta+D' }
    : { hint: say('ui.key.favourite'), spoken: say('ui.key.favourite.spoken'), keys: 'Control+D' },
} as const;

/** The same for keys a person chose: short, as there is little room on a button. */
export function shortcutOf(accelerator: string): { readonly hint: string; readonly keys: string } {
  const words = acceleratorWords(accelerator, isMac);
  return { hint: words.replace('+Shift+', '⇧'), keys: acceleratorAria(accelerator, isMac) };
}

/** Whether the platform's command key, and not the other ones, is down. */
export function hasCommandKey(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

/** The keys that stop sharing inside the widget, for any component below it. */
interface StopKey {
  /** An accelerator. */
  readonly keys: string;
  /** They are known to work from any program. Only then is a button named by them. */
  readonly everywhere: boolean;
}
export const [getStopKey, setStopKey] = createContext<() => StopKey>();
