import { defaultStopKey, isAccelerator, namesOf, type KeyPress } from './accelerator.ts';

/**
 * The one table of everything a key does. Windows listen by it, `?` and the settings show it, and a person changes it.
 * Keys are written as Electron writes accelerators: `CommandOrControl+Shift+R`.
 */

/** Where a key works; one that works anywhere is taken from all other programs. */
export type ShortcutPlace = 'anywhere' | 'everyWindow' | 'widget' | 'review';

interface Shortcut {
  readonly place: ShortcutPlace;
  /** Until a person changes them; the first is the one that is named. */
  readonly keys: readonly string[];
  /** Also while something is written into a field: so it must be no key that writes. */
  readonly whileTyping: boolean;
}

const inWindow = (place: ShortcutPlace, ...keys: string[]): Shortcut => ({ place, keys, whileTyping: true });
const asleep = (place: ShortcutPlace, ...keys: string[]): Shortcut => ({ place, keys, whileTyping: false });

export const shortcutTable = {
  stopSharing: inWindow('anywhere', defaultStopKey),
  showWidget: inWindow('anywhere'),
  answerAnywhere: inWindow('anywhere'),
  declineAnywhere: inWindow('anywhere'),
  help: asleep('everyWindow', '?'),
  larger: inWindow('everyWindow', 'CommandOrControl+Plus'),
  smaller: inWindow('everyWindow', 'CommandOrControl+-'),
  normalSize: inWindow('everyWindow', 'CommandOrControl+0'),
  settings: inWindow('everyWindow', 'CommandOrControl+,'),
  review: inWindow('everyWindow', 'CommandOrControl+Shift+R'),
  answer: asleep('widget', 'Enter'),
  submit: inWindow('widget', 'CommandOrControl+Enter'),
  undo: asleep('widget', 'Z'),
  favourite: inWindow('widget', 'CommandOrControl+D'),
  pill: inWindow('widget', 'CommandOrControl+Shift+P'),
  search: inWindow('review', 'CommandOrControl+F'),
  searchAlso: asleep('review', '/'),
  panes: inWindow('review', 'F6'),
  back: asleep('review', 'Escape'),
  previous: inWindow('review', 'Alt+Up'),
  next: inWindow('review', 'Alt+Down'),
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcutTable;
export const shortcutIds = Object.keys(shortcutTable) as ShortcutId[];

/** What a person changed; null: no key does it. The stop key is a setting of its own, which a policy can set. */
export type ChangedShortcuts = Readonly<Partial<Record<ChangeableId, string | null>>>;
export type ChangeableId = Exclude<ShortcutId, 'stopSharing'>;
export const changeableIds = shortcutIds.filter((id): id is ChangeableId => id !== 'stopSharing');

/** What of the settings says which keys do what. */
export interface KeySettings {
  readonly stopKey: string | null;
  readonly shortcuts: ChangedShortcuts;
}

function only(keys: string | null): readonly string[] {
  return keys === null ? [] : [keys];
}

/** The keys in force. */
export function keysOf(id: ShortcutId, settings: KeySettings): readonly string[] {
  if (id === 'stopSharing') return only(settings.stopKey);
  const changed = settings.shortcuts[id];
  return changed === undefined ? shortcutTable[id].keys : only(changed);
}

/** Those a person has not changed have what we gave them. */
export function isChanged(id: ShortcutId, settings: KeySettings): boolean {
  return keysOf(id, settings).join() !== shortcutTable[id].keys.join();
}

/** Whether this is what was pressed. */
export function isPressed(id: ShortcutId, press: KeyPress, settings: KeySettings, isMac: boolean): boolean {
  const names = namesOf(press, isMac);
  return keysOf(id, settings).some((keys) => names.includes(keys));
}

function meet(one: ShortcutPlace, other: ShortcutPlace): boolean {
  const wide: readonly ShortcutPlace[] = ['anywhere', 'everyWindow'];
  return one === other || wide.includes(one) || wide.includes(other);
}

/** What these keys do already where they would also do this; null when they are free. */
export function conflictOf(id: ShortcutId, keys: string, settings: KeySettings): ShortcutId | null {
  const { place } = shortcutTable[id];
  const taken = shortcutIds.find(
    (other) =>
      other !== id && meet(shortcutTable[other].place, place) && keysOf(other, settings).includes(keys),
  );
  return taken ?? null;
}

/** Keys with which every program edits text, and those with which desktops end or change windows. */
const reserved =
  /^(CommandOrControl\+(Shift\+)?([ACVXYZQWM]|Left|Right|Up|Down|Home|End|Backspace|Delete)|Alt\+(F4|Left|Right|Space))$/;
const withCommandOrAlt = /^(CommandOrControl\+(Alt\+)?|Alt\+)(Shift\+)?\S+$/;
const functionKey = /^(Shift\+)?F\d+$/;
/** These write, or do what a button does, in whatever has the focus. */
const plain = /^(Enter|Escape|Plus|[A-Z]|[^\w\s])$/;
/** One of our own digits picks a code. */
const known =
  /^(CommandOrControl\+)?(Alt\+)?(Shift\+)?([A-Z0-9]|F(?:[1-9]|1\d|2[0-4])|Plus|Enter|Escape|Space|Up|Down|Left|Right|Home|End|PageUp|PageDown|Backspace|Delete|[^\w\s])$/;

/** Whether these keys can do this: nobody loses a key they write with, or one that every program has. */
export function areKeysFor(id: ShortcutId, keys: string): boolean {
  const { place, whileTyping } = shortcutTable[id];
  if (place === 'anywhere') return isAccelerator(keys);
  if (!known.test(keys) || reserved.test(keys)) return false;
  return withCommandOrAlt.test(keys) || functionKey.test(keys) || (!whileTyping && plain.test(keys));
}
