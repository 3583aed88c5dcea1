/** For text that leaves this machine or stays in a log: without addresses, numbers and secrets. */

/** Between a name and its value, also where one address stands inside another: `=`, `: "`, `%3D`, `%22%3A%22`. */
const equals = String.raw`(?:["']|%22)?\s*(?:[:=]|%(?:25)*3[ad])\s*(?:["']|%22)?`;
/** Up to where the next one may begin. */
const value = String.raw`(?:(?!%(?:25)*26|%22)[^\s"'&,;}])+`;
const secrets = [
  String.raw`(?:access_?|refresh_?|id_?|bearer_?|auth_?|session_?)?token`,
  ...['client_?secret', 'secret', 'code_verifier', 'code', 'assertion', 'api_?key', 'signature', 'cookie'],
  ...['passphrase', 'password', 'passwd', 'pwd', 'pin'],
].join('|');
const hex = '[0-9a-f]';

/** What is removed, as the diagnostics report lists it: English, like all of that report. */
export type Removed =
  | 'tokens and secrets'
  | 'notification channels'
  | 'ids, cut to eight characters'
  | 'e-mail addresses'
  | 'call addresses'
  | 'network addresses'
  | 'telephone numbers';

const rules: readonly (readonly [Removed, RegExp, string])[] = [
  ['tokens and secrets', /\b(bearer(?:\s+|(?:%20|\+)+))[\w.~+/=%-]+/gi, '$1…'],
  // Words of daily use: what follows must not look like one.
  [
    'tokens and secrets',
    /\b((?:[Bb]asic|BASIC|[Nn]egotiate|[Dd]igest)(?:\s+|(?:%20|\+)+))(?=[\w+/=%-]*[\dA-Z=])[\w.~+/=%-]{4,}/g,
    '$1…',
  ],
  [
    'tokens and secrets',
    new RegExp(String.raw`\b(authorization${equals})(?!(?:bearer|basic|negotiate|digest)\b)${value}`, 'gi'),
    '$1…',
  ],
  ['tokens and secrets', new RegExp(String.raw`(?<![a-z])(${secrets})(${equals})${value}`, 'gi'), '$1$2…'],
  // JSON Web Tokens, however they are named.
  ['tokens and secrets', /\beyJ[\w-]+\.[\w.-]+/g, '…'],
  ['notification channels', /(\/channels\/)[\w-]+/g, '$1…'],
  // Ids are cut to eight characters: lines about the same thing can still be matched.
  [
    'ids, cut to eight characters',
    new RegExp(String.raw`(?<!${hex})(${hex}{8})-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}(?!${hex})`, 'gi'),
    '$1…',
  ],
  [
    'ids, cut to eight characters',
    new RegExp(String.raw`(?<!${hex})(${hex}{8})${hex}{24,}(?!${hex})`, 'gi'),
    '$1…',
  ],
  ['e-mail addresses', /[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/g, '…@…'],
  ['call addresses', /\b((?:sips?|tel|callto|xmpp|mailto)(?::|%3a))[^\s"'<>]+/gi, '$1…'],
  // Machines: this one's own loopback is nobody's.
  ['network addresses', /(?<![\w.-])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g, '…'],
  ['network addresses', /(?<![\w:.])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])/gi, '…'],
  [
    'network addresses',
    /(?<![\w:.])(?=[0-9a-f:]*[0-9a-f])(?!::1\b)(?:[0-9a-f]{0,4}:){3,7}(?:[0-9a-f]{1,4}|(?<=::))(?:%\w+)?(?![\w:])/gi,
    '…',
  ],
  [
    'network addresses',
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH)(\s+)(?!127\.|localhost|…)[^\s,;)]+/g,
    '$1$2…',
  ],
  // Telephone numbers, but not dates.
  ['telephone numbers', /(?<![\d-])(?!\d{4}-\d{2}-\d{2})[+(]*\d[\d ()-]{7,}\d/g, '…'],
  ['telephone numbers', /(?<![\w+.:-])\+\d[\d ()./-]{2,}\d/g, '…'],
  ['telephone numbers', /(?<![\w.:/-])(?:\(\d{2,5}\)[ -]?|\d{2,5}[ -])?\d{3}[ -]\d{3,4}(?![\w.:/-])/g, '…'],
  ['telephone numbers', /(?<![\w.:/-])\d{7,}(?![\w:/-]|\.\d)/g, '…'],
  ['telephone numbers', /\b(ext(?:ension|\.)?\s*)\d{2,}/gi, '$1…'],
];

/** How often something was removed, by what it was. */
export type RemovedCounts = ReadonlyMap<string, number>;

/** The text without them, and how many of what were in it. */
export function redactAndCount(text: string): { readonly text: string; readonly removed: RemovedCounts } {
  const removed = new Map<string, number>();
  const redacted = rules.reduce((result, [kind, pattern, replacement]) => {
    const after = result.replace(pattern, replacement);
    // A line that was cut when it was logged looks the same to a rule again.
    const found = (result.match(pattern) ?? []).filter((match) => !match.endsWith('…')).length;
    if (found > 0) removed.set(kind, (removed.get(kind) ?? 0) + found);
    return after;
  }, text);
  return { text: redacted, removed };
}

export function redactLogLines(text: string): string {
  return rules.reduce((result, [, pattern, replacement]) => result.replace(pattern, replacement), text);
}
