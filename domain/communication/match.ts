import type { Communication } from './communication.ts';
import { isOver } from './phase.ts';

/** Which record a leg belongs to. A leg of the flattened topic has no id: its participant is all there is. */

/** Its id is not known yet; it is kept under its participant's. */
export function isUnidentified({ communicationId, participantId }: Communication): boolean {
  return communicationId === participantId;
}

/**
 * - `known`: the record the leg belongs to
 * - `new`: nothing is known of it
 * - `unclear`: the participant has several legs, and the leg does not say which of them it is. To take the
 *   wrong one would end a share that goes on
 */
export type Match =
  | { readonly kind: 'known'; readonly communication: Communication }
  | { readonly kind: 'new' }
  | { readonly kind: 'unclear' };

function matchUnidentified(told: Communication, own: readonly Communication[]): Match {
  const sameMedia = own.filter(({ media }) => media === told.media);
  const [communication, ...others] = sameMedia.length > 0 ? sameMedia : own;
  if (!communication) return { kind: 'new' };
  return others.length === 0 ? { kind: 'known', communication } : { kind: 'unclear' };
}

/** Late, and so without effect on what is over – or the first word of another leg of its participant. */
export function mayBeAnother(told: Communication, known: Communication): boolean {
  return isUnidentified(told) && isOver(known.screenshare) && !isOver(told.screenshare);
}

/**
 * `told` is what a fact says alone, `known` every record of its conversation, `siblings` everything the
 * same fact says about the legs of that participant.
 */
export function matchOf(
  told: Communication,
  known: readonly Communication[],
  siblings: readonly Communication[],
): Match {
  const own = known.filter(({ participantId }) => participantId === told.participantId);
  if (isUnidentified(told)) return matchUnidentified(told, own);
  const same = own.find(({ communicationId }) => communicationId === told.communicationId);
  if (same) return { kind: 'known', communication: same };

  const waiting = own.find(isUnidentified);
  if (!waiting) return { kind: 'new' };
  // Of several ids that arrive at once, the one that lives as the record does; else the latest.
  const candidates = siblings.filter(
    (sibling) =>
      !isUnidentified(sibling) && !own.some((one) => one.communicationId === sibling.communicationId),
  );
  const alike = candidates.filter(({ screenshare }) => isOver(screenshare) === isOver(waiting.screenshare));
  const chosen = alike.at(-1) ?? candidates.at(-1);
  return chosen?.communicationId === told.communicationId
    ? { kind: 'known', communication: waiting }
    : { kind: 'new' };
}
