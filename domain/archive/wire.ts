import { z } from 'zod';
import { recordShape } from '../exported-record-schema.ts';
import { isDay } from './identity.ts';

/** What desk and archive say to each other over HTTP: the one place for both. Times are ISO-8601, UTC. */

export const archivePaths = {
  session: '/v1/session',
  records: '/v1/records',
  checkpoint: '/v1/checkpoint',
  figures: '/v1/figures',
  access: '/v1/access',
} as const;
/** Of `POST /v1/records`. */
export const recordsType = 'application/x-ndjson';

export const archiveLimits = {
  /** Records in one batch. */
  records: 500,
  /** Bytes in one batch, unpacked. */
  bytes: 1_000_000,
  /** Bytes of one line. */
  lineBytes: 200_000,
  /** Records of a page. */
  page: 500,
  usualPage: 50,
} as const;

/** How errors are told apart; the message is for people. */
export const archiveErrorCodes = [
  /** Not understood as it was sent. */
  'bad-request',
  /** No session, or one that has ended: sign in again. */
  'session',
  /** Genesys does not know the access token. */
  'token',
  /** Genesys gives no answer. */
  'genesys',
  'forbidden',
  'not-found',
  'too-large',
  'too-many',
  /** The database is down, full or read-only: nothing was taken, send it again. */
  'database',
  /** The database is newer than this service. */
  'schema',
  'tls',
  'internal',
] as const;
export type ArchiveErrorCode = (typeof archiveErrorCodes)[number];
export const archiveErrorSchema = z.object({
  error: z.object({ code: z.enum(archiveErrorCodes), message: z.string() }),
});

/** `POST /v1/session` */
export const sessionRequestSchema = z.object({ accessToken: z.string().min(1).max(16_384) });
export const sessionAnswerSchema = z.object({
  /** Bearer token of all other calls. */
  session: z.string().min(1),
  /** Ten minutes from now. */
  expiresAt: z.string(),
  agent: z.object({ id: z.string().min(1), name: z.string() }),
  /** May look at the records of others, in the divisions Genesys grants it in. */
  supervisor: z.boolean(),
  /** Key of the organisation's digests, base64url: the same for all its desks. It is stored nowhere in the archive's rows. */
  maskKey: z.string().min(1),
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

const plainText = (longest: number) => z.string().min(1).max(longest);
export const deviceSchema = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, 'A device is named by letters, digits and . _ : -');

/**
 * A record as the archive takes it: what it needs has to be there; the rest may be missing, as a desk of another
 * version may send less or more. What is there has the right type.
 */
export const archivedRecordSchema = z
  .looseObject(recordShape)
  .partial()
  .required({ conversationId: true, participantId: true });

/** One line of `POST /v1/records`. */
export const recordLineSchema = z.object({
  device: deviceSchema,
  /** Counts the lines of this agent's device, from 1: what is missing shows. */
  seq: z.int().min(1),
  /** Hash of the desk's journal when the line was queued: the same line never comes with another one. */
  chain: z.string().max(128),
  revision: z.int().min(0).max(2_147_483_647),
  day: z.string().refine(isDay, 'A day is written 2026-11-30'),
  record: archivedRecordSchema,
});
export type RecordLine = z.infer<typeof recordLineSchema>;

/**
 * - `kept`: it is in the archive now
 * - `known`: it was there already
 * - `conflict`: another content is there under this revision; both are kept and shown
 * - `refused`: it will never be taken; the reason says why
 */
export const outcomes = ['kept', 'known', 'conflict', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];
/** Why a record is refused that is nothing wrong with in itself. */
export const refusals = {
  deleted: 'deleted in the archive',
  expired: 'older than the archive keeps',
} as const;

export const recordResultSchema = z.object({
  /** See `archiveKey`; null where the line could not be read so far. */
  key: z.string().nullable(),
  outcome: z.enum(outcomes),
  reason: z.string().optional(),
});
export type RecordResult = z.infer<typeof recordResultSchema>;
/** One result for each line that is not empty, in their order. */
export const recordsAnswerSchema = z.object({ results: z.array(recordResultSchema) });

/** `GET /v1/checkpoint?device=`: where a device stands; the desk goes on after `seq`. */
export const checkpointAnswerSchema = z.object({
  device: z.string(),
  /** The highest that came; 0 where none did. */
  seq: z.int(),
  /** The chain of that line. */
  chain: z.string(),
  /** Lines up to `seq` that did not come. */
  missing: z.int(),
  gaps: z.array(z.object({ from: z.int(), to: z.int() })),
});

const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'A time is needed');
const idText = plainText(120);

/** Search parameters of `GET /v1/records`. `since` is included, `until` is not. */
export const pageQuerySchema = z.object({
  /** Ids, or the beginning of words of a name; more than one with commas. */
  agent: plainText(2_000).optional(),
  since: moment.optional(),
  until: moment.optional(),
  /** Begins a word of the queue's name. */
  queue: plainText(200).optional(),
  /** Begins a word of the code's name, or is its id. */
  code: plainText(200).optional(),
  limit: z.coerce.number().int().min(1).max(archiveLimits.page).default(archiveLimits.usualPage),
  /** `next` of the page before. */
  after: plainText(400).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

const personSchema = z.object({ id: idText, name: z.string() });
export const archivedSchema = z.object({
  key: z.string(),
  revision: z.int(),
  day: z.string(),
  agent: personSchema,
  device: z.string(),
  receivedAt: z.string(),
  /** Another content came under the same revision: ask for the record to see both. */
  conflict: z.boolean(),
  /** As it was sent; read it as the line of an exported file. */
  record: z.looseObject({}),
});
export type Archived = z.infer<typeof archivedSchema>;

/** The latest revision of each record, newest first. */
export const pageAnswerSchema = z.object({
  records: z.array(archivedSchema),
  /** Of the next page; null at the end. */
  next: z.string().nullable(),
  /** Records that were sent and did not arrive, of those this is about; on the first page alone. */
  missing: z.int().optional(),
});
export type PageAnswer = z.infer<typeof pageAnswerSchema>;

/** `GET /v1/records/<key>`: all there is under one key, newest first. */
export const recordAnswerSchema = z.object({
  revisions: z.array(archivedSchema),
  conflicts: z.array(archivedSchema),
});
export type RecordAnswer = z.infer<typeof recordAnswerSchema>;

/** `GET /v1/figures`, with the filters of a page: how many records of whom on which day. */
export const figuresAnswerSchema = z.object({
  figures: z.array(
    z.object({
      agent: personSchema,
      day: z.string(),
      records: z.int(),
      answered: z.int(),
      conflicts: z.int(),
    }),
  ),
  missing: z.int(),
});
export type FiguresAnswer = z.infer<typeof figuresAnswerSchema>;

/** `GET /v1/access`: who looked at mine, newest first. */
export const accessAnswerSchema = z.object({
  access: z.array(
    z.object({
      at: z.string(),
      by: personSchema,
      /** A list, one record, or figures alone. */
      what: z.enum(['page', 'record', 'figures']),
      /** How many of mine. */
      records: z.int(),
      /** What they searched for, or the key of the record. */
      query: z.string(),
    }),
  ),
  next: z.string().nullable(),
});
export type AccessAnswer = z.infer<typeof accessAnswerSchema>;
/** Somebody looked at one's own records. */
export type Look = AccessAnswer['access'][number];
