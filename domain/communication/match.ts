import type { Communication } from './communication.ts';
import { hasEnded } from './phase.ts';

/** Which record a leg belongs to. A leg of the flattened topic has no id: its participant is all there is. */

/** Its own id is not known yet; its participant's stands in. */
export function isUnidentified({ communicationId, participantId }: Communication): boolean {
  return communicationId === participantId;
}

/**
 * - `known`: the record the leg belongs to
 * - `new`: there is no record of it
 * - `unclear`: the participant has several legs, and the leg does not say which one it is; taking the wrong one
 *   would end a share that goes on
 */
type Match =
  | { readonly kind: 'known'; readonly communication: Communication }
  | { readonly kind: 'new' }
  | { readonly kind: 'unclear' };

function matchUnidentified(stated: Communication, own: readonly Communication[]): Match {
  // The topic of one medium says nothing about another.
  const [communication, ...others] = own.filter(({ media }) => media === stated.media);
  if (!communication) return { kind: 'new' };
  return others.length === 0 ? { kind: 'known', communication } : { kind: 'unclear' };
}

/** Either late, and so without effect on what is over, or the first of another leg of its participant. */
export function mayBeAnother(stated: Communication, known: Communication): boolean {
  return isUnidentified(stated) && hasEnded(known) && !hasEnded(stated);
}

/**
 * `stated` is one leg as the snapshot states it, `known` every record of its conversation, `siblings` all legs of
 * that participant in the same snapshot.
 */
export function matchOf(
  stated: Communication,
  known: readonly Communication[],
  siblings: readonly Communication[],
): Match {
  const own = known.filter(({ participantId }) => participantId === stated.participantId);
  if (isUnidentified(stated)) return matchUnidentified(stated, own);
  const same = own.find(({ communicationId }) => communicationId === stated.communicationId);
  if (same) return { kind: 'known', communication: same };

  const unidentified = own.find((one) => isUnidentified(one) && one.media === stated.media);
  if (!unidentified) return { kind: 'new' };
  // Of several ids that arrive at once, one that is over where the record is; else the latest.
  const candidates = siblings.filter(
    (sibling) =>
      sibling.media === stated.media &&
      !isUnidentified(sibling) &&
      !own.some((one) => one.communicationId === sibling.communicationId),
  );
  const alike = candidates.filter((candidate) => hasEnded(candidate) === hasEnded(unidentified));
  const chosen = alike.at(-1) ?? candidates.at(-1);
  return chosen?.communicationId === stated.communicationId
    ? { kind: 'known', communication: unidentified }
    : { kind: 'new' };
}
