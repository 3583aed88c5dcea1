import type { ReviewQuery } from './query.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * `>5m`, `<30s`, `>=1h`, `1h30m`, `=90s`: how long, and compared how; without a sign at least so long. Null
 * where it is no length.
 */
export function readLength(text: string): ReviewQuery['sharing'] {
  const [, sign = '', length] = /^(>=|<=|>|<|=)?((?:\d{1,6}(?:\.\d{1,3})?(?:s|min|m|h))+)$/i.exec(text) ?? [];
  if (length === undefined) return null;
  let ms = 0;
  for (const [, count, unit = ''] of length.matchAll(/([\d.]+)(s|min|m|h)/gi))
    ms += Number(count) * (units[unit.toLowerCase()] ?? 0);
  const compare = sign === '>' || sign === '<' || sign === '<=' || sign === '=' ? sign : '>=';
  return { compare, ms: Math.round(ms) };
}
