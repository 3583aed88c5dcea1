import { z } from 'zod';
import { mostValues } from '../../../domain/toolbox/excess.ts';
import { say } from '../../../domain/words/say.ts';
import { checkConnectUri } from './server-address.ts';
import { parseAnswer, pathId, type Http, type Redactor } from './http.ts';
import { HttpProblem, oneLine } from './http-problem.ts';

const text = z.string().nullish();

const channelSchema = z.looseObject({ id: z.string().min(1), connectUri: z.string().min(1) });

/** `ChannelTopicEntityListing`: with `ignoreErrors=true` each topic is permitted or rejected by itself. */
const subscriptionsSchema = z.looseObject({
  entities: z.array(
    z.looseObject({
      id: text,
      state: text,
      rejectionReason: text,
      missingPermissions: z.array(z.string()).nullish(),
    }),
  ),
});

/** A notification channel. Whoever knows its id or address can listen in: both are secrets. */
export interface Channel {
  readonly id: string;
  readonly connectUri: URL;
}

const channelsPath = '/api/v2/notifications/channels';

/** Throws `HttpProblem`. */
export async function createChannel(http: Http, redactor: Redactor, signal: AbortSignal): Promise<Channel> {
  const answer = await http.request('POST', channelsPath, { signal });
  const { id, connectUri } = parseAnswer(channelSchema, answer, 'channel');
  redactor.hide(id);
  const address = checkConnectUri(connectUri, http.baseUrl);
  if (!address.ok) {
    throw new HttpProblem({ kind: 'unexpected', reason: address.reason, mayHaveArrived: true });
  }
  return { id, connectUri: address.value };
}

function subscriptionsPath(channel: Channel): string {
  return `${channelsPath}/${pathId(channel.id)}/subscriptions`;
}

/** Whether the channel gets events of the topic. Throws `HttpProblem`: `not-found` when the channel is gone. */
export async function isSubscribed(
  http: Http,
  channel: Channel,
  topic: string,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await http.request('GET', subscriptionsPath(channel), { signal });
  const { entities } = parseAnswer(subscriptionsSchema, answer, 'subscription', mostValues);
  return entities.some(({ id }) => id === topic);
}

/**
 * Subscribes the channel to one topic; asking again prolongs the channel. Throws `HttpProblem`:
 * `not-found` when the channel is gone, `forbidden` when the server rejects the topic.
 */
export async function subscribe(
  http: Http,
  channel: Channel,
  topic: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `${subscriptionsPath(channel)}?ignoreErrors=true`;
  const answer = await http.request('POST', path, { body: [{ id: topic }], signal });
  const { entities } = parseAnswer(subscriptionsSchema, answer, 'subscription', mostValues);
  const subscription = entities.find((entity) => entity.id === topic);
  // A channel without our topic would be silent and look alive.
  if (!subscription) {
    throw new HttpProblem({
      kind: 'unexpected',
      reason: say('feed.channel.notSubscribed'),
      mayHaveArrived: true,
    });
  }
  if (subscription.state !== 'Rejected') return;

  const why = oneLine(subscription.rejectionReason ?? '');
  const missing = subscription.missingPermissions ?? [];
  throw new HttpProblem({
    kind: 'forbidden',
    reason: say('feed.channel.rejected', {
      explained: why === '' ? 'no' : 'yes',
      why,
      named: missing.length === 0 ? 'no' : 'yes',
      missing: oneLine(missing.join(', ')),
    }),
    missing,
    mayHaveArrived: false,
  });
}
