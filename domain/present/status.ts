import type { Communication } from '../fold/communication.ts';
import { acwDeadline, acwStart, afterCallWorkOf, alertDeadline, epoch, serverWrapup } from '../fold/phase.ts';
import { communicationStates, isKnown } from '../model/values.ts';
import type { Clock, OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import { unreachable } from '../exhaustive.ts';
import { endedWords, missedWords, subjectWords } from '../words/endings.ts';
import { clockDuration, roughDuration, timeOfDay } from '../words/times.ts';
import { say } from '../words/say.ts';
import { endedAt, type Attention } from './attention.ts';
import { decisionFor, toLocal, type Model } from './model.ts';

/** A fact about something live is confirmed only while the link is. */
function isConfirmed(model: Model): boolean {
  return model.link.kind === 'live';
}

function isLivePhase(phase: Phase): boolean {
  return phase === 'alerting' || phase === 'connecting' || phase === 'viewing' || phase === 'sharing';
}

function titleOf(attention: Attention): string {
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
      return say('status.conflict');
    case 'idle':
      return say('status.idle');
    case 'starting':
      return say('status.connecting');
    default:
      return unreachable(phase);
  }
}

/** `You are sharing` → `Sharing – not confirmed`: still on air as far as anybody knows. */
function notConfirmed(attention: Attention): string {
  const title = attention.phase === 'sharing' ? say('status.sharingShort') : titleOf(attention);
  return say('status.notConfirmed', { title });
}

function lastConfirmedWords(model: Model): string {
  if (model.lastContactAt === null) return say('status.unknownDetail');
  return say('status.lastConfirmed', { time: timeOfDay(model.lastContactAt, model.appearance.locale, true) });
}

function viewingWords(communication: Communication): string {
  const { state, peerCount } = communication.screenshare;
  if (typeof state === 'string' && !isKnown(communicationStates, state))
    return say('status.unknownState', { state });
  const peers =
    typeof peerCount === 'number' && peerCount > 0 ? [say('status.peers', { count: peerCount })] : [];
  const who = communication.peerSharing
    ? say('status.isSharing', { name: communication.peerName ?? say('status.otherSide') })
    : say('status.nobodyShares');
  return [who, ...peers].join(' · ');
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
  const server = serverWrapup(communication);
  const skipped = decision?.kind === 'skip' || (!decision && afterCallWorkOf(communication) === 'skipped');
  const name = skipped
    ? say('wrappedUp.skipped')
    : (decision?.name ?? server?.name ?? server?.code ?? say('conflict.noCode'));
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
      return [...queue, ...peer].join(' · ');
    }
    case 'viewing':
      return viewingWords(communication);
    case 'sharing':
      return say('status.peersSee', { count: communication.screenshare.peerCount ?? 0 });
    case 'wrapUp':
      return `${endedWords(communication)} · ${subjectWords(communication)}`;
    case 'wrappedUp':
      return wrappedUpWords(model, communication);
    case 'missed':
      return `${missedWords(communication)} · ${subjectWords(communication)}`;
    case 'conflict': {
      const theirs = decisionFor(model, communication.key)?.theirs;
      return say('conflict.detail', { code: theirs?.name ?? theirs?.code ?? say('conflict.noCode') });
    }
    case 'idle':
    case 'starting':
      return '';
    default:
      return unreachable(phase);
  }
}

/** The clock of after-call work: down to the server's limit where there is one, else up from its start. */
export function acwClock(model: Model, communication: Communication): Clock | null {
  const start = acwStart(communication);
  const end = acwDeadline(communication);
  const label = say('clock.acw');
  if (end !== null) {
    const totalMs = communication.wrapupTimeoutMs ?? null;
    return { mode: 'until', at: toLocal(model, end), totalMs, label };
  }
  return start === null ? null : { mode: 'since', at: toLocal(model, start), totalMs: null, label };
}

function clockOf(model: Model, attention: Attention, confirmed: boolean): Clock | null {
  const { communication, phase } = attention;
  const since = (ms: number | null, label: string): Clock | null =>
    ms === null ? null : { mode: 'since', at: toLocal(model, ms), totalMs: null, label };
  switch (phase) {
    case 'alerting': {
      const end = alertDeadline(communication);
      if (end === null) return since(epoch(communication.alertedAt), say('clock.alerting'));
      const totalMs = communication.alertingTimeoutMs ?? null;
      return { mode: 'until', at: toLocal(model, end), totalMs, label: say('clock.toAnswer') };
    }
    case 'viewing':
      return since(
        epoch(communication.screenshare.connectedTime) ?? epoch(communication.firstSeenAt),
        say('clock.connected'),
      );
    case 'sharing':
      return since(
        epoch(communication.onAir.at(-1)?.from),
        say(confirmed ? 'clock.onAir' : 'clock.onAirQuestion'),
      );
    case 'wrapUp':
      return acwClock(model, communication);
    case 'connecting':
    case 'wrappedUp':
    case 'missed':
    case 'conflict':
    case 'idle':
    case 'starting':
      return null;
    default:
      return unreachable(phase);
  }
}

function actionsOf(attention: Attention): StatusAction[] {
  const { communication, phase, postponed } = attention;
  const requested = communication.screenshare.afterCallWorkRequired === true;
  const request: StatusAction[] =
    communication.policy === 'agentRequested' && !requested ? ['requestAcw'] : [];
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
  return {
    key: attention.communication.key,
    phase: attention.phase,
    confirmed,
    title: confirmed ? titleOf(attention) : notConfirmed(attention),
    detail: confirmed ? detail : `${lastConfirmedWords(model)} · ${detail}`,
    clock: clockOf(model, attention, confirmed),
    actions: actionsOf(attention),
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
  const base = { key: null, clock: null, actions: [], others: [] };
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
