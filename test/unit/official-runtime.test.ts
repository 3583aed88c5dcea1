import { describe, expect, it } from 'vitest';
import { whyNoDownload } from '../../build/runtime/official.mjs';

describe('why Electron could not be downloaded', () => {
  it.each([
    ['v20.19.0', 'failed: its installer needs Node 22.12 or newer, and this is v20.19.0'],
    ['v22.11.1', 'failed: its installer needs Node 22.12 or newer, and this is v22.11.1'],
    ['v22.12.0', 'out of reach here; tried again in a day'],
    ['v24.1.0', 'out of reach here; tried again in a day'],
  ])('with Node %s: %s', (running, words) => {
    expect(whyNoDownload(running, '>= 22.12.0')).toBe(words);
  });
});
