import { codeName, DIVISION_ID, queueById } from './directory.ts';
import type { Settings, SimConversation, SimWrapup, Party, World } from './world.ts';
import {
  afterCallWork,
  AGENT_REFERENCE,
  agentFields,
  iso,
  overlaid,
  present,
  wrapupIsExpected,
} from './shapes.ts';

/**
 * The two topic dialects of a conversation. They differ from REST on purpose, as the platform's do:
 * `…conversations` knows no startAlertingTime, segments or wrapupSkipped, adds wrapupExpected, self and
 * queueMediaSettings; `…conversations.screenshares` lays the communication flat onto the participant,
 * without its id.
 */

type Json = Record<string, unknown>;

/** The `eventBody` of `v2.users.{id}.conversations`. */
export function conversationEvent(conversation: SimConversation, settings: Settings): Json {
  const participants = conversation.parties.map((party) => topicParticipant(conversation, party, settings));
  return overlaid(conversation, participants, 'rest', {
    id: conversation.id,
    participants,
    recentTransfers: [],
    recordingState: 'none',
    securePause: false,
    divisions: [{ division: DIVISION_ID, entities: [conversation.queueId] }],
  });
}

function topicParticipant(conversation: SimConversation, party: Party, settings: Settings): Json {
  const mine = party.purpose === 'agent';
  const { wrapupSkipped: _unknownHere, ...agent } = mine ? agentFields(conversation, party) : {};
  const communication = topicCommunication(conversation, party, settings);
  return present<Json>({
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
    conversationRoutingData: { queue: {}, language: {}, priority: 0, skills: [], scoredAgents: [] },
    attributes: {},
    [conversation.media === 'video' ? 'videos' : 'screenshares']: [communication],
  });
}

function topicCommunication(conversation: SimConversation, party: Party, settings: Settings): Json {
  const { leg } = party;
  const own: Json =
    conversation.media === 'video'
      ? { sharingScreen: leg.sharing, audioMuted: false, videoMuted: true, msids: [] }
      : { sharing: leg.sharing };
  return present<Json>({
    state: leg.state,
    initialState: leg.initialState,
    self: {
      name: party.name,
      nameRaw: party.name,
      addressNormalized: conversation.room,
      addressRaw: conversation.room,
    },
    id: leg.id,
    context: conversation.room,
    ...own,
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
export function screenshareEvent(conversation: SimConversation, settings: Settings): Json | null {
  if (conversation.media !== 'screenshare') return null;
  const participants = conversation.parties.map((party) => flatParticipant(conversation, party, settings));
  return overlaid(conversation, participants, 'flat', {
    id: conversation.id,
    participants,
    otherMediaUris: [],
    divisions: [{ division: { id: DIVISION_ID }, entities: [{ id: conversation.queueId }] }],
  });
}

function flatParticipant(conversation: SimConversation, party: Party, settings: Settings): Json {
  const { leg } = party;
  const queue = queueById(conversation.queueId);
  const mine = party.purpose === 'agent';
  return present<Json>({
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
    conversationRoutingData: { queue: {}, language: {}, priority: 0, skills: [], scoredAgents: [] },
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
export function routingStatusEvent({ routing }: World): Json {
  return { id: AGENT_REFERENCE.id, routingStatus: { status: routing.status, startTime: iso(routing.since) } };
}

function queueMediaSettings({ alertingTimeoutMs, autoAnswer }: SimConversation): Json {
  return {
    alertingTimeoutSeconds: Math.round(alertingTimeoutMs / 1000),
    autoAnswerAlertToneSeconds: 1,
    manualAnswerAlertToneSeconds: 1,
    enableAutoAnswer: autoAnswer,
  };
}

/** No `name` and no `provisional` here; `code` is documented as the code's name. */
function topicWrapup(wrapup: SimWrapup | null, settings: Settings): Json | undefined {
  if (!wrapup) return undefined;
  const code =
    wrapup.code === null || settings.topicWrapupCode === 'id' ? wrapup.code : codeName(wrapup.code);
  return present<Json>({
    code: code ?? undefined,
    notes: wrapup.notes,
    tags: wrapup.tags,
    durationSeconds: wrapup.durationSeconds ?? undefined,
    endTime: iso(wrapup.endTime),
  });
}
