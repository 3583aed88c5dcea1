import { z } from 'zod';
import type { Hub } from './channels.ts';
import {
  communicationAt,
  conversationAt,
  disconnectAll,
  patchAfterCallWork,
  patchParticipant,
  placeAt,
  wrapUpCommunication,
  type Place,
} from './commands.ts';
import { AGENT, ORGANIZATION, permissionsWithout, queueById, QUEUES } from './directory.ts';
import { badRequest, notFound, WireError } from './errors.ts';
import { iso, present, restConversation } from './rest-shapes.ts';
import { param, type Params, type Reply, type Request, type Route } from './router.ts';
import type { Change } from './step.ts';
import { availableTopics, judgeTopic } from './topics.ts';
import type { AssignedWrapupCode, Channel, ChannelTopic } from './wire-types.ts';
import { isLive, type SimChannel, type SimConversation, type SimWrapup, type World } from './world.ts';

export interface RoutesContext extends ChannelRoutesContext {
  world: World;
  /** Simulated now, ms. */
  now: () => number;
  /** Tells the listeners of a change that a request has made. */
  publish: (change: Change, correlationId: string) => void;
  /** A client has read the list: it is there, the scenario may begin. */
  someoneReads: () => void;
}

const base = '/api/v2/conversations';
const participant = `${base}/:conversationId/participants/:participantId`;
const communication = 'participants/:participantId/communications/:communicationId';

/** Every endpoint below /api/v2 this simulator speaks. */
export function createRoutes(context: RoutesContext): Route[] {
  const { world, now, publish } = context;

  const place = (params: Params): Place =>
    placeAt(
      world,
      param(params, 'conversationId'),
      param(params, 'participantId'),
      params['communicationId'],
    );

  const command =
    (status: number, run: (params: Params, body: unknown) => Change) =>
    (request: Request, params: Params): Reply => {
      publish(run(params, request.body), request.correlationId);
      return { status };
    };

  /** Each kind of communication has endpoints of its own. */
  const communicationWrapup = (family: string, media: SimConversation['media']): Route[] => {
    const pattern = `${base}/${family}/:conversationId/${communication}/wrapup`;
    const at = (params: Params): Place => communicationAt(media, place(params));
    return [
      {
        method: 'GET',
        pattern,
        handle: ({ query }, params) => ok(assigned(at(params).party.leg.wrapup, query)),
      },
      {
        method: 'POST',
        pattern,
        anyOf: ['conversation:participant:wrapup'],
        handle: command(204, (params, body) => wrapUpCommunication(world, at(params), body, now())),
      },
    ];
  };

  return [
    { method: 'GET', pattern: '/api/v2/users/me', handle: ({ query }) => ok(me(world, query)) },
    {
      // Signing out: the token, and with it its refresh token, is worth nothing from here on.
      method: 'DELETE',
      pattern: '/api/v2/tokens/me',
      handle: ({ accessToken }) => {
        world.tokens = world.tokens.filter((token) => token.accessToken !== accessToken);
        return { status: 200 };
      },
    },
    {
      method: 'GET',
      pattern: base,
      handle: ({ query }) => {
        context.someoneReads();
        return ok(listing(world, query));
      },
    },
    {
      method: 'GET',
      pattern: `${base}/settings`,
      anyOf: ['conversation:settings:view'],
      handle: () =>
        ok({
          communicationBasedACW: world.settings.communicationBasedACW,
          includeNonAgentConversationSummary: false,
          completeAcwWhenAgentTransitionsOffline: false,
        }),
    },
    {
      method: 'GET',
      pattern: `${base}/:conversationId`,
      anyOf: ['conversation:communication:view'],
      handle: (_request, params) =>
        ok(restConversation(conversationAt(world, param(params, 'conversationId')))),
    },
    {
      method: 'POST',
      pattern: `${base}/:conversationId/disconnect`,
      anyOf: ['conversation:communication:disconnect'],
      handle: ({ correlationId }, params) => {
        const conversation = conversationAt(world, param(params, 'conversationId'));
        publish(disconnectAll(world, conversation, now()), correlationId);
        return { status: 202, body: 'Accepted' };
      },
    },
    {
      method: 'PATCH',
      pattern: participant,
      anyOf: [
        'conversation:participant:wrapup',
        'conversation:call:record',
        'conversation:communication:disconnect',
      ],
      handle: command(202, (params, body) => patchParticipant(world, place(params), body, now())),
    },
    {
      method: 'GET',
      pattern: `${participant}/wrapupcodes`,
      handle: (_request, params) => ok(queueById(place(params).conversation.queueId)?.codes ?? []),
    },
    {
      method: 'GET',
      pattern: `${participant}/wrapup`,
      handle: ({ query }, params) => ok(assigned(place(params).party.wrapup, query)),
    },
    ...communicationWrapup('screenshares', 'screenshare'),
    ...communicationWrapup('videos', 'video'),
    {
      method: 'PATCH',
      pattern: `${base}/aftercallwork/:conversationId/${communication}`,
      anyOf: ['conversation:participant:wrapup'],
      handle: ({ body, correlationId }, params) => {
        const { change, afterCallWorkRequired } = patchAfterCallWork(world, place(params), body, now());
        publish(change, correlationId);
        return ok({ afterCallWorkRequired });
      },
    },
    {
      method: 'GET',
      pattern: '/api/v2/routing/queues/:queueId/wrapupcodes',
      anyOf: ['routing:queue:view'],
      handle: ({ path, query }, params) => {
        const queue = QUEUES.find(({ id }) => id === params['queueId']);
        if (!queue) throw notFound('Queue', param(params, 'queueId'));
        return ok(page(queue.codes, path, query));
      },
    },
    ...channelRoutes(context),
  ];
}

const ok = (body: unknown): Reply => ({ status: 200, body });

function listing(world: World, query: URLSearchParams): object {
  const wanted = query.get('communicationType')?.toLowerCase();
  const entities = world.conversations
    .filter((conversation) => isLive(conversation) && (wanted === undefined || wanted === conversation.media))
    .map(restConversation);
  // The real listing is not paged: it is all the agent's active conversations at once.
  return { entities, pageSize: 25, pageNumber: 1, total: entities.length, pageCount: 1, selfUri: base };
}

function page(all: readonly object[], path: string, query: URLSearchParams): object {
  const pageSize = positive(query.get('pageSize'), 25);
  const pageNumber = positive(query.get('pageNumber'), 1);
  const pageCount = Math.max(1, Math.ceil(all.length / pageSize));
  const uri = (number: number): string => `${path}?pageSize=${pageSize}&pageNumber=${number}`;
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: all.length,
    pageCount,
    selfUri: uri(pageNumber),
    firstUri: uri(1),
    lastUri: uri(pageCount),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
  };
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : fallback;
}

/** @throws WireError 404 while nothing is assigned; a provisional one counts only when asked for */
function assigned(wrapup: SimWrapup | null, query: URLSearchParams): AssignedWrapupCode {
  if (!wrapup || (wrapup.provisional && query.get('provisional') !== 'true')) {
    throw notFound('Wrapup', 'none assigned');
  }
  return present<AssignedWrapupCode>({
    code: wrapup.code ?? undefined,
    notes: wrapup.notes,
    tags: wrapup.tags,
    durationSeconds: wrapup.durationSeconds ?? undefined,
    endTime: iso(wrapup.endTime),
  });
}

function me(world: World, query: URLSearchParams): object {
  const expand = (query.get('expand') ?? '').split(',');
  const count = (media: string) => ({
    contactCenter: {
      active: world.conversations.filter(
        (conversation) => isLive(conversation) && conversation.media === media,
      ).length,
      acw: world.conversations.filter(({ phase, media: own }) => phase === 'wrapUp' && own === media).length,
    },
    enterprise: { active: 0, acw: 0 },
  });
  const extras: Record<string, object> = {
    presence: {
      source: 'PURECLOUD',
      primary: true,
      presenceDefinition: { id: 'on-queue', systemPresence: 'ON_QUEUE' },
      message: '',
    },
    routingStatus: { userId: AGENT.id, status: world.routing.status, startTime: iso(world.routing.since) },
    conversationSummary: { userId: AGENT.id, call: count('call'), video: count('video') },
    organization: ORGANIZATION,
    authorization: { permissions: permissionsWithout(world.settings.withheld) },
  };
  return {
    id: AGENT.id,
    name: AGENT.name,
    email: AGENT.email,
    username: AGENT.email,
    state: 'active',
    version: 1,
    acdAutoAnswer: false,
    selfUri: `/api/v2/users/${AGENT.id}`,
    ...Object.fromEntries(Object.entries(extras).filter(([name]) => expand.includes(name))),
  };
}

export interface ChannelRoutesContext {
  hub: Hub;
  /** `ws://127.0.0.1:PORT`, as it is now. */
  socketOrigin: () => string;
}

const notifications = '/api/v2/notifications';
const subscriptions = `${notifications}/channels/:channelId/subscriptions`;
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
      const selfUri = `${notifications}/availabletopics/${id}`;
      if (verdict.permitted) return { id, state: 'Permitted', selfUri };
      const { reason, missingPermissions } = verdict;
      return { id, state: 'Rejected', rejectionReason: reason, missingPermissions, selfUri };
    });
    return { status: 200, body: { entities } };
  }

  return [
    {
      method: 'GET',
      pattern: `${notifications}/availabletopics`,
      handle: () => ({ status: 200, body: availableTopics() }),
    },
    {
      method: 'POST',
      pattern: `${notifications}/channels`,
      handle: ({ accessToken }) => ({ status: 200, body: rendered(hub.create(accessToken)) }),
    },
    {
      method: 'GET',
      pattern: `${notifications}/channels`,
      handle: () => ({ status: 200, body: { entities: hub.list().map(rendered) } }),
    },
    {
      method: 'HEAD',
      pattern: `${notifications}/channels/:channelId`,
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
          entities: channelOf(params).topics.map((id) => ({
            id,
            selfUri: `${notifications}/availabletopics/${id}`,
          })),
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
