import { AGENT, isPerson, queueById } from './directory.ts';
import type { Change } from './step.ts';
import {
  conversationEvent,
  halfDisconnected,
  routingStatusEvent,
  screenshareEvent,
  videoEvent,
} from './topic-shapes.ts';
import type { SimConversation, World } from './world.ts';

const QUEUE_TOPICS = ['conversations', 'conversations.screenshares', 'conversations.videos'] as const;
/** Presence never changes here, so that topic stays silent. */
const USER_TOPICS = [...QUEUE_TOPICS, 'presence', 'routingStatus'] as const;
const MAX_COMBINED_LENGTH = 200;

export const CONVERSATIONS_TOPIC = `v2.users.${AGENT.id}.conversations`;

type TopicCheck =
  { permitted: true; topics: string[] } | { permitted: false; reason: string; missingPermissions: string[] };

/**
 * Whether this user may subscribe, and to which single topics: `v2.users.{id}?conversations&presence` is
 * several at once.
 */
export function checkTopic(id: string): TopicCheck {
  const invalid: TopicCheck = { permitted: false, reason: `Invalid topic: ${id}`, missingPermissions: [] };
  if (id.length >= MAX_COMBINED_LENGTH) return invalid;
  const parts = /^v2\.(users|routing\.queues)\.([0-9a-f-]{36})([.?])(.+)$/i.exec(id);
  const [, kind, owner, separator, names] = parts ?? [];
  if (!kind || !owner || !separator || !names)
    return /^v2\.system\./.test(id) ? { permitted: true, topics: [id] } : invalid;
  const known: readonly string[] = kind === 'users' ? USER_TOPICS : QUEUE_TOPICS;
  const wanted = separator === '?' ? names.split('&') : [names];
  if (!wanted.every((name) => known.includes(name))) return invalid;
  if (kind === 'users' && !isPerson(owner)) {
    return {
      permitted: false,
      reason: 'User topics can be subscribed only by the user they are about.',
      missingPermissions: ['notifications:subscription:add'],
    };
  }
  if (kind === 'routing.queues' && !queueById(owner)) return invalid;
  return { permitted: true, topics: wanted.map((name) => `v2.${kind}.${owner}.${name}`) };
}

/** The topics a change of this conversation is sent on: the full dialect and the flattened one of its medium. */
function topicsOf(conversation: SimConversation): { full: string[]; flat: string[] } {
  const owners = [`v2.users.${AGENT.id}`, `v2.routing.queues.${conversation.queueId}`];
  return {
    full: owners.map((owner) => `${owner}.conversations`),
    flat: owners.map((owner) => `${owner}.conversations.${conversation.media}s`),
  };
}

/** The answer of GET /api/v2/notifications/availabletopics. */
export function availableTopics(): { entities: object[] } {
  const users = USER_TOPICS.map((name) => ({
    id: `v2.users.{id}.${name}`,
    requiresPermissions: [],
    requiresCurrentUser: true,
    topicParameters: ['id'],
    transports: ['All'],
    visibility: 'Public',
  }));
  const queues = QUEUE_TOPICS.map((name) => ({
    id: `v2.routing.queues.{id}.${name}`,
    requiresPermissions: ['routing:queue:view'],
    requiresCurrentUser: false,
    topicParameters: ['id'],
    transports: ['All'],
    visibility: 'Public',
  }));
  return { entities: [...users, ...queues] };
}

/**
 * Renders each change when it happens and sends it a moment later, in order: a command is answered before
 * its event arrives, as with the real service.
 */
export function createAnnouncer(
  world: World,
  publish: (topic: string, body: unknown, correlationId: string) => void,
): (change: Change, correlationId: string) => void {
  let outgoing: { topic: string; body: unknown; correlationId: string }[] = [];
  /** Conversations whose agent is connected, by what was sent last. */
  const connected = new Set<string>();

  /** The agent's leg ended with this change. */
  function hasJustEnded(conversation: SimConversation): boolean {
    const { id } = conversation;
    const wasConnected = connected.has(id);
    if (conversation.phase === 'connected') connected.add(id);
    else connected.delete(id);
    return wasConnected && conversation.phase !== 'connected';
  }

  function flush(): void {
    const batch = outgoing;
    outgoing = [];
    for (const { topic, body, correlationId } of batch) publish(topic, body, correlationId);
  }

  return ({ conversation, routing }, correlationId) => {
    const add = (topic: string, body: unknown): void => {
      if (outgoing.length === 0) setImmediate(flush);
      outgoing.push({ topic, body, correlationId });
    };
    if (conversation) {
      const { full, flat } = topicsOf(conversation);
      const body = conversationEvent(conversation, world.settings);
      if (hasJustEnded(conversation) && world.settings.twoStepDisconnect)
        for (const topic of full) add(topic, halfDisconnected(conversation, world.settings));
      for (const topic of full) add(topic, body);
      const flattened =
        screenshareEvent(conversation, world.settings) ?? videoEvent(conversation, world.settings);
      if (flattened) for (const topic of flat) add(topic, flattened);
    }
    if (routing) add(`v2.users.${AGENT.id}.routingStatus`, routingStatusEvent(world));
  };
}
