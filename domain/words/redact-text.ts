/** For text that leaves this machine or stays in a log: without addresses, numbers and secrets. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer\s+)[\w.~+/=-]+/gi, '$1…'],
  [
    /\b((?:access_|refresh_)?token|code_verifier|code|passphrase|password)(["']?\s*[:=]\s*["']?)[^\s"'&,}]+/gi,
    '$1$2…',
  ],
  [/(\/channels\/)[\w-]+/g, '$1…'],
  // Ids are cut to eight characters: lines about the same thing can still be matched.
  [/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '$1…'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '…@…'],
  // Telephone numbers, but not dates.
  [/(?<![\d-])(?!\d{4}-\d{2}-\d{2})\+?\d[\d ()-]{7,}\d/g, '…'],
];

export function redactText(text: string): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
