import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../domain/settings.ts';
import { settingsChangeSchema } from '../../../domain/settings-schema.ts';
import type { KeyPress } from '../../../domain/accelerator.ts';
import { acceleratorAria, acceleratorWords, defaultStopKey } from '../../../domain/accelerator.ts';
import {
  areKeysFor,
  changeableIds,
  conflictOf,
  isChanged,
  isPressed,
  keysOf,
  shortcutIds,
  shortcutTable,
  type ChangedShortcuts,
} from '../../../domain/shortcuts.ts';

const withKeys = (shortcuts: ChangedShortcuts) => ({ stopKey: defaultStopKey, shortcuts });
function press(key: string, code: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held };
}
const ctrl = { ctrlKey: true };

describe('the table of keys', () => {
  it('gives nothing keys it may not have, and no two things the same where they would meet', () => {
    for (const id of shortcutIds) {
      for (const keys of shortcutTable[id].keys) {
        expect(areKeysFor(id, keys), `${id}: ${keys}`).toBe(true);
        expect(conflictOf(id, keys, defaultSettings), `${id}: ${keys}`).toBeNull();
      }
    }
  });

  it('is what a person made of it', () => {
    const mine = withKeys({ favourite: 'CommandOrControl+B', help: null });
    expect(keysOf('favourite', mine)).toEqual(['CommandOrControl+B']);
    expect(keysOf('help', mine)).toEqual([]);
    expect(keysOf('answer', mine)).toEqual(['Enter']);
    expect(keysOf('stopSharing', { stopKey: null, shortcuts: {} })).toEqual([]);
    expect(shortcutIds.filter((id) => isChanged(id, mine))).toEqual(['help', 'favourite']);
    expect(isPressed('help', press('?', 'Slash', { shiftKey: true }), mine, false)).toBe(false);
  });

  it('names what has the keys already, where both would hear them', () => {
    expect(conflictOf('favourite', 'CommandOrControl+Enter', defaultSettings)).toBe('submit');
    expect(conflictOf('favourite', 'CommandOrControl+,', defaultSettings)).toBe('settings');
    expect(conflictOf('showWidget', defaultStopKey, defaultSettings)).toBe('stopSharing');
    expect(conflictOf('stopSharing', 'CommandOrControl+Shift+R', defaultSettings)).toBe('review');
    // The widget and the review are never in front together.
    expect(conflictOf('search', 'CommandOrControl+D', defaultSettings)).toBeNull();
    expect(conflictOf('favourite', 'CommandOrControl+Enter', withKeys({ submit: null }))).toBeNull();
  });

  it('leaves a person the keys they write and edit with', () => {
    for (const keys of [
      'A',
      '1',
      'Shift+A',
      'Enter',
      '?',
      'CommandOrControl+C',
      'CommandOrControl+Left',
      'Alt+F4',
    ])
      expect(areKeysFor('submit', keys), keys).toBe(false);
    for (const keys of ['F2', 'Alt+S', 'CommandOrControl+S', 'CommandOrControl+Shift+Enter', 'Alt+Up'])
      expect(areKeysFor('submit', keys), keys).toBe(true);
    expect(areKeysFor('help', '!')).toBe(true);
    // From any program it takes two held keys.
    expect(areKeysFor('showWidget', 'CommandOrControl+S')).toBe(false);
    expect(areKeysFor('showWidget', 'CommandOrControl+Alt+S')).toBe(true);
  });

  it('is stored as what was changed, and nothing else is read', () => {
    const read = (shortcuts: unknown) => settingsChangeSchema.safeParse({ shortcuts }).success;
    expect(read({ help: 'F1', favourite: null })).toBe(true);
    for (const wrong of [
      { stopSharing: 'F9' },
      { jump: 'F1' },
      { settings: 'A' },
      { help: 7 },
      { help: '' },
      [],
    ])
      expect(read(wrong), JSON.stringify(wrong)).toBe(false);
    expect(changeableIds).not.toContain('stopSharing');
  });
});

describe('what is pressed', () => {
  const is = (id: (typeof shortcutIds)[number], event: KeyPress, isMac = false) =>
    isPressed(id, event, defaultSettings, isMac);

  it.each([
    ['larger', press('+', 'BracketRight', ctrl)],
    ['larger', press('=', 'Equal', ctrl)],
    ['larger', press('+', 'Equal', { ...ctrl, shiftKey: true })],
    ['larger', press('+', 'NumpadAdd', ctrl)],
    ['smaller', press('-', 'Minus', ctrl)],
    ['smaller', press('-', 'NumpadSubtract', ctrl)],
    ['normalSize', press('0', 'Digit0', ctrl)],
    ['normalSize', press('0', 'Numpad0', ctrl)],
    // No digit without Shift on this layout.
    ['normalSize', press('à', 'Digit0', ctrl)],
    ['smaller', press('-', 'Digit6', ctrl)],
    ['settings', press(',', 'KeyM', ctrl)],
    ['help', press('?', 'KeyM', { shiftKey: true })],
    ['help', press('?', 'Minus', { shiftKey: true })],
    // No Latin letters on this one.
    ['favourite', press('в', 'KeyD', ctrl)],
    ['review', press('R', 'KeyR', { ...ctrl, shiftKey: true })],
    ['stopSharing', press('(', 'Digit9', { ...ctrl, altKey: true, shiftKey: true })],
    ['previous', press('ArrowUp', 'ArrowUp', { altKey: true })],
    ['searchAlso', press('/', 'Digit7', { shiftKey: true })],
  ] as const)('is known on every keyboard: %s', (id, event) => {
    expect(is(id, event)).toBe(true);
    expect(shortcutIds.filter((each) => is(each, event))).toEqual([id]);
  });

  it('is the command key on a Mac, and no key with the other one', () => {
    expect(is('larger', press('=', 'Equal', { metaKey: true }), true)).toBe(true);
    expect(is('larger', press('=', 'Equal', ctrl), true)).toBe(false);
    expect(is('answer', press('Enter', 'Enter', { metaKey: true }))).toBe(false);
  });

  it('is shown as it is printed, and named as assistive technology has it', () => {
    const shown = ['CommandOrControl+Plus', 'CommandOrControl+-', 'Alt+Up', 'Escape', '?'];
    expect(shown.map((keys) => acceleratorWords(keys, false))).toEqual([
      'Ctrl++',
      'Ctrl+−',
      'Alt+↑',
      'Esc',
      '?',
    ]);
    expect(acceleratorWords('CommandOrControl+,', true)).toBe('⌘,');
    expect(acceleratorAria('Alt+Up', false)).toBe('Alt+ArrowUp');
    expect(acceleratorAria('CommandOrControl+PageUp', true)).toBe('Meta+PageUp');
  });
});
