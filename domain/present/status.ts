import { isOpen } from '../decisions.ts';
import { duration } from '../clocks/duration.ts';
import { epoch } from '../clocks/epoch.ts';
import type { Communication } from '../fold/communication.ts';
import { acwBeginningOf, acwEndOf } from '../fold/moments.ts';
import { afterCallWorkOf, serverWrapup } from '../fold/phase.ts';
import type { OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import { unreachable } from '../exhaustive.ts';
import { phaseTitle } from '../words/cell.ts';
import { endingWords, oddWords } from '../words/clauses.ts';
import { nextStep } from '../words/next-step.ts';
import { say } from '../words/say.ts';
import { subjectWords } from '../words/subject.ts';
import { clockDuration, marked, timeOfDay } from '../words/times.ts';
import type { Attention } from './attention.ts';
import { clockOf } from './clocks.ts';
import { lastShareWords } from './last-share.ts';
import { decisionFor, toWall, type Model } from './model.ts';

/** A fact about something live is confirmed only while the link is. */
function isConfirmed(model: Model): boolean {
  return model.link.kind === 'live';
}

function isLivePhase(phase: Phase): boolean {
  return phase === 'alerting' || phase === 'connecting' || phase === 'viewing' || phase === 'sharing';
}

function titleOf(model: Model, attention: Attention): string {
  const { communication, phase, postponed } = attention;
  switch (phase) {
    case 'viewing':
      return communication.peerSharing ? say('status.viewingPeer') : phaseTitle(phase);
    case 'wrapUp':
      return postponed ? say('status.wrapUpLater') : phaseTitle(phase);
    case 'alerting':
    case 'connecting':
    case 'sharing':
    case 'wrappedUp':
    case 'missed':
    case 'idle':
      return phaseTitle(phase);
    case 'conflict':
      return say(
        decisionFor(model, communication.key)?.state === 'failed' ? 'status.notSent' : 'status.conflict',
      );
    case 'starting':
      return say('status.connecting');
    default:
      return unreachable(phase);
  }
}

/** `You are sharing` → `Sharing – not confirmed`: still on air as far as anybody knows. */
function notConfirmed(model: Model, attention: Attention): string {
  const title = attention.phase === 'sharing' ? say('status.sharingShort') : titleOf(model, attention);
  return say('status.notConfirmed', { title });
}

/** `last`: epoch ms, this machine's clock. */
function lastConfirmedWords(model: Model, last: number | null): string {
  if (last === null) return say('status.unknownDetail');
  return say('status.lastConfirmed', { time: timeOfDay(toWall(model, last), model.appearance.locale, true) });
}

function viewingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers =
    typeof peerCount === 'number' && peerCount > 0 ? [say('status.peers', { count: peerCount })] : [];
  const who = communication.peerSharing
    ? say('status.isSharing', { name: communication.peerName ?? say('status.otherSide') })
    : say('status.nobodyShares');
  return [...oddWords(communication), who, ...peers].join(' · ');
}

/** How many can see it is said only when the server says so. */
function sharingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers = typeof peerCount === 'number' ? [say('status.peersSee', { count: peerCount })] : [];
  return [...oddWords(communication), ...peers].join(' · ');
}

function outcomeOf(model: Model, communication: Communication): string {
  const decision = decisionFor(model, communication.key);
  const state = decision?.state;
  switch (state) {
    case 'waiting':
      return say('wrappedUp.waiting');
    case 'accepted':
      return say('wrappedUp.accepted');
    case 'confirmed':
      return say('wrappedUp.sent');
    case 'conflict':
    case 'failed':
    case 'dropped':
    case undefined:
      return say('wrappedUp.byServer');
    default:
      return unreachable(state);
  }
}

/** `0:14 of work`; empty while its begin or end is not told. */
function workTimeWords(communication: Communication): string {
  const beginning = acwBeginningOf(communication);
  const end = acwEndOf(communication);
  const took = beginning && end && duration(beginning, end, communication.clocks);
  if (!took) return '';
  return say('wrappedUp.work', { duration: marked(clockDuration(took.ms), took.approximate) });
}

function wrappedUpWords(model: Model, communication: Communication): string {
  const decision = decisionFor(model, communication.key);
  const mine = decision && (isOpen(decision) || decision.state === 'confirmed') ? decision : undefined;
  const server = serverWrapup(communication);
  const skipped = mine ? mine.kind === 'skip' : afterCallWorkOf(communication) === 'skipped';
  const name = skipped
    ? say('wrappedUp.skipped')
    : (mine?.name ?? server?.name ?? server?.code ?? say('conflict.noCode'));
  const work = workTimeWords(communication);
  return [name, outcomeOf(model, communication), ...(work === '' ? [] : [work])].join(' · ');
}

function detailOf(model: Model, attention: Attention): string {
  const { communication, phase } = attention;
  switch (phase) {
    case 'alerting':
    case 'connecting': {
      const queue = communication.queueName ? [say('status.queue', { queue: communication.queueName })] : [];
      const peer = communication.peerName ? [communication.peerName] : [];
      return [...oddWords(communication), ...queue, ...peer].join(' · ');
    }
    case 'viewing':
      return viewingWords(communication);
    case 'sharing':
      return sharingWords(communication);
    case 'wrapUp':
      // What is over and odd about it belongs to the record; the card has room for what is to be done.
      return [endingWords(communication), subjectWords(communication)].join(' · ');
    case 'wrappedUp':
      return wrappedUpWords(model, communication);
    case 'missed':
      return [endingWords(communication), subjectWords(communication), nextStep(communication, phase)].join(
        ' · ',
      );
    case 'conflict': {
      const decision = decisionFor(model, communication.key);
      if (decision?.state === 'failed') return decision.problem ?? '';
      const theirs = decision?.theirs;
      return say('conflict.detail', { code: theirs?.name ?? theirs?.code ?? say('conflict.noCode') });
    }
    case 'idle':
    case 'starting':
      return '';
    default:
      return unreachable(phase);
  }
}

function actionsOf(attention: Attention): StatusAction[] {
  const { communication, phase, postponed } = attention;
  const request: StatusAction[] = communication.policy === 'agentRequested' ? ['requestAcw'] : [];
  switch (phase) {
    case 'alerting':
      return ['answer', 'decline'];
    case 'viewing':
      return [...request, 'openWrapUp'];
    case 'sharing':
      return ['stopSharing', ...request, 'openWrapUp'];
    case 'wrapUp':
      return postponed ? ['openWrapUp'] : [];
    case 'connecting':
    case 'wrappedUp':
    case 'missed':
    case 'conflict':
    case 'idle':
    case 'starting':
      return [];
    default:
      return unreachable(phase);
  }
}

function presentOne(model: Model, attention: Attention): OtherStatus & { confirmed: boolean } {
  const { key, conversationId, lastSeenAt } = attention.communication;
  const isMentioned = !model.unconfirmed.includes(key) && model.doubts[conversationId] === undefined;
  const confirmed = (isConfirmed(model) && isMentioned) || !isLivePhase(attention.phase);
  const detail = detailOf(model, attention);
  // The last fact about it, too, when the server was not heard since the program started.
  const asOf = lastConfirmedWords(model, (isMentioned ? model.lastContactAt : null) ?? epoch(lastSeenAt));
  return {
    key,
    phase: attention.phase,
    confirmed,
    title: confirmed ? titleOf(model, attention) : notConfirmed(model, attention),
    detail: confirmed ? detail : [asOf, detail].filter((part) => part !== '').join(' · '),
    clock: clockOf(model, attention, confirmed),
    actions: actionsOf(attention),
    acwRequested: attention.communication.screenshare.afterCallWorkRequired === true,
  };
}

function presentQuiet(model: Model): Status {
  const base = { key: null, clock: null, actions: [], acwRequested: false, others: [] };
  const doubtfulSince = Object.values(model.doubts).sort((a, b) => a - b)[0];
  if (isConfirmed(model) && doubtfulSince === undefined) {
    const detail = lastShareWords(model);
    return { ...base, phase: 'idle', confirmed: true, title: say('status.idle'), detail };
  }
  // Before the first reading of the server nothing is known, and "Not sharing" would be a claim.
  if (!model.everLive) {
    const connecting = model.link.kind === 'connecting' || model.link.kind === 'stale';
    const title = say(connecting ? 'status.connecting' : 'status.unknown');
    return { ...base, phase: 'starting', confirmed: false, title, detail: say('status.unknownDetail') };
  }
  const title = say('status.notConfirmed', { title: say('status.idle') });
  return {
    ...base,
    phase: 'idle',
    confirmed: false,
    title,
    detail: lastConfirmedWords(model, doubtfulSince ?? model.lastContactAt),
  };
}

/** The verdict over everything that asks for the agent. */
export function presentStatus(model: Model, asking: readonly Attention[]): Status {
  const [first, ...rest] = asking;
  if (!first) return presentQuiet(model);
  return { ...presentOne(model, first), others: rest.map((attention) => presentOne(model, attention)) };
}
