import type { Screenshare, Wrapup } from '../model/screenshare.ts';

/**
 * The later of two snapshots wins. Absent and null never erase: each source has fields the other does not (the
 * topic has no segments, REST has no wrapupExpected).
 */
function merge<Shape extends Record<string, unknown>>(earlier: Shape, later: Shape): Shape {
  const merged: Record<string, unknown> = { ...earlier };
  for (const [name, value] of Object.entries(later)) {
    if ((value !== null && value !== undefined) || !(name in earlier)) merged[name] = value;
  }
  return merged as Shape;
}

/**
 * A topic gives the name of a code where REST gives its id; the id, once known, stays. The name and notes of one
 * code are never taken over to another.
 */
export function mergeWrapup(earlier: Wrapup, later: Wrapup): Wrapup {
  const isOther =
    (earlier.code ?? null) !== null && (later.code ?? null) !== null && later.code !== earlier.code;
  if (isOther && later.code === earlier.name) return { ...merge(earlier, later), code: earlier.code };
  return isOther && later.name !== earlier.code ? later : merge(earlier, later);
}

/** After-call work does not begin again, and what is pending does not stop applying. */
function goesBack(earlier: string | null | undefined, later: string | null | undefined): boolean {
  return (isFinal(earlier) && !isFinal(later)) || (earlier === 'pending' && later === 'notApplicable');
}

export function isFinal(state: string | null | undefined): boolean {
  return state === 'complete' || state === 'skipped';
}

/** The state at an earlier time says nothing about now. */
function withoutState({ state: _earlier, ...rest }: Screenshare): Screenshare {
  return rest;
}

/** A late fact is from an earlier time than what is known: it only fills gaps. */
export function mergeScreenshare(known: Screenshare, stated: Screenshare, late: boolean): Screenshare {
  const [earlier, later] = late ? [withoutState(stated), known] : [known, stated];
  const merged = merge(earlier, later);
  if (earlier.wrapup && later.wrapup) merged.wrapup = mergeWrapup(earlier.wrapup, later.wrapup);
  if (earlier.afterCallWork && later.afterCallWork) {
    merged.afterCallWork = goesBack(earlier.afterCallWork.state, later.afterCallWork.state)
      ? merge(later.afterCallWork, earlier.afterCallWork)
      : merge(earlier.afterCallWork, later.afterCallWork);
  }
  // A timeline only grows.
  if (earlier.segments && later.segments && earlier.segments.length > later.segments.length) {
    merged.segments = earlier.segments;
  }
  return merged;
}
