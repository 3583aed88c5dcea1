import { ActRefused, isWorldAct, type Act, type ConversationAct, type WorldAct } from './acts.ts';
import {
  agentOf,
  findConversation,
  isLive,
  takeDue,
  type Moment,
  type SimConversation,
  type World,
} from './world.ts';
import { queueById } from './directory.ts';
import {
  alert,
  answer,
  backdate,
  begin,
  joinLeg,
  leaveLeg,
  missAlert,
  peerShare,
  share,
  shareAgain,
  updateRouting,
} from './conversations.ts';
import { nextCase, planScenario } from './scenarios.ts';
import {
  closeBySystem,
  end,
  requestAfterCallWork,
  requireWrapupPossible,
  submitWrapup,
  timeUp,
} from './after-call-work.ts';

/** What an act changed, for those who listen: one conversation at most, and perhaps the routing status. */
export interface Change {
  conversation: SimConversation | null;
  routing: boolean;
}

/**
 * Does one act at simulated time `now`, in place. The outcome depends on nothing but the arguments.
 * @throws ActRefused when the act is impossible as things stand; the world is then unchanged
 */
export function step(world: World, act: Act, now: number): Change {
  const conversation = perform(world, act, now);
  return { conversation, routing: updateRouting(world, now) };
}

/** Runs everything that is due by `now`, each item at its own time and in order. */
export function runAgenda(world: World, now: number, publish: (change: Change) => void): void {
  for (;;) {
    const item = takeDue(world, now);
    if (!item) {
      const offered = offerNext(world, now);
      if (!offered) return;
      publish(offered);
      continue;
    }
    try {
      publish(step(world, item.act, item.at));
    } catch (error) {
      // A person got there first (stopped sharing, say): the script's item has nothing left to do.
      if (!(error instanceof ActRefused)) throw error;
    }
    const offered = offerNext(world, item.at);
    if (offered) publish(offered);
  }
}

/** The first client listens: the scenario begins. Later calls only note that someone is there. */
export function someoneListens(world: World, now: number): void {
  world.watched = true;
  if (world.startedAt !== null) return;
  world.startedAt = now;
  planScenario(world, now);
}

function offerNext(world: World, now: number): Change | null {
  if (!world.watched || world.conversations.some(isLive)) return null;
  if (world.conversations.some(({ phase }) => phase === 'queued')) return null;
  const options = world.waiting.shift();
  return options ? step(world, { do: 'begin', options }, now) : null;
}

function perform(world: World, act: Act, now: number): SimConversation | null {
  if (isWorldAct(act)) return performAct(world, act, now);
  const conversation = named(world, act.conversationId);
  performIn({ world, conversation, now }, act);
  return conversation;
}

function performAct(world: World, act: WorldAct, now: number): SimConversation | null {
  switch (act.do) {
    case 'begin':
      return begin(world, act.options, now);
    case 'offer':
      world.waiting.push(act.options);
      return null;
    case 'nextCase':
      world.waiting.push(nextCase(world));
      return null;
    case 'settings':
      for (const [name, value] of Object.entries(act.settings)) {
        if (value !== undefined) Object.assign(world.settings, { [name]: value });
      }
      return null;
    case 'faults':
      world.faults = structuredClone(act.faults);
      return null;
  }
}

function performIn(moment: Moment, act: ConversationAct): void {
  const { conversation } = moment;
  const agent = agentOf(conversation);
  switch (act.do) {
    case 'answer':
      answer(moment);
      break;
    case 'decline':
      if (conversation.phase !== 'alerting') throw new ActRefused('Nothing alerts');
      end(moment, 'client');
      break;
    case 'alertTimeout':
      missAlert(moment);
      break;
    case 'realert':
      alert(moment);
      break;
    case 'startSharing':
      share(conversation, true, act.peers);
      break;
    case 'setPeers':
      share(conversation, agent.leg.sharing, act.peers);
      break;
    case 'stopSharing':
      if (!agent.leg.sharing) throw new ActRefused('The agent is not sharing');
      share(conversation, false, 1);
      break;
    case 'peerSharing':
      peerShare(conversation, act.on);
      break;
    case 'joinLeg':
      joinLeg(moment, agent, act.medium);
      break;
    case 'leaveLeg':
      leaveLeg(moment, agent, act.medium);
      break;
    case 'requestAcw':
      requestAfterCallWork(conversation, act.required);
      break;
    case 'disconnect':
      end(moment, act.type);
      break;
    case 'wrapUp': {
      const input = { code: act.code ?? queueById(conversation.queueId)?.codes[0]?.id, notes: act.notes };
      // Another device may know codes of another queue.
      requireWrapupPossible(conversation, agent);
      submitWrapup(moment, agent, { by: 'elsewhere', scope: 'participant', input });
      break;
    }
    case 'systemWrapUp':
      closeBySystem(moment, act.code);
      break;
    case 'shareAgain':
      shareAgain(moment, act.peers);
      break;
    case 'endAcw':
      timeUp(moment);
      break;
    case 'backdate':
      backdate(moment, act.ms);
      break;
    case 'mutate':
      Object.assign(conversation.overlay.conversation, act.conversation);
      Object.assign(conversation.overlay.participant, act.participant);
      Object.assign(conversation.overlay.communication, act.communication);
      break;
  }
}

function named(world: World, id: string | undefined): SimConversation {
  const conversation =
    id === undefined
      ? (world.conversations.findLast(isLive) ?? world.conversations.at(-1))
      : findConversation(world, id);
  if (!conversation)
    throw new ActRefused(id === undefined ? 'There is no conversation' : `There is no conversation ${id}`);
  return conversation;
}
