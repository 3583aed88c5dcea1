import type { Clocks } from '../clocks/time.ts';
import type { Screenshare, Wrapup } from '../model/screenshare.ts';
import type { CloudOffset } from '../clocks/cloud-clock.ts';
import type { WrapupOutcome } from '../submissions.ts';

/** A span of time the agent was on air; `to` is absent while it lasts. ISO-8601, server-time estimate. */
export interface OnAir {
  readonly from: string;
  readonly to?: string;
}

/** The number of peers, from a moment on. */
export interface PeerCount {
  readonly at: string;
  readonly count: number;
}

/**
 * How somebody, or a recording, could follow the agent:
 * - `share`: they were in the share while the agent was on air, and could see their screen
 * - `screen`: a supervisor watches the agent's screen, shared or not
 * - `listens`, `coaches`, `joined`: a supervisor is in the conversation
 * - `screenRecording`, `recording`: the screen, or the conversation, is being recorded
 */
export const observationKinds = [
  'share',
  'screen',
  'listens',
  'coaches',
  'joined',
  'screenRecording',
  'recording',
] as const;

/** Times are ISO-8601, server-time estimate; `to` is absent while it lasts. */
export interface Observation {
  readonly how: (typeof observationKinds)[number];
  /** Of a person; absent for a recording. */
  readonly participantId?: string;
  readonly name?: string;
  /** `participant.purpose`, as sent: `customer`, `agent`, … */
  readonly purpose?: string;
  readonly from: string;
  readonly to?: string;
}

/**
 * One communication of the local agent, made of every fact received about it. `screenshare` is the wire model,
 * merged and lossless; the rest is what its participant and conversation say about it, and what only arrival
 * times can tell.
 */
export interface Communication {
  /**
   * `conversationId/participantId/communicationId`, by the first id it was known by: its participant's, where only
   * the flattened topic spoke of it. It never changes, since drafts and submissions refer to it.
   */
  readonly key: string;
  readonly conversationId: string;
  readonly participantId: string;
  /** The participant's id until the communication's own arrives. */
  readonly communicationId: string;
  /** `video`: today's Genesys screen sharing, normalised from `videos[].sharingScreen`. */
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
  readonly queueId?: string;
  readonly queueName?: string;
  /** Who is at the other end, when the server names them. */
  readonly peerName?: string;
  /** Another participant of the conversation is sharing its screen now. */
  readonly peerSharing: boolean;
  /** Who that is, where it is not `peerName` alone; '' for somebody without a name. */
  readonly sharers?: readonly string[];

  /** `participant.wrapupPrompt`, as sent. */
  readonly policy?: string;
  readonly wrapupRequired?: boolean;
  readonly wrapupTimeoutMs?: number;
  readonly wrapupSkipped?: boolean;
  /** Participant-level wrap-up; the communication-level one is `screenshare.wrapup`. */
  readonly participantWrapup?: Wrapup;
  /**
   * The other legs of its participant that go on (a call, say), each by the name of its list. As long as there are any
   * the participant's after-call work has not begun, and hanging up ends them too.
   */
  readonly otherLegs?: readonly string[];
  readonly startAcwTime?: string;
  readonly endAcwTime?: string;
  /**
   * When its participant left or its conversation ended, whichever came first. That is the end of the leg too,
   * whatever the leg says. ISO-8601.
   */
  readonly endTime?: string;
  /** The agent has another part in the conversation that makes this alert old: it rang again, or was answered. */
  readonly superseded?: boolean;

  /**
   * When it began to alert: `startAlertingTime`, else when events said so. Absent for one that was connected when
   * it was first heard of. ISO-8601.
   */
  readonly alertedAt?: string;
  readonly alertingTimeoutMs?: number;
  /** It was connected at some time. */
  readonly answered: boolean;
  readonly onAir: readonly OnAir[];
  readonly peers: readonly PeerCount[];
  /** Who could see or follow, and what was recorded; absent where nobody was heard of. */
  readonly observations?: readonly Observation[];
  /** The server no longer has this conversation, though we never saw it end. */
  readonly gone: boolean;
  /** How the clocks stood to each other; absent before the server said what time it is. */
  readonly clocks?: Clocks;

  /** Only of a record that comes from somebody's exported file. */
  readonly exported?: {
    /** The file says what part the agent had, but not from when to when they were on air. */
    readonly role: Role;
    /** It says from when to when the agent was on air, and who could see it: files of earlier versions do not. */
    readonly saysExposure?: true;
    /** What the file says became of its wrap-up; files of earlier versions do not. */
    readonly outcome?: WrapupOutcome | null;
    /** What it said besides what is exported now: what was masked, and what a later version adds. */
    readonly beyond: Readonly<Record<string, unknown>>;
  };

  /** ISO-8601, this machine's clock. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  /** How many facts changed it. */
  readonly revisions: number;
}

export type Role = 'viewing' | 'sharing';

/** The agent's part in it: on air at any time, or only looking. */
export function roleOf({ onAir, exported }: Communication): Role {
  if (exported) return exported.role;
  return onAir.length > 0 ? 'sharing' : 'viewing';
}

/** What the reducer needs to know besides the snapshot. */
export interface ReducerContext {
  /** The local agent. */
  readonly userId: string;
  /** ISO-8601, this machine's clock: stamps first and last seen. */
  readonly receivedAt: string;
  /** ISO-8601, the server's clock as estimated: stamps what the wire has no time for (sharing, peers). */
  readonly serverTime: string;
  /** What that estimate rests on; absent before the first answer of the server. */
  readonly cloud?: CloudOffset;
  /** A reading that was asked for before the latest event of the conversation came: it may be older. */
  readonly overtaken?: true;
}
