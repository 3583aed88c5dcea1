import { isOpen } from '../decisions.ts';
import { epoch } from '../clocks/epoch.ts';
import type { Communication } from '../fold/communication.ts';
import { acwStart, afterCallWorkOf, serverWrapup } from '../fold/phase.ts';
import { communicationStates, isKnown } from '../model/values.ts';
import type { OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import { unreachable } from '../exhaustive.ts';
import { endedWords, missedWords, subjectWords } from '../words/endings.ts';
import { clockDuration, roughDuration, timeOfDay } from '../words/times.ts';
import { say } from '../words/say.ts';
import { endedAt, type Attention } from './attention.ts';
import { clockOf } from './clocks.ts';
import { decisionFor, toLocal, type Model } from './model.ts';

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
    case 'alerting':
      return say('status.alerting');
    case 'connecting':
      return say('status.dialing');
    case 'viewing':
      return say(communication.peerSharing ? 'status.viewingPeer' : 'status.viewing');
    case 'sharing':
      return say('status.sharing');
    case 'wrapUp':
      return say(postponed ? 'status.wrapUpLater' : 'status.wrapUp');
    case 'wrappedUp':
      return say('status.wrappedUp');
    case 'missed':
      return say('status.missed');
    case 'conflict':
      return say(
        decisionFor(model, communication.key)?.state === 'failed' ? 'status.notSent' : 'status.conflict',
      );
    case 'idle':
      return say('status.idle');
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

/** `seenAt` (ISO-8601): the last fact about it, for when the server was not heard since the program started. */
function lastConfirmedWords(model: Model, seenAt?: string): string {
  const last = model.lastContactAt ?? epoch(seenAt);
  if (last === null) return say('status.unknownDetail');
  return say('status.lastConfirmed', { time: timeOfDay(last, model.appearance.locale, true) });
}

/** A state this version does not know, as sent. */
function unknownStateWords({ screenshare: { state } }: Communication): string[] {
  return typeof state === 'string' && !isKnown(communicationStates, state)
    ? [say('status.unknownState', { state })]
    : [];
}

function viewingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers =
    typeof peerCount === 'number' && peerCount > 0 ? [say('status.peers', { count: peerCount })] : [];
  const who = communication.peerSharing
    ? say('status.isSharing', { name: communication.peerName ?? say('status.otherSide') })
    : say('status.nobodyShares');
  return [...unknownStateWords(communication), who, ...peers].join(' · ');
}

/** How many can see it is said only when the server says so. */
function sharingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers = typeof peerCount === 'number' ? [say('status.peersSee', { count: peerCount })] : [];
  return [...unknownStateWords(communication), ...peers].join(' · ');
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

function wrappedUpWords(model: Model, communication: Communication): string {
  const decision = decisionFor(model, communication.key);
  const mine = decision && (isOpen(decision) || decision.state === 'confirmed') ? decision : undefined;
  const server = serverWrapup(communication);
  const skipped = mine ? mine.kind === 'skip' : afterCallWorkOf(communication) === 'skipped';
  const name = skipped
    ? say('wrappedUp.skipped')
    : (mine?.name ?? server?.name ?? server?.code ?? say('conflict.noCode'));
  const start = acwStart(communication);
  const end = epoch(communication.screenshare.afterCallWork?.endTime ?? communication.endAcwTime);
  const work =
    start !== null && end !== null ? [say('wrappedUp.work', { duration: clockDuration(end - start) })] : [];
  return [name, outcomeOf(model, communication), ...work].join(' · ');
}

function detailOf(model: Model, attention: Attention): string {
  const { communication, phase } = attention;
  switch (phase) {
    case 'alerting':
    case 'connecting': {
      const queue = communication.queueName ? [say('status.queue', { queue: communication.queueName })] : [];
      const peer = communication.peerName ? [communication.peerName] : [];
      return [...unknownStateWords(communication), ...queue, ...peer].join(' · ');
    }
    case 'viewing':
      return viewingWords(communication);
    case 'sharing':
      return sharingWords(communication);
    case 'wrapUp':
      return `${endedWords(communication)} · ${subjectWords(communication)}`;
    case 'wrappedUp':
      return wrappedUpWords(model, communication);
    case 'missed':
      return `${missedWords(communication)} · ${subjectWords(communication)}`;
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
  const confirmed = isConfirmed(model) || !isLivePhase(attention.phase);
  const detail = detailOf(model, attention);
  const asOf = lastConfirmedWords(model, attention.communication.lastSeenAt);
  return {
    key: attention.communication.key,
    phase: attention.phase,
    confirmed,
    title: confirmed ? titleOf(model, attention) : notConfirmed(model, attention),
    detail: confirmed ? detail : [asOf, detail].filter((part) => part !== '').join(' · '),
    clock: clockOf(model, attention, confirmed),
    actions: actionsOf(attention),
    acwRequested: attention.communication.screenshare.afterCallWorkRequired === true,
  };
}

function lastOutcome(model: Model, communication: Communication): string {
  if (communication.gone) return say('outcome.gone');
  if (!communication.answered) return say('outcome.missed');
  const decision = decisionFor(model, communication.key);
  const state = decision?.state;
  switch (state) {
    case 'waiting':
    case 'accepted':
      return say('outcome.waiting');
    case 'conflict':
      return say('outcome.conflict');
    case 'failed':
      return say('outcome.failed');
    case 'confirmed':
    case 'dropped':
    case undefined:
      break;
    default:
      return unreachable(state);
  }
  const work = afterCallWorkOf(communication);
  if (work === 'skipped') return say('outcome.skipped');
  if (work === 'due') return say('outcome.open');
  return say(work === 'done' || serverWrapup(communication) ? 'outcome.wrappedUp' : 'outcome.none');
}

/** `Last share 14:02 · 6 min · wrapped up`. */
function lastShareWords(model: Model): string {
  const last = Object.values(model.communications).sort((a, b) => endedAt(model, b) - endedAt(model, a))[0];
  if (!last) return say('status.noShares');
  const end = endedAt(model, last);
  const connected = epoch(last.screenshare.connectedTime) ?? epoch(last.alertedAt);
  const start = connected === null ? epoch(last.firstSeenAt) : toLocal(model, connected);
  return say('status.lastShare', {
    time: timeOfDay(start ?? end, model.appearance.locale),
    duration: roughDuration(end - (start ?? end)),
    outcome: lastOutcome(model, last),
  });
}

function presentQuiet(model: Model): Status {
  const base = { key: null, clock: null, actions: [], acwRequested: false, others: [] };
  if (isConfirmed(model)) {
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
  return { ...base, phase: 'idle', confirmed: false, title, detail: lastConfirmedWords(model) };
}

/** The verdict over everything that asks for the agent. */
export function presentStatus(model: Model, asking: readonly Attention[]): Status {
  const [first, ...rest] = asking;
  if (!first) return presentQuiet(model);
  return { ...presentOne(model, first), others: rest.map((attention) => presentOne(model, attention)) };
}
