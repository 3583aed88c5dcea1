import { AGENT, codeName, DIVISION_ID, queueById } from './directory.ts';
import type {
  AfterCallWork,
  Conversation,
  Participant,
  Screenshare,
  Segment,
  Video,
  Wrapup,
} from './wire-types.ts';
import {
  agentOf,
  type Leg,
  type Party,
  type SimConversation,
  type SimSegment,
  type SimWrapup,
} from './world.ts';

/**
 * The REST dialect of a conversation. (The two topic dialects are in topic-shapes.ts.)
 */

type Loose<T> = { [Key in keyof T]: T[Key] | undefined };

/** The record without its absent fields: the wire leaves out what it does not know. */
export function present<T extends object>(fields: Loose<T>): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

export function iso(time: number): string;
export function iso(time: number | null): string | undefined;
export function iso(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

export function restConversation(conversation: SimConversation): Conversation {
  const participants = conversation.parties.map((party) => restParticipant(conversation, party));
  return overlaid(conversation, participants, 'nested', {
    id: conversation.id,
    startTime: iso(conversation.startTime),
    ...(conversation.endTime === null ? {} : { endTime: iso(conversation.endTime) }),
    participants,
    recordingState: 'NONE',
    divisions: [{ division: { id: DIVISION_ID }, entities: [{ id: conversation.queueId }] }],
    recentTransfers: [],
    securePause: false,
    selfUri: `/api/v2/conversations/${conversation.id}`,
  });
}

/** Lays the overlay over a rendered conversation: the agent's latest participant and its communication. */
export function overlaid<T extends object>(
  conversation: SimConversation,
  participants: object[],
  dialect: 'nested' | 'flat',
  rendered: T,
): T {
  const { overlay } = conversation;
  const index = conversation.parties.indexOf(agentOf(conversation));
  const agent = participants[index];
  if (agent) {
    const communication =
      dialect === 'flat'
        ? agent
        : ((agent as Participant).screenshares?.[0] ?? (agent as Participant).videos?.[0] ?? {});
    Object.assign(communication, overlay.communication);
    Object.assign(agent, overlay.participant);
  }
  return Object.assign(rendered, overlay.conversation);
}

function restParticipant(conversation: SimConversation, party: Party): Participant {
  const queue = queueById(conversation.queueId);
  const mine = party.purpose === 'agent';
  return present<Participant>({
    id: party.id,
    startTime: iso(party.startTime),
    connectedTime: iso(party.connectedTime),
    endTime: iso(party.endTime),
    name: party.name,
    userId: party.userId ?? undefined,
    userUri: party.userId === null ? undefined : `/api/v2/users/${party.userId}`,
    queueId: queue?.id,
    queueName: queue?.name,
    purpose: party.purpose,
    participantType: party.purpose === 'customer' ? 'External' : 'Internal',
    ...(mine ? agentFields(conversation, party) : {}),
    wrapup: restWrapup(party.wrapup),
    startAcwTime: iso(party.startAcwTime),
    endAcwTime: iso(party.endAcwTime),
    attributes: {},
    ...(conversation.media === 'video'
      ? { videos: [restVideo(conversation, party.leg)] }
      : { screenshares: [restScreenshare(conversation, party.leg)] }),
  });
}

/** What only the agent's participant carries, the same in all dialects. */
export function agentFields(
  conversation: SimConversation,
  party: Party,
): Pick<
  Participant,
  'wrapupRequired' | 'wrapupPrompt' | 'wrapupTimeoutMs' | 'wrapupSkipped' | 'alertingTimeoutMs'
> {
  return {
    wrapupRequired: party.connectedTime !== null && wrapupIsExpected(conversation, party),
    wrapupPrompt: conversation.policy,
    ...(conversation.timeoutMs === null ? {} : { wrapupTimeoutMs: conversation.timeoutMs }),
    ...(party.wrapupSkipped ? { wrapupSkipped: true } : {}),
    alertingTimeoutMs: conversation.alertingTimeoutMs,
  };
}

export function wrapupIsExpected(conversation: SimConversation, party: Party): boolean {
  if (conversation.policy === 'optional') return false;
  return conversation.policy !== 'agentRequested' || party.leg.afterCallWorkRequired === true;
}

function restScreenshare(conversation: SimConversation, leg: Leg): Screenshare {
  return present<Screenshare>({
    ...communication(conversation, leg),
    sharing: leg.sharing,
    segments: leg.segments.map(restSegment),
  });
}

function restVideo(conversation: SimConversation, leg: Leg): Video {
  return present<Video>({
    ...communication(conversation, leg),
    sharingScreen: leg.sharing,
    audioMuted: false,
    videoMuted: true,
    msids: [],
  });
}

function communication(conversation: SimConversation, leg: Leg): Omit<Screenshare, 'sharing' | 'segments'> {
  return present<Omit<Screenshare, 'sharing' | 'segments'>>({
    state: leg.state,
    initialState: leg.initialState,
    id: leg.id,
    context: conversation.room,
    peerCount: leg.peerCount,
    disconnectType: leg.disconnectType ?? undefined,
    startAlertingTime: iso(leg.startAlertingTime),
    connectedTime: iso(leg.connectedTime),
    disconnectedTime: iso(leg.disconnectedTime),
    provider: 'PureCloud Screenshare',
    peerId: leg.peerId ?? undefined,
    wrapup: restWrapup(leg.wrapup),
    afterCallWork: afterCallWork(leg),
    afterCallWorkRequired: leg.afterCallWorkRequired ?? undefined,
  });
}

export function afterCallWork({
  afterCallWork: { state, startTime, endTime },
}: Leg): AfterCallWork | undefined {
  if (state === 'unknown') return undefined;
  return present<AfterCallWork>({ state, startTime: iso(startTime), endTime: iso(endTime) });
}

function restSegment({ type, startTime, endTime, howEnded, disconnectType }: SimSegment): Segment {
  return present<Segment>({
    type,
    startTime: iso(startTime),
    endTime: iso(endTime),
    howEnded: howEnded ?? undefined,
    disconnectType: disconnectType ?? undefined,
  });
}

export function restWrapup(wrapup: SimWrapup | null): Wrapup | undefined {
  if (!wrapup) return undefined;
  return present<Wrapup>({
    code: wrapup.code ?? undefined,
    name: wrapup.code === null ? undefined : codeName(wrapup.code),
    notes: wrapup.notes,
    tags: wrapup.tags,
    durationSeconds: wrapup.durationSeconds ?? undefined,
    endTime: iso(wrapup.endTime),
    provisional: wrapup.provisional,
  });
}

/** The agent as a reference, for the flattened dialect. */
export const AGENT_REFERENCE = { id: AGENT.id, name: AGENT.name } as const;
