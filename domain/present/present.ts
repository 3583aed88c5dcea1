import type { AppState, HeldItem, Link, Outbox, OutboxItem } from '../state.ts';
import { presentArchive } from './archive.ts';
import { attentions } from './attention.ts';
import { isEverythingConfirmed } from './confirmed.ts';
import { gateShutsAt, isGateShut } from './share-gate.ts';
import { choosePrompt } from './prompt.ts';
import { presentStatus } from './status.ts';
import { isReminderOf } from './still-sharing.ts';
import { presentUpdates } from './present-updates.ts';
import { limitChanges } from './work-limit.ts';
import { isSharing } from '../communication/phase.ts';
import { unreachable } from '../toolbox/result.ts';
import type { Communication } from '../communication/communication.ts';
import type { Submission } from '../submissions.ts';
import { codeWords, shortened, subjectWords } from '../words/communication-words.ts';
import { joinClauses, say } from '../words/say.ts';
import { namedIn, type KnownState } from './known-state.ts';

/** The state in words, and when it changes by itself. */
interface Presented {
  readonly state: AppState;
  /** Epoch ms of this machine's clock at which it must be read again; null when only a fact changes it. */
  readonly recheckAt: number | null;
}

/** While the agent's screen is shared, or locked, others can read it: it names no customer. */
function withoutNames(model: KnownState): KnownState {
  const unnamed = Object.values(model.communications).map(
    ({ peerName: _name, sharers: _sharers, observations = [], ...rest }) => ({
      ...rest,
      observations: observations.map(({ name: _observer, ...observation }) => observation),
    }),
  );
  return { ...model, communications: Object.fromEntries(unnamed.map((one) => [one.key, one])) };
}

/** Somebody may call themselves by a megabyte; no title or menu needs it. The same object where nothing is that long. */
function withShortName(one: Communication): Communication {
  const { peerName, sharers = [], queueName, screenshare } = one;
  const { disconnectType } = screenshare;
  const isLong = [peerName, ...sharers, queueName, disconnectType].some(
    (name) => name && shortened(name) !== name,
  );
  if (!isLong) return one;
  return {
    ...one,
    ...(peerName === undefined ? {} : { peerName: shortened(peerName) }),
    ...(sharers.length === 0 ? {} : { sharers: sharers.map((name) => shortened(name)) }),
    ...(queueName === undefined ? {} : { queueName: shortened(queueName) }),
    ...(disconnectType ? { screenshare: { ...screenshare, disconnectType: shortened(disconnectType) } } : {}),
  };
}

function withShortNames(model: KnownState): KnownState {
  const long = Object.values(model.communications).filter((one) => withShortName(one) !== one);
  if (long.length === 0) return model;
  const cut = Object.fromEntries(long.map((one) => [one.key, withShortName(one)]));
  return { ...model, communications: { ...model.communications, ...cut } };
}

/**
 * The one place that decides what is said: everything in a window, the tray or a notification comes from here,
 * computed together from the same inputs.
 *
 * @param now epoch ms, this machine's clock
 */
export function present(known: KnownState, now: number): Presented {
  const isReadByOthers = known.presence.locked || Object.values(known.communications).some(isSharing);
  const model = withShortNames(isReadByOthers ? withoutNames(known) : known);
  const wanted = attentions(model, now);
  const prompt = choosePrompt(model, wanted, now);
  const changes = [
    ...wanted.flatMap((attention) => [attention.until, ...limitChanges(model, attention)]),
    model.firstPress?.until ?? null,
    gateShutsAt(model, now),
  ];
  const ends = changes.filter((at): at is number => at !== null && at >= now);
  const status = presentStatus(model, wanted, now, prompt?.key ?? null);
  const { reminder } = model;
  return {
    state: {
      status,
      link: presentLink(model),
      source: {
        ...model.source,
        agent: model.person?.name ?? null,
        closing: model.closing,
        undecided: model.source.undecided === true,
      },
      account: model.account,
      prompt,
      outbox: presentOutbox(model),
      database: model.database,
      review: model.review,
      archive: presentArchive(model.archive),
      updates: presentUpdates(model),
      notices: model.notices,
      question: model.question,
      appearance: model.appearance,
      settings: model.settings,
      presence: model.presence,
      reminder: reminder && isReminderOf({ status }, reminder.key) ? reminder : null,
      destination: model.destination,
      gate: isGateShut(model, now),
    },
    recheckAt: ends.length > 0 ? Math.min(...ends) : null,
  };
}

/** Contact with the server, in words. */
function presentLink(model: KnownState): Link {
  const { link, lastContactAt } = model;
  const base = { lastContactAt, retryAt: null, detail: '' };
  switch (link.kind) {
    case 'connecting':
      // Having been live, a new attempt is a gap in what we know, not a beginning.
      return model.everLive
        ? { ...base, freshness: 'stale', words: say('link.stale'), detail: say('link.reconnecting') }
        : { ...base, freshness: 'connecting', words: say('link.connecting') };
    case 'live':
      // Something may still not be known: then the footer says no more than the head does.
      return isEverythingConfirmed(model)
        ? { ...base, freshness: 'live', words: say('link.live') }
        : {
            ...base,
            freshness: 'stale',
            words: say('link.unconfirmed'),
            detail: model.listingProblem?.reason ?? say('link.unconfirmed.detail'),
            // The head says of what, and since when.
            lastContactAt: null,
          };
    case 'stale':
      return { ...base, freshness: 'stale', words: say('link.stale'), detail: say('link.stale.detail') };
    case 'offline':
    case 'refused': {
      const retryAt = link.kind === 'offline' ? link.retryAt : null;
      return { ...base, freshness: 'offline', words: say('link.offline'), detail: link.reason, retryAt };
    }
    default:
      return unreachable(link);
  }
}

/** `Resolved – Ana L. · Billing`. */
function submissionWords(model: KnownState, submission: Submission): string {
  const communication = model.communications[submission.key];
  const { code, name } = namedIn(model, submission);
  const what = submission.kind === 'skip' ? say('outbox.skip') : codeWords(name, code);
  const about = communication ? subjectWords(communication) : say('prompt.subjectUnknown');
  return `${what} – ${about}`;
}

function itemOf(model: KnownState, submission: Submission): OutboxItem | null {
  const { id, key, state, problem } = submission;
  if (state === 'confirmed' || state === 'dropped') return null;
  return { id, key, words: submissionWords(model, submission), state, problem: problem ?? '' };
}

function heldItemOf(model: KnownState, submission: Submission): HeldItem {
  const { id, key, kind } = submission;
  const sent = kind === 'skip' ? 'undo.skipped' : 'undo.sent';
  const words = say(model.link.kind === 'live' ? sent : 'undo.saved');
  return { id, key, words, about: submissionWords(model, submission) };
}

/** Submissions the server has not confirmed, so that none waits unseen. */
function presentOutbox(model: KnownState): Outbox {
  const isHeld = ({ id }: Submission): boolean => model.held[id] !== undefined;
  const items = model.submissions
    // Without contact it waits, taken back or not.
    .filter((submission) => model.link.kind !== 'live' || !isHeld(submission))
    .map((submission) => itemOf(model, submission))
    .filter((item) => item !== null);
  const parts = (['conflict', 'failed', 'waiting', 'accepted'] as const).map((state) => {
    const count = items.filter((item) => item.state === state).length;
    return count === 0 ? '' : say(state === 'conflict' ? 'outbox.conflicts' : `outbox.${state}`, { count });
  });
  const held = model.submissions.filter(isHeld).map((submission) => heldItemOf(model, submission));
  return { items, held: held.reverse(), words: joinClauses(parts) };
}
