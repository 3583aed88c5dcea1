import { isKnown } from './model/values.ts';
import { say } from './words/say.ts';

/**
 * Keys that work from any program, as Electron names them: `CommandOrControl+Shift+S`. While it is held, no
 * other program gets it, so a letter or digit needs two of Control, Alt and Shift: nobody loses Copy.
 */
const form = /^(CommandOrControl\+)?(Alt\+)?(Shift\+)?([A-Z0-9]|F(?:[1-9]|1\d|2[0-4]))$/;

/** Linux changes to another console with these, whatever a program has registered; the last closes a window everywhere. */
const takenBySystem = /^(CommandOrControl\+Alt\+(Shift\+)?F(?:[1-9]|1[0-2])|Alt\+F4)$/;

/**
 * Three modifiers and a digit: no browser, office suite, editor, chat or desktop that is common uses it, and no
 * keyboard layout makes a character of it (on Windows, Ctrl+Alt stands for AltGr).
 */
export const defaultStopKey = 'CommandOrControl+Alt+Shift+9';

interface Keys {
  readonly command: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** `S`, `7`, `F9`. */
  readonly key: string;
}

function read(accelerator: string): Keys | null {
  const [whole, command, alt, shift, key] = form.exec(accelerator) ?? [];
  if (whole === undefined || key === undefined || takenBySystem.test(whole)) return null;
  const keys = { command: command !== undefined, alt: alt !== undefined, shift: shift !== undefined, key };
  const held = [keys.command, keys.alt, keys.shift].filter(Boolean).length;
  return held >= 2 || key.length > 1 ? keys : null;
}

export function isAccelerator(text: string): boolean {
  return read(text) !== null;
}

/** The parts of a `KeyboardEvent` that say what was pressed. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** The letter on the key, wherever the layout has it; Shift and Alt turn digits and letters into others. */
function keyOf({ key, code }: KeyPress): string {
  if (/^([a-z]|F\d+)$/i.test(key)) return key.toUpperCase();
  return /^(?:Key|Digit)(\w)$/.exec(code)?.[1] ?? '';
}

/** Keys by what they are called where they write nothing. */
const named: Readonly<Record<string, string>> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ' ': 'Space',
  '+': 'Plus',
  ...Object.fromEntries(
    ['Enter', 'Escape', 'Home', 'End', 'PageUp', 'PageDown', 'Backspace', 'Delete'].map((key) => [key, key]),
  ),
};
/** Signs on one key with these on most keyboards: whoever presses them with Ctrl means the other. */
const neighbours: Readonly<Record<string, string>> = { '=': 'Plus', _: '-' };

/**
 * What a press inside our own windows may be called, the likeliest first: the sign the layout has there, or the digit
 * or letter that is printed on the key. Shift belongs to a sign that needs it.
 */
export function namesOf(press: KeyPress, isMac: boolean): readonly string[] {
  const command = isMac ? press.metaKey : press.ctrlKey;
  if (isMac ? press.ctrlKey : press.metaKey) return [];
  const held = [command ? 'CommandOrControl' : '', press.altKey ? 'Alt' : ''].filter((part) => part !== '');
  const shift = press.shiftKey ? ['Shift'] : [];
  const name = named[press.key];
  const letter = /^\d$/.test(press.key) ? press.key : keyOf(press);
  const names: string[] = [];
  if (name !== undefined && name !== 'Plus') names.push([...held, ...shift, name].join('+'));
  else {
    const isSign = /^[^\p{L}\p{N}\s]$/u.test(press.key);
    const sign = name ?? (command ? (neighbours[press.key] ?? press.key) : press.key);
    const asSign = [...held, sign].join('+');
    const asKey = letter === '' ? [] : [[...held, ...shift, letter].join('+')];
    // Ctrl+Shift+9 is that, whatever sign Shift makes of it; `?` is a sign wherever it is.
    names.push(...(isSign && held.length < 2 ? [asSign, ...asKey] : [...asKey, ...(isSign ? [asSign] : [])]));
  }
  return names;
}

/** What is printed on the caps, where it is not the name, and the same in every language. */
const onCaps: Readonly<Record<string, string>> = {
  Plus: '+',
  '-': '−',
  Escape: 'Esc',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
};
/** What keyboards of each language have a word for: "Strg". */
const inWords = [
  'Ctrl',
  'Shift',
  'Space',
  'Enter',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Backspace',
  'Delete',
] as const;
const capOf = (key: string): string =>
  isKnown(inWords, key) ? say(`shortcut.key.${key}`) : (onCaps[key] ?? key);

/** For a person: `Ctrl+Shift+S`, on a Mac `⌘⇧S`, in German `Strg+Umschalt+S`. */
export function acceleratorWords(accelerator: string, isMac: boolean): string {
  const parts = accelerator.split('+');
  const [command, alt, shift] = ['CommandOrControl', 'Alt', 'Shift'].map((part) => parts.includes(part));
  const last = parts.at(-1) ?? '';
  const key = capOf(last);
  if (isMac) return `${command ? '⌘' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${key}`;
  return [
    ...(command ? [capOf('Ctrl')] : []),
    ...(alt ? ['Alt'] : []),
    ...(shift ? [capOf('Shift')] : []),
    key,
  ].join('+');
}

/** As `aria-keyshortcuts` wants it: `Control+Shift+S`. */
export function acceleratorAria(accelerator: string, isMac: boolean): string {
  return accelerator
    .replace('CommandOrControl', isMac ? 'Meta' : 'Control')
    .replace(/(Up|Down|Left|Right)$/, (key) => (/Page/.test(accelerator) ? key : `Arrow${key}`));
}
