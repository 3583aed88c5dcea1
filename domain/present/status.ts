import { duration, epoch } from '../clocks/time.ts';
import { isOpen } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { acwBeginningOf, acwEndOf } from '../communication/moments.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { systemCodeOf } from '../model/values.ts';
import type { OtherStatus, Phase, Status, StatusAction } from '../state.ts';
import {
  phaseTitle,
  codeWords,
  endingWords,
  oddWords,
  saysLiveThoughEnded,
  subjectWords,
} from '../words/communication-words.ts';
import { endsWords, pressAgainWords } from '../words/action-names.ts';
import { nextStep } from '../words/next-step.ts';
import { joinClauses, listed, say } from '../words/say.ts';
import { timeOfDay, timeWords, clockDuration, markApproximate } from '../words/time-words.ts';
import { endedAt, isMissedAlert, type Attention } from './attention.ts';
import { correctionOf, isCorrecting } from './correction.ts';
import { isConfirmed, isEverythingConfirmed, isMentioned, unconfirmedSince } from './confirmed.ts';
import { timerOf } from './timers.ts';
import { lastShare, lastShareWords } from './last-share.ts';
import { namedIn, submissionFor, toWall, type KnownState } from './known-state.ts';
import { limitAt, limitSpan } from './work-limit.ts';
import { unreachable } from '../toolbox/result.ts';

function isLivePhase(phase: Phase): boolean {
  return phase === 'alerting' || phase === 'connecting' || phase === 'viewing' || phase === 'sharing';
}

function titleOf(model: KnownState, attention: Attention): string {
  const { communication, phase, postponed, saved } = attention;
  switch (phase) {
    case 'viewing':
      return communication.peerSharing ? say('status.viewingPeer') : phaseTitle(phase);
    case 'wrapUp':
      if (isCorrecting(model, communication.key)) return say('status.correcting');
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
function notConfirmed(model: KnownState, attention: Attention): string {
  const title = attention.phase === 'sharing' ? say('status.sharingShort') : titleOf(model, attention);
  return say('status.notConfirmed', { title });
}

/** `last`, `now`: epoch ms, this machine's clock. */
function lastConfirmedWords(model: KnownState, last: number | null, now: number): string {
  if (last === null) return say('status.unknownDetail');
  const time = timeWords(toWall(model, last), toWall(model, now), model.appearance.locale, true);
  return say('status.lastConfirmed', { time });
}

function viewingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers =
    typeof peerCount === 'number' && peerCount > 0 ? [say('status.peers', { count: peerCount })] : [];
  const who = communication.peerSharing ? sharersWords(communication) : say('status.nobodyShares');
  return [...oddWords(communication), who, ...peers].join(' · ');
}

function sharersWords({ peerName = say('status.otherSide'), sharers = [peerName] }: Communication): string {
  const names = [...new Set(sharers.map((name) => (name === '' ? say('status.somebody') : name)))];
  return names.length > 1
    ? say('status.areSharing', { names: listed(names) })
    : say('status.isSharing', { name: names[0] ?? peerName });
}

function sharingWords(communication: Communication): string {
  const { peerCount } = communication.screenshare;
  const peers = typeof peerCount === 'number' ? [say('status.peersSee', { count: peerCount })] : [];
  return [...oddWords(communication), ...peers].join(' · ');
}

/** `Sam Lee is listening in · Your screen is being recorded`. Who is in the share is counted, and no supervisor. */
function observedWords({ observations = [] }: Communication): string {
  const words = observations.flatMap(({ how, name, to }) =>
    how === 'share' || to !== undefined
      ? []
      : [say(`status.observed.${how}`, { name: name ?? say('status.observed.someone') })],
  );
  return joinClauses([...new Set(words)]);
}

function outcomeOf(model: KnownState, communication: Communication): string {
  const submission = submissionFor(model, communication.key);
  const state = submission?.state;
  switch (state) {
    case 'waiting': {
      const isHeld = submission !== undefined && model.held[submission.id] !== undefined;
      return say(isHeld && model.link.kind === 'live' ? 'wrappedUp.held' : 'wrappedUp.waiting');
    }
    case 'accepted':
      return say('wrappedUp.accepted');
    case 'confirmed':
      // The server closed it without a code before the skip was on its way.
      if (submission?.kind === 'skip' && submission.attempts === 0) return say('wrappedUp.byServer');
      return say(submission?.afterLimit ? 'wrappedUp.afterLimit' : 'wrappedUp.sent');
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
function wrapupWords(model: KnownState, communication: Communication): string {
  const submission = submissionFor(model, communication.key);
  const mine =
    submission && (isOpen(submission) || submission.state === 'confirmed') ? submission : undefined;
  const { code = null, name = null } = serverWrapup(communication) ?? {};
  const named = namedIn(model, mine ?? { code, name });
  const skipped = mine ? mine.kind === 'skip' : afterCallWorkOf(communication) === 'skipped';
  const what = skipped ? say('wrappedUp.skipped') : codeWords(named.name, named.code);
  const isSaid = !mine && systemCodeOf(code) !== null;
  const origin = mine?.origin === 'default' ? [say('wrappedUp.default')] : [];
  return isSaid ? what : [what, ...origin, outcomeOf(model, communication)].join(' · ');
}

function wrappedUpWords(model: KnownState, communication: Communication): string {
  return [wrapupWords(model, communication), workTimeWords(communication)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Most shares end like this; anything else is worth a word. */
function endedAsUsual(communication: Communication): boolean {
  const { disconnectType } = communication.screenshare;
  if (communication.gone || saysLiveThoughEnded(communication)) return false;
  return disconnectType === 'peer' || disconnectType === 'client' || disconnectType === 'endpoint';
}

/** Of what is to be wrapped up, about whom. */
function whoOf({ communication, phase }: Attention): readonly string[] {
  if (phase !== 'wrapUp' && phase !== 'conflict') return [];
  const { peerName = '', queueName = '' } = communication;
  const names = [peerName, queueName].filter((name) => name.trim() !== '');
  return names.length > 0 ? names : [subjectWords(communication)];
}

/** What the card says below its title, in one line. */
export function detailLine({ who, detail }: Pick<Status, 'who' | 'detail'>): string {
  return joinClauses([...who, detail]);
}

function detailOf(model: KnownState, attention: Attention): string {
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
      if (attention.saved) return wrapupWords(model, communication);
      return endedAsUsual(attention.work ?? communication)
        ? ''
        : endingWords(attention.work ?? communication);
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

function actionsOf(
  model: KnownState,
  attention: Attention,
  now: number,
  front: string | null,
): StatusAction[] {
  const { communication, phase } = attention;
  const correct: StatusAction[] = correctionOf(model, communication.key, now).ok ? ['correct'] : [];
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
      return isMissedAlert(attention) ? ['dismiss'] : correct;
    case 'wrappedUp':
      return correct;
    case 'connecting':
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
  { firstPress }: KnownState,
  { communication, phase }: Attention,
  now: number,
): Pick<Status, 'ends' | 'pressAgain'> {
  const ends = phase === 'sharing' || phase === 'alerting' ? endsWords(communication) : '';
  const isFirst =
    firstPress?.key === communication.key && firstPress.ends === ends && now <= firstPress.until;
  return { ends, pressAgain: isFirst && ends !== '' ? pressAgainWords(firstPress.action, ends) : '' };
}

/** `now`: epoch ms; `front`: key of the prompt in front of the agent. */
function presentOne(model: KnownState, attention: Attention, now: number, front: string | null): OtherStatus {
  const { communication, phase, saved } = attention;
  const { key, lastSeenAt } = communication;
  const confirmed = isConfirmed(model, communication) || !isLivePhase(phase);
  const detail = detailOf(model, attention);
  // Its last fact, where the server was not heard from since the program started.
  const heardAt = model.link.kind === 'live' ? (model.listingProblem?.since ?? null) : model.lastContactAt;
  const last = (isMentioned(model, communication) ? heardAt : null) ?? epoch(lastSeenAt);
  const asOf = confirmed ? '' : lastConfirmedWords(model, last, now);
  return {
    key,
    phase,
    confirmed,
    asOf,
    title: confirmed ? titleOf(model, attention) : notConfirmed(model, attention),
    peerCount: phase === 'sharing' ? (communication.screenshare.peerCount ?? null) : null,
    who: whoOf(attention),
    detail: joinClauses([asOf, detail]),
    observed: isLivePhase(phase) ? observedWords(communication) : '',
    next: phase === 'missed' && !communication.answered ? nextStep(communication, phase) : '',
    clock: timerOf(model, attention, confirmed),
    limit: limitAt(limitSpan(model, attention), now),
    actions: actionsOf(model, attention, now, front),
    acwRequested: communication.screenshare.afterCallWorkRequired === true,
    ...endingOf(model, attention, now),
    decided: saved,
    unseen: attention.unseen,
  };
}

/** So many times are told one by one; of more, the first and the last. */
const timesAtMost = 4;
/** So many are named, the latest first. */
const namesAtMost = 3;

/** `14:02, 14:09`; of many `14:02 – 15:30`. */
function missedTimes(model: KnownState, missed: readonly Attention[]): string {
  const { locale } = model.appearance;
  const times = missed
    .map(({ communication }) => endedAt(model, communication))
    .sort((a, b) => a - b)
    .map((at) => timeOfDay(toWall(model, at), locale));
  if (times.length <= timesAtMost) return times.join(', ');
  return say('status.missedBetween', { first: times[0] ?? '', last: times.at(-1) ?? '' });
}

/** Missed alerts are one line, which stands for the latest; they are dismissed together. */
function presentMissed(model: KnownState, latest: OtherStatus, missed: readonly Attention[]): OtherStatus {
  if (missed.length < 2) return latest;
  const subjects = new Set(missed.map(({ communication }) => subjectWords(communication)));
  return {
    ...latest,
    title: say('status.missedSeveral', { count: missed.length, times: missedTimes(model, missed) }),
    detail: listed([...subjects].slice(0, namesAtMost)),
    unseen: missed.some(({ unseen }) => unseen),
  };
}

const nothing = {
  key: null,
  asOf: '',
  peerCount: null,
  who: [],
  about: null,
  observed: '',
  next: '',
  clock: null,
  limit: null,
  actions: [],
  acwRequested: false,
  ends: '',
  pressAgain: '',
  decided: false,
  unseen: false,
  others: [],
} as const;

function presentQuiet(model: KnownState, now: number): Status {
  if (isEverythingConfirmed(model)) {
    const detail = lastShareWords(model, now);
    const about = lastShare(model)?.key ?? null;
    return { ...nothing, phase: 'idle', confirmed: true, title: say('status.idle'), detail, about };
  }
  // Before the first reading of the server nothing is known, and "Not sharing" would be a claim.
  if (!model.everLive) {
    const connecting = model.link.kind === 'connecting' || model.link.kind === 'stale';
    const title = say(connecting ? 'status.connecting' : 'status.unknown');
    return { ...nothing, phase: 'starting', confirmed: false, title, detail: say('status.unknownDetail') };
  }
  const title = say('status.notConfirmed', { title: say('status.idle') });
  const asOf = lastConfirmedWords(model, unconfirmedSince(model) ?? model.lastContactAt, now);
  return { ...nothing, phase: 'idle', confirmed: false, asOf, title, detail: asOf };
}

/**
 * The status of everything that asks for the agent.
 *
 * @param now epoch ms, this machine's clock
 * @param front key of the prompt in front of the agent
 */
export function presentStatus(
  model: KnownState,
  wanted: readonly Attention[],
  now: number,
  front: string | null,
): Status {
  const missed = wanted.filter(isMissedAlert);
  const [first, ...rest] = wanted.filter((attention) => !missed.slice(1).includes(attention));
  if (!first) return presentQuiet(model, now);
  const one = (attention: Attention): OtherStatus => {
    const line = presentOne(model, attention, now, front);
    return attention === missed[0] ? presentMissed(model, line, missed) : line;
  };
  return { ...one(first), about: null, others: rest.map(one) };
}
