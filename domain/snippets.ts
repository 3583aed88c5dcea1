/** A short name that stands for words which are often written: `;inv` in the notes of a wrap-up. */
export interface Snippet {
  /** Without the semicolon. */
  readonly name: string;
  /** `{customer}` and `{queue}` stand for their names. */
  readonly text: string;
}

export const snippetName = /^[\p{L}\p{N}_-]{1,20}$/u;
export const longestSnippet = 1000;
export const mostSnippets = 100;

/** What is being written of a snippet's name, right before the caret. */
const beginning = /(?:^|\s);([\p{L}\p{N}_-]{0,20})$/u;

interface Names {
  readonly customer: string;
  readonly queue: string;
}

export interface Expanded {
  readonly notes: string;
  /** Where the caret goes on, in UTF-16 units. */
  readonly caret: number;
}

/** The person's own beside the organisation's, which counts where both have the name. */
export function allSnippets(own: readonly Snippet[], byPolicy: readonly Snippet[]): readonly Snippet[] {
  const names = new Set(byPolicy.map(({ name }) => name.toLowerCase()));
  return [...byPolicy, ...own.filter(({ name }) => !names.has(name.toLowerCase()))];
}

/** Snippets whose name begins as what is written before the caret; none where no name is being written. */
export function snippetsAt(notes: string, caret: number, snippets: readonly Snippet[]): readonly Snippet[] {
  const written = beginning.exec(notes.slice(0, caret))?.[1]?.toLowerCase();
  return written === undefined
    ? []
    : snippets.filter(({ name }) => name.toLowerCase().startsWith(written)).sort(byName);
}

const byName = (a: Snippet, b: Snippet): number =>
  a.name.length - b.name.length || (a.name < b.name ? -1 : 1);

/** The snippet in the place of the name before the caret; null where there is no room for it. */
export function insertSnippet(
  notes: string,
  caret: number,
  { text }: Snippet,
  names: Names,
  limit: number,
): Expanded | null {
  const before = notes.slice(0, caret);
  const start = before.lastIndexOf(';');
  if (start < 0) return null;
  const words = text.replace(/\{(customer|queue)\}/g, (_hole, name: keyof Names) => names[name]);
  const made = before.slice(0, start) + words;
  const whole = made + notes.slice(caret);
  return whole.length > limit ? null : { notes: whole, caret: made.length };
}

/** A name was written to its end, with a space after it: the snippet stands for it. Null where nothing does. */
export function expandAt(
  notes: string,
  caret: number,
  snippets: readonly Snippet[],
  names: Names,
  limit: number,
): Expanded | null {
  const last = notes.slice(caret - 1, caret);
  if (last !== ' ' && last !== '\n') return null;
  const written = beginning.exec(notes.slice(0, caret - 1))?.[1]?.toLowerCase();
  const snippet = snippets.find(({ name }) => name.toLowerCase() === written);
  if (!snippet) return null;
  const inserted = insertSnippet(notes.slice(0, caret - 1), caret - 1, snippet, names, limit);
  if (!inserted) return null;
  const made = inserted.notes + last;
  const whole = made + notes.slice(caret);
  return whole.length > limit ? null : { notes: whole, caret: made.length };
}
