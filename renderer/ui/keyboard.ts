import { createContext } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { defaultSettings } from '../../domain/settings.ts';
import { acceleratorAria, acceleratorWords } from '../../domain/accelerator.ts';
import {
  isPressed,
  keysOf,
  shortcutTable,
  type KeySettings,
  type ShortcutId,
} from '../../domain/shortcuts.ts';

/** On a Mac the command key does what Control does elsewhere. */
export const isMac = navigator.platform.startsWith('Mac');

let settings: KeySettings = defaultSettings;
let announce = (): void => undefined;
const track = createSubscriber((update) => {
  announce = update;
});

/** From now on these keys are in force on this page. */
export function setKeys(inForce: KeySettings): void {
  if (inForce.stopKey === settings.stopKey && inForce.shortcuts === settings.shortcuts) return;
  settings = inForce;
  announce();
}

/** How a shortcut is shown on its button (`hint`) and named for assistive technology; both empty where it has no key. */
interface ShownShortcut {
  readonly hint: string;
  readonly keys: string;
}

/** Reactive: a person may change the keys. */
export function shortcutOf(id: ShortcutId): ShownShortcut {
  track();
  const [keys] = keysOf(id, settings);
  return keys === undefined
    ? { hint: '', keys: '' }
    : { hint: acceleratorWords(keys, isMac), keys: acceleratorAria(keys, isMac) };
}

/** A name with its key behind it, where it has one: `Settings (Ctrl+,)`. */
export function withKeys(words: string, id: ShortcutId): string {
  const { hint } = shortcutOf(id);
  return hint === '' ? words : `${words} (${hint})`;
}

/** Something is written there, and a key that is a sign belongs to it. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=radio], [type=checkbox], [type=range]), textarea, select') !== null
  );
}

/** Whether this event is for that shortcut. Keys that would write sleep while something is written. */
export function isFor(id: ShortcutId, event: KeyboardEvent): boolean {
  if (event.isComposing || (!shortcutTable[id].whileTyping && isTyping(event.target))) return false;
  return isPressed(id, event, settings, isMac);
}

/** The stop key; switched off for all programs, its usual keys still work in our own window. */
export function isStopKey(event: KeyboardEvent): boolean {
  const inWindow = { ...settings, stopKey: settings.stopKey ?? defaultSettings.stopKey };
  return !event.isComposing && isPressed('stopSharing', event, inWindow, isMac);
}

/** Whether the stop key is known to work from any program. Only then is a button named by it. */
export const [getStopsEverywhere, setStopsEverywhere] = createContext<() => boolean>();

/** Whether the platform's command key, and not the other ones, is down. */
export function hasCommandKey(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

/** Somebody has written into the field they are in: taking them elsewhere would send the rest there. */
export function isWriting(): boolean {
  const { activeElement: field } = document;
  return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== '';
}

/** Where nothing has the focus yet, this may have it. */
export function focusIfFree(element: HTMLElement | null | undefined): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) element?.focus();
}
