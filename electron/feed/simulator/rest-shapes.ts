import { codeName, DIVISION_ID, queueById } from './directory.ts';
import type {
  AfterCallWork,
  AnyTopicParticipant,
  AssignedWrapupCode,
  Conversation,
  OtherLegs,
  Participant,
  Screenshare,
  Segment,
  TopicCommunication,
  VideoState,
  Wrapup,
} from './wire-types.ts';
import {
  agentOf,
  type Leg,
  type Party,
  type Settings,
  type SimConversation,
  type SimSegment,
  type SimWrapup,
} from './world.ts';

/** The REST dialect of a conversation. The two topic dialects are in topic-shapes.ts. */

export const PROVIDER = 'PureCloud Screenshare';

type Naming = Pick<Settings, 'restWrapupName'>;

type Loose<T> = { [Key in keyof T]: T[Key] | null | undefined };

/** The record without its absent fields: the wire leaves out what it does not know. */
export function present<T extends object>(fields: Loose<T>): T {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as T;
}

export function iso(time: number): string;
export function iso(time: number | null): string | undefined;
export function iso(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

export const divisionsOf = ({ queueId }: SimConversation): NonNullable<Conversation['divisions']> => [
  { division: { id: DIVISION_ID }, entities: [{ id: queueId }] },
];

export function restConversation(
  conversation: SimConversation,
  settings: Naming = { restWrapupName: true },
): Conversation {
  const { id, startTime, endTime, parties } = conversation;
  const participants = parties.map((party) => restParticipant(conversation, party, settings));
  return withOverlay(
    conversation,
    participants,
    'nested',
    present<Conversation>({
      id,
      startTime: iso(startTime),
      endTime: iso(endTime),
      participants,
      recordingState: 'NONE',
      divisions: divisionsOf(conversation),
      recentTransfers: [],
      securePause: false,
      selfUri: `/api/v2/conversations/${id}`,
    }),
  );
}

/** A rendered conversation with the values of its overlay, for clients that must survive the unexpected. */
export function withOverlay<T extends object>(
  conversation: SimConversation,
  participants: object[],
  dialect: 'nested' | 'flat',
  rendered: T,
): T {
  const { overlay } = conversation;
  const agent: Participant | undefined = participants[conversation.parties.indexOf(agentOf(conversation))];
  if (agent) {
    const nested = agent.screenshares?.at(-1) ?? agent.videos?.at(-1) ?? {};
    Object.assign(dialect === 'flat' ? agent : nested, overlay.communication);
    Object.assign(agent, overlay.participant);
  }
  return Object.assign(rendered, overlay.conversation);
}

function restParticipant(conversation: SimConversation, party: Party, settings: Naming): Participant {
  const { userId } = party;
  const legs = legsOf(party);
  const queue = queueById(conversation.queueId);
  return present<Participant>({
    ...participantFields(conversation, party),
    startTime: iso(party.startTime),
    userId,
    userUri: userId && `/api/v2/users/${userId}`,
    queueId: queue?.id,
    queueName: queue?.name,
    participantType: party.purpose === 'customer' ? 'External' : 'Internal',
    wrapup: restWrapup(party.wrapup, settings),
    ...otherLegs(party),
    ...(conversation.media === 'video'
      ? {
          videos: legs.map((leg) => ({
            ...restCommunication(conversation, leg, settings),
            ...videoFields(leg),
          })),
        }
      : { screenshares: legs.map((leg) => restScreenshare(conversation, leg, settings)) }),
  });
}

/** Oldest first. */
export function legsOf({ leg, earlierLegs = [] }: Party): Leg[] {
  return [...earlierLegs, leg];
}

/** What connects a participant besides, in the lists the model has for it. */
export function otherLegs({ others = [] }: Party): OtherLegs {
  const lists: OtherLegs = {};
  for (const { id, medium, connectedTime, disconnectedTime } of others) {
    const state = disconnectedTime === null ? 'connected' : 'disconnected';
    const times = { connectedTime: iso(connectedTime), disconnectedTime: iso(disconnectedTime) };
    (lists[medium] ??= []).push(present({ id, state, ...times }));
  }
  return lists;
}

function restCommunication(
  conversation: SimConversation,
  leg: Leg,
  settings: Naming,
): Omit<Screenshare, 'sharing' | 'segments'> {
  return present<Omit<Screenshare, 'sharing' | 'segments'>>({
    ...communicationFields(conversation, leg),
    startAlertingTime: iso(leg.startAlertingTime),
    wrapup: restWrapup(leg.wrapup, settings),
  });
}

function restScreenshare(conversation: SimConversation, leg: Leg, settings: Naming): Screenshare {
  return {
    ...restCommunication(conversation, leg, settings),
    sharing: leg.sharing,
    segments: leg.segments.map(restSegment),
  };
}

type ParticipantFields = Omit<AnyTopicParticipant, 'wrapup' | 'conversationRoutingData'> &
  Pick<Participant, 'wrapupSkipped'>;

/** What a participant carries in all dialects; the second half only the agent's. */
export function participantFields(conversation: SimConversation, party: Party): ParticipantFields {
  const agent = party.purpose === 'agent' ? conversation : null;
  return present<ParticipantFields>({
    id: party.id,
    name: party.name,
    purpose: party.purpose,
    connectedTime: iso(party.connectedTime),
    endTime: iso(party.endTime),
    startAcwTime: iso(party.startAcwTime),
    endAcwTime: iso(party.endAcwTime),
    attributes: {},
    wrapupRequired: agent && party.connectedTime !== null && wrapupIsExpected(conversation, party),
    wrapupPrompt: agent?.policy,
    wrapupTimeoutMs: agent?.timeoutMs,
    wrapupSkipped: agent && party.wrapupSkipped ? true : null,
    alertingTimeoutMs: agent?.alertingTimeoutMs,
  });
}

export function wrapupIsExpected({ policy }: SimConversation, party: Party): boolean {
  if (policy === 'optional') return false;
  return policy !== 'agentRequested' || party.leg.afterCallWorkRequired === true;
}

type CommunicationFields = Omit<TopicCommunication, 'self' | 'wrapup' | 'queueMediaSettings'>;

/** What a communication carries in REST and in the nested topic. */
export function communicationFields({ room }: SimConversation, leg: Leg): CommunicationFields {
  const { state, startTime, endTime } = leg.afterCallWork;
  return present<CommunicationFields>({
    id: leg.id,
    state: leg.state,
    initialState: leg.initialState,
    context: room,
    provider: PROVIDER,
    peerId: leg.peerId,
    peerCount: leg.peerCount,
    disconnectType: leg.disconnectType,
    connectedTime: iso(leg.connectedTime),
    disconnectedTime: iso(leg.disconnectedTime),
    afterCallWork:
      state === 'unknown'
        ? null
        : present<AfterCallWork>({ state, startTime: iso(startTime), endTime: iso(endTime) }),
    afterCallWorkRequired: leg.afterCallWorkRequired,
  });
}

/** What only a video communication carries. */
export function videoFields({ sharing }: Leg): VideoState {
  return { sharingScreen: sharing, audioMuted: false, videoMuted: true, msids: [] };
}

function restSegment({ type, startTime, endTime, howEnded, disconnectType }: SimSegment): Segment {
  return present<Segment>({
    type,
    startTime: iso(startTime),
    endTime: iso(endTime),
    howEnded,
    disconnectType,
  });
}

/** A wrap-up without the fields only a conversation of REST has. */
export function assignedWrapup(wrapup: SimWrapup, code: string | null): AssignedWrapupCode {
  const { notes, tags, durationSeconds, endTime } = wrapup;
  return present<AssignedWrapupCode>({ code, notes, tags, durationSeconds, endTime: iso(endTime) });
}

function restWrapup(wrapup: SimWrapup | null, { restWrapupName }: Naming): Wrapup | null {
  if (!wrapup) return null;
  const { code, provisional } = wrapup;
  const isNamed = code !== null && restWrapupName;
  return { ...assignedWrapup(wrapup, code), ...(isNamed ? { name: codeName(code) } : {}), provisional };
}
