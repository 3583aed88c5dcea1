import { z } from 'zod';
import { observationKinds } from './communication/communication.ts';
import type { ExportedRecord } from './exported-record.ts';
import { screenshareSchema, wrapupSchema } from './model/screenshare.ts';
import { recordWrapupStates, wrapupOutcomes } from './submissions.ts';

/** An exported record as it is read again, from a file or by the archive. */

const textOrNull = z.string().nullable();
/** Part of a record's key. */
const id = z
  .string()
  .max(120)
  // The engine would end the key there.
  .refine((text) => !text.includes('\0'));
const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'A time is needed');

const stretch = { from: moment, to: moment.nullable() };
const exposureSchema = z.object({
  onAir: z.array(z.object(stretch)),
  counts: z.array(z.object({ at: moment, count: z.number() })),
  people: z.array(
    z.object({ how: z.enum(observationKinds), name: textOrNull, purpose: textOrNull, ...stretch }),
  ),
});

export const recordShape = {
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
      origin: z.enum(['limit', 'default']).exactOptional(),
      afterLimit: z.literal(true).exactOptional(),
    })
    .nullable(),
  // Files of earlier versions have neither.
  outcome: z.enum(wrapupOutcomes).nullable().exactOptional(),
  exposure: exposureSchema.nullable().default(null),
  firstSeenAt: moment,
  lastSeenAt: moment,
  revisions: z.int().min(0),
} satisfies Record<keyof ExportedRecord, z.ZodType>;
export const recordSchema = z.looseObject(recordShape);
