/**
 * Keys that work from any program, as Electron names them: `CommandOrControl+Shift+S`. While it is held, no
 * other program gets it, so a letter or digit needs two of Control, Alt and Shift: nobody loses Copy.
 */
const form = /^(CommandOrControl\+)?(Alt\+)?(Shift\+)?([A-Z0-9]|F(?:[1-9]|1\d|2[0-4]))$/;

interface Keys {
  readonly command: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** `S`, `7`, `F9`. */
  readonly key: string;
}

function read(accelerator: string): Keys | null {
  const [whole, command, alt, shift, key] = form.exec(accelerator) ?? [];
  if (whole === undefined || key === undefined) return null;
  const keys = { command: command !== undefined, alt: alt !== undefined, shift: shift !== undefined, key };
  const held = [keys.command, keys.alt, keys.shift].filter(Boolean).length;
  return held >= 2 || key.length > 1 ? keys : null;
}

function mustRead(accelerator: string): Keys {
  const keys = read(accelerator);
  if (keys === null) throw new TypeError(`${accelerator} is no shortcut`);
  return keys;
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

/** What a press is as a shortcut, or `null` when it cannot be one. */
export function acceleratorOf(press: KeyPress, isMac: boolean): string | null {
  const command = isMac ? press.metaKey : press.ctrlKey;
  if (isMac ? press.ctrlKey : press.metaKey) return null;
  const held = [
    command ? 'CommandOrControl' : '',
    press.altKey ? 'Alt' : '',
    press.shiftKey ? 'Shift' : '',
    keyOf(press),
  ];
  const accelerator = held.filter((part) => part !== '').join('+');
  return read(accelerator) === null ? null : accelerator;
}

/** For a person: `Ctrl+Shift+S`, on a Mac `⌘⇧S`. Key names are the keyboard's, not words of a language. */
export function acceleratorWords(accelerator: string, isMac: boolean): string {
  const { command, alt, shift, key } = mustRead(accelerator);
  if (isMac) return `${command ? '⌘' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${key}`;
  return [...(command ? ['Ctrl'] : []), ...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), key].join('+');
}

/** As `aria-keyshortcuts` wants it: `Control+Shift+S`. */
export function acceleratorAria(accelerator: string, isMac: boolean): string {
  return accelerator.replace('CommandOrControl', isMac ? 'Meta' : 'Control');
}
