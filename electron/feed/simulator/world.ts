import { isWorldAct, type Act, type BeginOptions, type Script } from './acts.ts';
import { SKIPPED_CODE, STATUSES } from './directory.ts';
import type { Fault } from './faults.ts';
import type {
  AfterCallWorkState,
  CommunicationState,
  DisconnectType,
  OtherMedium,
  WrapupInput,
  WrapupPrompt,
} from './wire-types.ts';

/**
 * The whole simulated organisation as plain data: it can be written to a file and read back at any moment.
 * All times are simulated milliseconds since 1970; `rest-shapes.ts` turns them into ISO strings.
 */
export interface World {
  version: 1;
  /** A name in scenarios.ts. */
  scenario: string;
  seed: number;
  /** State of the random numbers, see random.ts. */
  random: number;
  /** When the scenario began; null until the first client listens, so that nobody misses the first alert. */
  startedAt: number | null;
  /** Someone listens now. A waiting contact is offered only then. */
  watched: boolean;
  settings: Settings;
  routing: { status: RoutingStatus; since: number };
  /** Which of the statuses the agent has, and since when. */
  presence: { id: string; since: number };
  conversations: SimConversation[];
  /** Contacts waiting until the agent is free and someone listens, first come first served. */
  waiting: BeginOptions[];
  agenda: AgendaItem[];
  /** Breaks ties in the agenda: items of the same instant run in the order they were written. */
  sequence: number;
  /** How many cases the guided demo has played. */
  demoRound: number;
  faults: Fault[];
  received: Received[];
  wrapups: AppliedWrapup[];
  tokens: Token[];
  channels: SimChannel[];
}

/** Tokens and channels live by real time, ms: a client's day does not pass faster when the scenario does. */
export interface Token {
  accessToken: string;
  refreshToken: string | null;
  /** Null: never. */
  expiresAt: number | null;
  /** Of the supervisor; else the agent's. */
  ofSupervisor?: true;
}

export interface SimChannel {
  id: string;
  expiresAt: number;
  lastUsedAt: number;
  /** Single topic names, combined ones taken apart. */
  topics: string[];
}

export interface Settings {
  communicationBasedACW: boolean;
  /** The media provider's clock minus the cloud's, ms: `disconnectedTime` is stamped by the provider. */
  providerSkewMs: number;
  /** How an unanswered alert ends. Captures of real traffic show `system`. */
  alertTimeoutType: DisconnectType;
  /** The topic's `wrapup.code` is documented as the code's name; captures of real traffic show its id. */
  topicWrapupCode: 'name' | 'id';
  /** REST may leave out the name of a code. */
  restWrapupName: boolean;
  /** The system's code that answers a skip; with null after-call work is only marked as skipped. */
  skipCode: string | null;
  /** A leg goes on saying what it said when its participant has left: only participant and conversation end. */
  lingeringLegs: boolean;
  /** A disconnect comes as two events: first the leg is still `connected` beside its `disconnectType`. */
  twoStepDisconnect: boolean;
  /**
   * A topic belongs to the channel that asked for it last, and the one before gets a message. The service has
   * this message and documents nowhere when it sends it; usually channels live side by side.
   */
  soleSubscriber: boolean;
  /** Permissions taken from the agent's role. */
  withheld: string[];
  /** How long a token given from now on lives, s; the usual 18 h when left out. */
  tokenLifeS?: number;
  /** Signing in gives no refresh token: nobody knows whether the service gives one to a client with PKCE. */
  noRefreshTokens?: boolean;
  /** How many wrap-up codes every queue has at least. */
  codesAtLeast?: number;
}

type RoutingStatus = 'IDLE' | 'INTERACTING' | 'NOT_RESPONDING';

/** Where a conversation stands for the agent. `queued`: between a missed alert and the next one. */
export type Phase = 'alerting' | 'connected' | 'wrapUp' | 'queued' | 'over';

export interface SimConversation {
  id: string;
  phase: Phase;
  media: 'screenshare' | 'video';
  policy: WrapupPrompt;
  /** Length of a timed after-call work, ms; null where the policy has no timer. */
  timeoutMs: number | null;
  alertingTimeoutMs: number;
  communicationBasedAcw: boolean;
  autoAnswer: boolean;
  queueId: string;
  /** How many wrap-up codes its queue has at least. */
  codesAtLeast?: number;
  room: string;
  startTime: number;
  endTime: number | null;
  parties: Party[];
  /** Media that connect the agent and the customer besides. */
  alongside?: OtherMedium[];
  script: Script;
  /** Values that replace what is sent, for clients that must survive the unexpected. */
  overlay: Overlay;
}

interface Overlay {
  conversation: Record<string, unknown>;
  /** For the agent's latest participant. */
  participant: Record<string, unknown>;
  /** For the communication of that participant. */
  communication: Record<string, unknown>;
}

/** One conversation at one time (simulated ms): what most rules are about. */
export interface Moment {
  world: World;
  conversation: SimConversation;
  now: number;
}

/** A leg by another medium than screen sharing: all that matters of it is that it is there. */
export interface OtherLeg {
  id: string;
  medium: OtherMedium;
  connectedTime: number;
  disconnectedTime: number | null;
}

/** A participant with its communication. */
export interface Party {
  id: string;
  purpose: 'acd' | 'customer' | 'agent';
  name: string;
  userId: string | null;
  startTime: number;
  connectedTime: number | null;
  endTime: number | null;
  leg: Leg;
  /** Shares of the same call that have ended before it. */
  earlierLegs?: Leg[];
  /** What else connects it; absent in worlds saved before there was any. */
  others?: OtherLeg[];
  wrapupSkipped: boolean;
  wrapup: SimWrapup | null;
  startAcwTime: number | null;
  endAcwTime: number | null;
}

export interface Leg {
  id: string;
  state: CommunicationState;
  initialState: CommunicationState;
  sharing: boolean;
  peerCount: number;
  peerId: string | null;
  disconnectType: DisconnectType | null;
  startAlertingTime: number | null;
  connectedTime: number | null;
  disconnectedTime: number | null;
  segments: SimSegment[];
  wrapup: SimWrapup | null;
  afterCallWork: { state: AfterCallWorkState; startTime: number | null; endTime: number | null };
  afterCallWorkRequired: boolean | null;
}

export interface SimSegment {
  type: string;
  startTime: number;
  endTime: number | null;
  howEnded: string | null;
  disconnectType: string | null;
}

export interface SimWrapup {
  code: string | null;
  notes: string;
  tags: string[];
  durationSeconds: number | null;
  endTime: number | null;
  provisional: boolean;
}

interface AgendaItem {
  at: number;
  sequence: number;
  act: Act;
  /** The conversation this item belongs to; it is dropped when that conversation enters another phase. */
  owner: string | null;
}

/** A command a client has sent. */
export interface Received {
  at: string;
  method: string;
  path: string;
  body: unknown;
  /** The answer's status; 0 when the answer was withheld. */
  status: number;
}

/** A wrap-up as it took effect, provisional ones not counted. */
export interface AppliedWrapup {
  at: string;
  conversationId: string;
  participantId: string;
  /** Null when it was applied to the participant as a whole. */
  communicationId: string | null;
  by: 'client' | 'elsewhere' | 'system';
  skipped: boolean;
  wrapup: WrapupInput;
}

export function newWorld(scenario: string, seed: number, now: number): World {
  return {
    version: 1,
    scenario,
    seed,
    random: seed,
    startedAt: null,
    watched: false,
    settings: {
      communicationBasedACW: false,
      providerSkewMs: -180,
      alertTimeoutType: 'system',
      topicWrapupCode: 'id',
      restWrapupName: true,
      skipCode: SKIPPED_CODE,
      lingeringLegs: false,
      twoStepDisconnect: false,
      soleSubscriber: false,
      withheld: [],
    },
    routing: { status: 'IDLE', since: now },
    presence: { id: STATUSES[0]?.id ?? '', since: now },
    conversations: [],
    waiting: [],
    agenda: [],
    sequence: 0,
    demoRound: 0,
    faults: [],
    received: [],
    wrapups: [],
    tokens: [],
    channels: [],
  };
}

/** Longest memory of what clients have sent; older entries are forgotten. */
const REMEMBERED = 1000;

export function remember<T>(log: T[], entry: T): void {
  log.push(entry);
  if (log.length > REMEMBERED) log.shift();
}

/** Live: the agent still has something to do in it, so the server lists it. */
export function isLive({ phase }: SimConversation): boolean {
  return phase === 'alerting' || phase === 'connected' || phase === 'wrapUp';
}

/** The agent's latest participant: after a missed alert there are several. */
export function agentOf(conversation: SimConversation): Party {
  const agent = conversation.parties.findLast(({ purpose }) => purpose === 'agent');
  if (!agent) throw new Error(`Conversation ${conversation.id} has no agent`);
  return agent;
}

export function findConversation(world: World, id: string): SimConversation | undefined {
  return world.conversations.find((conversation) => conversation.id === id);
}

/** Nothing lives, waits or is planned any more. An idle scenario has no end of its own. */
export function isOver(world: World): boolean {
  return (
    world.scenario !== 'idle' &&
    world.startedAt !== null &&
    world.agenda.length === 0 &&
    world.waiting.length === 0 &&
    world.conversations.every(({ phase }) => phase === 'over')
  );
}

/** Writes an act into the agenda. `owner`: the conversation whose next phase cancels it. */
export function plan(world: World, at: number, act: Act, owner: string | null = null): void {
  world.sequence += 1;
  world.agenda.push({ at, sequence: world.sequence, act, owner });
}

/** The same for an act `afterMs` from now that means this conversation and belongs to its phase. */
export function planAfter({ world, conversation: { id }, now }: Moment, afterMs: number, act: Act): void {
  plan(world, now + afterMs, isWorldAct(act) ? act : { ...act, conversationId: id }, id);
}

/** What is written for a phase that has ended never happens. */
export function cancelFor(world: World, conversationId: string): void {
  world.agenda = world.agenda.filter(({ owner }) => owner !== conversationId);
}

/** When the next item is due; null when the agenda is empty. */
export function nextDue(world: World): number | null {
  return world.agenda.reduce<number | null>(
    (least, { at }) => (least === null || at < least ? at : least),
    null,
  );
}

/** Takes out the earliest item that is due at `now`. */
export function takeDue(world: World, now: number): AgendaItem | undefined {
  const due = world.agenda
    .filter(({ at }) => at <= now)
    .reduce<AgendaItem | undefined>(
      (first, item) => (first && precedes(first, item) ? first : item),
      undefined,
    );
  if (due) world.agenda = world.agenda.filter((item) => item !== due);
  return due;
}

function precedes(one: AgendaItem, other: AgendaItem): boolean {
  return one.at < other.at || (one.at === other.at && one.sequence < other.sequence);
}
