import { z } from 'zod';

/** What the feed itself reads on the wire. Conversations stay `unknown` here: the domain decodes them. */

const text = z.string().nullish();

/** `UserMe`; what cannot be read of its permissions is as if it had not been said. */
export const meSchema = z.looseObject({
  id: z.string().min(1),
  name: text,
  authorization: z
    .looseObject({ permissions: z.array(z.string()).nullish() })
    .nullish()
    .catch(null),
});

/** `ConversationEntityListing`. */
export const listingSchema = z.looseObject({
  entities: z.array(z.unknown()).nullish(),
  pageNumber: z.number().nullish(),
  pageCount: z.number().nullish(),
  total: z.number().nullish(),
  nextUri: text,
});
export type Listing = z.infer<typeof listingSchema>;

export const channelSchema = z.looseObject({ id: z.string().min(1), connectUri: z.string().min(1) });

/** `ChannelTopicEntityListing`: with `ignoreErrors=true` each topic has its own verdict. */
export const subscriptionsSchema = z.looseObject({
  entities: z
    .array(
      z.looseObject({
        id: text,
        state: text,
        rejectionReason: text,
        missingPermissions: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});

export const envelopeSchema = z.looseObject({
  topicName: z.string().min(1),
  eventBody: z.unknown().optional(),
});

/** `SystemMessageSystemMessage`, and the body of `channel.metadata`; a field of the wrong type is not needed. */
export const systemBodySchema = z.looseObject({
  channelId: text.catch(null),
  reason: text.catch(null),
});

export const withIdSchema = z.looseObject({ id: z.string().min(1) });
