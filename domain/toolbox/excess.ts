/** Far beyond anything real, and far from the end of any stack on its way to the database. */
export const mostLevels = 100;
/**
 * More than a conversation of a thousand participants has. Each may be wrong, and a schema keeps a note of every wrong
 * one: a hundred thousand of them take a second, and more are too many for its stack.
 */
export const mostValues = 50_000;

/** What a value has too much of to be looked at by a schema, if anything: levels, or values in all. */
export function excessOf(value: unknown, most = mostValues): 'levels' | 'values' | null {
  let values = 0;
  const look = (inner: unknown, level: number): 'levels' | 'values' | null => {
    values += 1;
    if (values > most) return 'values';
    if (typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner)) return null;
    if (level === mostLevels) return 'levels';
    const parts: readonly unknown[] = Array.isArray(inner) ? inner : Object.values(inner);
    if (parts.length > most) return 'values';
    for (const each of parts) {
      const excess = look(each, level + 1);
      if (excess !== null) return excess;
    }
    return null;
  };
  return look(value, 0);
}
