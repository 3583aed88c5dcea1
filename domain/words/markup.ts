import { plainLine } from './plain-line.ts';

/** HTML put together from our own templates; whatever else stands in them is text. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Half of a pair has no UTF-8; the others are no characters at all. */
const noCharacters = /[\p{Cs}\p{Noncharacter_Code_Point}]/gu;
const lineBreaks = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * Text from outside as it may stand in an element or an attribute: nothing in it begins a tag, ends a quotation, is not
 * seen, or turns how the rest reads. Its lines stay lines.
 */
export function escaped(text: string): string {
  return text
    .split(lineBreaks)
    .map(plainLine)
    .join('\n')
    .replace(noCharacters, '\uFFFD')
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}

/** HTML that was made by `markup`: the one kind of value that is not escaped in another template. */
export class Markup {
  readonly #html: string;
  constructor(strings: readonly string[], parts: readonly Part[]) {
    this.#html = strings.map((own, at) => own + Markup.#of(parts[at])).join('');
  }

  static #of(part: Part | undefined): string {
    if (part === undefined) return '';
    if (part instanceof Markup) return part.#html;
    if (typeof part === 'object') return part.map((each) => each.#html).join('');
    return escaped(String(part));
  }

  toString(): string {
    return this.#html;
  }
}
export type Part = string | number | Markup | readonly Markup[];

/** A template of ours: `markup`<p>${text}</p>``. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings, parts);
}
