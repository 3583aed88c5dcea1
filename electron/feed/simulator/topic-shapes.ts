import { AGENT, codeName, queueById } from './directory.ts';
import {
  assignedWrapup,
  communicationFields,
  divisionsOf,
  iso,
  legsOf,
  withOverlay,
  otherLegs,
  participantFields,
  present,
  PROVIDER,
  videoFields,
  wrapupIsExpected,
} from './rest-shapes.ts';
import type {
  FlatConversation,
  FlatParticipant,
  FlatVideoConversation,
  QueueMediaSettings,
  TopicCommunication,
  TopicConversation,
  TopicParticipant,
  TopicRoutingStatus,
  TopicWrapup,
} from './wire-types.ts';
import {
  agentOf,
  type Leg,
  type Party,
  type Settings,
  type SimConversation,
  type SimWrapup,
  type World,
} from './world.ts';

/**
 * The topic dialects of a conversation. They differ from REST on purpose, as the platform's do:
 * `…conversations` knows no startAlertingTime, segments or wrapupSkipped, adds wrapupExpected, self and
 * queueMediaSettings; `…conversations.screenshares` and `….videos` flatten the communication into the participant,
 * without its id.
 */

const ROUTING_NOISE = { queue: {}, language: {}, priority: 0, skills: [], scoredAgents: [] };

/** The `eventBody` of `v2.users.{id}.conversations`. */
export function conversationEvent(conversation: SimConversation, settings: Settings): TopicConversation {
  const participants = conversation.parties.map((party) => topicParticipant(conversation, party, settings));
  return withOverlay(conversation, participants, 'nested', {
    id: conversation.id,
    participants,
    recentTransfers: [],
    recordingState: 'none',
    securePause: false,
    divisions: divisionsOf(conversation),
  });
}

/** The first of the two events of a disconnect: the leg says why it ends, and that it is connected. */
export function halfDisconnected(conversation: SimConversation, settings: Settings): TopicConversation {
  const agent = agentOf(conversation);
  const leg = { ...agent.leg, state: 'connected' as const };
  const parties = conversation.parties.map((party) =>
    party === agent ? { ...agent, leg, endTime: null } : party,
  );
  return conversationEvent({ ...conversation, parties }, settings);
}

function topicParticipant(conversation: SimConversation, party: Party, settings: Settings): TopicParticipant {
  const { wrapupSkipped: _unknownHere, ...fields } = participantFields(conversation, party);
  const legs = legsOf(party);
  const communication = (leg: Leg): TopicCommunication =>
    topicCommunication(conversation, party, leg, settings);
  return present<TopicParticipant>({
    ...fields,
    userId: party.userId,
    queueId: conversation.queueId,
    wrapupExpected: party.purpose === 'agent' ? wrapupIsExpected(conversation, party) : null,
    wrapup: topicWrapup(party.wrapup, settings),
    conversationRoutingData: ROUTING_NOISE,
    ...otherLegs(party),
    ...(conversation.media === 'video'
      ? { videos: legs.map((leg) => ({ ...communication(leg), ...videoFields(leg) })) }
      : { screenshares: legs.map((leg) => ({ ...communication(leg), sharing: leg.sharing })) }),
  });
}

function topicCommunication(
  conversation: SimConversation,
  party: Party,
  leg: Leg,
  settings: Settings,
): TopicCommunication {
  const { name } = party;
  const { room } = conversation;
  return present<TopicCommunication>({
    ...communicationFields(conversation, leg),
    self: { name, nameRaw: name, addressNormalized: room, addressRaw: room },
    wrapup: topicWrapup(leg.wrapup, settings),
    queueMediaSettings: queueMediaSettings(conversation, party),
  });
}

/** The `eventBody` of `v2.users.{id}.conversations.screenshares`; null when there is no screen share in it. */
export function screenshareEvent(conversation: SimConversation, settings: Settings): FlatConversation | null {
  if (conversation.media !== 'screenshare') return null;
  const participants = conversation.parties.map((party) => flatParticipant(conversation, party, settings));
  return withOverlay(conversation, participants, 'flat', {
    id: conversation.id,
    participants,
    otherMediaUris: [],
    divisions: divisionsOf(conversation),
  });
}

/** The `eventBody` of `v2.users.{id}.conversations.videos`; null when there is no video in it. */
export function videoEvent(conversation: SimConversation, settings: Settings): FlatVideoConversation | null {
  if (conversation.media !== 'video') return null;
  const participants = conversation.parties.map((party) => {
    const { sharing: _other, ...fields } = flatParticipant(conversation, party, settings);
    return { ...fields, ...videoFields(party.leg) };
  });
  return withOverlay(conversation, participants, 'flat', {
    id: conversation.id,
    participants,
    divisions: divisionsOf(conversation),
  });
}

function flatParticipant(conversation: SimConversation, party: Party, settings: Settings): FlatParticipant {
  const { leg } = party;
  const queue = queueById(conversation.queueId);
  return present<FlatParticipant>({
    ...participantFields(conversation, party),
    startTime: iso(party.startTime),
    state: leg.state,
    initialState: leg.initialState,
    direction: 'inbound',
    disconnectType: leg.disconnectType,
    held: false,
    user: party.purpose === 'agent' ? { id: AGENT.id, name: AGENT.name } : null,
    queue: queue && { id: queue.id, name: queue.name },
    provider: PROVIDER,
    wrapup: topicWrapup(party.wrapup, settings),
    conversationRoutingData: ROUTING_NOISE,
    peer: leg.peerId,
    queueMediaSettings: queueMediaSettings(conversation, party),
    context: conversation.room,
    peerCount: leg.peerCount,
    sharing: leg.sharing,
  });
}

/** The `eventBody` of `v2.users.{id}.routingStatus`. */
export function routingStatusEvent({ routing }: World): TopicRoutingStatus {
  return { id: AGENT.id, routingStatus: { status: routing.status, startTime: iso(routing.since) } };
}

function queueMediaSettings(
  { alertingTimeoutMs, autoAnswer }: SimConversation,
  { purpose }: Party,
): QueueMediaSettings | null {
  if (purpose !== 'agent') return null;
  return {
    alertingTimeoutSeconds: Math.round(alertingTimeoutMs / 1000),
    autoAnswerAlertToneSeconds: 1,
    manualAnswerAlertToneSeconds: 1,
    enableAutoAnswer: autoAnswer,
  };
}

function topicWrapup(wrapup: SimWrapup | null, { topicWrapupCode }: Settings): TopicWrapup | null {
  if (!wrapup) return null;
  const { code } = wrapup;
  return assignedWrapup(wrapup, code === null || topicWrapupCode === 'id' ? code : codeName(code));
}
