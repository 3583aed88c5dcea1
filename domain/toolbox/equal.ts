/** Whether two plain values say the same; parts that are the same object are not looked into. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => saysTheSame(item, other[index]));
  }
  const mine = Object.entries(one);
  const theirs: Readonly<Record<string, unknown>> = { ...other };
  return (
    mine.length === Object.keys(theirs).length &&
    mine.every(([name, value]) => name in theirs && saysTheSame(value, theirs[name]))
  );
}
