/**
 * Long lists of ids, newest first (from high to low), as typed arrays: eight bytes for each record. What is
 * done with them takes at most one pass from front to back, a few ms for a million.
 */

/** How many are above this id. */
export function placeOf(ids: Float64Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) > id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The list without what changed, and with those of it that belong there now. */
export function patched(
  ids: Float64Array,
  changed: readonly number[],
  present: ReadonlySet<number>,
): Float64Array {
  const result = new Float64Array(ids.length + present.size);
  let size = 0;
  let from = 0;
  const copyUpTo = (end: number): void => {
    result.set(ids.subarray(from, end), size);
    size += end - from;
  };
  for (const id of [...changed].sort((one, other) => other - one)) {
    const place = placeOf(ids, id);
    copyUpTo(place);
    from = ids[place] === id ? place + 1 : place;
    if (!present.has(id)) continue;
    result[size] = id;
    size += 1;
  }
  copyUpTo(ids.length);
  return result.subarray(0, size);
}

/** A span of those that are in `found`, in the order that `ordered` gives as places in `ids`. */
export function spanAmong(
  ids: Float64Array,
  ordered: Uint32Array,
  found: Float64Array,
  from: number,
  count: number,
): number[] {
  const isFound = new Uint8Array(ids.length);
  let place = 0;
  for (const id of found) {
    while ((ids[place] ?? -1) > id) place += 1;
    if (ids[place] === id) isFound[place] = 1;
  }
  const span: number[] = [];
  let before = 0;
  for (const at of ordered) {
    if (isFound[at] !== 1) continue;
    before += 1;
    if (before <= from) continue;
    span.push(ids[at] ?? 0);
    if (span.length === count) break;
  }
  return span;
}
