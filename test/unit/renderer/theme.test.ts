import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { phases } from '../../../domain/state.ts';

const css = readFileSync(new URL('../../../renderer/ui/theme.css', import.meta.url), 'utf8').replaceAll(
  /\/\*[^]*?\*\//g,
  '',
);

type Tokens = Readonly<Record<string, string>>;

/** What the blocks for this selector declare; the sheet has no nesting but for media queries, which set no colour. */
function declared(selector: string): Tokens {
  const tokens: Record<string, string> = {};
  for (const [, selectors = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!selectors.split(',').some((each) => each.trim() === selector)) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) tokens[name] = value;
  }
  return tokens;
}

const shades = { light: 0, dark: 1 } as const;
const themes = [
  { name: 'light', shade: 'light', contrast: false },
  { name: 'dark', shade: 'dark', contrast: false },
  { name: 'high contrast, light', shade: 'light', contrast: true },
  { name: 'high contrast, dark', shade: 'dark', contrast: true },
] as const;
type Theme = (typeof themes)[number];

/** A token of a theme as `#rrggbb`, with the tone of a phase over it. */
function colours({ shade, contrast }: Theme, phase: string): (token: string) => string {
  const tokens = {
    ...declared(':root'),
    ...declared(`[data-tone='${phase}']`),
    ...(contrast ? declared(':root[data-contrast]') : {}),
  };
  const read = (value: string): string => {
    const [, name] = /^var\((--[\w-]+)\)$/.exec(value) ?? [];
    if (name !== undefined) return read(tokens[name] ?? '');
    const [, light, dark] = /^light-dark\((#\w{6}),\s*(#\w{6})\)$/.exec(value) ?? [];
    const colour = light !== undefined && dark !== undefined ? [light, dark][shades[shade]] : value;
    if (colour === undefined || !/^#[\da-f]{6}$/.test(colour)) throw new Error(`"${value}" is no colour.`);
    return colour;
  };
  return (token) => read(tokens[`--${token}`] ?? '');
}

/** Relative luminance and contrast as WCAG 2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((from) => parseInt(colour.slice(from, from + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

/** The pairs of a theme that fall short, by name and ratio. */
function tooFaint(theme: Theme, pairs: readonly (readonly [string, string])[], least: number): string[] {
  return phases.flatMap((phase) => {
    const colour = colours(theme, phase);
    return pairs.flatMap(([on, under]) => {
      const ratio = contrast(colour(on), colour(under));
      return ratio >= least ? [] : [`${phase}: ${on} on ${under} is ${ratio.toFixed(2)}`];
    });
  });
}

const surfaces = ['surface', 'raised', 'sunken'] as const;
const on = (...tokens: string[]): [string, string][] =>
  tokens.flatMap((token) => surfaces.map((under): [string, string] => [token, under]));

describe.each(themes)('the theme: $name', (theme) => {
  it('has words that can be read', () => {
    expect(tooFaint(theme, [...on('text', 'muted', 'problem'), ['ink', 'fill']], 4.5)).toEqual([]);
  });

  it('has edges, glyphs and marks that can be seen', () => {
    const marks: [string, string][] = ['tone', 'live', 'stale', 'offline'].map((token) => [token, 'surface']);
    expect(tooFaint(theme, [...on('edge', 'focus'), ...marks], 3)).toEqual([]);
  });

  it('shows how much of a countdown is left', () => {
    const pairs: [string, string][] = theme.contrast
      ? [
          ['bar', 'track'],
          ['track', 'surface'],
        ]
      : [['tone', 'track']];
    expect(tooFaint(theme, pairs, 3)).toEqual([]);
  });
});
