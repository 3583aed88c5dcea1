import type { z } from 'zod';
import type { Submission, Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { fromExposure } from '../communication/exposure.ts';
import { codeKey, codeNamesIn, noCodeNames } from '../model/code-names.ts';
import { wrapupOf } from '../communication/wrapup-outcome.ts';
import { recordSchema } from '../exported-record-schema.ts';
import { isExportedField, type ExportedRecord } from '../exported-record.ts';
import { excessOf } from '../toolbox/excess.ts';
import { ok, refused, type Result } from '../toolbox/result.ts';
import { say } from '../words/say.ts';

/** A record somebody exported, as a database can hold it. Nothing here is ever sent anywhere. */
export interface Imported {
  readonly communication: Communication;
  readonly draft: Draft | null;
  readonly submission: Omit<Submission, 'order'> | null;
  /** Its code, where the file says both. */
  readonly code: { readonly id: string; readonly name: string } | null;
}

type Read = Omit<Imported, 'code'>;

export type ReadRecord = z.infer<typeof recordSchema>;

/** What an exported record says of its communication. */
export function communicationOf(
  record: Omit<ExportedRecord, 'wrapup' | 'outcome'> & {
    readonly outcome?: ExportedRecord['outcome'] | undefined;
  },
): Communication {
  const { conversationId, participantId, screenshare, queueName, peerName, alertedAt } = record;
  const communicationId = screenshare.id ?? participantId;
  const beyond = Object.fromEntries(Object.entries(record).filter(([name]) => !isExportedField(name)));
  return {
    key: `${conversationId}/${participantId}/${communicationId}`,
    conversationId,
    participantId,
    communicationId,
    media: record.media,
    screenshare,
    ...(queueName === null ? {} : { queueName }),
    ...(peerName === null ? {} : { peerName }),
    ...(alertedAt === null ? {} : { alertedAt }),
    peerSharing: false,
    answered: record.answered,
    ...fromExposure(record.exposure ?? { onAir: [], counts: [], people: [] }),
    gone: false,
    firstSeenAt: record.firstSeenAt,
    lastSeenAt: record.lastSeenAt,
    revisions: record.revisions,
    exported: {
      role: record.role,
      ...(record.exposure ? { saysExposure: true } : {}),
      ...(record.outcome === undefined ? {} : { outcome: record.outcome }),
      beyond,
    },
  };
}

type Wrapup = NonNullable<ExportedRecord['wrapup']>;

function draftOf({ key, lastSeenAt }: Communication, { code, name, notes }: Wrapup): Draft {
  return { key, code, name, notes: notes ?? '', revision: 1, updatedAt: lastSeenAt };
}

const submissionStates = {
  draft: 'waiting',
  waiting: 'waiting',
  conflict: 'conflict',
  sent: 'confirmed',
  skipped: 'confirmed',
  // Nothing the agent sent: without the code that says whose it was, nobody's.
  timedOut: 'dropped',
  elsewhere: 'dropped',
} as const satisfies Record<Wrapup['state'], Submission['state']>;

function submissionOf(communication: Communication, wrapup: Wrapup): Omit<Submission, 'order'> {
  const { key, conversationId, participantId, communicationId, lastSeenAt } = communication;
  return {
    id: `exported/${key}`,
    key,
    conversationId,
    participantId,
    communicationId,
    kind: wrapup.state === 'skipped' ? 'skip' : 'wrapUp',
    code: wrapup.code,
    name: wrapup.name,
    notes: wrapup.notes ?? '',
    state: submissionStates[wrapup.state],
    ...(wrapup.origin === undefined ? {} : { origin: wrapup.origin }),
    ...(wrapup.afterLimit === undefined ? {} : { afterLimit: wrapup.afterLimit }),
    attempts: 0,
    mayHaveArrived: false,
    createdAt: lastSeenAt,
    updatedAt: lastSeenAt,
    problem: null,
    theirs: null,
  };
}

/**
 * The wrap-up of an exported record was the server's, the agent's own or a draft. Of the ways to read it, the first
 * that exports the same again, those first that claim least about the agent.
 */
function waysOf(communication: Communication, wrapup: Wrapup): Read[] {
  const { code, name, notes } = wrapup;
  const nobody = { draft: null, submission: null };
  return [
    { communication, ...nobody },
    { communication: { ...communication, participantWrapup: { code, name, notes } }, ...nobody },
    { communication: { ...communication, wrapupSkipped: true }, ...nobody },
    { communication, draft: draftOf(communication, wrapup), submission: null },
  ];
}

function reads({ communication, draft }: Read, wrapup: Wrapup, code: Imported['code']): boolean {
  const names = code ? codeNamesIn({ [codeKey(code.id)]: code.name }) : noCodeNames;
  const read = wrapupOf(communication, draft ?? undefined, undefined, names);
  const fields = ['code', 'name', 'notes', 'state'] as const;
  return read !== null && fields.every((each) => read[each] === wrapup[each]);
}

export function importedFrom(record: ReadRecord): Imported {
  const communication = communicationOf(record);
  const { wrapup } = record;
  if (wrapup === null) return { communication, draft: null, submission: null, code: null };
  const { code: id, name } = wrapup;
  const code = id && name ? { id, name } : null;
  const ways = waysOf(communication, wrapup);
  const way = ways.find((each) => reads(each, wrapup, code));
  return {
    ...(way ?? { communication, draft: null, submission: submissionOf(communication, wrapup) }),
    code,
  };
}

/** Reads one line of an exported NDJSON file. */
export function readImportedLine(text: string): Result<Imported> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(say('review.file.notJson'));
  }
  const excess = excessOf(json);
  if (excess !== null) return refused(say(`review.file.tooMany.${excess}`));
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return ok(importedFrom(parsed.data));
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return refused(where === '' ? say('review.file.notRecord') : say('review.file.badField', { field: where }));
}
