import { z } from 'zod';
import type { Hub } from './channels.ts';
import { badRequest, notFound, WireError } from './errors.ts';
import type { Channel, ChannelTopic } from './wire-types.ts';
import { param, type Params, type Reply, type Request, type Route } from './router.ts';
import { availableTopics, judgeTopic } from './topics.ts';
import type { SimChannel } from './world.ts';

export interface ChannelRoutesContext {
  hub: Hub;
  /** `ws://127.0.0.1:PORT`, as it is now. */
  socketOrigin: () => string;
}

const base = '/api/v2/notifications';
const subscriptions = `${base}/channels/:channelId/subscriptions`;
const topicsSchema = z.array(z.object({ id: z.string() }));

/** The notification service over HTTP; its socket is in channels.ts. */
export function channelRoutes({ hub, socketOrigin }: ChannelRoutesContext): Route[] {
  const rendered = (channel: SimChannel): Channel => ({
    id: channel.id,
    connectUri: `${socketOrigin()}/channels/${channel.id}`,
    expires: new Date(channel.expiresAt).toISOString(),
  });

  const channelOf = (params: Params): SimChannel => {
    const id = param(params, 'channelId');
    const channel = hub.find(id);
    if (!channel) throw notFound('Channel', id);
    return channel;
  };

  /** Adds to or replaces a channel's topics; one bad topic fails the batch unless `ignoreErrors`. */
  function subscribe(request: Request, params: Params, before: (channel: SimChannel) => string[]): Reply {
    const channel = channelOf(params);
    const parsed = topicsSchema.safeParse(request.body);
    if (!parsed.success) throw badRequest('A list of topics is required: [{"id": "…"}].');
    const judged = parsed.data.map(({ id }) => ({ id, verdict: judgeTopic(id) }));
    const refused = judged.find(({ verdict }) => !verdict.permitted);
    if (refused && request.query.get('ignoreErrors') !== 'true') {
      const reason = refused.verdict.permitted ? '' : refused.verdict.reason;
      throw new WireError(400, 'notification.invalid.topic', reason, {
        messageParams: { topic: refused.id },
      });
    }
    const topics = judged.flatMap(({ verdict }) => (verdict.permitted ? verdict.topics : []));
    if (!hub.subscribe(channel, [...before(channel), ...topics])) {
      throw new WireError(
        400,
        'notification.subscription.too.many.subscriptions',
        'A channel can have at most 1000 subscriptions.',
      );
    }
    const entities = judged.map(({ id, verdict }): ChannelTopic => {
      const selfUri = `${base}/availabletopics/${id}`;
      if (verdict.permitted) return { id, state: 'Permitted', selfUri };
      const { reason, missingPermissions } = verdict;
      return { id, state: 'Rejected', rejectionReason: reason, missingPermissions, selfUri };
    });
    return { status: 200, body: { entities } };
  }

  return [
    {
      method: 'GET',
      pattern: `${base}/availabletopics`,
      handle: () => ({ status: 200, body: availableTopics() }),
    },
    {
      method: 'POST',
      pattern: `${base}/channels`,
      handle: ({ accessToken }) => ({ status: 200, body: rendered(hub.create(accessToken)) }),
    },
    {
      method: 'GET',
      pattern: `${base}/channels`,
      handle: () => ({ status: 200, body: { entities: hub.list().map(rendered) } }),
    },
    {
      method: 'HEAD',
      pattern: `${base}/channels/:channelId`,
      handle: (_request, params) => {
        channelOf(params);
        return { status: 200 };
      },
    },
    {
      method: 'GET',
      pattern: subscriptions,
      handle: (_request, params) => ({
        status: 200,
        body: {
          entities: channelOf(params).topics.map((id) => ({ id, selfUri: `${base}/availabletopics/${id}` })),
        },
      }),
    },
    {
      method: 'POST',
      pattern: subscriptions,
      handle: (request, params) => subscribe(request, params, (it) => it.topics),
    },
    {
      method: 'PUT',
      pattern: subscriptions,
      handle: (request, params) => subscribe(request, params, () => []),
    },
    {
      method: 'DELETE',
      pattern: subscriptions,
      handle: (_request, params) => {
        hub.subscribe(channelOf(params), []);
        return { status: 204 };
      },
    },
  ];
}
