import { z } from 'zod';
import { say } from '../../../domain/words/say.ts';

const envelopeSchema = z.looseObject({
  topicName: z.string().min(1),
  eventBody: z.unknown().optional(),
});

/** `SystemMessageSystemMessage`, and the body of `channel.metadata`; a field of the wrong type is ignored. */
const systemBodySchema = z.looseObject({
  channelId: z.string().nullish().catch(null),
  reason: z.string().nullish().catch(null),
});

/** What one text frame of the notification socket says. */
export type Frame =
  /** An event about a conversation of ours; `topic` is the dialect it came in. */
  | { readonly kind: 'event'; readonly topic: string; readonly value: unknown }
  /** `channel.metadata`: a heartbeat or a pong; or a system notice that asks nothing of us. */
  | { readonly kind: 'sign-of-life' }
  /** The server closes this socket within a minute; the channel stays. */
  | { readonly kind: 'closing' }
  /** The channel gets no events any more; `cause` is the server's word for why. */
  | { readonly kind: 'unsubscribed'; readonly cause: string }
  /** A sign-in of this user was revoked; only the next answer of the server says whether it is ours. */
  | { readonly kind: 'revoked' }
  /** Somebody changed the topics of our channel. */
  | { readonly kind: 'resubscribed' }
  | { readonly kind: 'unreadable'; readonly subject: string; readonly reason: string };

interface FrameReader {
  readonly topic: string;
  readonly channelId: string;
}

/** The subject of a frame that names no topic. */
export const noTopic = 'notification';

/** We never ask for the flattened dialect, which says less; whoever else uses this channel may have. */
const flattenedTopics = ['screenshares', 'videos'];

const longestTopic = 200;

export function readFrame(text: string, { topic, channelId }: FrameReader): Frame {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', subject: noTopic, reason: say('feed.notification.notJson') };
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    return { kind: 'unreadable', subject: noTopic, reason: say('feed.notification.noTopic') };
  }
  const { topicName, eventBody } = envelope.data;
  if (topicName === topic || flattenedTopics.some((medium) => topicName === `${topic}.${medium}`)) {
    return eventBody === undefined || eventBody === null
      ? { kind: 'unreadable', subject: topicName, reason: say('feed.notification.empty') }
      : { kind: 'event', topic: topicName, value: eventBody };
  }
  if (topicName === 'channel.metadata') return { kind: 'sign-of-life' };
  const system = systemFrame(topicName, eventBody, channelId);
  if (system) return system;
  const subject = topicName.slice(0, longestTopic);
  return { kind: 'unreadable', subject, reason: say('feed.notification.unasked', { topic: subject }) };
}

/** `v2.system.<type>`, with or without an id behind it; null for a type we do not know. */
function systemFrame(topicName: string, eventBody: unknown, channelId: string): Frame | null {
  const type = /^v2\.system\.([a-z_]+)/.exec(topicName)?.[1] ?? '';
  const parsed = systemBodySchema.safeParse(eventBody);
  const body = parsed.success ? parsed.data : {};
  // A user's system topics are about all their channels; only ours concerns us.
  const ours = !body.channelId || body.channelId === channelId;
  switch (type) {
    case 'socket_closing':
      return ours ? { kind: 'closing' } : { kind: 'sign-of-life' };
    case 'no_longer_subscribed':
      return ours ? { kind: 'unsubscribed', cause: body.reason ?? type } : { kind: 'sign-of-life' };
    case 'token_revoked':
      return ours ? { kind: 'revoked' } : { kind: 'sign-of-life' };
    case 'subscription_changed':
      return ours ? { kind: 'resubscribed' } : { kind: 'sign-of-life' };
    default:
      return null;
  }
}
