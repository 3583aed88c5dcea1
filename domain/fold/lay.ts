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

/** A topic gives the name of a code where REST gives its id; the id, once known, stays. One code's name is not another's. */
export function layWrapup(below: Wrapup, above: Wrapup): Wrapup {
  const isOther = (below.code ?? null) !== null && (above.code ?? null) !== null && above.code !== below.code;
  if (isOther && above.code === below.name) return { ...lay(below, above), code: below.code };
  const { name: _another, ...rest } = below;
  return lay(isOther ? rest : below, above);
}

/** After-call work does not begin again. */
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
export function layScreenshare(known: Screenshare, told: Screenshare, late: boolean): Screenshare {
  const [below, above] = late ? [withoutState(told), known] : [known, told];
  const merged = lay(below, above);
  if (below.wrapup && above.wrapup) merged.wrapup = layWrapup(below.wrapup, above.wrapup);
  if (below.afterCallWork && above.afterCallWork) {
    const reopens = isFinal(below.afterCallWork.state) && !isFinal(above.afterCallWork.state);
    merged.afterCallWork = reopens
      ? lay(above.afterCallWork, below.afterCallWork)
      : lay(below.afterCallWork, above.afterCallWork);
  }
  // A timeline only grows.
  if (below.segments && above.segments && below.segments.length > above.segments.length) {
    merged.segments = below.segments;
  }
  return merged;
}
