import { type Communication, type Role, roleOf } from './communication/communication.ts';
import { exposureOf, type Exposure } from './communication/exposure.ts';
import { wrapupOf, wrapupOutcome, type RecordWrapup } from './communication/wrapup-outcome.ts';
import { noCodeNames, type CodeNames } from './model/code-names.ts';
import type { Screenshare } from './model/screenshare.ts';
import type { Submission, Draft, WrapupOutcome } from './submissions.ts';
import { say } from './words/say.ts';

export const exportFormats = ['json', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];
/** More records make no PDF anybody reads: they are a table. */
export const documentLimit = 200;
/** What stands above the columns of a CSV: every field by its name, for programs; or what a person looks for, in words. */
export const headingKinds = ['words', 'fields'] as const;
export type HeadingKind = (typeof headingKinds)[number];

/** One record as it is exported. The shape is a contract with automation. */
export interface ExportedRecord {
  readonly conversationId: string;
  readonly participantId: string;
  readonly role: Role;
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
  readonly queueName: string | null;
  readonly peerName: string | null;
  readonly alertedAt: string | null;
  readonly answered: boolean;
  readonly wrapup: RecordWrapup | null;
  /** What became of it, in one word; null where none was due. Absent in files of earlier versions. */
  readonly outcome: WrapupOutcome | null;
  /** Who could see the agent's screen; null where nobody could, and in records of earlier versions. */
  readonly exposure: Exposure | null;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly revisions: number;
}

const fields: Readonly<Record<keyof ExportedRecord, true>> = {
  conversationId: true,
  participantId: true,
  role: true,
  media: true,
  screenshare: true,
  queueName: true,
  peerName: true,
  alertedAt: true,
  answered: true,
  wrapup: true,
  outcome: true,
  exposure: true,
  firstSeenAt: true,
  lastSeenAt: true,
  revisions: true,
};
export function isExportedField(name: string): boolean {
  return Object.hasOwn(fields, name);
}

/** Joins what was received, what the agent wrote and what was decided into the exported record. */
export function exportRecord(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
  names: CodeNames = noCodeNames,
): ExportedRecord {
  return {
    ...communication.exported?.beyond,
    conversationId: communication.conversationId,
    participantId: communication.participantId,
    role: roleOf(communication),
    media: communication.media,
    screenshare: communication.screenshare,
    queueName: communication.queueName ?? null,
    peerName: communication.peerName ?? null,
    alertedAt: communication.alertedAt ?? null,
    answered: communication.answered,
    wrapup: wrapupOf(communication, draft, submission, names),
    outcome: wrapupOutcome(communication, draft, submission),
    exposure: exposureOf(communication),
    firstSeenAt: communication.firstSeenAt,
    lastSeenAt: communication.lastSeenAt,
    revisions: communication.revisions,
  };
}

interface Exported {
  /** Null: on paper. */
  readonly file: string | null;
  readonly records: number;
  /** Damaged ones, which are not in the file. */
  readonly unread: number;
}

/** `4 records written to records.csv`, and whether any were left out. */
export function exportedWords({ file, records, unread }: Exported): string {
  if (file === null) return say('review.printed', { records, unread });
  return say('settings.data.exported', { file, records, unread });
}
