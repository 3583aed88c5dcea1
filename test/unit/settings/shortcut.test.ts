import { describe, expect, it } from 'vitest';
import { defaultStopKey, formerStopKey } from '../../../domain/settings.ts';
import {
  acceleratorAria,
  acceleratorOf,
  acceleratorWords,
  isAccelerator,
  type KeyPress,
} from '../../../domain/shortcut.ts';

function press(key: string, code: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held };
}

describe('a shortcut', () => {
  it.each([defaultStopKey, 'CommandOrControl+Alt+S', 'Alt+Shift+7', 'F9', 'CommandOrControl+F24'])(
    'may be %s',
    (accelerator) => {
      expect(isAccelerator(accelerator)).toBe(true);
    },
  );

  it.each([
    'S',
    'Shift+S',
    'CommandOrControl+S',
    'Alt+S',
    'F25',
    'F0',
    'Shift+CommandOrControl+S',
    'Super+Shift+S',
    'CommandOrControl+Shift+ß',
    'CommandOrControl+Shift+s',
    'CommandOrControl+Shift+',
    '',
  ])('may not be "%s"', (accelerator) => {
    expect(isAccelerator(accelerator)).toBe(false);
  });

  it('is read from what is pressed', () => {
    expect(acceleratorOf(press('S', 'KeyS', { ctrlKey: true, shiftKey: true }), false)).toBe(formerStopKey);
    expect(acceleratorOf(press('s', 'KeyS', { metaKey: true, shiftKey: true }), true)).toBe(formerStopKey);
    const all = { ctrlKey: true, altKey: true, shiftKey: true };
    expect(acceleratorOf(press('(', 'Digit9', all), false)).toBe(defaultStopKey);
    expect(acceleratorOf(press('F9', 'F9'), false)).toBe('F9');
    // Shift makes another sign of a digit.
    expect(acceleratorOf(press('!', 'Digit1', { ctrlKey: true, shiftKey: true }), false)).toBe(
      'CommandOrControl+Shift+1',
    );
    // The layout says which letter it is, not the place of the key.
    expect(acceleratorOf(press('a', 'KeyQ', { ctrlKey: true, altKey: true }), false)).toBe(
      'CommandOrControl+Alt+A',
    );
    expect(acceleratorOf(press('ß', 'KeyS', { metaKey: true, altKey: true }), true)).toBe(
      'CommandOrControl+Alt+S',
    );
  });

  it('is not every press', () => {
    expect(acceleratorOf(press('c', 'KeyC', { ctrlKey: true }), false)).toBeNull();
    expect(acceleratorOf(press('S', 'KeyS', { shiftKey: true }), false)).toBeNull();
    expect(acceleratorOf(press('Enter', 'Enter', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(acceleratorOf(press('s', 'KeyS', { metaKey: true, shiftKey: true }), false)).toBeNull();
    expect(acceleratorOf(press('s', 'KeyS', { ctrlKey: true, metaKey: true }), true)).toBeNull();
  });

  it('is shown and spoken as the platform does', () => {
    expect(acceleratorWords(defaultStopKey, false)).toBe('Ctrl+Alt+Shift+9');
    expect(acceleratorWords('CommandOrControl+Alt+Shift+S', true)).toBe('⌘⌥⇧S');
    expect(acceleratorWords('F9', false)).toBe('F9');
    expect(acceleratorAria(defaultStopKey, false)).toBe('Control+Alt+Shift+9');
    expect(acceleratorAria(formerStopKey, true)).toBe('Meta+Shift+S');
  });
});

describe('the default stop key', () => {
  it('is none that a browser, an office suite, an editor, a chat or a desktop has', () => {
    // What such programs use begins with one or two modifiers, or ends in a letter or a function key.
    expect(defaultStopKey).toMatch(/^CommandOrControl\+Alt\+Shift\+\d$/);
    // Zero with Control and Shift belongs to Windows' input languages.
    expect(defaultStopKey).not.toMatch(/0$/);
  });
});
