import type { Hub } from './channels.ts';
import { AGENT } from './directory.ts';
import type { Change } from './step.ts';
import { conversationEvent, routingStatusEvent, screenshareEvent } from './topic-shapes.ts';
import { topicsOf } from './topics.ts';
import type { World } from './world.ts';

/**
 * Renders each change when it happens and sends it a moment later, in order: a command is answered before
 * its event arrives, as with the real service.
 */
export function createAnnouncer(world: World, hub: Hub): (change: Change, correlationId: string) => void {
  let outgoing: { topic: string; body: unknown; correlationId: string }[] = [];

  function flush(): void {
    const batch = outgoing;
    outgoing = [];
    for (const { topic, body, correlationId } of batch) hub.publish(topic, body, correlationId);
  }

  return ({ conversation, routing }, correlationId) => {
    const add = (topic: string, body: unknown): void => {
      if (outgoing.length === 0) setImmediate(flush);
      outgoing.push({ topic, body, correlationId });
    };
    if (conversation) {
      const { full, flat } = topicsOf(conversation);
      const body = conversationEvent(conversation, world.settings);
      for (const topic of full) add(topic, body);
      const flattened = screenshareEvent(conversation, world.settings);
      if (flattened) for (const topic of flat) add(topic, flattened);
    }
    if (routing) add(`v2.users.${AGENT.id}.routingStatus`, routingStatusEvent(world));
  };
}
