import { z } from 'zod';

/**
 * The wire models, as Genesys Cloud describes them. Every field is optional on the wire and `null`
 * means absent. Objects are "loose": a field we do not know stays where it was, so a record read and
 * written again has lost nothing. Times are ISO-8601 strings, kept exactly as sent.
 */

const text = z.string().nullish();
const flag = z.boolean().nullish();
const whole = z.number().nullish();

export const segmentSchema = z.looseObject({
  startTime: text,
  endTime: text,
  type: text,
  howEnded: text,
  disconnectType: text,
});
export type Segment = z.infer<typeof segmentSchema>;

export const wrapupSchema = z.looseObject({
  /** Wrap-up code id; system codes such as `ININ-WRAP-UP-TIMEOUT` are plain strings. */
  code: text,
  name: text,
  notes: text,
  tags: z.array(z.string()).nullish(),
  /** Time spent in after-call work, in seconds. */
  durationSeconds: whole,
  endTime: text,
  /** Pending save: the code is not final yet. */
  provisional: flag,
});
export type Wrapup = z.infer<typeof wrapupSchema>;

export const afterCallWorkSchema = z.looseObject({ state: text, startTime: text, endTime: text });

/** The record this product exists for: the screen-share leg of a conversation. */
export const screenshareSchema = z.looseObject({
  state: text,
  initialState: text,
  id: text,
  /** Room id (an XMPP JID) of the conference session. */
  context: text,
  /** Whether THIS participant is sharing its screen. An explicit fact, never inferred. */
  sharing: flag,
  /** Number of peers, seen from this participant. */
  peerCount: whole,
  /** Null until disconnected. */
  disconnectType: text,
  startAlertingTime: text,
  /** By the cloud's clock. */
  connectedTime: text,
  /** By the provider's clock: may be earlier than `connectedTime`. */
  disconnectedTime: text,
  provider: text,
  /** Id of the peer communication: the matching leg. */
  peerId: text,
  segments: z.array(segmentSchema).nullish(),
  wrapup: wrapupSchema.nullish(),
  afterCallWork: afterCallWorkSchema.nullish(),
  /** Only used when the queue's after-call-work setting is Agent Requested. */
  afterCallWorkRequired: flag,
});
export type Screenshare = z.infer<typeof screenshareSchema>;

/** The fields of `Screenshare` in the order people read them: the one list used by review and export. */
export const screenshareFields = [
  'state',
  'initialState',
  'id',
  'context',
  'sharing',
  'peerCount',
  'disconnectType',
  'startAlertingTime',
  'connectedTime',
  'disconnectedTime',
  'provider',
  'peerId',
  'segments',
  'wrapup',
  'afterCallWork',
  'afterCallWorkRequired',
] as const satisfies readonly (keyof Screenshare)[];

/** Today's Genesys screen sharing: a video leg that says `sharingScreen` where a screenshare says `sharing`. */
export const videoSchema = screenshareSchema.extend({ sharingScreen: flag });
export type Video = z.infer<typeof videoSchema>;

export const participantSchema = z.looseObject({
  id: text,
  startTime: text,
  endTime: text,
  connectedTime: text,
  name: text,
  userId: text,
  queueId: text,
  queueName: text,
  purpose: text,
  address: text,
  state: text,
  wrapupRequired: flag,
  /** Only on the `…conversations` topic: wrap-up will be expected once connected. */
  wrapupExpected: flag,
  /** `WrapupPolicy`. */
  wrapupPrompt: text,
  /** Length of a timed after-call work, in ms. */
  wrapupTimeoutMs: whole,
  wrapupSkipped: flag,
  wrapup: wrapupSchema.nullish(),
  startAcwTime: text,
  endAcwTime: text,
  /** Answer within this many ms, else Not Responding. */
  alertingTimeoutMs: whole,
  screenshares: z.array(screenshareSchema).nullish(),
  videos: z.array(videoSchema).nullish(),
  /** A supervisor who watches an agent's screen. */
  screenMonitorings: z.array(screenshareSchema).nullish(),
  /** Of a supervisor: whom they listen to, coach, or have joined; ids of participants. */
  monitoredParticipantId: text,
  coachedParticipantId: text,
  bargedParticipantId: text,
  /** `requested`, `active`, `paused`, `stopped`, `error`, `timeout`. */
  screenRecordingState: text,
});
export type Participant = z.infer<typeof participantSchema>;

export const conversationSchema = z.looseObject({
  id: z.string().min(1),
  name: text,
  startTime: text,
  /** Null while active. */
  endTime: text,
  /** `ACTIVE`, `PAUSED`, `NONE`; events write it in small letters. */
  recordingState: text,
  participants: z.array(participantSchema),
});
export type Conversation = z.infer<typeof conversationSchema>;

export const wrapupCodeSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().min(1),
  description: text,
});
export interface WrapupCode {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** A status as the organisation defines it: Genesys calls it a presence. */
export interface StatusChoice {
  readonly id: string;
  /** In the organisation's words. */
  readonly name: string;
}
