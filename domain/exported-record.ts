import { type Communication, type Role, roleOf } from './communication/communication.ts';
import { serverWrapup } from './communication/phase.ts';
import { namedCode, noCodeNames, type CodeNames } from './model/code-names.ts';
import type { Screenshare } from './model/screenshare.ts';
import { systemCodeOf } from './model/values.ts';
import type { Submission, Draft } from './submissions.ts';
import { say } from './words/say.ts';

export const exportFormats = ['json', 'ndjson', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * How the wrap-up of a record stands, in the exported words. `sent` is only what this agent sent from here: time
 * that ran out is `timedOut`, and what another client chose is `elsewhere`.
 */
export const recordWrapupStates = [
  'draft',
  'waiting',
  'sent',
  'conflict',
  'skipped',
  'timedOut',
  'elsewhere',
] as const;
export type RecordWrapupState = (typeof recordWrapupStates)[number];

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
  readonly wrapup: {
    readonly code: string | null;
    readonly name: string | null;
    readonly notes: string | null;
    readonly state: RecordWrapupState;
  } | null;
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
  firstSeenAt: true,
  lastSeenAt: true,
  revisions: true,
};
export function isExportedField(name: string): boolean {
  return Object.hasOwn(fields, name);
}

function decidedState(submission: Submission): RecordWrapupState {
  switch (submission.state) {
    case 'waiting':
    case 'accepted':
    case 'failed':
      return 'waiting';
    case 'conflict':
      return 'conflict';
    case 'confirmed':
    case 'dropped':
      return submission.kind === 'skip' && submission.state === 'confirmed' ? 'skipped' : 'sent';
  }
}

/** Who wrote what the server has, where the agent sent nothing: its own codes are nobody's choice. */
function serverState(code: string | null | undefined): RecordWrapupState {
  const system = systemCodeOf(code);
  if (system === null) return 'elsewhere';
  return system === 'timedOut' ? 'timedOut' : 'skipped';
}

/** The wrap-up of a record: the agent's own submission, else what the server has, else what is being written. */
export function wrapupOf(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
  names: CodeNames = noCodeNames,
): ExportedRecord['wrapup'] {
  const wrapup = wrapupAsKept(communication, draft, submission);
  return wrapup && namedCode(wrapup, names);
}

function wrapupAsKept(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
): ExportedRecord['wrapup'] {
  const server = serverWrapup(communication);
  if (submission && submission.state !== 'dropped') {
    return {
      code: submission.code,
      name: submission.name,
      notes: submission.notes,
      state: decidedState(submission),
    };
  }
  if (server) {
    return {
      code: server.code ?? null,
      name: server.name ?? null,
      notes: server.notes ?? null,
      state: serverState(server.code),
    };
  }
  if (draft && (draft.code !== null || draft.notes !== '')) {
    return { code: draft.code, name: draft.name, notes: draft.notes, state: 'draft' };
  }
  if (communication.wrapupSkipped || communication.screenshare.afterCallWork?.state === 'skipped') {
    return { code: null, name: null, notes: null, state: 'skipped' };
  }
  return null;
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
    firstSeenAt: communication.firstSeenAt,
    lastSeenAt: communication.lastSeenAt,
    revisions: communication.revisions,
  };
}

interface Exported {
  readonly file: string;
  readonly records: number;
  /** Damaged ones, which are not in the file. */
  readonly unread: number;
}

/** `4 records written to records.csv`, and whether any were left out. */
export function exportedWords({ file, records, unread }: Exported): string {
  return say('settings.data.exported', { file, records, unread });
}
