interface Owner {
  readonly queueId?: string;
  readonly conversationId: string;
}

/**
 * Whose codes they are: those of a queue, or, where there is none, of a conversation. Under this name they are stored
 * for when the server cannot be asked, and what was picked is remembered.
 */
export function codesScope({ queueId, conversationId }: Owner): string {
  return queueId ? `queue/${queueId}` : `conversation/${conversationId}`;
}
