import type { Screenshare, Wrapup } from '../model/screenshare.ts';

/**
 * Laying one snapshot over another. Absent and null never erase: one source carries fields the other does
 * not have (the topic has no segments, REST has no wrapupExpected).
 */
function lay<Shape extends object>(below: Shape, above: Shape): Shape {
  const said = Object.entries(above).filter(
    ([name, value]) => (value !== null && value !== undefined) || !(name in below),
  );
  return { ...below, ...Object.fromEntries(said) };
}

/**
 * A topic gives the name of a code where REST gives its id; the id, once known, stays. Nothing of one code is
 * another's: neither its name nor the notes written with it.
 */
export function mergeWrapup(below: Wrapup, above: Wrapup): Wrapup {
  const isOther = (below.code ?? null) !== null && (above.code ?? null) !== null && above.code !== below.code;
  if (isOther && above.code === below.name) return { ...lay(below, above), code: below.code };
  return isOther && above.name !== below.code ? above : lay(below, above);
}

/** After-call work does not begin again, and what is pending does not stop applying. */
function goesBack(below: string | null | undefined, above: string | null | undefined): boolean {
  return (isFinal(below) && !isFinal(above)) || (below === 'pending' && above === 'notApplicable');
}

export function isFinal(state: string | null | undefined): boolean {
  return state === 'complete' || state === 'skipped';
}

/** What was the state at an earlier time says nothing about now, even where nobody has said what it is now. */
function withoutState({ state: _earlier, ...rest }: Screenshare): Screenshare {
  return rest;
}

/**
 * The record as known and as told together. A late fact is from an earlier time than what is known: it only
 * fills gaps.
 */
export function mergeScreenshare(known: Screenshare, told: Screenshare, late: boolean): Screenshare {
  const [below, above] = late ? [withoutState(told), known] : [known, told];
  const merged = lay(below, above);
  if (below.wrapup && above.wrapup) merged.wrapup = mergeWrapup(below.wrapup, above.wrapup);
  if (below.afterCallWork && above.afterCallWork) {
    merged.afterCallWork = goesBack(below.afterCallWork.state, above.afterCallWork.state)
      ? lay(above.afterCallWork, below.afterCallWork)
      : lay(below.afterCallWork, above.afterCallWork);
  }
  // A timeline only grows.
  if (below.segments && above.segments && below.segments.length > above.segments.length) {
    merged.segments = below.segments;
  }
  return merged;
}
