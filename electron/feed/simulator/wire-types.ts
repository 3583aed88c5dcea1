/**
 * The REST wire of Genesys Cloud as this simulator speaks it: property names and value types of the
 * public API model (checked against the official SDK's declarations in test/unit/simulator/wire-types.ts).
 * Timestamps on the wire are ISO-8601 UTC with milliseconds.
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
  'client',
  'system',
  'timeout',
  'transfer',
  'transfer.conference',
  'transfer.consult',
  'transfer.forward',
  'transfer.noanswer',
  'transfer.notavailable',
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

export interface AssignedWrapupCode {
  code?: string;
  notes?: string;
  tags?: string[];
  durationSeconds?: number;
  endTime?: string;
}

export interface AfterCallWork {
  state?: AfterCallWorkState;
  startTime?: string;
  endTime?: string;
}

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

export interface Video extends Communication {
  sharingScreen?: boolean;
  audioMuted?: boolean;
  videoMuted?: boolean;
  msids?: string[];
}

export interface Participant {
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

export interface Conversation {
  id?: string;
  startTime: string;
  endTime?: string;
  participants: Participant[];
  recordingState?: 'ACTIVE' | 'PAUSED' | 'NONE';
  divisions?: { division: { id: string }; entities: { id: string }[] }[];
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

/** The notification topics' own classes, which differ from REST's; see topic-shapes.ts for how. */

/** No `name`, no `provisional`; `code` is documented as the code's name. */
export interface TopicWrapup {
  code?: string;
  notes?: string;
  tags?: string[];
  durationSeconds?: number;
  endTime?: string;
}

export interface QueueMediaSettings {
  alertingTimeoutSeconds: number;
  autoAnswerAlertToneSeconds: number;
  manualAnswerAlertToneSeconds: number;
  enableAutoAnswer: boolean;
}

interface TopicCommunication {
  state?: CommunicationState;
  initialState?: CommunicationState;
  self?: { name: string; nameRaw: string; addressNormalized: string; addressRaw: string };
  id?: string;
  context?: string;
  provider?: string;
  peerId?: string;
  peerCount?: number;
  disconnectType?: DisconnectType;
  connectedTime?: string;
  disconnectedTime?: string;
  wrapup?: TopicWrapup;
  afterCallWork?: AfterCallWork;
  afterCallWorkRequired?: boolean;
  queueMediaSettings?: QueueMediaSettings;
}

export interface TopicScreenShare extends TopicCommunication {
  sharing?: boolean;
}

export interface TopicVideo extends TopicCommunication {
  sharingScreen?: boolean;
  audioMuted?: boolean;
  videoMuted?: boolean;
  msids?: string[];
}

/** What every participant of either topic carries. Empty objects are noise the real service sends too. */
interface AnyParticipant {
  id?: string;
  name?: string;
  connectedTime?: string;
  endTime?: string;
  purpose?: string;
  wrapupRequired?: boolean;
  wrapupPrompt?: string;
  wrapupTimeoutMs?: number;
  alertingTimeoutMs?: number;
  wrapup?: TopicWrapup;
  startAcwTime?: string;
  endAcwTime?: string;
  conversationRoutingData?: {
    queue: object;
    language: object;
    priority: number;
    skills: never[];
    scoredAgents: never[];
  };
  attributes?: Record<string, string>;
}

export interface TopicParticipant extends AnyParticipant {
  userId?: string;
  queueId?: string;
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
  divisions?: { division: { id: string }; entities: { id: string }[] }[];
}

interface Reference {
  id: string;
  name: string;
}

export interface FlatParticipant extends AnyParticipant {
  startTime?: string;
  state?: CommunicationState;
  initialState?: CommunicationState;
  direction?: string;
  disconnectType?: DisconnectType;
  held?: boolean;
  wrapupSkipped?: boolean;
  user?: Reference;
  queue?: Reference;
  provider?: string;
  peer?: string;
  queueMediaSettings?: QueueMediaSettings;
  context?: string;
  peerCount?: number;
  sharing?: boolean;
}

/** `eventBody` of `v2.users.{id}.conversations.screenshares`. */
export interface FlatConversation {
  id?: string;
  participants?: FlatParticipant[];
  otherMediaUris?: string[];
  divisions?: { division: { id: string }; entities: { id: string }[] }[];
}

/** `eventBody` of `v2.users.{id}.routingStatus`. */
export interface TopicRoutingStatus {
  id: string;
  routingStatus: { status: string; startTime: string };
}
