import type { Models } from 'purecloud-platform-client-v2';
import { expectTypeOf } from 'vitest';
import type * as wire from '../../../electron/feed/simulator/wire-types.ts';

/**
 * Checked by the compiler (`npm run types`) and never run: every document the simulator sends fits the declarations
 * of the official SDK, and has no property they do not know.
 * One deviation is on purpose: the SDK says a segment always has an `endTime`, real payloads of open segments
 * have none.
 */

type UnknownTo<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;
type Closed<Segmented> = Omit<Segmented, 'segments'>;
type SdkSegment = Omit<Models.Segment, 'endTime'> & { endTime?: string };
type ParticipantBare = Omit<wire.Participant, 'screenshares' | 'videos'>;

// --- REST documents fit the official declarations ---
// Screenshare, Video, Segment
expectTypeOf<Closed<wire.Screenshare>>().toExtend<Closed<Models.Screenshare>>();
expectTypeOf<UnknownTo<wire.Screenshare, Models.Screenshare>>().toBeNever();
expectTypeOf<UnknownTo<Models.Screenshare, wire.Screenshare>>().toBeNever();
expectTypeOf<wire.Segment>().toExtend<SdkSegment>();
expectTypeOf<UnknownTo<wire.Segment, Models.Segment>>().toBeNever();
expectTypeOf<wire.Video>().toExtend<Models.Video>();
expectTypeOf<UnknownTo<wire.Video, Models.Video>>().toBeNever();

// Wrapup, AssignedWrapupCode, AfterCallWork, WrapupCode
expectTypeOf<wire.Wrapup>().toExtend<Models.Wrapup>();
expectTypeOf<UnknownTo<Models.Wrapup, wire.Wrapup>>().toBeNever();
expectTypeOf<wire.AssignedWrapupCode>().toExtend<Models.AssignedWrapupCode>();
expectTypeOf<UnknownTo<wire.AssignedWrapupCode, Models.AssignedWrapupCode>>().toBeNever();
expectTypeOf<wire.AfterCallWork>().toExtend<Models.AfterCallWork>();
expectTypeOf<UnknownTo<Models.AfterCallWork, wire.AfterCallWork>>().toBeNever();
expectTypeOf<wire.WrapupCode>().toExtend<Models.WrapupCode>();
expectTypeOf<UnknownTo<wire.WrapupCode, Models.WrapupCode>>().toBeNever();

// every wrap-up the SDK can send is one the simulator reads
expectTypeOf<UnknownTo<Models.WrapupInput, wire.WrapupInput>>().toBeNever();
expectTypeOf<UnknownTo<wire.WrapupInput, Models.WrapupInput>>().toBeNever();

// Participant, Conversation
expectTypeOf<ParticipantBare>().toExtend<Models.Participant>();
expectTypeOf<UnknownTo<wire.Participant, Models.Participant>>().toBeNever();
expectTypeOf<Omit<wire.Conversation, 'participants'>>().toExtend<Omit<Models.Conversation, 'participants'>>();
expectTypeOf<UnknownTo<wire.Conversation, Models.Conversation>>().toBeNever();

// Channel, ChannelTopic
expectTypeOf<wire.Channel>().toExtend<Models.Channel>();
expectTypeOf<wire.ChannelTopic>().toExtend<Models.ChannelTopic>();
expectTypeOf<UnknownTo<wire.ChannelTopic, Models.ChannelTopic>>().toBeNever();

// --- Event bodies fit the official declarations ---
// v2.users.{id}.conversations
expectTypeOf<wire.TopicConversation>().toExtend<Models.ConversationEventTopicConversation>();
expectTypeOf<UnknownTo<wire.TopicConversation, Models.ConversationEventTopicConversation>>().toBeNever();
expectTypeOf<UnknownTo<wire.TopicParticipant, Models.ConversationEventTopicParticipant>>().toBeNever();
expectTypeOf<UnknownTo<wire.TopicScreenShare, Models.ConversationEventTopicScreenShare>>().toBeNever();
expectTypeOf<UnknownTo<wire.TopicVideo, Models.ConversationEventTopicVideo>>().toBeNever();
expectTypeOf<UnknownTo<wire.TopicWrapup, Models.ConversationEventTopicWrapup>>().toBeNever();

// v2.users.{id}.conversations.screenshares
type Sdk = Models.ConversationScreenShareEventTopicScreenShareConversation;
type SdkParticipant = Models.ConversationScreenShareEventTopicScreenShareMediaParticipant;
expectTypeOf<wire.FlatConversation>().toExtend<Sdk>();
expectTypeOf<UnknownTo<wire.FlatConversation, Sdk>>().toBeNever();
expectTypeOf<UnknownTo<wire.FlatParticipant, SdkParticipant>>().toBeNever();

// v2.users.{id}.routingStatus
expectTypeOf<wire.TopicRoutingStatus>().toExtend<Models.UserRoutingStatusUserRoutingStatus>();
