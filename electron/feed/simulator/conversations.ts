import { ActRefused, type BeginOptions, type Script } from './acts.ts';
import { AGENT, CUSTOMERS, QUEUES, queueByName } from './directory.ts';
import { pick, uuid } from './random.ts';
import type { DisconnectType, OtherMedium } from './wire-types.ts';
import {
  agentOf,
  cancelFor,
  isLive,
  planAfter,
  type Leg,
  type Moment,
  type Party,
  type Phase,
  type SimConversation,
  type World,
} from './world.ts';

/** Older finished conversations are forgotten, as a server's listing would have dropped them long ago. */
const KEEP_FINISHED = 200;
const DEFAULT_TIMEOUT_MS = 120_000;
const AUTO_ANSWER_MS = 1_000;

const NO_SCRIPT: Script = {
  alerting: [],
  connected: [],
  wrapUp: [],
  over: [],
  realerts: 0,
  realertAfterMs: 5_000,
};

/** A contact reaches the agent and alerts. @throws ActRefused for an unknown queue */
export function begin(world: World, options: BeginOptions, now: number): SimConversation {
  const queue = options.queue === undefined ? pick(world, QUEUES) : queueByName(options.queue);
  if (!queue) throw new ActRefused(`There is no queue "${options.queue}"; there are ${queueNames()}`);
  if (options.communicationBasedAcw !== undefined) {
    world.settings.communicationBasedACW = options.communicationBasedAcw;
  }
  const policy = options.policy ?? 'mandatory';
  const timed = policy === 'timeout' || policy === 'forcedTimeout';
  const id = uuid(world);
  const conversation: SimConversation = {
    id,
    phase: 'alerting',
    media: options.media ?? 'screenshare',
    policy,
    timeoutMs: options.timeoutMs ?? (timed ? DEFAULT_TIMEOUT_MS : null),
    alertingTimeoutMs: options.alertingTimeoutMs ?? 30_000,
    communicationBasedAcw: world.settings.communicationBasedACW,
    autoAnswer: options.autoAnswer ?? false,
    queueId: queue.id,
    codesAtLeast: world.settings.codesAtLeast ?? 0,
    room: `${uuid(world)}@conference.simulator.example`,
    startTime: now,
    endTime: null,
    parties: [],
    alongside: options.alongside ?? [],
    script: { ...NO_SCRIPT, ...options.script },
    overlay: { conversation: {}, participant: {}, communication: {} },
  };
  const moment: Moment = { world, conversation, now };
  const customer = newParty(world, 'customer', options.customer ?? pick(world, CUSTOMERS), now);
  connect(customer, now);
  for (const medium of conversation.alongside ?? []) joinLeg(moment, customer, medium);
  const distributor = newParty(world, 'acd', queue.name, now);
  connect(distributor, now);
  disconnect(moment, distributor, 'transfer');
  conversation.parties.push(customer, distributor);
  for (let earlier = 0; earlier < (options.earlierAlerts ?? 0); earlier += 1) {
    const agent = newAgent(world, customer, now);
    agent.leg.afterCallWork.state = 'notApplicable';
    disconnect(moment, agent, world.settings.alertTimeoutType);
    conversation.parties.push(agent);
  }
  world.conversations.push(conversation);
  dropOldest(world);
  alert(moment);
  return conversation;
}

/** The agent is alerted, by a new participant each time. */
export function alert(moment: Moment): void {
  const { world, conversation, now } = moment;
  const customer = customerOf(conversation);
  const agent = newAgent(world, customer, now);
  if (conversation.policy === 'agentRequested') agent.leg.afterCallWorkRequired = false;
  for (const medium of conversation.alongside ?? []) joinLeg(moment, agent, medium);
  customer.leg.peerId = agent.leg.id;
  conversation.parties.push(agent);
  enter(moment, 'alerting');
  planAfter(moment, conversation.alertingTimeoutMs, { do: 'alertTimeout' });
  if (conversation.autoAnswer) planAfter(moment, AUTO_ANSWER_MS, { do: 'answer' });
}

function newAgent(world: World, customer: Party, now: number): Party {
  const agent = newParty(world, 'agent', AGENT.name, now);
  agent.userId = AGENT.id;
  agent.leg.peerId = customer.leg.id;
  agent.leg.startAlertingTime = now;
  openSegment(agent.leg, 'Alert', now);
  return agent;
}

/** @throws ActRefused unless it alerts */
export function answer(moment: Moment): void {
  const { conversation, now } = moment;
  if (conversation.phase !== 'alerting')
    throw new ActRefused(`Nothing alerts: the conversation is ${conversation.phase}`);
  const agent = agentOf(conversation);
  connect(agent, now);
  agent.leg.peerCount = 1;
  customerOf(conversation).leg.peerCount = 1;
  enter(moment, 'connected');
}

/** Nobody answered in time: this participant ends, and the customer waits for the next alert or gives up. */
export function missAlert(moment: Moment): void {
  const { world, conversation } = moment;
  if (conversation.phase !== 'alerting') throw new ActRefused('Nothing alerts');
  const agent = agentOf(conversation);
  disconnect(moment, agent, world.settings.alertTimeoutType);
  agent.leg.afterCallWork.state = 'notApplicable';
  if (conversation.script.realerts > 0) {
    conversation.script.realerts -= 1;
    enter(moment, 'queued');
    planAfter(moment, conversation.script.realertAfterMs, { do: 'realert' });
  } else {
    close(moment);
  }
}

export function joinLeg({ world, now }: Moment, party: Party, medium: OtherMedium): void {
  const leg = { id: uuid(world), medium, connectedTime: now, disconnectedTime: null };
  party.others = [...(party.others ?? []), leg];
}

/** One leg by this medium ends, and nothing else. @throws ActRefused where there is none */
export function leaveLeg({ now }: Moment, party: Party, medium: OtherMedium): void {
  const leg = party.others?.findLast((one) => one.medium === medium && one.disconnectedTime === null);
  if (!leg) throw new ActRefused(`There is no leg in "${medium}"`);
  leg.disconnectedTime = now;
}

/** The agent's own screen. @throws ActRefused unless connected */
export function share(conversation: SimConversation, sharing: boolean, peers: number): void {
  requireConnected(conversation);
  const { leg } = agentOf(conversation);
  leg.sharing = sharing;
  leg.peerCount = peers;
  if (sharing) customerOf(conversation).leg.sharing = false;
}

/** The share ends, the call goes on, and another share begins in it. @throws ActRefused unless connected */
export function shareAgain(moment: Moment, peers: number): void {
  const { world, conversation, now } = moment;
  requireConnected(conversation);
  const agent = agentOf(conversation);
  const { leg: before } = agent;
  const next = newLeg(world, 'agent');
  endLeg(moment, before, 'client');
  agent.earlierLegs = [...(agent.earlierLegs ?? []), before];
  agent.leg = { ...next, initialState: 'connected', peerId: before.peerId };
  connectLeg(agent.leg, now);
  share(conversation, true, peers);
}

/** The customer's screen, which the agent views. @throws ActRefused unless connected */
export function peerShare(conversation: SimConversation, on: boolean): void {
  requireConnected(conversation);
  customerOf(conversation).leg.sharing = on;
  if (on) agentOf(conversation).leg.sharing = false;
}

/** All that happened in it so far happened `ms` earlier; its timers never ring. @throws ActRefused while it goes on */
export function backdate({ world, conversation }: Moment, ms: number): void {
  const { phase, parties } = conversation;
  if (phase !== 'wrapUp' && phase !== 'over') throw new ActRefused(`It is not over: ${phase}`);
  cancelFor(world, conversation.id);
  const earlier = (time: number | null): number | null => (time === null ? null : time - ms);
  conversation.startTime -= ms;
  for (const party of parties) {
    const { leg } = party;
    party.startTime -= ms;
    for (const name of ['connectedTime', 'endTime', 'startAcwTime', 'endAcwTime'] as const)
      party[name] = earlier(party[name]);
    for (const name of ['startAlertingTime', 'connectedTime', 'disconnectedTime'] as const)
      leg[name] = earlier(leg[name]);
    leg.afterCallWork.startTime = earlier(leg.afterCallWork.startTime);
    for (const segment of leg.segments) {
      segment.startTime -= ms;
      segment.endTime = earlier(segment.endTime);
    }
  }
  conversation.endTime = Math.max(...parties.map(({ endTime }) => endTime ?? 0));
}

/** Everything the agent had to do is done: the conversation leaves the listing. */
export function close(moment: Moment): void {
  const { conversation, now } = moment;
  const customer = customerOf(conversation);
  if (customer.endTime === null) disconnect(moment, customer, 'client');
  conversation.endTime = now;
  enter(moment, 'over');
}

export function requireConnected(conversation: SimConversation): void {
  if (conversation.phase !== 'connected') {
    throw new ActRefused(`It is not connected: the conversation is ${conversation.phase}`);
  }
}

export function enter(moment: Moment, phase: Phase): void {
  const { world, conversation } = moment;
  cancelFor(world, conversation.id);
  conversation.phase = phase;
  if (phase === 'queued') return;
  for (const { afterMs, act } of conversation.script[phase]) planAfter(moment, afterMs, act);
}

function newLeg(world: World, purpose: Party['purpose']): Leg {
  return {
    id: uuid(world),
    state: 'alerting',
    initialState: purpose === 'agent' ? 'alerting' : 'connected',
    sharing: false,
    peerCount: 0,
    peerId: null,
    disconnectType: null,
    startAlertingTime: null,
    connectedTime: null,
    disconnectedTime: null,
    segments: [],
    wrapup: null,
    afterCallWork: { state: 'unknown', startTime: null, endTime: null },
    afterCallWorkRequired: null,
  };
}

function newParty(world: World, purpose: Party['purpose'], name: string, now: number): Party {
  const leg = newLeg(world, purpose);
  return {
    id: uuid(world),
    purpose,
    name,
    userId: null,
    startTime: now,
    connectedTime: null,
    endTime: null,
    leg,
    others: [],
    wrapupSkipped: false,
    wrapup: null,
    startAcwTime: null,
    endAcwTime: null,
  };
}

function connect(party: Party, now: number): void {
  party.connectedTime = now;
  connectLeg(party.leg, now);
}

function connectLeg(leg: Leg, now: number): void {
  leg.state = 'connected';
  leg.connectedTime = now;
  closeSegment(leg, now, 'Interact', null);
  openSegment(leg, 'Interact', now);
}

export function disconnect(moment: Moment, party: Party, type: DisconnectType): void {
  party.endTime = moment.now;
  // A participant hangs up as a whole.
  for (const other of party.others ?? []) other.disconnectedTime ??= moment.now;
  if (!moment.world.settings.lingeringLegs) endLeg(moment, party.leg, type);
}

function endLeg({ world, now }: Moment, leg: Leg, type: DisconnectType): void {
  leg.state = 'disconnected';
  leg.disconnectType = type;
  leg.sharing = false;
  leg.peerCount = 0;
  leg.disconnectedTime = now + world.settings.providerSkewMs;
  closeSegment(leg, now, 'Disconnect', type);
}

function openSegment(leg: Leg, type: string, startTime: number): void {
  leg.segments.push({ type, startTime, endTime: null, howEnded: null, disconnectType: null });
}

function closeSegment(leg: Leg, now: number, howEnded: string, disconnectType: string | null): void {
  const open = leg.segments.at(-1);
  if (open?.endTime === null) Object.assign(open, { endTime: now, howEnded, disconnectType });
}

export function customerOf(conversation: SimConversation): Party {
  const customer = conversation.parties.find(({ purpose }) => purpose === 'customer');
  if (!customer) throw new Error(`Conversation ${conversation.id} has no customer`);
  return customer;
}

function dropOldest(world: World): void {
  const finished = world.conversations.filter((conversation) => conversation.phase === 'over');
  const surplus = new Set(finished.slice(0, Math.max(0, finished.length - KEEP_FINISHED)));
  if (surplus.size > 0) world.conversations = world.conversations.filter((one) => !surplus.has(one));
}

function queueNames(): string {
  return QUEUES.map(({ name }) => `"${name}"`).join(', ');
}

/** The routing status that follows from the conversations. */
export function updateRouting(world: World, now: number): boolean {
  const live = world.conversations.filter(isLive);
  const interacting = live.some(({ phase }) => phase !== 'alerting');
  const latest = world.conversations.at(-1);
  const missed = latest !== undefined && !isLive(latest) && agentOf(latest).leg.connectedTime === null;
  const status = interacting ? 'INTERACTING' : missed ? 'NOT_RESPONDING' : 'IDLE';
  if (status === world.routing.status) return false;
  world.routing = { status, since: now };
  return true;
}
