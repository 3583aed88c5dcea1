import type { Communication } from '../communication/communication.ts';
import { exportRecord, type ExportedRecord } from '../exported-record.ts';
import { maskedText, maskRecord, timeOnly, type MaskWords } from '../masked-record.ts';
import { codeNamesIn } from '../model/code-names.ts';
import { isTimeOrWord, maskScreenshare, type Mask } from '../model/personal-fields.ts';
import type { Draft, Submission } from '../submissions.ts';
import { communicationOf } from './imported-record.ts';
import type { RecordDetail } from './record-detail.ts';
import { hasSameNotes } from './wrapup-comparison.ts';

/** A record as it is exported, see `exportRecord`. */
export function exportedOf({ communication, draft, submissions, codeNames }: RecordDetail): ExportedRecord {
  return exportRecord(communication, draft ?? undefined, submissions.at(-1), codeNamesIn(codeNames));
}

export interface MaskedDetail extends RecordDetail {
  /** Dot paths of what was masked in its export. */
  readonly redacted: readonly string[];
}

const maskNotes = (notes: string): string => (notes === '' ? '' : maskedText);
const maskNotesOrNull = (notes: string | null): string | null => (notes === null ? null : maskNotes(notes));

/** What is not exported, and is needed to say the same about the record: no names, no words anybody wrote. */
function besideExport(
  {
    policy,
    otherLegs,
    wrapupRequired,
    wrapupTimeoutMs,
    wrapupSkipped,
    participantWrapup,
    startAcwTime,
    endAcwTime,
    endTime,
    superseded,
    gone,
    peers,
    clocks,
  }: Communication,
  { digest, isHarmless = isTimeOrWord }: MaskWords,
): Partial<Communication> {
  const put: Mask = (kind, name, value) => {
    if (kind === 'unknown') return undefined;
    if (kind === 'identifier' && typeof value === 'string') return digest(value);
    return name === 'tags' ? [maskedText] : maskedText;
  };
  const masked = participantWrapup && maskScreenshare({ wrapup: participantWrapup }, put, isHarmless);
  const times = Object.entries({ startAcwTime, endAcwTime, endTime }).flatMap(([name, time]) =>
    time === undefined ? [] : [[name, timeOnly(time)] as const],
  );
  return {
    gone,
    peers: peers.map(({ at, count }) => ({ at: timeOnly(at), count })),
    ...Object.fromEntries(times),
    ...(policy !== undefined && isHarmless(policy) ? { policy } : {}),
    ...(otherLegs === undefined ? {} : { otherLegs: otherLegs.map(() => maskedText) }),
    ...(wrapupRequired === undefined ? {} : { wrapupRequired }),
    ...(wrapupTimeoutMs === undefined ? {} : { wrapupTimeoutMs }),
    ...(wrapupSkipped === undefined ? {} : { wrapupSkipped }),
    ...(superseded === undefined ? {} : { superseded }),
    ...(clocks === undefined ? {} : { clocks }),
    ...(masked ? { participantWrapup: masked.screenshare['wrapup'] as typeof participantWrapup } : {}),
  };
}

type Ids = Pick<Communication, 'key' | 'conversationId' | 'participantId' | 'communicationId'>;

function maskDraft({ code, name, notes, revision, updatedAt }: Draft, { key }: Ids): Draft {
  return { key, code, name, notes: maskNotes(notes), revision, updatedAt: timeOnly(updatedAt) };
}

function maskSubmission(submission: Submission, ids: Ids, { digest }: MaskWords): Submission {
  const { id, order, kind, code, name, notes, state, attempts, origin, afterLimit } = submission;
  const { mayHaveArrived, createdAt, updatedAt, problem, theirs } = submission;
  const { key, conversationId, participantId, communicationId } = ids;
  return {
    ...{ id: digest(id), order, key, conversationId, participantId, communicationId, kind, code, name },
    ...{ notes: maskNotes(notes), state, attempts, mayHaveArrived },
    ...{ createdAt: timeOnly(createdAt), updatedAt: timeOnly(updatedAt) },
    ...(origin === undefined ? {} : { origin }),
    ...(afterLimit === undefined ? {} : { afterLimit }),
    // A server may quote anybody in it.
    problem: problem === null ? null : maskedText,
    theirs: theirs && { code: theirs.code, name: theirs.name, notes: maskNotesOrNull(theirs.notes) },
  };
}

/**
 * A record as its masked export shows it, and what stands beside that: the submissions, the clocks. Nothing is taken
 * over that is not named here.
 */
export function maskDetail(detail: RecordDetail, words: MaskWords): MaskedDetail {
  const { communication, draft, submissions, codeNames, facts, chain } = detail;
  const { redacted, ...masked } = maskRecord(exportedOf(detail), words);
  const { exported, ...shown } = communicationOf(masked);
  const own = communication.exported ? { exported } : {};
  return {
    communication: { ...shown, ...besideExport(communication, words), ...own } as Communication,
    draft: draft && maskDraft(draft, shown),
    submissions: submissions.map((submission) => maskSubmission(submission, shown, words)),
    codeNames,
    facts,
    ...(chain ? { chain } : {}),
    hidden: { sameNotes: hasSameNotes(detail) },
    redacted,
  };
}
