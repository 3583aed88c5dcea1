/** Under what name wrap-up codes are kept for when the server cannot be asked. */

const ofConversation = 'conversation/';

interface Owner {
  readonly queueId?: string;
  readonly conversationId: string;
}

/** Codes belong to a queue; without one they can only be kept for their own conversation. */
export function codesScope({ queueId, conversationId }: Owner): string {
  return queueId ? `queue/${queueId}` : `${ofConversation}${conversationId}`;
}

/** The conversation whose codes alone these are; null where they are a queue's. */
export function conversationOfScope(scope: string): string | null {
  return scope.startsWith(ofConversation) ? scope.slice(ofConversation.length) : null;
}
