import type { Command, SendResult, Target } from '../../../domain/feed.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Wrapup } from '../../../domain/model/screenshare.ts';
import { at, ended, one, type Told } from '../domain/wire.ts';
import { refused, unreachable } from './rig.ts';

/** What can become of one request. */
export const faults = [
  'none',
  // It never left this machine.
  'not sent',
  'lost',
  // A time-out or a 5xx after the server has done it.
  'answer lost',
  // 429, or 503 with Retry-After.
  'later',
  // 403, 404.
  'refused',
  'conflicting',
  // 202, and then nothing.
  'ignored',
  'broken',
] as const;
export type Fault = (typeof faults)[number];

const conflicting: SendResult = {
  kind: 'refused',
  status: 409,
  code: 'conflict',
  reason: 'Something else is under way.',
};

/** One share at the server: its after-call work is closed by a wrap-up, a skip, or without either. */
export interface Share {
  readonly communication: Communication;
  readonly level: 'participant' | 'communication';
  wrapup: Wrapup | null;
  isClosed: boolean;
  isSkipped: boolean;
  /** Answers 500 for ever. */
  isPoisoned: boolean;
  /** Says yes to what comes after the end, and does nothing. */
  isDeaf: boolean;
  /** Requests that changed something: saying the same again changes nothing. */
  applied: number;
  received: number;
  /** Everything the server ever had to say about it, in order. */
  readonly said: Told[];
}

/** The first keeps its after-call work for the participant, the second for the communication. */
function communicationFrom(
  share: Pick<Share, 'communication' | 'level' | 'wrapup' | 'isClosed' | 'isSkipped'>,
): Told {
  const { communication, level, wrapup, isClosed, isSkipped } = share;
  const state = isSkipped ? 'skipped' : isClosed ? 'complete' : 'pending';
  const times = { startTime: at(15), ...(isClosed ? { endTime: at(40) } : {}) };
  const ofAgent = { startAcwTime: at(15), ...(isClosed ? { endAcwTime: at(40) } : {}) };
  return {
    agent: { ...agentOf(communication), ...(level === 'participant' ? ofAgent : {}) },
    leg: { ...legOf(communication), afterCallWork: { state, ...times }, ...(wrapup ? { wrapup } : {}) },
  };
}

const agentOf = ({ participantId }: Communication): NonNullable<Told['agent']> => ({
  id: participantId,
  wrapupPrompt: 'optional',
});
const legOf = ({ communicationId }: Communication): NonNullable<Told['leg']> => ({
  ...ended,
  id: communicationId,
});

/** What an event says that is about something else: nothing of wrap-up. */
export function otherNews({ communication }: Share, count: number): Told {
  return { agent: agentOf(communication), leg: { ...legOf(communication), peerCount: count } };
}

/** The same news, as an event that leaves notes out. */
export function withoutNotes(told: Told): Told {
  const { wrapup, ...leg } = told.leg ?? {};
  const { notes: _left, ...rest } = wrapup ?? {};
  return wrapup ? { ...told, leg: { ...leg, wrapup: rest } } : told;
}

export function createShare(level: Share['level'], n: number): Share {
  const names = { agent: { id: `participant-${n}` }, leg: { ...ended, id: `leg-${n}` } };
  const start = {
    communication: one(names),
    level,
    wrapup: null,
    isClosed: false,
    isSkipped: false,
  };
  const told = communicationFrom(start);
  return {
    ...start,
    communication: one(told),
    isPoisoned: false,
    isDeaf: false,
    applied: 0,
    received: 0,
    said: [told],
  };
}

/** The server changes by itself, or somebody else does it. */
export function close(share: Share, wrapup: Wrapup | null, isSkipped = false): void {
  Object.assign(share, { wrapup, isSkipped, isClosed: true });
  share.said.push(communicationFrom(share));
}

/** What the server says of it now. */
export const now = (share: Share): Told => communicationFrom(share);

/** Does what it is asked, as far as the fault and the state of the share let it. */
export function receive(share: Share, target: Target, command: Command, fault: Fault): SendResult {
  if (fault === 'broken') throw new Error('broken');
  if (fault === 'not sent') return unreachable(false);
  if (fault === 'lost' || share.isPoisoned) return unreachable(true);
  if (fault === 'later') return { kind: 'later', retryAfterMs: 1000, reason: 'Too often.' };
  if (fault === 'refused') return refused;
  if (fault === 'conflicting') return conflicting;
  share.received += 1;
  if (fault !== 'ignored' && !(share.isClosed && share.isDeaf)) apply(share, target, command);
  return fault === 'answer lost' ? unreachable(true) : { kind: 'accepted' };
}

function apply(share: Share, { communicationId, media }: Target, command: Command): void {
  const { communication, level, wrapup, isClosed } = share;
  if (command.kind === 'skip' && !isClosed) {
    close(share, null, true);
    share.applied += 1;
  }
  // Asked at the other level, or of another communication, it is not done.
  const isMeant = command.kind === 'wrapUp' && command.level === level && media === 'screenshare';
  if (!isMeant || communicationId !== communication.communicationId) return;
  const { code, notes } = command;
  if (isClosed && wrapup?.code === code && wrapup.notes === notes) return;
  close(share, { code, notes });
  share.applied += 1;
}
