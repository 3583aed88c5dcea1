/** So much of the end stays in sight, in characters as people count them. */
const endLength = 12;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

interface Cut {
  readonly who: string;
  readonly rest: string;
  /** Never left out; empty where nothing can be split off. */
  readonly end: string;
}

/** Names in the parts that a line too narrow for them shows: the beginning as far as there is room, and the end. */
export function cutForMiddle(names: readonly string[]): Cut {
  const [who = '', ...others] = names;
  const rest = others.length === 0 ? '' : ` · ${others.join(' · ')}`;
  const last = rest === '' ? who : rest;
  const letters = [...graphemes.segment(last)].map(({ segment }) => segment);
  if (rest !== '' && letters.length <= endLength * 2) return { who, rest: '', end: rest };
  // Parts of a name that is read from the right would stand in the wrong order.
  if (letters.length <= endLength * 2 || rightToLeft.test(last)) return { who, rest, end: '' };
  const start = letters.slice(0, -endLength).join('');
  const end = letters.slice(-endLength).join('');
  return rest === '' ? { who: start, rest, end } : { who, rest: start, end };
}
