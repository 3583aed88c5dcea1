import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, test, vi } from 'vitest';
import { drawIcons } from '../../build/icons.mjs';
import { phases } from '../../domain/state.ts';
import { iconName } from '../../electron/shell/tray.ts';
import { shapes } from '../../renderer/ui/glyphs.ts';

vi.mock('electron/common', () => ({ nativeImage: {} }));
vi.mock('electron/main', () => ({ Menu: {}, Tray: {} }));

const ICONS = path.join(import.meta.dirname, '../../assets/icons');
const TRAY = path.join(ICONS, 'tray');

const names = [
  ...new Set(phases.flatMap((phase) => [true, false].map((confirmed) => iconName(phase, confirmed)))),
];
const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));

/** Light and dark taskbars of Windows 11, and a grey between them. */
const PANELS = [243, 32, 128];
/** Of 255, on average over the field: as if a block of 4 by 4 pixels went from empty to full. */
const DISTINCT = 16;
/** Two icons are not told apart because one of them sits a pixel further left. */
const NUDGES = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => ({ x, y })));

/** `rgba`: rows from the top, colour not multiplied by alpha. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

function read(file: string, folder = TRAY): Pixels {
  const { width, height, data } = PNG.sync.read(readFileSync(path.join(folder, file)));
  return { width, height, rgba: Uint8Array.from(data) };
}

/** The bitmap of one size out of an `.ico`, as the notification area of Windows shows it. */
function readIco(file: string, size: number): Pixels {
  const ico = readFileSync(file);
  for (let entry = 6; entry < 6 + 16 * ico.readUInt16LE(4); entry += 16) {
    if (ico.readUInt8(entry) !== size) continue;
    const bitmap = ico.subarray(ico.readUInt32LE(entry + 12)).subarray(0, ico.readUInt32LE(entry + 8));
    const header = bitmap.readUInt32LE(0);
    const rgba = new Uint8Array(size * size * 4);
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const from = header + ((size - 1 - y) * size + x) * 4;
        const [blue = 0, green = 0, red = 0, alpha = 0] = bitmap.subarray(from, from + 4);
        rgba.set([red, green, blue, alpha], (y * size + x) * 4);
      }
    }
    return { width: size, height: size, rgba };
  }
  throw new Error(`${file} has no picture of ${size} pixels`);
}

/** One number a pixel, 0 to 255. */
function perPixel({ rgba }: Pixels, value: (color: number[], alpha: number) => number): number[] {
  return Array.from({ length: rgba.length / 4 }, (_, index) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(index * 4, index * 4 + 4);
    return value([red, green, blue], alpha / 255);
  });
}

const shapeOf = (picture: Pixels): number[] => perPixel(picture, (_color, alpha) => alpha * 255);

/** What someone sees who sees no colour. */
const greyOn = (panel: number, picture: Pixels): number[] =>
  perPixel(picture, ([red = 0, green = 0, blue = 0], alpha) => {
    const grey = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    return grey * alpha + panel * (1 - alpha);
  });

/** The mean difference of two square fields, at the nudge at which they look most alike. */
function distance(one: readonly number[], other: readonly number[], empty: number): number {
  const size = Math.sqrt(one.length);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? empty : (other[y * size + x] ?? empty);
  const differences = NUDGES.map((nudge) =>
    one.reduce((sum, value, index) => {
      const [x, y] = [index % size, Math.floor(index / size)];
      return sum + Math.abs(value - at(x + nudge.x, y + nudge.y));
    }, 0),
  );
  return Math.min(...differences) / one.length;
}

/** WCAG 2 relative luminance of an opaque colour. */
function luminance(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one: number, other: number): number =>
  (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

test('every picture is what its SVG draws today', async () => {
  const drawn = await drawIcons();
  const there = readdirSync(ICONS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(png|ico)$/.test(file),
  );
  expect(there.sort()).toEqual([...drawn.keys()].sort());
  const stale = there.filter(
    (file) => drawn.get(file)?.equals(readFileSync(path.join(ICONS, file))) !== true,
  );
  expect(stale, 'npm run icons').toEqual([]);
});

describe('tray icons', () => {
  test.each(names)('%s is there in every size, drawn from its own SVG', (name) => {
    expect(existsSync(path.join(TRAY, `${name}.svg`))).toBe(true);
    const sizes = { '': 24, '@2x': 48, Template: 16, 'Template@2x': 32 };
    for (const [ending, size] of Object.entries(sizes)) {
      expect(read(`${name}${ending}.png`), ending).toMatchObject({ width: size, height: size });
    }
    for (const size of [16, 20, 24, 32]) {
      const { rgba } = readIco(path.join(TRAY, `${name}.ico`), size);
      expect(rgba.some((value) => value > 0)).toBe(true);
    }
    expect(readIco(path.join(TRAY, `${name}.ico`), 24).rgba).toEqual(read(`${name}.png`).rgba);
  });

  test('nothing is there that the tray never shows', () => {
    const drawn = readdirSync(TRAY).filter((file) => file.endsWith('.svg'));
    expect(drawn.sort()).toEqual(names.map((name) => `${name}.svg`).sort());
  });

  test.each(names)('%s as a template is black, and only its alpha draws', (name) => {
    for (const file of [`${name}Template.png`, `${name}Template@2x.png`]) {
      const picture = read(file);
      expect(perPixel(picture, (color) => Math.max(...color)).every((channel) => channel === 0)).toBe(true);
      expect(shapeOf(picture)).toEqual(expect.arrayContaining([0, 255]));
    }
  });

  test.each(pairs)('%s and %s differ in shape alone at 16 pixels', (one, other) => {
    const [first, second] = [one, other].map((name) => shapeOf(read(`${name}Template.png`)));
    expect(distance(first ?? [], second ?? [], 0)).toBeGreaterThan(DISTINCT);
  });

  test.each(pairs)('%s and %s differ at 16 pixels on every panel, seen without colour', (one, other) => {
    for (const panel of PANELS) {
      const [first, second] = [one, other].map((name) =>
        greyOn(panel, readIco(path.join(TRAY, `${name}.ico`), 16)),
      );
      expect(distance(first ?? [], second ?? [], panel), `panel ${panel}`).toBeGreaterThan(DISTINCT);
    }
  });

  test.each(names)('%s stands out from any panel at 16 pixels', (name) => {
    const { rgba } = readIco(path.join(TRAY, `${name}.ico`), 16);
    for (const panel of PANELS) {
      const ground = luminance([panel, panel, panel]);
      const clear = perPixel({ width: 16, height: 16, rgba }, (color, alpha) => {
        const seen = color.map((channel) => channel * alpha + panel * (1 - alpha));
        return contrast(luminance(seen), ground) >= 3 ? 1 : 0;
      });
      // A twelfth of the field is what a ring of one pixel takes.
      expect(clear.filter(Boolean).length, `panel ${panel}`).toBeGreaterThan(256 / 12);
    }
  });
});

describe('app icon', () => {
  test('is there for every system, and with transparent corners', () => {
    const sizes = { 'app.png': 1024, 'window.png': 256 };
    for (const [file, size] of Object.entries(sizes)) {
      const picture = read(file, ICONS);
      expect(picture, file).toMatchObject({ width: size, height: size });
      const alpha = shapeOf(picture);
      expect([alpha[0], alpha[size - 1], alpha.at(-size), alpha.at(-1)]).toEqual([0, 0, 0, 0]);
    }
    const ico = readFileSync(path.join(ICONS, 'app.ico'));
    const sides = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico.readUInt8(6 + 16 * index));
    // 0 stands for 256.
    expect(sides).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 0]);
  });
});

test('each phase has a shape of its own, whether the system asks for more than colour or not', () => {
  const drawn = phases.map((phase) => JSON.stringify(shapes[phase]));
  expect(new Set(drawn).size).toBe(phases.length);
});
