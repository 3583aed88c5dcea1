import type { AfterCallWork, CommunicationState, DisconnectType } from './wire-types.ts';

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
