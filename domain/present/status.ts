import { duration, epoch } from '../clocks/time.ts';
import { isOpen } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { acwBeginningOf, acwEndOf } from '../communication/moments.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { systemCodeOf } from '../model/values.ts';
import type { OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import { phaseTitle, codeWords, endingWords, oddWords, subjectWords } from '../words/communication-words.ts';
import { endsWords, pressAgainWords } from '../words/ending-words.ts';
import { nextStep } from '../words/next-step.ts';
import { joinClauses, say } from '../words/say.ts';
import { timeWords, clockDuration, markApproximate } from '../words/time-words.ts';
import type { Attention } from './attention.ts';
import { timerOf } from './timers.ts';
import { lastShareWords } from './last-share.ts';
import { namedIn, submissionFor, toWall, type Model } from './model.ts';
import { unreachable } from '../toolbox/result.ts';

/** A fact about something live is confirmed only while the link is, and listings come as they should. */
function isConfirmed({ link, listingProblem }: Model): boolean {
  return link.kind === 'live' && listingProblem === null;
}

function isLivePhase(phase: Phase): boolean {
  return phase === 'alerting' || phase === 'connecting' || phase === 'viewing' || phase === 'sharing';
}

function titleOf(model: Model, attention: Attention): string {
  const { communication, phase, postponed, saved } = attention;
  switch (phase) {
    case 'viewing':
      return communication.peerSharing ? say('status.viewingPeer') : phaseTitle(phase);
    case 'wrapUp':
      if (saved) return say('status.wrapUpSaved');
      return postponed ? say('status.wrapUpLater') : phaseTitle(phase);
    case 'missed':
      // Answered: it is the wrap-up that was missed.
      return communication.answered ? say('status.timedOut') : phaseTitle(phase);
    case 'alerting':
    case 'connecting':
    case 'sharing':
    case 'wrappedUp':
    case 'idle':
      return phaseTitle(phase);
    case 'conflict':
      return say(
        submissionFor(model, communication.key)?.state === 'failed' ? 'status.notSent' : 'status.conflict',
      );
    case 'starting':
      return say('status.connecting');
    default:
      return unreachable(phase);
  }
}

/** `You are sharing` → `Sharing – not confirmed`. */
function notConfirmed(model: Model, attention: Attention): string {
  const title = attention.phase === 'sharing' ? say('status.sharingShort') : titleOf(model, attention);
  return say('status.notConfirmed', { title });
}

/** `last`, `now`: epoch ms, this machine's clock. */
function lastConfirmedWords(model: Model, last: number | null, now: number): string {
  if (last === null) return say('status.unknownDetail');
  const time = timeWords(toWall(model, last), toWall(model, now), model.appearance.locale, true);
  return say('status.lastConfirmed', { time });
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

function sharingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers = typeof peerCount === 'number' ? [say('status.peersSee', { count: peerCount })] : [];
  return [...oddWords(communication), ...peers].join(' · ');
}

function outcomeOf(model: Model, communication: Communication): string {
  const submission = submissionFor(model, communication.key);
  const state = submission?.state;
  switch (state) {
    case 'waiting':
      return say('wrappedUp.waiting');
    case 'accepted':
      return say('wrappedUp.accepted');
    case 'confirmed':
      // The server closed it without a code before the skip was on its way.
      return say(
        submission?.kind === 'skip' && submission.attempts === 0 ? 'wrappedUp.byServer' : 'wrappedUp.sent',
      );
    case 'conflict':
    case 'failed':
    case 'dropped':
    case undefined:
      return say('wrappedUp.byServer');
    default:
      return unreachable(state);
  }
}

/** `took 0:14`; empty while its begin or end is not known. */
function workTimeWords(communication: Communication): string {
  const beginning = acwBeginningOf(communication);
  const end = acwEndOf(communication);
  const took = beginning && end && duration(beginning, end, communication.clocks);
  if (!took) return '';
  return say('wrappedUp.work', { duration: markApproximate(clockDuration(took.ms), took.approximate) });
}

/** `Resolved · sent`; of a code of the system, which nobody chose, only that. */
function wrapupWords(model: Model, communication: Communication): string {
  const submission = submissionFor(model, communication.key);
  const mine =
    submission && (isOpen(submission) || submission.state === 'confirmed') ? submission : undefined;
  const { code = null, name = null } = serverWrapup(communication) ?? {};
  const named = namedIn(model, mine ?? { code, name });
  const skipped = mine ? mine.kind === 'skip' : afterCallWorkOf(communication) === 'skipped';
  const what = skipped ? say('wrappedUp.skipped') : codeWords(named.name, named.code);
  const isSaid = !mine && systemCodeOf(code) !== null;
  return isSaid ? what : [what, outcomeOf(model, communication)].join(' · ');
}

function wrappedUpWords(model: Model, communication: Communication): string {
  return [wrapupWords(model, communication), workTimeWords(communication)]
    .filter((part) => part !== '')
    .join(' · ');
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
      return [
        attention.saved ? wrapupWords(model, communication) : endingWords(attention.work ?? communication),
        subjectWords(communication),
      ].join(' · ');
    case 'wrappedUp':
      return wrappedUpWords(model, communication);
    case 'missed':
      if (communication.answered) return wrappedUpWords(model, communication);
      return [endingWords(communication), subjectWords(communication)].join(' · ');
    case 'conflict': {
      const submission = submissionFor(model, communication.key);
      if (submission?.state === 'failed') return submission.problem ?? '';
      const named = namedIn(model, submission?.theirs ?? { code: null, name: null });
      const theirs = codeWords(named.name, named.code);
      return systemCodeOf(submission?.theirs?.code) !== null
        ? theirs
        : say('conflict.detail', { code: theirs });
    }
    case 'idle':
    case 'starting':
      return '';
    default:
      return unreachable(phase);
  }
}

function actionsOf(attention: Attention, front: string | null): StatusAction[] {
  const { communication, phase } = attention;
  const request: StatusAction[] = communication.policy === 'agentRequested' ? ['requestAcw'] : [];
  switch (phase) {
    case 'alerting':
      return ['answer', 'decline'];
    case 'viewing':
      return [...request, 'openWrapUp'];
    case 'sharing':
      return ['stopSharing', ...request, 'openWrapUp'];
    case 'wrapUp':
      return communication.key === front ? [] : ['openWrapUp'];
    case 'missed':
      return attention.until === null ? ['dismiss'] : [];
    case 'connecting':
    case 'wrappedUp':
    case 'conflict':
    case 'idle':
    case 'starting':
      return [];
    default:
      return unreachable(phase);
  }
}

/** What stopping or declining would end besides; `now`: epoch ms. */
function endingOf(
  { firstPress }: Model,
  { communication, phase }: Attention,
  now: number,
): Pick<Status, 'ends' | 'pressAgain'> {
  const ends = phase === 'sharing' || phase === 'alerting' ? endsWords(communication) : '';
  const isFirst =
    firstPress?.key === communication.key && firstPress.ends === ends && now <= firstPress.until;
  return { ends, pressAgain: isFirst && ends !== '' ? pressAgainWords(firstPress.action, ends) : '' };
}

/** `now`: epoch ms; `front`: key of the prompt in front of the agent. */
function presentOne(model: Model, attention: Attention, now: number, front: string | null): OtherStatus {
  const { communication, phase, saved } = attention;
  const { key, conversationId, lastSeenAt } = communication;
  const isMentioned =
    !model.unmentioned.includes(key) && model.unconfirmedConversations[conversationId] === undefined;
  const confirmed = (isConfirmed(model) && isMentioned) || !isLivePhase(phase);
  const detail = detailOf(model, attention);
  // Its last fact, where the server was not heard from since the program started.
  const heardAt = model.link.kind === 'live' ? (model.listingProblem?.since ?? null) : model.lastContactAt;
  const last = (isMentioned ? heardAt : null) ?? epoch(lastSeenAt);
  const asOf = confirmed ? '' : lastConfirmedWords(model, last, now);
  return {
    key,
    phase,
    confirmed,
    asOf,
    title: confirmed ? titleOf(model, attention) : notConfirmed(model, attention),
    detail: joinClauses([asOf, detail]),
    next: phase === 'missed' && !communication.answered ? nextStep(communication, phase) : '',
    clock: timerOf(model, attention, confirmed),
    actions: actionsOf(attention, front),
    acwRequested: communication.screenshare.afterCallWorkRequired === true,
    ...endingOf(model, attention, now),
    decided: saved,
  };
}

const nothing = {
  key: null,
  asOf: '',
  next: '',
  clock: null,
  actions: [],
  acwRequested: false,
  ends: '',
  pressAgain: '',
  decided: false,
  others: [],
} as const;

/** Since when not everything is known over a link that is live, epoch ms of this machine's clock. */
function firstUnconfirmedAt({ unconfirmedConversations, listingProblem }: Model): number | undefined {
  const since = [...Object.values(unconfirmedConversations), listingProblem?.since ?? Infinity];
  const first = Math.min(...since);
  return first === Infinity ? undefined : first;
}

function presentQuiet(model: Model, now: number): Status {
  const unconfirmedSince = firstUnconfirmedAt(model);
  if (isConfirmed(model) && unconfirmedSince === undefined) {
    const detail = lastShareWords(model, now);
    return { ...nothing, phase: 'idle', confirmed: true, title: say('status.idle'), detail };
  }
  // Before the first reading of the server nothing is known, and "Not sharing" would be a claim.
  if (!model.everLive) {
    const connecting = model.link.kind === 'connecting' || model.link.kind === 'stale';
    const title = say(connecting ? 'status.connecting' : 'status.unknown');
    return { ...nothing, phase: 'starting', confirmed: false, title, detail: say('status.unknownDetail') };
  }
  const title = say('status.notConfirmed', { title: say('status.idle') });
  const asOf = lastConfirmedWords(model, unconfirmedSince ?? model.lastContactAt, now);
  return { ...nothing, phase: 'idle', confirmed: false, asOf, title, detail: asOf };
}

/**
 * The status of everything that asks for the agent.
 *
 * @param now epoch ms, this machine's clock
 * @param front key of the prompt in front of the agent
 */
export function presentStatus(
  model: Model,
  wanted: readonly Attention[],
  now: number,
  front: string | null,
): Status {
  const [first, ...rest] = wanted;
  if (!first) return presentQuiet(model, now);
  const one = (attention: Attention): OtherStatus => presentOne(model, attention, now, front);
  return { ...one(first), others: rest.map(one) };
}
