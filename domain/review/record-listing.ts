import { type Role, roleOf, type Communication } from '../communication/communication.ts';
import { type RecordWrapupState, wrapupOf } from '../exported-record.ts';
import type { CommunicationPhase } from '../words/next-step.ts';
import { duration, type Duration } from '../clocks/time.ts';
import type { Submission, Draft } from '../submissions.ts';
import {
  acwBeginningOf,
  acwEndOf,
  connectedAtOf,
  disconnectedAtOf,
  happenedAt,
} from '../communication/moments.ts';
import { serverWrapup, connectionOf } from '../communication/phase.ts';
import { phaseOf } from '../words/explain.ts';
import { onAirTime } from '../communication/on-air.ts';

/**
 * One record as a list, a search and a chart need it: what can be found and drawn without reading the record
 * itself. Made by `listingOf` from the record, the agent's draft and the latest submission about it.
 */
export interface Listing {
  readonly key: string;
  /** When it happened, epoch ms: it began to alert, or, where that is unknown, was first seen. */
  readonly at: number;
  /** What became of it; one glyph each. */
  readonly glyph: CommunicationPhase;
  readonly role: Role;
  readonly missed: boolean;
  readonly peer: string | null;
  readonly queue: string | null;
  /** Id of the code, and its name where that is known: the agent's own choice before the server's. */
  readonly code: string | null;
  readonly codeName: string | null;
  readonly notes: string;
  readonly wrapup: RecordWrapupState | null;
  /** As sent; null while it lasts. */
  readonly disconnectType: string | null;
  /** ms; null where it never was, or is not known. Never negative. */
  readonly alertingMs: number | null;
  readonly connectedMs: number | null;
  readonly onAirMs: number | null;
  readonly workMs: number | null;
  /** In which lengths two clocks were mixed: those are shown with "≈". */
  readonly approximate: Readonly<Record<ListedLength, boolean>>;
}

/** The lengths a line tells in words. */
export const listedLengths = ['alerting', 'connected', 'onAir'] as const;
export type ListedLength = (typeof listedLengths)[number];

/** A page of the list. */
export interface ListingPage {
  /** Position of the first line in the whole result. */
  readonly from: number;
  readonly lines: readonly Listing[];
  /**
   * Records whose lines are behind: not in any result yet, or not as they are now. A moment after a change there
   * are some; more when an update makes all lines anew, or there is no room for them. Counted up to `mostBehind`.
   */
  readonly behind: number;
}
export const mostBehind = 10_000;

export const figureKinds = ['day', 'week', 'queue', 'code'] as const;
export type FigureKind = (typeof figureKinds)[number];

/** One bar of a chart. */
export interface Figure {
  /** `2026-11-23` (a week: its Monday; this machine's time zone), or the name of the queue or code; '' for none. */
  readonly name: string;
  readonly shares: number;
  readonly missed: number;
  readonly onAirMs: number;
  readonly workMs: number;
}

/** How long it alerted: until it was answered, or, where it never was, until it ended. */
export function alertingTime(communication: Communication): Duration | null {
  const { alertedAt, answered, clocks } = communication;
  const over = connectionOf(communication) === 'over';
  const end = answered ? connectedAtOf(communication) : over ? disconnectedAtOf(communication) : null;
  return alertedAt === undefined || end === null
    ? null
    : duration({ iso: alertedAt, clock: 'cloud' }, end, clocks);
}

/** How long it was connected, once it is over; null where either end is not dated. */
export function connectedTime(communication: Communication): Duration | null {
  if (connectionOf(communication) !== 'over') return null;
  const from = connectedAtOf(communication);
  const to = disconnectedAtOf(communication);
  return from && to && duration(from, to, communication.clocks);
}

/** How long after-call work took, once it is finished: by its own times, else as the server counted it. */
export function workTime(communication: Communication): Duration | null {
  if (!communication.answered) return null;
  const from = acwBeginningOf(communication);
  const to = acwEndOf(communication);
  if (from && to) return duration(from, to, communication.clocks);
  const counted = serverWrapup(communication)?.durationSeconds ?? null;
  return counted === null || counted < 0 ? null : { ms: Math.round(counted * 1000), approximate: false };
}

/** The line of a record. A name that is empty is none. */
export function listingOf(
  communication: Communication,
  draft: Draft | undefined,
  latestSubmission: Submission | undefined,
): Listing {
  const glyph = phaseOf(communication);
  const wrapup = wrapupOf(communication, draft, latestSubmission);
  const lengths = {
    alerting: alertingTime(communication),
    connected: connectedTime(communication),
    onAir: onAirTime(communication),
  };
  const isApproximate = (name: ListedLength): boolean => lengths[name]?.approximate ?? false;
  return {
    key: communication.key,
    at: happenedAt(communication),
    glyph,
    role: roleOf(communication),
    missed: glyph === 'missed',
    peer: communication.peerName || null,
    queue: communication.queueName || null,
    code: wrapup?.code || null,
    codeName: wrapup?.name || null,
    notes: wrapup?.notes ?? '',
    wrapup: wrapup?.state ?? null,
    disconnectType: communication.screenshare.disconnectType ?? null,
    alertingMs: lengths.alerting?.ms ?? null,
    connectedMs: lengths.connected?.ms ?? null,
    onAirMs: lengths.onAir?.ms ?? null,
    workMs: workTime(communication)?.ms ?? null,
    approximate: {
      alerting: isApproximate('alerting'),
      connected: isApproximate('connected'),
      onAir: isApproximate('onAir'),
    },
  };
}
