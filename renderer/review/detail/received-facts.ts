const formats = new Map<string, Intl.DateTimeFormat>();

/** `23 Nov 2026, 14:18:02.123`, this machine's clock; what is no time as it was kept. */
export function receivedAt(iso: string, locale: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const format =
    formats.get(locale) ??
    new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    });
  formats.set(locale, format);
  return format.format(at);
}

/**
 * JSON as people read it, anything else as it came. Only its white space is another: a number or a name that
 * is written twice stays as it was sent.
 */
export function prettyBody(body: string): string {
  try {
    JSON.parse(body);
  } catch {
    return body;
  }
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  const tokens = body.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
  return tokens
    .map((token, at) => {
      switch (token) {
        case '{':
        case '[':
          if (isClosing(tokens[at + 1])) return token;
          depth += 1;
          return token + line();
        case '}':
        case ']':
          if (isOpening(tokens[at - 1])) return token;
          depth -= 1;
          return line() + token;
        case ',':
          return token + line();
        default:
          return token === ':' ? ': ' : token;
      }
    })
    .join('');
}

const isOpening = (token: string | undefined): boolean => token === '{' || token === '[';
const isClosing = (token: string | undefined): boolean => token === '}' || token === ']';
