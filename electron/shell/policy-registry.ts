import { policyOf, policySchema, type OrganisationPolicy } from '../../domain/organisation-policy.ts';

/** `    keepDays    REG_DWORD    0x5a`, as `reg query` prints it in every language. */
const valueLine = /^ {4}(.+?) {4}(REG_\w+) {4}(.*)$/;

/** A number, or yes and no where the setting is one. */
function numberOf(name: string, text: string): number | boolean {
  const number = Number(text);
  const schema = Object.entries(policySchema.shape.locked.shape).find(([key]) => key === name)?.[1];
  const isSwitch = schema?.safeParse(true).success === true;
  return isSwitch && (number === 0 || number === 1) ? number === 1 : number;
}

/** Text as it is; lists, objects and `null` as in JSON. */
function textOf(text: string): unknown {
  if (!/^(?:\[.*\]|\{.*\}|null|true|false)$/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * The policy in what `reg query` printed of its key: one value for each setting, REG_DWORD for numbers, yes (1) and
 * no (0), REG_SZ for the rest.
 */
export function policyOfRegistry(key: string, printed: string): OrganisationPolicy {
  const locked = printed.split(/\r?\n/).flatMap((line): [string, unknown][] => {
    const [found, name = '', kind = '', text = ''] = valueLine.exec(line) ?? [];
    // The key's own value, which has no name, is nobody's setting.
    if (found === undefined || name.startsWith('(')) return [];
    return [[name, kind === 'REG_DWORD' ? numberOf(name, text) : textOf(text.trim())]];
  });
  // Not by assignment: `__proto__` would be no name but the object's kind.
  return policyOf(key, { locked: Object.fromEntries(locked) });
}
