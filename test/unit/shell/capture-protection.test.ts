import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { isTallyAlone, protectFromCapture } from '../../../electron/shell/capture-protection.ts';
import { isSamePicture, sampleSize } from '../../../electron/shell/capture-test.ts';
import { stateWith } from '../renderer/states.ts';

vi.mock('electron/main', () => ({}));

function protect(platform: NodeJS.Platform) {
  const set: boolean[] = [];
  const window = Object.assign(new EventEmitter(), {
    setContentProtection: (isOn: boolean) => void set.push(isOn),
  });
  return { window, set, hide: protectFromCapture(window, platform) };
}

describe('a window that is kept out of captures', () => {
  it.each(['win32', 'darwin'] as const)(
    'is so before it is shown, and again after each time (%s)',
    (system) => {
      const { window, set, hide } = protect(system);
      expect(set).toEqual([true]);
      window.emit('show');
      window.emit('restore');
      expect(set).toEqual([true, true, true]);
      hide(false);
      hide(false);
      window.emit('show');
      expect(set.slice(3)).toEqual([false, false]);
      hide(true);
      expect(set.at(-1)).toBe(true);
    },
  );

  it('is none on Linux, where nothing would happen', () => {
    const { window, set, hide } = protect('linux');
    window.emit('show');
    hide(false);
    expect(set).toEqual([]);
  });
});

it('only the tally alone is to be seen: not what is written in the same window', () => {
  const quiet = stateWith('quiet');
  const sharing = { ...quiet, status: { ...quiet.status, phase: 'sharing' as const } };
  expect(isTallyAlone(sharing)).toBe(true);
  expect(isTallyAlone(quiet)).toBe(false);
  expect(isTallyAlone({ ...sharing, prompt: {} as never })).toBe(false);
  expect(isTallyAlone({ ...sharing, question: {} as never })).toBe(false);
});

describe('two pictures', () => {
  const length = sampleSize.width * sampleSize.height * 4;
  const picture = (colour: (pixel: number) => number): Uint8Array =>
    Uint8Array.from({ length }, (_none, at) => (at % 4 === 3 ? 255 : colour(Math.floor(at / 4))));
  const page = picture((pixel) => (pixel % 7 < 3 ? 240 : 40));

  it('show the same window, with another scale and a pointer over it', () => {
    const captured = picture((pixel) => (pixel < 40 ? 0 : pixel % 7 < 3 ? 232 : 50));
    expect(isSamePicture(page, captured)).toBe(true);
  });

  it('do not, where the capture has a hole, something else, or nothing', () => {
    expect(
      isSamePicture(
        page,
        picture(() => 0),
      ),
    ).toBe(false);
    expect(
      isSamePicture(
        page,
        picture((pixel) => (pixel % 7 < 3 ? 40 : 240)),
      ),
    ).toBe(false);
    expect(isSamePicture(page, new Uint8Array())).toBe(false);
    expect(isSamePicture(page, page.subarray(4))).toBe(false);
  });
});
