/**
 * The wire of Genesys Cloud as this simulator speaks it: property names and value types of the public API model,
 * checked against the official SDK in test/unit/simulator/wire-types.ts. Times are ISO-8601 UTC with milliseconds.
 */

export const WRAPUP_PROMPTS = [
  'optional',
  'mandatory',
  'timeout',
  'forcedTimeout',
  'agentRequested',
] as const;
export type WrapupPrompt = (typeof WRAPUP_PROMPTS)[number];

export const DISCONNECT_TYPES = [
  'endpoint',
  'endpoint.dnd',
  'client',
  'system',
  'timeout',
  'transfer',
  'transfer.conference',
  'transfer.consult',
  'transfer.forward',
  'transfer.noanswer',
  'transfer.notavailable',
  'transfer.dnd',
  'transport.failure',
  'error',
  'peer',
  'other',
  'spam',
  'uncallable',
] as const;
export type DisconnectType = (typeof DISCONNECT_TYPES)[number];

export type CommunicationState = 'alerting' | 'connected' | 'disconnected' | 'terminated';
export type AfterCallWorkState = 'unknown' | 'notApplicable' | 'skipped' | 'pending' | 'complete';

/** Open segments have no `endTime` in real payloads, although the SDK declares it as always present. */
export interface Segment {
  startTime: string;
  endTime?: string;
  type?: string;
  howEnded?: string;
  disconnectType?: string;
}

export interface Wrapup {
  /** A wrap-up code's id, or one of the system's own words such as ININ-WRAP-UP-TIMEOUT. */
  code?: string;
  name?: string;
  notes?: string;
  tags?: string[];
  durationSeconds?: number;
  endTime?: string;
  provisional?: boolean;
}

export type AssignedWrapupCode = Omit<Wrapup, 'name' | 'provisional'>;

export interface AfterCallWork {
  state?: AfterCallWorkState;
  startTime?: string;
  endTime?: string;
}

/** Media besides screen sharing and video that a participant of the simulator can be connected by. */
export const OTHER_MEDIA = ['calls', 'callbacks', 'chats', 'emails', 'messages', 'cobrowsesessions'] as const;
export type OtherMedium = (typeof OTHER_MEDIA)[number];

/** As much of a leg by another medium as a screen share's client needs. */
export type OtherLegs = {
  [Medium in OtherMedium]?: {
    id?: string;
    state?: string;
    connectedTime?: string;
    disconnectedTime?: string;
  }[];
};

interface Communication {
  state?: CommunicationState;
  initialState?: CommunicationState;
  id?: string;
  context?: string;
  peerCount?: number;
  disconnectType?: DisconnectType;
  startAlertingTime?: string;
  connectedTime?: string;
  disconnectedTime?: string;
  provider?: string;
  peerId?: string;
  wrapup?: Wrapup;
  afterCallWork?: AfterCallWork;
  afterCallWorkRequired?: boolean;
}

export interface Screenshare extends Communication {
  sharing?: boolean;
  segments?: Segment[];
}

export interface VideoState {
  sharingScreen?: boolean;
  audioMuted?: boolean;
  videoMuted?: boolean;
  msids?: string[];
}

export interface Video extends Communication, VideoState {}

export interface Participant extends OtherLegs {
  id?: string;
  startTime?: string;
  endTime?: string;
  connectedTime?: string;
  name?: string;
  userUri?: string;
  userId?: string;
  queueId?: string;
  queueName?: string;
  purpose?: string;
  participantType?: string;
  wrapupRequired?: boolean;
  wrapupPrompt?: WrapupPrompt;
  wrapupTimeoutMs?: number;
  wrapupSkipped?: boolean;
  wrapup?: Wrapup;
  startAcwTime?: string;
  endAcwTime?: string;
  alertingTimeoutMs?: number;
  attributes?: Record<string, string>;
  screenshares?: Screenshare[];
  videos?: Video[];
}

interface Division {
  division: { id: string };
  entities: { id: string }[];
}

export interface Conversation {
  id?: string;
  startTime: string;
  endTime?: string;
  participants: Participant[];
  recordingState?: 'ACTIVE' | 'PAUSED' | 'NONE';
  divisions?: Division[];
  recentTransfers?: never[];
  securePause?: boolean;
  selfUri?: string;
}

export interface WrapupCode {
  id: string;
  name: string;
  selfUri: string;
}

export interface Channel {
  id: string;
  connectUri: string;
  expires: string;
}

export interface ChannelTopic {
  id: string;
  state: 'Permitted' | 'Rejected';
  rejectionReason?: string;
  missingPermissions?: string[];
  selfUri: string;
}

/** What a client may put into a wrap-up. */
export interface WrapupInput {
  code?: string | undefined;
  name?: string | undefined;
  notes?: string | undefined;
  tags?: string[] | undefined;
  durationSeconds?: number | undefined;
  endTime?: string | undefined;
  provisional?: boolean | undefined;
  disableEndTimeUpdates?: boolean | undefined;
}

/** A frame on the notification socket. */
export interface Envelope {
  topicName: string;
  version?: string;
  eventBody: unknown;
  metadata?: { CorrelationId: string };
}

/*
 * The notification topics' own classes, which differ from REST's: `…conversations` nests communications as REST
 * does, `…conversations.screenshares` flattens the communication into the participant, without its id.
 */

/** `code` is documented as the name of the code. */
export type TopicWrapup = AssignedWrapupCode;

export interface QueueMediaSettings {
  alertingTimeoutSeconds: number;
  autoAnswerAlertToneSeconds: number;
  manualAnswerAlertToneSeconds: number;
  enableAutoAnswer: boolean;
}

export interface TopicCommunication extends Omit<Communication, 'startAlertingTime' | 'wrapup'> {
  self?: { name: string; nameRaw: string; addressNormalized: string; addressRaw: string };
  wrapup?: TopicWrapup;
  queueMediaSettings?: QueueMediaSettings;
}

export interface TopicScreenShare extends TopicCommunication {
  sharing?: boolean;
}

export interface TopicVideo extends TopicCommunication, VideoState {}

/** What every participant of either topic carries. Empty objects are noise the real service sends too. */
export interface AnyTopicParticipant extends Pick<
  Participant,
  | 'id'
  | 'name'
  | 'connectedTime'
  | 'endTime'
  | 'purpose'
  | 'wrapupRequired'
  | 'wrapupPrompt'
  | 'wrapupTimeoutMs'
  | 'alertingTimeoutMs'
  | 'startAcwTime'
  | 'endAcwTime'
  | 'attributes'
> {
  wrapup?: TopicWrapup;
  conversationRoutingData?: {
    queue: object;
    language: object;
    priority: number;
    skills: never[];
    scoredAgents: never[];
  };
}

export interface TopicParticipant
  extends AnyTopicParticipant, OtherLegs, Pick<Participant, 'userId' | 'queueId'> {
  wrapupExpected?: boolean;
  screenshares?: TopicScreenShare[];
  videos?: TopicVideo[];
}

/** `eventBody` of `v2.users.{id}.conversations`. */
export interface TopicConversation {
  id?: string;
  participants?: TopicParticipant[];
  recentTransfers?: never[];
  recordingState?: string;
  securePause?: boolean;
  divisions?: Division[];
}

interface Reference {
  id: string;
  name: string;
}

export interface FlatParticipant
  extends
    AnyTopicParticipant,
    Pick<Participant, 'startTime' | 'wrapupSkipped'>,
    Omit<
      TopicScreenShare,
      'id' | 'self' | 'peerId' | 'disconnectedTime' | 'wrapup' | 'afterCallWork' | 'afterCallWorkRequired'
    > {
  direction?: string;
  held?: boolean;
  user?: Reference;
  queue?: Reference;
  peer?: string;
}

/** `eventBody` of `v2.users.{id}.conversations.screenshares`. */
export interface FlatConversation {
  id?: string;
  participants?: FlatParticipant[];
  otherMediaUris?: string[];
  divisions?: Division[];
}

/** `eventBody` of `v2.users.{id}.conversations.videos`. */
export interface FlatVideoConversation extends Omit<FlatConversation, 'participants'> {
  participants?: FlatVideoParticipant[];
}

export interface FlatVideoParticipant extends Omit<FlatParticipant, 'sharing'>, VideoState {}

/** `eventBody` of `v2.users.{id}.routingStatus`. */
export interface TopicRoutingStatus {
  id: string;
  routingStatus: { status: string; startTime: string };
}
