import { z } from 'zod';
import type { Submission, Draft } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { codeKey, codeNamesIn, noCodeNames } from '../model/code-names.ts';
import { screenshareSchema, wrapupSchema } from '../model/screenshare.ts';
import { isExportedField, recordWrapupStates, wrapupOf, type ExportedRecord } from '../exported-record.ts';
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

const textOrNull = z.string().nullable();
/** Part of a record's key. */
const id = z
  .string()
  .max(120)
  // The engine would end the key there.
  .refine((text) => !text.includes('\0'));
const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'A time is needed');

const shape = {
  conversationId: id.min(1),
  participantId: id,
  role: z.enum(['viewing', 'sharing']),
  media: z.enum(['screenshare', 'video']),
  // An earlier version masked the whole list of tags by one word.
  screenshare: screenshareSchema.extend({
    id: id.nullish(),
    wrapup: wrapupSchema
      .extend({
        tags: z.union([z.array(z.string()), z.string().transform((tag) => [tag])]).nullish(),
      })
      .nullish(),
  }),
  queueName: textOrNull,
  peerName: textOrNull,
  alertedAt: textOrNull,
  answered: z.boolean(),
  wrapup: z
    .looseObject({
      code: textOrNull,
      name: textOrNull,
      notes: textOrNull,
      state: z.enum(recordWrapupStates),
    })
    .nullable(),
  firstSeenAt: moment,
  lastSeenAt: moment,
  revisions: z.int().min(0),
} satisfies Record<keyof ExportedRecord, z.ZodType>;
const recordSchema = z.looseObject(shape);
type ReadRecord = z.infer<typeof recordSchema>;

function communicationOf(record: ReadRecord): Communication {
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
    onAir: [],
    peers: [],
    gone: false,
    firstSeenAt: record.firstSeenAt,
    lastSeenAt: record.lastSeenAt,
    revisions: record.revisions,
    exported: { role: record.role, beyond },
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

function imported(record: ReadRecord): Imported {
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

/** The same as in `decode.ts`. Writing what is nested without end would overflow the stack. */
const deepest = 100;

function isTooDeep(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1)
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  return level.length > 0;
}

/** Reads one line of an exported NDJSON file. */
export function readImportedLine(text: string): Result<Imported> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(say('review.file.notJson'));
  }
  if (isTooDeep(json)) return refused(say('review.file.tooDeep'));
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return ok(imported(parsed.data));
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return refused(where === '' ? say('review.file.notRecord') : say('review.file.badField', { field: where }));
}
