import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { alertSounds, defaultSettings, readMinutes, settingKeys } from '../../../domain/settings.ts';
import { settingsChangeSchema } from '../../../domain/settings-schema.ts';
import { stepTextSize } from '../../../domain/text-size.ts';
import { languageIds } from '../../../domain/words/say.ts';

describe('settings', () => {
  it('have a default each, which is a valid one', () => {
    expect(settingsChangeSchema.parse(defaultSettings)).toEqual(defaultSettings);
    expect(Object.keys(defaultSettings)).toEqual(settingKeys);
  });

  it('are changed some at a time, and by known names only', () => {
    expect(settingsChangeSchema.parse({ alertVolume: 0 })).toEqual({ alertVolume: 0 });
    expect(settingsChangeSchema.parse({})).toEqual({});
    for (const wrong of [
      { colour: 'red' },
      { theme: 'pink' },
      { theme: undefined },
      { alertVolume: 50.5 },
      { alertVolume: '50' },
      { textSize: 300 },
      { textSize: '100' },
      { onTop: true },
      { stillSharingMinutes: [0] },
      { stillSharingMinutes: Array.from({ length: 11 }, (_, index) => index + 1) },
      { clientId: 'a b' },
      { language: 'tlh' },
    ]) {
      expect(settingsChangeSchema.safeParse(wrong).success).toBe(false);
    }
  });

  it('offer the languages there are words for', () => {
    const files = readdirSync(path.join(ROOT, 'assets/locales')).map((file) => path.parse(file).name);
    expect(files.sort()).toEqual([...languageIds].sort());
  });

  it('offer the sounds there are', () => {
    const files = readdirSync(path.join(ROOT, 'assets/sounds')).map((file) => path.parse(file).name);
    expect(files.sort()).toEqual([...alertSounds].sort());
  });
});

describe('the text size', () => {
  it('goes up and down by steps, ends at both ends, and goes back to normal', () => {
    const up = [80, 100, 175, 200] as const;
    expect(up.map((size) => stepTextSize(size, 'larger'))).toEqual([90, 110, 200, 200]);
    expect(up.map((size) => stepTextSize(size, 'smaller'))).toEqual([80, 90, 150, 175]);
    expect(up.map((size) => stepTextSize(size, 'normal'))).toEqual([100, 100, 100, 100]);
  });
});

describe('minutes as typed', () => {
  it.each([
    ['5, 15, 30', [5, 15, 30]],
    ['30 5;15', [5, 15, 30]],
    ['5,5,5', [5]],
    ['', []],
    [' , ', []],
    ['0.5', [0.5]],
  ])('reads "%s"', (text, minutes) => {
    expect(readMinutes(text)).toEqual(minutes);
  });

  it.each(['five', '0', '-5', '1441', '1 2 3 4 5 6 7 8 9 10 11', '1e9', 'NaN', 'Infinity'])(
    'does not take "%s"',
    (text) => {
      expect(readMinutes(text)).toBeNull();
    },
  );
});
