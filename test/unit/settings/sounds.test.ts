import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { SOUNDS, synthesise } from '../../../build/sounds.mjs';
import { alertSounds } from '../../../domain/settings.ts';

/** Samples of a WAV file of ours, −1 to 1, and how many make a second. */
function read(file: Buffer): { rate: number; samples: number[] } {
  expect(file.toString('latin1', 0, 4)).toBe('RIFF');
  expect(file.readUInt32LE(4)).toBe(file.length - 8);
  const samples = Array.from(
    { length: (file.length - 44) / 2 },
    (_, index) => file.readInt16LE(44 + index * 2) / 32_768,
  );
  return { rate: file.readUInt32LE(24), samples };
}

describe.each(alertSounds)('the sound %s', (name) => {
  const file = readFileSync(path.join(ROOT, `assets/sounds/${name}.wav`));

  it('is what its recipe makes', () => {
    const recipe = SOUNDS[name];
    expect(recipe).toBeDefined();
    if (recipe) expect(file.equals(synthesise(recipe))).toBe(true);
  });

  it('is short, loud enough, does not clip, and ends in silence', () => {
    const { rate, samples } = read(file);
    const seconds = samples.length / rate;
    expect(seconds).toBeGreaterThan(0.3);
    expect(seconds).toBeLessThan(2);
    const peak = Math.max(...samples.map(Math.abs));
    expect(peak).toBeGreaterThan(0.5);
    expect(peak).toBeLessThan(0.95);
    expect(Math.max(...samples.slice(-20).map(Math.abs))).toBeLessThan(0.01);
  });
});
