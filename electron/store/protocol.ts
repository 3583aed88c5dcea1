import { z } from 'zod';
import { fileProblemCodes } from '../../domain/database.ts';
import { languageIds } from '../../domain/words/say.ts';

/**
 * What goes between `client.ts` and `worker.ts`: one reply for each request, in the order they were sent, and
 * between them notices nobody asked for.
 */

export const requestSchema = z.strictObject({
  id: z.int(),
  call: z.string(),
  args: z.unknown(),
});
export type Request = z.infer<typeof requestSchema>;

export const openArgsSchema = z.tuple([
  z.strictObject({
    folder: z.string().min(1),
    /** 32 bytes; the worker overwrites them. */
    key: z.instanceof(Uint8Array).refine((key) => key.length === 32, 'A key has 32 bytes'),
    readOnly: z.boolean(),
  }),
]);
export type OpenArgs = z.infer<typeof openArgsSchema>;

const texts = z.record(z.string(), z.string());
/** `Spoken`. */
export const speakArgsSchema = z.tuple([
  z.strictObject({
    language: z.enum(languageIds),
    words: z.strictObject({ texts, elements: texts }),
  }),
]);

const problemCode = z.enum([...fileProblemCodes, 'closed', 'tampered']);

export const replySchema = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.strictObject({
    id: z.int(),
    ok: z.literal(false),
    /** `code` is null for a mistake of the caller rather than a problem of the database. */
    error: z.strictObject({ code: problemCode.nullable(), message: z.string() }),
  }),
]);
export type Reply = z.infer<typeof replySchema>;

/** The listing has changed, and with it what a review shows. */
export const noticeSchema = z.strictObject({ notice: z.literal('listed') });
export type Notice = z.infer<typeof noticeSchema>;
export const fromWorkerSchema = z.union([replySchema, noticeSchema]);
