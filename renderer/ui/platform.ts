import { say } from '../../domain/words/say.ts';

/** On a Mac the command key does what Control does elsewhere. */
const isMac = navigator.platform.startsWith('Mac');

/** How a shortcut is drawn on its button and named for assistive technology. */
export const shortcuts = {
  answer: { hint: say('ui.key.enter'), keys: 'Enter' },
  submit: isMac
    ? { hint: say('ui.key.submit.mac'), keys: 'Meta+Enter' }
    : { hint: say('ui.key.submit'), keys: 'Control+Enter' },
  stop: isMac
    ? { hint: say('ui.key.stop.mac'), keys: 'Meta+Shift+S' }
    : { hint: say('ui.key.stop'), keys: 'Control+Shift+S' },
  favourite: { hint: '', keys: isMac ? 'Meta+D' : 'Control+D' },
} as const;

/** Whether the platform's command key, and not the other ones, is down. */
export function hasCommandKey(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}
