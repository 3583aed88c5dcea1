import { codeName, DIVISION_ID, queueById } from './directory.ts';
import {
  afterCallWork,
  AGENT_REFERENCE,
  agentFields,
  iso,
  overlaid,
  present,
  wrapupIsExpected,
} from './rest-shapes.ts';
import type {
  FlatConversation,
  FlatParticipant,
  QueueMediaSettings,
  TopicConversation,
  TopicParticipant,
  TopicRoutingStatus,
  TopicScreenShare,
  TopicVideo,
  TopicWrapup,
} from './wire-types.ts';
import type { Party, Settings, SimConversation, SimWrapup, World } from './world.ts';

/**
 * The two topic dialects of a conversation. They differ from REST on purpose, as the platform's do:
 * `…conversations` knows no startAlertingTime, segments or wrapupSkipped, adds wrapupExpected, self and
 * queueMediaSettings; `…conversations.screenshares` lays the communication flat onto the participant,
 * without its id.
 */

const ROUTING_NOISE = { queue: {}, language: {}, priority: 0, skills: [], scoredAgents: [] };

/** The `eventBody` of `v2.users.{id}.conversations`. */
export function conversationEvent(conversation: SimConversation, settings: Settings): TopicConversation {
  const participants = conversation.parties.map((party) => topicParticipant(conversation, party, settings));
  return overlaid(conversation, participants, 'nested', {
    id: conversation.id,
    participants,
    recentTransfers: [],
    recordingState: 'none',
    securePause: false,
    divisions: [{ division: { id: DIVISION_ID }, entities: [{ id: conversation.queueId }] }],
  });
}

function topicParticipant(conversation: SimConversation, party: Party, settings: Settings): TopicParticipant {
  const mine = party.purpose === 'agent';
  const { wrapupSkipped: _unknownHere, ...agent } = mine ? agentFields(conversation, party) : {};
  const communication = topicCommunication(conversation, party, settings);
  const { sharing } = party.leg;
  return present<TopicParticipant>({
    id: party.id,
    connectedTime: iso(party.connectedTime),
    endTime: iso(party.endTime),
    userId: party.userId ?? undefined,
    name: party.name,
    queueId: conversation.queueId,
    purpose: party.purpose,
    ...agent,
    ...(mine ? { wrapupExpected: wrapupIsExpected(conversation, party) } : {}),
    wrapup: topicWrapup(party.wrapup, settings),
    startAcwTime: iso(party.startAcwTime),
    endAcwTime: iso(party.endAcwTime),
    conversationRoutingData: ROUTING_NOISE,
    attributes: {},
    ...(conversation.media === 'video'
      ? {
          videos: [
            { ...communication, sharingScreen: sharing, audioMuted: false, videoMuted: true, msids: [] },
          ],
        }
      : { screenshares: [{ ...communication, sharing }] }),
  });
}

type TopicCommunication = Omit<TopicScreenShare & TopicVideo, 'sharing' | 'sharingScreen'>;

function topicCommunication(
  conversation: SimConversation,
  party: Party,
  settings: Settings,
): TopicCommunication {
  const { leg, name } = party;
  const { room } = conversation;
  return present<TopicCommunication>({
    state: leg.state,
    initialState: leg.initialState,
    self: { name, nameRaw: name, addressNormalized: room, addressRaw: room },
    id: leg.id,
    context: room,
    provider: 'PureCloud Screenshare',
    peerId: leg.peerId ?? undefined,
    peerCount: leg.peerCount,
    disconnectType: leg.disconnectType ?? undefined,
    connectedTime: iso(leg.connectedTime),
    disconnectedTime: iso(leg.disconnectedTime),
    wrapup: topicWrapup(leg.wrapup, settings),
    afterCallWork: afterCallWork(leg),
    afterCallWorkRequired: leg.afterCallWorkRequired ?? undefined,
    ...(party.purpose === 'agent' ? { queueMediaSettings: queueMediaSettings(conversation) } : {}),
  });
}

/** The `eventBody` of `v2.users.{id}.conversations.screenshares`; null when there is no screen share in it. */
export function screenshareEvent(conversation: SimConversation, settings: Settings): FlatConversation | null {
  if (conversation.media !== 'screenshare') return null;
  const participants = conversation.parties.map((party) => flatParticipant(conversation, party, settings));
  return overlaid(conversation, participants, 'flat', {
    id: conversation.id,
    participants,
    otherMediaUris: [],
    divisions: [{ division: { id: DIVISION_ID }, entities: [{ id: conversation.queueId }] }],
  });
}

function flatParticipant(conversation: SimConversation, party: Party, settings: Settings): FlatParticipant {
  const { leg } = party;
  const queue = queueById(conversation.queueId);
  const mine = party.purpose === 'agent';
  return present<FlatParticipant>({
    id: party.id,
    name: party.name,
    startTime: iso(party.startTime),
    connectedTime: iso(party.connectedTime),
    endTime: iso(party.endTime),
    purpose: party.purpose,
    state: leg.state,
    initialState: leg.initialState,
    direction: 'inbound',
    disconnectType: leg.disconnectType ?? undefined,
    held: false,
    ...(mine ? agentFields(conversation, party) : {}),
    user: mine ? AGENT_REFERENCE : undefined,
    queue: queue && { id: queue.id, name: queue.name },
    attributes: {},
    provider: 'PureCloud Screenshare',
    wrapup: topicWrapup(party.wrapup, settings),
    conversationRoutingData: ROUTING_NOISE,
    peer: leg.peerId ?? undefined,
    startAcwTime: iso(party.startAcwTime),
    endAcwTime: iso(party.endAcwTime),
    queueMediaSettings: mine ? queueMediaSettings(conversation) : undefined,
    context: conversation.room,
    peerCount: leg.peerCount,
    sharing: leg.sharing,
  });
}

/** The `eventBody` of `v2.users.{id}.routingStatus`. */
export function routingStatusEvent({ routing }: World): TopicRoutingStatus {
  return { id: AGENT_REFERENCE.id, routingStatus: { status: routing.status, startTime: iso(routing.since) } };
}

function queueMediaSettings({ alertingTimeoutMs, autoAnswer }: SimConversation): QueueMediaSettings {
  return {
    alertingTimeoutSeconds: Math.round(alertingTimeoutMs / 1000),
    autoAnswerAlertToneSeconds: 1,
    manualAnswerAlertToneSeconds: 1,
    enableAutoAnswer: autoAnswer,
  };
}

function topicWrapup(wrapup: SimWrapup | null, settings: Settings): TopicWrapup | undefined {
  if (!wrapup) return undefined;
  const code =
    wrapup.code === null || settings.topicWrapupCode === 'id' ? wrapup.code : codeName(wrapup.code);
  return present<TopicWrapup>({
    code: code ?? undefined,
    notes: wrapup.notes,
    tags: wrapup.tags,
    durationSeconds: wrapup.durationSeconds ?? undefined,
    endTime: iso(wrapup.endTime),
  });
}
