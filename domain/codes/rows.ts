import type { CodeChoice, LettersPick } from '../state.ts';
import { findCodes, pathOf } from './search.ts';

/** A row of the list: a code, or several whose names are nested in one. */
export type CodeRow =
  | {
      readonly kind: 'code';
      /** Of the code. */
      readonly id: string;
      readonly choice: CodeChoice;
      /** As shown here: inside a group without the group. */
      readonly name: string;
      /** Stands above it. */
      readonly heading: 'didYouMean' | 'inDescription' | null;
    }
  | {
      readonly kind: 'group';
      readonly id: string;
      /** What it is nested in, and itself. */
      readonly path: readonly string[];
      readonly name: string;
      /** Codes in it. */
      readonly count: number;
      readonly heading: null;
    };

export interface CodeRows {
  readonly rows: readonly CodeRow[];
  /** So many from the first match by name, and may be picked without looking. */
  readonly sure: number;
}

/** Codes in use that stand above groups, at most: the rest of nine digits is for the groups. */
const inUseAtMost = 5;

interface Asked {
  readonly query: string;
  /** The group that is open; empty at the top. */
  readonly group: readonly string[];
  readonly picks: readonly LettersPick[];
}

/** The rows of the list for what is typed. A search goes through everything, whatever is folded. */
export function codeRows(codes: readonly CodeChoice[], { query, group, picks }: Asked): CodeRows {
  if (query.trim() === '') {
    const rows = folded(codes, group);
    return { rows, sure: rows.length };
  }
  const { matches, described, near } = findCodes(codes, query, picks);
  const rows = [
    ...matches.map((choice) => codeRow(choice)),
    ...described.map((choice, at) => codeRow(choice, choice.name, at === 0 ? 'inDescription' : null)),
    ...near.map((choice, at) => codeRow(choice, choice.name, at === 0 ? 'didYouMean' : null)),
  ];
  return { rows, sure: matches.length };
}

function codeRow(
  choice: CodeChoice,
  name = choice.name,
  heading: CodeRow['heading'] = null,
): CodeRow & { readonly kind: 'code' } {
  return { kind: 'code', id: choice.id, choice, name, heading };
}

/** Names that share what they are nested in are one row, in the place of the first of them. */
function folded(codes: readonly CodeChoice[], group: readonly string[]): readonly CodeRow[] {
  const depth = group.length;
  const inside = codes
    .map((choice) => ({ choice, path: pathOf(choice.name) }))
    .filter(({ path }) => group.every((part, at) => path[at] === part) && path.length > depth);
  const counts = new Map<string, number>();
  for (const { path } of inside) {
    const [part] = path.slice(depth);
    if (part !== undefined && path.length > depth + 1) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const isFolded = (path: readonly string[]): boolean =>
    path.length > depth + 1 && (counts.get(path[depth] ?? '') ?? 0) > 1;
  const inUse =
    depth === 0
      ? inside
          .filter(({ choice, path }) => (choice.favourite || choice.used) && isFolded(path))
          .slice(0, inUseAtMost)
      : [];
  const rows: CodeRow[] = inUse.map(({ choice }) => codeRow(choice));
  const shown = new Set<string>();
  for (const { choice, path } of inside) {
    const part = path[depth] ?? '';
    if (!isFolded(path)) {
      rows.push(codeRow(choice, depth === 0 ? choice.name : path.slice(depth).join(' › ')));
    } else if (!shown.has(part)) {
      shown.add(part);
      const whole = [...group, part];
      rows.push({
        kind: 'group',
        // No spaces: it becomes part of an id in the page.
        id: `group:${encodeURIComponent(whole.join('›'))}`,
        path: whole,
        name: part,
        count: counts.get(part) ?? 0,
        heading: null,
      });
    }
  }
  return rows;
}
