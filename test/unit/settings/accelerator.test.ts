import { describe, expect, it } from 'vitest';
import {
  acceleratorAria,
  acceleratorWords,
  isAccelerator,
  defaultStopKey,
} from '../../../domain/accelerator.ts';

describe('an accelerator', () => {
  it.each([
    defaultStopKey,
    'CommandOrControl+Alt+S',
    'Alt+Shift+7',
    'F9',
    'CommandOrControl+F24',
    'CommandOrControl+Alt+F13',
  ])('may be %s', (accelerator) => {
    expect(isAccelerator(accelerator)).toBe(true);
  });

  it.each([
    'S',
    'Shift+S',
    'CommandOrControl+S',
    'Alt+S',
    'F25',
    'CommandOrControl+Alt+F9',
    'CommandOrControl+Alt+Shift+F1',
    'Alt+F4',
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

  it('is shown and spoken as the platform does', () => {
    expect(acceleratorWords(defaultStopKey, false)).toBe('Ctrl+Alt+Shift+9');
    expect(acceleratorWords('CommandOrControl+Alt+Shift+S', true)).toBe('⌘⌥⇧S');
    expect(acceleratorWords('F9', false)).toBe('F9');
    expect(acceleratorAria(defaultStopKey, false)).toBe('Control+Alt+Shift+9');
    expect(acceleratorAria('CommandOrControl+Shift+S', true)).toBe('Meta+Shift+S');
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
