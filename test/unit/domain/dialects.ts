import { agentId, at } from './wire.ts';

/** One state of an agent's part in a conversation, and how each of the server's dialects tells it. */

export interface Truth {
  readonly participantId: string;
  readonly legId: string;
  readonly media: 'screenshare' | 'video';
  readonly state: string;
  readonly sharing: boolean;
  readonly peerCount: number;
  readonly disconnectType?: string;
  readonly startAlertingTime: string;
  readonly connectedTime?: string;
  readonly disconnectedTime?: string;
  readonly segments: readonly object[];
  readonly wrapup?: {
    readonly id: string;
    readonly name: string;
    readonly notes: string;
    readonly provisional: boolean;
  };
  readonly afterCallWork?: {
    readonly state: string;
    readonly startTime?: string;
    readonly endTime?: string;
  };
  readonly startAcwTime?: string;
  readonly endAcwTime?: string;
  readonly wrapupSkipped: boolean;
}

export type Dialect = 'rest' | 'topic' | 'flattened';

const room = 'room@conference';
const queueMediaSettings = { alertingTimeoutSeconds: 8, enableAutoAnswer: false };
const person = { id: 'customer-1', purpose: 'customer', name: 'Ana Lima' };

function leg(truth: Truth): object {
  return {
    id: truth.legId,
    state: truth.state,
    initialState: 'alerting',
    context: room,
    peerCount: truth.peerCount,
    disconnectType: truth.disconnectType,
    connectedTime: truth.connectedTime,
    disconnectedTime: truth.disconnectedTime,
    provider: 'Genesys',
    peerId: 'leg-c',
    afterCallWork: truth.afterCallWork,
    afterCallWorkRequired: true,
  };
}

function inList(truth: Truth, told: object): object {
  return truth.media === 'video'
    ? { videos: [{ ...told, sharingScreen: truth.sharing }] }
    : { screenshares: [{ ...told, sharing: truth.sharing }] };
}

/** By its id, with its name. */
function restWrapup({ wrapup }: Truth): object | undefined {
  return (
    wrapup && { code: wrapup.id, name: wrapup.name, notes: wrapup.notes, provisional: wrapup.provisional }
  );
}

/** By its name only. */
function topicWrapup({ wrapup }: Truth): object | undefined {
  return wrapup && { code: wrapup.name, notes: wrapup.notes };
}

/** What the participant says in each dialect. */
function participant(truth: Truth): object {
  return {
    id: truth.participantId,
    purpose: 'agent',
    wrapupRequired: true,
    wrapupPrompt: 'mandatory',
    alertingTimeoutMs: 8000,
    startAcwTime: truth.startAcwTime,
    endAcwTime: truth.endAcwTime,
  };
}

export function restLeg(truth: Truth): object {
  return {
    ...leg(truth),
    startAlertingTime: truth.startAlertingTime,
    segments: truth.segments,
    wrapup: restWrapup(truth),
  };
}

function agentIn(dialect: Dialect, truth: Truth): object {
  switch (dialect) {
    case 'rest':
      return {
        ...participant(truth),
        userId: agentId,
        queueId: 'queue-1',
        queueName: 'Billing',
        startTime: truth.startAlertingTime,
        wrapupSkipped: truth.wrapupSkipped,
        wrapup: restWrapup(truth),
        ...inList(truth, restLeg(truth)),
      };
    case 'topic':
      return {
        ...participant(truth),
        userId: agentId,
        queueId: 'queue-1',
        wrapupExpected: true,
        wrapup: topicWrapup(truth),
        ...inList(truth, {
          ...leg(truth),
          wrapup: topicWrapup(truth),
          self: { name: 'An Agent' },
          scriptId: 'script-1',
          queueMediaSettings,
        }),
      };
    case 'flattened':
      return {
        ...participant(truth),
        user: { id: agentId, name: 'An Agent' },
        queue: { id: 'queue-1', name: 'Billing' },
        startTime: truth.startAlertingTime,
        state: truth.state,
        initialState: 'alerting',
        direction: 'inbound',
        disconnectType: truth.disconnectType,
        held: false,
        context: room,
        peerCount: truth.peerCount,
        sharing: truth.sharing,
        provider: 'Genesys',
        peer: 'leg-c',
        wrapupSkipped: truth.wrapupSkipped,
        wrapup: topicWrapup(truth),
        queueMediaSettings,
      };
  }
}

/** What a leg has because a dialect was heard, and REST never says. */
export function extrasOf(dialects: ReadonlySet<Dialect>): object {
  return {
    ...(dialects.has('topic')
      ? { self: { name: 'An Agent' }, scriptId: 'script-1', queueMediaSettings }
      : {}),
    ...(dialects.has('flattened') ? { direction: 'inbound', held: false, queueMediaSettings } : {}),
  };
}

/** As JSON brings it: what is absent is not there. */
export function tell(dialect: Dialect, truths: readonly Truth[]): unknown {
  const told = {
    id: 'conversation-1',
    participants: [person, ...truths.map((one) => agentIn(dialect, one))],
  };
  return JSON.parse(JSON.stringify(told));
}

/** A share that lasted a minute, was wrapped up in a quarter of one, and is over. */
export const whole: Truth = {
  participantId: 'participant-1',
  legId: 'leg-1',
  media: 'screenshare',
  state: 'disconnected',
  sharing: false,
  peerCount: 0,
  disconnectType: 'peer',
  startAlertingTime: at(0),
  connectedTime: at(4),
  disconnectedTime: at(60),
  segments: [
    { type: 'Alert', startTime: at(0), endTime: at(4) },
    { type: 'Interact', startTime: at(4), endTime: at(60) },
  ],
  wrapup: { id: 'uuid-1', name: 'Resolved', notes: 'a note', provisional: false },
  afterCallWork: { state: 'complete', startTime: at(60), endTime: at(75) },
  startAcwTime: at(60),
  endAcwTime: at(75),
  wrapupSkipped: false,
};
