import type { Communication } from '../communication/communication.ts';
import { legStateOf } from '../communication/phase.ts';
import type { KnownState } from './known-state.ts';

/**
 * What is confirmed, for the head, the quiet state and the footer alike: what the server would say now, over a live
 * link, with listings that come as they should, of a conversation of which it is known how it stands.
 */

/**
 * The server says how things stand; of single conversations it may still not be known. What a machine shows when it
 * wakes is what it showed when it went to sleep: from then on nothing is confirmed.
 */
function isInContact({ link, listingProblem, presence }: KnownState): boolean {
  return link.kind === 'live' && listingProblem === null && !presence.asleep;
}

/** How its conversation stands is known, and the server mentions it there, as far as there is contact. */
export function isMentioned(known: KnownState, { key, conversationId }: Communication): boolean {
  return !known.unmentioned.includes(key) && known.unconfirmedConversations[conversationId] === undefined;
}

/** What is shown of something live is confirmed. */
export function isConfirmed(known: KnownState, communication: Communication): boolean {
  return isInContact(known) && isMentioned(known, communication);
}

/** Nothing live is left out, and nothing is unknown: only then may "Not sharing" be said. */
export function isEverythingConfirmed(known: KnownState): boolean {
  const { unmentioned, unconfirmedConversations, communications } = known;
  const isLive = (key: string): boolean => {
    const communication = communications[key];
    return communication !== undefined && legStateOf(communication) !== 'over';
  };
  return (
    isInContact(known) && !unmentioned.some(isLive) && Object.keys(unconfirmedConversations).length === 0
  );
}

/** Since when not everything is known over a link that is live, epoch ms of this machine's clock. */
export function unconfirmedSince({
  unconfirmedConversations,
  listingProblem,
}: KnownState): number | undefined {
  const since = [...Object.values(unconfirmedConversations), listingProblem?.since ?? Infinity];
  const first = Math.min(...since);
  return first === Infinity ? undefined : first;
}
