import type { FeedListener } from '../../domain/feed.ts';
import { decodeConversation } from '../../domain/model/decode.ts';

/** A listener that also tells of each conversation that was read in full, when it is folded. */
export function tellingOfReadings(
  listener: FeedListener,
  wasRead: (conversationId: string) => void,
): FeedListener {
  return {
    ...listener,
    arrived: async (arrival) => {
      await listener.arrived(arrival);
      if (arrival.source !== 'rest' || arrival.content.kind !== 'conversation') return;
      const decoded = decodeConversation(arrival.content.value);
      if (decoded.ok) wasRead(decoded.conversation.id);
    },
  };
}
