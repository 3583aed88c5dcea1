import type { AppState, Link, Outbox, OutboxItem } from '../state.ts';
import { attentions, onAirKey } from './attention.ts';
import { choosePrompt } from './prompt.ts';
import { presentStatus } from './status.ts';
import { legStateOf } from '../communication/phase.ts';
import { unreachable } from '../toolbox/result.ts';
import type { Communication } from '../communication/communication.ts';
import type { Submission } from '../submissions.ts';
import { shortened, subjectWords } from '../words/communication-words.ts';
import { joinClauses, say } from '../words/say.ts';
import type { Model } from './model.ts';

/** The state in words, and when it changes by itself. */
interface Presented {
  readonly state: AppState;
  /** Epoch ms of this machine's clock at which it must be read again; null when only a fact changes it. */
  readonly recheckAt: number | null;
}

/** While the agent's screen is shared others can read it: it names no customer. */
function withoutNames(model: Model): Model {
  const unnamed = Object.values(model.communications).map(({ peerName: _name, ...rest }) => rest);
  return { ...model, communications: Object.fromEntries(unnamed.map((one) => [one.key, one])) };
}

/** Somebody may call themselves by a megabyte; no title or menu needs it. */
function withShortNames(model: Model): Model {
  const short = (one: Communication): Communication => {
    const { peerName, queueName, screenshare } = one;
    const { disconnectType } = screenshare;
    return {
      ...one,
      ...(peerName === undefined ? {} : { peerName: shortened(peerName) }),
      ...(queueName === undefined ? {} : { queueName: shortened(queueName) }),
      ...(disconnectType
        ? { screenshare: { ...screenshare, disconnectType: shortened(disconnectType) } }
        : {}),
    };
  };
  const shown = Object.values(model.communications).map(short);
  return { ...model, communications: Object.fromEntries(shown.map((one) => [one.key, one])) };
}

/**
 * The one place where verdicts are made: everything a window, the tray or a notification says comes from
 * here, computed together from the same inputs.
 *
 * @param now epoch ms, this machine's clock
 */
export function present(known: Model, now: number): Presented {
  const isShared = onAirKey(attentions(known, now)) !== null;
  const model = withShortNames(isShared ? withoutNames(known) : known);
  const wanted = attentions(model, now);
  const prompt = choosePrompt(model, wanted);
  const changes = [...wanted.map(({ until }) => until), model.firstPress?.until ?? null];
  const ends = changes.filter((at): at is number => at !== null && at >= now);
  return {
    state: {
      status: presentStatus(model, wanted, now, prompt?.key ?? null),
      link: presentLink(model),
      source: { ...model.source, agent: model.person?.name ?? null, closing: model.closing },
      account: model.account,
      prompt,
      outbox: presentOutbox(model),
      database: model.database,
      review: model.review,
      notices: model.notices,
      question: model.question,
      appearance: model.appearance,
      settings: model.settings,
    },
    recheckAt: ends.length > 0 ? Math.min(...ends) : null,
  };
}

/** Over a live link something may still not be known: then the footer says no more than the head does. */
function isEverythingConfirmed(model: Model): boolean {
  const { listingProblem, unmentioned, unconfirmedConversations, communications } = model;
  const isLive = (key: string): boolean => {
    const communication = communications[key];
    return communication !== undefined && legStateOf(communication) !== 'over';
  };
  return (
    listingProblem === null && !unmentioned.some(isLive) && Object.keys(unconfirmedConversations).length === 0
  );
}

/** Contact with the server, in words. */
function presentLink(model: Model): Link {
  const { link, lastContactAt } = model;
  const base = { lastContactAt, retryAt: null, detail: '' };
  switch (link.kind) {
    case 'connecting':
      // Having been live, a new attempt is a gap in what we know, not a beginning.
      return model.everLive
        ? { ...base, freshness: 'stale', words: say('link.stale'), detail: say('link.reconnecting') }
        : { ...base, freshness: 'connecting', words: say('link.connecting') };
    case 'live':
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

function itemOf(model: Model, submission: Submission): OutboxItem | null {
  const { state } = submission;
  if (state === 'confirmed' || state === 'dropped') return null;
  const communication = model.communications[submission.key];
  const what = submission.kind === 'skip' ? say('outbox.skip') : (submission.name ?? submission.code ?? '');
  const about = communication ? subjectWords(communication) : say('prompt.subjectUnknown');
  return {
    id: submission.id,
    key: submission.key,
    words: `${what} – ${about}`,
    state,
    problem: submission.problem ?? '',
  };
}

/** Submissions the server has not confirmed, so that none waits unseen. */
function presentOutbox(model: Model): Outbox {
  const items = model.submissions
    .map((submission) => itemOf(model, submission))
    .filter((item) => item !== null);
  const parts = (['conflict', 'failed', 'waiting', 'accepted'] as const).map((state) => {
    const count = items.filter((item) => item.state === state).length;
    return count === 0 ? '' : say(state === 'conflict' ? 'outbox.conflicts' : `outbox.${state}`, { count });
  });
  return { items, words: joinClauses(parts) };
}
