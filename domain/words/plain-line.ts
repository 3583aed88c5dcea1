/** Text with nothing but printable ASCII and common European letters needs no closer look: almost every one. */
const plain = /^[\x20-\x7e\xa1-\xac\xae-\u02ff]*$/;
/** Controls, line breaks of every kind and spaces of odd widths. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu;
/** What turns the direction of text around it, is not seen, or marks other characters. */
const unseen =
  /(?![\u200c-\u200d\u2066-\u2069]|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]/gu;
/** Joiners belong between letters of some scripts and between pictures; elsewhere they only hide. */
const strayJoiners = /(?<![\p{Lo}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]/gu;
/** No script writes so many marks on one letter. */
const heapedMarks = /(\p{M}{4})\p{M}+/gu;
const isolates = /[\u2066-\u2069]/gu;

/** Whether every isolate is closed again, so that it turns nothing outside of it. */
function isBalanced(text: string): boolean {
  let open = 0;
  for (const [mark] of text.matchAll(isolates)) {
    open += mark === '\u2069' ? -1 : 1;
    if (open < 0) return false;
  }
  return open === 0;
}

/**
 * Text from outside as it may stand in a line of ours, in a menu or on a notification: one line, with nothing that is
 * not seen and nothing that changes how the rest of the line reads.
 */
export function plainLine(text: string): string {
  if (plain.test(text)) return text;
  const line = text
    .replace(unseen, '')
    .replace(breaks, ' ')
    .replace(strayJoiners, '')
    .replace(heapedMarks, '$1');
  return isBalanced(line) ? line : line.replace(isolates, '');
}
