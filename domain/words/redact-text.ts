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

const rules: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer(?:\s+|(?:%20|\+)+))[\w.~+/=%-]+/gi, '$1…'],
  // Words of daily use: what follows must not look like one.
  [
    /\b((?:[Bb]asic|BASIC|[Nn]egotiate|[Dd]igest)(?:\s+|(?:%20|\+)+))(?=[\w+/=%-]*[\dA-Z=])[\w.~+/=%-]{4,}/g,
    '$1…',
  ],
  [
    new RegExp(String.raw`\b(authorization${equals})(?!(?:bearer|basic|negotiate|digest)\b)${value}`, 'gi'),
    '$1…',
  ],
  [new RegExp(String.raw`(?<![a-z])(${secrets})(${equals})${value}`, 'gi'), '$1$2…'],
  // JSON Web Tokens, however they are named.
  [/\beyJ[\w-]+\.[\w.-]+/g, '…'],
  [/(\/channels\/)[\w-]+/g, '$1…'],
  // Ids are cut to eight characters: lines about the same thing can still be matched.
  [
    new RegExp(String.raw`(?<!${hex})(${hex}{8})-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}(?!${hex})`, 'gi'),
    '$1…',
  ],
  [new RegExp(String.raw`(?<!${hex})(${hex}{8})${hex}{24,}(?!${hex})`, 'gi'), '$1…'],
  [/[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+/g, '…@…'],
  [/\b((?:sips?|tel|callto|xmpp|mailto)(?::|%3a))[^\s"'<>]+/gi, '$1…'],
  // Machines: this one's own loopback is nobody's.
  [/(?<![\w.-])(?!127\.)(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g, '…'],
  [/(?<![\w:.])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])/gi, '…'],
  [
    /(?<![\w:.])(?=[0-9a-f:]*[0-9a-f])(?!::1\b)(?:[0-9a-f]{0,4}:){3,7}(?:[0-9a-f]{1,4}|(?<=::))(?:%\w+)?(?![\w:])/gi,
    '…',
  ],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH)(\s+)(?!127\.|localhost|…)[^\s,;)]+/g,
    '$1$2…',
  ],
  // Telephone numbers, but not dates.
  [/(?<![\d-])(?!\d{4}-\d{2}-\d{2})[+(]*\d[\d ()-]{7,}\d/g, '…'],
  [/(?<![\w+.:-])\+\d[\d ()./-]{2,}\d/g, '…'],
  [/(?<![\w.:/-])(?:\(\d{2,5}\)[ -]?|\d{2,5}[ -])?\d{3}[ -]\d{3,4}(?![\w.:/-])/g, '…'],
  [/(?<![\w.:/-])\d{7,}(?![\w:/-]|\.\d)/g, '…'],
  [/\b(ext(?:ension|\.)?\s*)\d{2,}/gi, '$1…'],
];

export function redactText(text: string): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
