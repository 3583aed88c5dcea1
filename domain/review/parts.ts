/** One part of a written query; offsets are into the text, `to` is not included. */
export type Part =
  /** As typed, or what stood between quotes. */
  | {
      readonly kind: 'words';
      readonly text: string;
      readonly quoted: boolean;
      readonly from: number;
      readonly to: number;
    }
  /** `name:value`. */
  | {
      readonly kind: 'filter';
      /** In small letters. */
      readonly name: string;
      readonly value: string;
      readonly quoted: boolean;
      readonly from: number;
      /** Where the value begins, its quote included. */
      readonly valueFrom: number;
      readonly to: number;
    }
  /** A quote without its other half; `to` is the end of the text. */
  | { readonly kind: 'unclosed'; readonly from: number; readonly valueFrom: number; readonly to: number };

/** Addresses a peer or a note may hold; they are words. */
const schemes = new Set(['sip', 'sips', 'tel', 'mailto', 'http', 'https']);

/** The length of `name:` where a filter begins; 0 where the colon belongs to a word, as in `14:02` and `https://…`. */
function filterHead(text: string): number {
  const [head, name = ''] = /^(\p{L}+):(?!\/\/)/u.exec(text) ?? [];
  return head === undefined || schemes.has(name.toLowerCase()) ? 0 : head.length;
}

const quote = /["“”„]/;
const endOfQuote = (text: string, from: number): number => {
  const found = text.slice(from).search(quote);
  return found < 0 ? -1 : from + found;
};
const endOfWord = (text: string, from: number): number => {
  const found = text.slice(from).search(/\s/);
  return found < 0 ? text.length : from + found;
};

/**
 * Cuts a query into its parts. Spaces part them, except between quotes; a quote counts where a part or a value
 * begins, so that `19" monitor` needs none.
 */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const from = at;
    const head = filterHead(text.slice(at));
    const valueFrom = from + head;
    const quoted = quote.test(text.charAt(valueFrom));
    const end = quoted ? endOfQuote(text, valueFrom + 1) : endOfWord(text, valueFrom);
    if (end < 0) return [...parts, { kind: 'unclosed', from, valueFrom, to: text.length }];
    const value = text.slice(quoted ? valueFrom + 1 : valueFrom, end);
    at = quoted ? end + 1 : end;
    const name = text.slice(from, Math.max(from, valueFrom - 1)).toLowerCase();
    parts.push(
      head === 0
        ? { kind: 'words', text: value, quoted, from, to: at }
        : { kind: 'filter', name, value, quoted, from, valueFrom, to: at },
    );
  }
  return parts;
}
