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
import {
  AGENT,
  codesOf,
  DIVISION_ID,
  isPerson,
  ORGANIZATION,
  permissionsWithout,
  queueById,
  STATUSES,
  type Person,
} from './directory.ts';
import { badRequest, notFound, WireError } from './errors.ts';
import { assignedWrapup, iso, restConversation } from './rest-shapes.ts';
import { route, type Reply, type Request, type Route } from './route-table.ts';
import type { Change } from './step.ts';
import { availableTopics, checkTopic } from './topics.ts';
import type { AssignedWrapupCode, Channel, ChannelTopic } from './wire-types.ts';
import { isLive, type SimChannel, type SimConversation, type SimWrapup, type World } from './world.ts';

interface RoutesContext {
  world: World;
  hub: Hub;
  /** `ws://127.0.0.1:PORT`, as it is now. */
  socketOrigin: () => string;
  /** Simulated now, ms. */
  now: () => number;
  /** Tells the listeners of a change that a request has made. */
  publish: (change: Change, correlationId: string) => void;
  /** A client has read the list: it is there, the scenario may begin. */
  someoneReads: () => void;
}

const conversations = '/api/v2/conversations';
const notifications = '/api/v2/notifications';

/** Every endpoint below /api/v2 this simulator speaks. */
export function createRoutes(context: RoutesContext): Route[] {
  const { world } = context;
  return [
    route('GET /api/v2/users/me', ({ person, query }) => ok(me(world, person, query))),
    // Signing out: the token, and with it its refresh token, is worth nothing from here on.
    route('DELETE /api/v2/tokens/me', ({ accessToken }) => {
      world.tokens = world.tokens.filter((token) => token.accessToken !== accessToken);
      return { status: 200 };
    }),
    route(
      'GET /api/v2/routing/queues/:queueId/wrapupcodes',
      ({ path, param, query }) => {
        const queue = queueById(param('queueId'));
        if (!queue) throw notFound('Queue', param('queueId'));
        return ok(page(codesOf(queue.id, world.settings.codesAtLeast), path, query));
      },
      ['routing:queue:view'],
    ),
    ...statusRoutes(context),
    ...conversationRoutes(context),
    ...channelRoutes(context),
  ];
}

const statusSchema = z.object({ presenceDefinition: z.object({ id: z.string() }) });

/** What the agent's status may be, and setting it. */
function statusRoutes({ world, now }: RoutesContext): Route[] {
  const path = '/api/v2/users/:userId/presences/purecloud';
  const own = ({ param }: Request): void => {
    if (!isPerson(param('userId'))) throw notFound('User', param('userId'));
  };
  return [
    route(
      'GET /api/v2/presence/definitions',
      () => ok({ entities: STATUSES, total: STATUSES.length, selfUri: '/api/v2/presence/definitions' }),
      ['presence:presenceDefinition:view'],
    ),
    route(`GET ${path}`, (request) => {
      own(request);
      return ok(presence(world));
    }),
    route(`PATCH ${path}`, (request) => {
      own(request);
      const { data } = statusSchema.safeParse(request.body);
      const status = STATUSES.find(({ id }) => id === data?.presenceDefinition.id);
      if (!status) throw badRequest('The presence definition is not valid.');
      world.presence = { id: status.id, since: now() };
      return ok(presence(world));
    }),
  ];
}

function presence(world: World): object {
  const { id, systemPresence } = STATUSES.find((status) => status.id === world.presence.id) ?? {};
  return {
    source: 'PURECLOUD',
    primary: true,
    presenceDefinition: { id, systemPresence: systemPresence?.toUpperCase().replaceAll(' ', '_') },
    message: '',
    modifiedDate: iso(world.presence.since),
  };
}

function conversationRoutes({ world, now, publish, someoneReads }: RoutesContext): Route[] {
  const participant = `${conversations}/:conversationId/participants/:participantId` as const;
  const communication = ':conversationId/participants/:participantId/communications/:communicationId';
  const wrapup = ['conversation:participant:wrapup'];

  const conversationOf = ({ param }: Request): SimConversation =>
    conversationAt(world, param('conversationId'));
  const participantOf = ({ param }: Request): Place =>
    placeAt(world, param('conversationId'), param('participantId'));
  const communicationOf = ({ param }: Request): Place =>
    placeAt(world, param('conversationId'), param('participantId'), param('communicationId'));

  /** A request that changes a conversation and is answered with an empty body. */
  const command =
    (status: number, run: (request: Request) => Change) =>
    (request: Request): Reply => {
      publish(run(request), request.correlationId);
      return { status };
    };

  /** Each kind of communication has endpoints of its own. */
  const communicationWrapup = (family: string, media: SimConversation['media']): Route[] => {
    const path = `${conversations}/${family}/${communication}/wrapup` as const;
    const at = (request: Request): Place => communicationAt(media, communicationOf(request));
    return [
      route(`GET ${path}`, (request) => ok(assigned(at(request).party.leg.wrapup, request.query))),
      route(
        `POST ${path}`,
        command(204, (request) => wrapUpCommunication(world, at(request), request.body, now())),
        wrapup,
      ),
    ];
  };

  return [
    route(`GET ${conversations}`, ({ person, query }) => {
      someoneReads();
      const own = person === AGENT ? world : { ...world, conversations: [] };
      return ok(listing(own, query));
    }),
    route(
      `GET ${conversations}/settings`,
      () =>
        ok({
          communicationBasedACW: world.settings.communicationBasedACW,
          includeNonAgentConversationSummary: false,
          completeAcwWhenAgentTransitionsOffline: false,
        }),
      ['conversation:settings:view'],
    ),
    route(
      `GET ${conversations}/:conversationId`,
      (request) => ok(restConversation(conversationOf(request), world.settings)),
      ['conversation:communication:view'],
    ),
    route(
      `POST ${conversations}/:conversationId/disconnect`,
      (request) => {
        const moment = { world, conversation: conversationOf(request), now: now() };
        publish(disconnectAll(moment), request.correlationId);
        return { status: 202, body: 'Accepted' };
      },
      ['conversation:communication:disconnect'],
    ),
    route(
      `PATCH ${participant}`,
      command(202, (request) => patchParticipant(world, participantOf(request), request.body, now())),
      [...wrapup, 'conversation:call:record', 'conversation:communication:disconnect'],
    ),
    route(`GET ${participant}/wrapupcodes`, (request) => {
      const { queueId, codesAtLeast } = participantOf(request).conversation;
      return ok(codesOf(queueId, codesAtLeast));
    }),
    route(`GET ${participant}/wrapup`, (request) =>
      ok(assigned(participantOf(request).party.wrapup, request.query)),
    ),
    ...communicationWrapup('screenshares', 'screenshare'),
    ...communicationWrapup('videos', 'video'),
    route(
      `PATCH ${conversations}/aftercallwork/${communication}`,
      (request) => {
        const { body, correlationId } = request;
        const at = communicationOf(request);
        const { change, afterCallWorkRequired } = patchAfterCallWork(world, at, body, now());
        publish(change, correlationId);
        return ok({ afterCallWorkRequired });
      },
      wrapup,
    ),
  ];
}

const ok = (body: unknown): Reply => ({ status: 200, body });

function listing(world: World, query: URLSearchParams): object {
  const wanted = query.get('communicationType')?.toLowerCase();
  const entities = world.conversations
    .filter((conversation) => isLive(conversation) && (wanted === undefined || wanted === conversation.media))
    .map((conversation) => restConversation(conversation, world.settings));
  // The real listing is not paged: it is all the agent's active conversations at once.
  return {
    entities,
    pageSize: 25,
    pageNumber: 1,
    total: entities.length,
    pageCount: 1,
    selfUri: conversations,
  };
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
  return assignedWrapup(wrapup, wrapup.code);
}

function me(world: World, person: Person, query: URLSearchParams): object {
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
    presence: presence(world),
    routingStatus: { userId: person.id, status: world.routing.status, startTime: iso(world.routing.since) },
    conversationSummary: { userId: person.id, call: count('call'), video: count('video') },
    organization: ORGANIZATION,
    authorization: { permissions: permissionsWithout(world.settings.withheld, person) },
  };
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    username: person.email,
    division: { id: DIVISION_ID, name: 'Home' },
    state: 'active',
    version: 1,
    acdAutoAnswer: false,
    selfUri: `/api/v2/users/${person.id}`,
    ...Object.fromEntries(Object.entries(extras).filter(([name]) => expand.includes(name))),
  };
}

const topicsSchema = z.array(z.object({ id: z.string() }));

/** The notification service over HTTP; its socket is in channels.ts. */
function channelRoutes({ hub, socketOrigin }: RoutesContext): Route[] {
  const channel = `${notifications}/channels/:channelId` as const;

  const rendered = ({ id, expiresAt }: SimChannel): Channel => ({
    id,
    connectUri: `${socketOrigin()}/channels/${id}`,
    expires: new Date(expiresAt).toISOString(),
  });

  const channelOf = ({ param }: Request): SimChannel => {
    const id = param('channelId');
    const found = hub.find(id);
    if (!found) throw notFound('Channel', id);
    return found;
  };

  /** Adds to or replaces a channel's topics; one bad topic fails the batch unless `ignoreErrors`. */
  function subscribe(request: Request, before: (channel: SimChannel) => string[]): Reply {
    const channel = channelOf(request);
    const parsed = topicsSchema.safeParse(request.body);
    if (!parsed.success) throw badRequest('A list of topics is required: [{"id": "…"}].');
    const checked = parsed.data.map(({ id }) => ({ id, check: checkTopic(id) }));
    const refused = checked.find(({ check }) => !check.permitted);
    if (refused && request.query.get('ignoreErrors') !== 'true') {
      const reason = refused.check.permitted ? '' : refused.check.reason;
      throw new WireError(400, 'notification.invalid.topic', reason, {
        messageParams: { topic: refused.id },
      });
    }
    const topics = checked.flatMap(({ check }) => (check.permitted ? check.topics : []));
    if (!hub.subscribe(channel, [...before(channel), ...topics])) {
      throw new WireError(
        400,
        'notification.subscription.too.many.subscriptions',
        'A channel can have at most 1000 subscriptions.',
      );
    }
    const entities = checked.map(({ id, check }): ChannelTopic => {
      const selfUri = `${notifications}/availabletopics/${id}`;
      if (check.permitted) return { id, state: 'Permitted', selfUri };
      const { reason, missingPermissions } = check;
      return { id, state: 'Rejected', rejectionReason: reason, missingPermissions, selfUri };
    });
    return { status: 200, body: { entities } };
  }

  return [
    route(`GET ${notifications}/availabletopics`, () => ok(availableTopics())),
    route(`POST ${notifications}/channels`, () => ok(rendered(hub.create()))),
    route(`GET ${notifications}/channels`, () => ok({ entities: hub.list().map(rendered) })),
    route(`HEAD ${channel}`, (request) => {
      channelOf(request);
      return { status: 200 };
    }),
    route(`GET ${channel}/subscriptions`, (request) =>
      ok({
        entities: channelOf(request).topics.map((id) => ({
          id,
          selfUri: `${notifications}/availabletopics/${id}`,
        })),
      }),
    ),
    route(`POST ${channel}/subscriptions`, (request) => subscribe(request, ({ topics }) => topics)),
    route(`PUT ${channel}/subscriptions`, (request) => subscribe(request, () => [])),
    route(`DELETE ${channel}/subscriptions`, (request) => {
      hub.subscribe(channelOf(request), []);
      return { status: 204 };
    }),
  ];
}
