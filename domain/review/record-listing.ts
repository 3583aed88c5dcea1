import { roleOf, type Communication, type Role } from '../communication/communication.ts';
import { alertingTime, connectedTime, fileUntil, happenedAt, workTime } from '../communication/moments.ts';
import { onAirTime } from '../communication/on-air.ts';
import { phaseOf, type CommunicationPhase } from '../communication/phase.ts';
import { wrapupOf, wrapupOutcome } from '../communication/wrapup-outcome.ts';
import { noCodeNames, type CodeNames } from '../model/code-names.ts';
import type { Draft, Submission, WrapupOutcome } from '../submissions.ts';
import { shortened } from '../words/communication-words.ts';

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
  /** Whose record it is, where it is not one's own. */
  readonly agent?: string;
  readonly peer: string | null;
  readonly queue: string | null;
  /** Id of the code, and its name where that is known: the agent's own choice before the server's. */
  readonly code: string | null;
  readonly codeName: string | null;
  readonly notes: string;
  /** What became of its wrap-up; null where none is due. */
  readonly wrapup: WrapupOutcome | null;
  /** Until when an open wrap-up can be sent, epoch ms; null where none is open, or nothing dates its beginning. */
  readonly fileUntil: number | null;
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

/** The lengths a row tells in words. */
export const listedLengths = ['alerting', 'connected', 'onAir'] as const;
export type ListedLength = (typeof listedLengths)[number];

/** A page of the list. */
export interface ListingPage {
  /** Position of the first line in the whole result. */
  readonly from: number;
  readonly lines: readonly Listing[];
  /**
   * Records that are not listed yet, or not as they are now: some for a moment after each change, more after an
   * update or while the disk is full. Counted up to `mostBehind`.
   */
  readonly behind: number;
  /** Of the archive alone, which counts nothing and is read on as somebody scrolls. */
  readonly archive?: ArchiveListing;
}
/** How far the archive has been read for a search. */
export interface ArchiveListing {
  /** How many it gave so far. */
  readonly known: number;
  /** `more`: there are others after those; `cut`: others too, but no more are listed. */
  readonly rest: 'none' | 'more' | 'cut';
  /** Records that came and that this version cannot read. */
  readonly unread: number;
  /** Records that were sent and did not arrive, of those this is about. */
  readonly missing: number;
}
export const mostBehind = 10_000;

/** Longer notes are read in the record, not in its line. In characters. */
const longestNotes = 500;

/** As a window gets it: what somebody wrote without end is cut, so that a page of lines stays small. */
export function shortenedListing(line: Listing): Listing {
  const short = (words: string | null): string | null => (words === null ? null : shortened(words));
  return {
    ...line,
    ...(line.agent === undefined ? {} : { agent: shortened(line.agent) }),
    peer: short(line.peer),
    queue: short(line.queue),
    code: short(line.code),
    codeName: short(line.codeName),
    disconnectType: short(line.disconnectType),
    notes: shortened(line.notes, longestNotes),
  };
}

/** A name that is empty is none. */
export function listingOf(
  communication: Communication,
  draft: Draft | undefined,
  latestSubmission: Submission | undefined,
  names: CodeNames = noCodeNames,
): Listing {
  const glyph = phaseOf(communication);
  const wrapup = wrapupOf(communication, draft, latestSubmission, names);
  const alerting = alertingTime(communication);
  const connected = connectedTime(communication);
  const onAir = onAirTime(communication);
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
    wrapup: wrapupOutcome(communication, draft, latestSubmission),
    fileUntil: glyph === 'wrapUp' ? fileUntil(communication) : null,
    disconnectType: communication.screenshare.disconnectType ?? null,
    alertingMs: alerting?.ms ?? null,
    connectedMs: connected?.ms ?? null,
    onAirMs: onAir?.ms ?? null,
    workMs: workTime(communication)?.ms ?? null,
    approximate: {
      alerting: alerting?.approximate ?? false,
      connected: connected?.approximate ?? false,
      onAir: onAir?.approximate ?? false,
    },
  };
}
