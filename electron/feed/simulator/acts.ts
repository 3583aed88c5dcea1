import { z } from 'zod';
import { faultSchema } from './faults.ts';
import { DISCONNECT_TYPES, OTHER_MEDIA, WRAPUP_PROMPTS } from './wire-types.ts';

/**
 * The verbs of the simulated world. What happens in it is always one of these acts, whoever caused it:
 * a client's command, the agenda of a scenario, or whoever drives the simulator.
 */

const positiveMs = z.int().positive();
const conversation = { conversationId: z.string().optional() };
const act = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(name), ...shape });

const beginSchema = z.strictObject({
  policy: z.enum(WRAPUP_PROMPTS).optional(),
  /** Length of a timed after-call work, ms. */
  timeoutMs: positiveMs.optional(),
  /** A queue's name. */
  queue: z.string().optional(),
  /** The customer's name. */
  customer: z.string().optional(),
  alertingTimeoutMs: positiveMs.optional(),
  media: z.enum(['screenshare', 'video']).optional(),
  /** What else connects the customer and the agent's participant all along: hanging up ends it too. */
  alongside: z.array(z.enum(OTHER_MEDIA)).optional(),
  /** Sets the organisation's mode from this conversation on. */
  communicationBasedAcw: z.boolean().optional(),
  /** So many parts of the agent are in it already, each an alert nobody answered. */
  earlierAlerts: z.int().nonnegative().optional(),
  /** Connects by itself one second after it began to alert. */
  autoAnswer: z.boolean().optional(),
});

const settingsSchema = z
  .strictObject({
    communicationBasedACW: z.boolean(),
    providerSkewMs: z.int(),
    alertTimeoutType: z.enum(DISCONNECT_TYPES),
    topicWrapupCode: z.enum(['name', 'id']),
    lingeringLegs: z.boolean(),
    twoStepDisconnect: z.boolean(),
    soleSubscriber: z.boolean(),
    withheld: z.array(z.string()),
    tokenLifeS: z.int().positive(),
    noRefreshTokens: z.boolean(),
    restWrapupName: z.boolean(),
    skipCode: z.string().nullable(),
    codesAtLeast: z.int().nonnegative(),
  })
  .partial();

/** The acts that anyone driving the simulator may ask for; without an id they mean the latest live conversation. */
export const actSchema = z.discriminatedUnion('do', [
  act('begin', { options: beginSchema.default({}) }),
  act('answer', conversation),
  act('decline', conversation),
  act('startSharing', { ...conversation, peers: z.int().nonnegative().default(1) }),
  act('setPeers', { ...conversation, peers: z.int().nonnegative() }),
  act('stopSharing', conversation),
  /** The customer's own screen, which the agent views. */
  act('peerSharing', { ...conversation, on: z.boolean() }),
  /** Another leg joins the agent's participant (a call, say), or the last of its kind ends while the share goes on. */
  act('joinLeg', { ...conversation, medium: z.enum(OTHER_MEDIA) }),
  act('leaveLeg', { ...conversation, medium: z.enum(OTHER_MEDIA) }),
  act('requestAcw', { ...conversation, required: z.boolean() }),
  act('disconnect', { ...conversation, type: z.enum(DISCONNECT_TYPES).default('peer') }),
  /** Done on another device; without a code the first of the queue is taken. */
  act('wrapUp', { ...conversation, code: z.string().optional(), notes: z.string().optional() }),
  /** The system closes it with a code of its own (`ININ-OUTBOUND-…`, the default code). */
  act('systemWrapUp', { ...conversation, code: z.string() }),
  /** The agent shares again in the same call: another communication of the same participant. */
  act('shareAgain', { ...conversation, peers: z.int().nonnegative().default(1) }),
  /** After-call work ends now, as if its time were up. */
  act('endAcw', conversation),
  /** Everything in it happened `ms` earlier, and it is over: work of yesterday that nobody ended, say. */
  act('backdate', { ...conversation, ms: positiveMs }),
  act('mutate', {
    ...conversation,
    conversation: z.record(z.string(), z.unknown()).optional(),
    participant: z.record(z.string(), z.unknown()).optional(),
    communication: z.record(z.string(), z.unknown()).optional(),
  }),
  act('settings', { settings: settingsSchema }),
  act('faults', { faults: z.array(faultSchema) }),
]);

export interface BeginOptions extends z.infer<typeof beginSchema> {
  script?: Partial<Script>;
}

export type Act =
  | Exclude<z.infer<typeof actSchema>, { do: 'begin' }>
  | { do: 'begin'; options: BeginOptions }
  /** A contact arrives; it alerts as soon as the agent is free and someone listens. */
  | { do: 'offer'; options: BeginOptions }
  | { do: 'alertTimeout'; conversationId?: string }
  | { do: 'realert'; conversationId?: string }
  /** The guided demo tells its next case. */
  | { do: 'nextCase' };

/** Acts that are not about one conversation that exists already. */
export type WorldAct = Extract<Act, { do: 'begin' | 'offer' | 'nextCase' | 'settings' | 'faults' }>;
export type ConversationAct = Exclude<Act, WorldAct>;

export function isWorldAct(candidate: Act): candidate is WorldAct {
  return ['begin', 'offer', 'nextCase', 'settings', 'faults'].includes(candidate.do);
}

/** Something a scenario does some time after its conversation entered a phase. */
export interface Beat {
  afterMs: number;
  act: Act;
}

/**
 * How one conversation goes on by itself. Beats belong to a phase and are dropped when the phase ends, so a
 * person who answers, declines or hangs up first never meets a leftover of the script.
 */
export interface Script {
  alerting: Beat[];
  connected: Beat[];
  wrapUp: Beat[];
  over: Beat[];
  /** How often a missed alert is offered again, as a new participant. */
  realerts: number;
  realertAfterMs: number;
}

/** The act is impossible as things stand; `message` says why. */
export class ActRefused extends Error {
  override readonly name = 'ActRefused';
  /** The wire's error code for it. */
  readonly code: string;
  /** The property of the request that is to blame, if one is. */
  readonly field: string | undefined;

  constructor(message: string, code = 'bad.request', field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
