import type { Command, Feed, SendResult } from '../../domain/feed.ts';
import type { Reply } from '../../domain/ipc/contract.ts';
import type { StatusAction } from '../../domain/state.ts';
import { isSharing, legStateOf } from '../../domain/communication/phase.ts';
import { done, refused, unreachable } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { missedAlerts } from '../../domain/present/attention.ts';
import { correctionOf } from '../../domain/present/correction.ts';
import { isGateShut } from '../../domain/present/share-gate.ts';
import { sharersOf, type KnownState } from '../../domain/present/known-state.ts';
import type { StateStore } from '../tracker/state.ts';
import { createSecondPress, type Press, type SecondPress } from './second-press.ts';

interface CommandParts {
  readonly store: StateStore;
  /** Of the account in use; null while there is none. */
  readonly feed: () => Pick<Feed, 'send'> | null;
  /** Asks the server how a conversation stands; what it says arrives as a fact. */
  readonly ask: (conversationId: string) => Promise<unknown>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What a person can ask for about one communication, from wherever: each ends done, or with a reason in words. */
export interface CommunicationCommands {
  /** Does at once what a button, the tray, the stop key or a notification stands for. */
  readonly act: (action: StatusAction, key: string) => Promise<Reply<null>>;
  readonly isMeant: SecondPress['isMeant'];
  /** Stops sharing at a press in the window, which may warn first. */
  readonly stopInWindow: (key: string, press?: Press) => Promise<Reply<null>>;
  readonly declineInWindow: (key: string, press?: Press) => Promise<Reply<null>>;
  readonly requestAcw: (key: string, required: boolean) => Promise<Reply<null>>;
  /** Opens its wrap-up; null closes the one that is open. */
  readonly open: (key: string | null) => Reply<null>;
  readonly postpone: (key: string) => Reply<null>;
  /** Opens a wrap-up that is over, to be changed; refused with who can where it cannot be from here. */
  readonly correct: (key: string) => Reply<null>;
  /** What the agent's status is set to when the work of this communication ends; null: it stays. */
  readonly chooseNextStatus: (key: string, id: string | null) => Reply<null>;
  /** A missed alert goes out of sight. */
  readonly dismiss: (key: string) => Reply<null>;
}

const unknown = (): Reply<never> => refused(say('refusal.unknown'));

function replyTo(result: SendResult): Reply<null> {
  switch (result.kind) {
    case 'accepted':
      return done;
    case 'unreachable':
    case 'refused':
    case 'later':
      return refused(result.reason);
    default:
      return unreachable(result);
  }
}

export function createCommunicationCommands({ store, feed, ask, now }: CommandParts): CommunicationCommands {
  /** Shares, by key, whose agent was warned once that their end means no after-call work. */
  const warned = new Set<string>();

  const { isMeant, asSaid } = createSecondPress({ store, now });
  const find = (key: string) => store.model.getState().communications[key];
  const isAcwRequested = (key: string): boolean => find(key)?.screenshare.afterCallWorkRequired === true;

  /** Live commands are for now: they are never kept for later, when they would mean something else. */
  async function send(key: string, command: Command): Promise<Reply<null>> {
    const communication = find(key);
    const current = feed();
    if (!communication || !current) return unknown();
    const result = await current.send(communication, command);
    // The event usually comes by itself; a reading makes sure the picture follows the act.
    if (result.kind !== 'later') await ask(communication.conversationId);
    return replyTo(result);
  }

  /**
   * With after-call work only on request, the end of the call is the end of that choice: the first press in the
   * window says so. The stop key and the tray never wait for that: off the air comes first where nobody sees a
   * question.
   */
  async function stopInWindow(key: string, press: Press = {}): Promise<Reply<null>> {
    const isSaid = asSaid('stopSharing', key, press);
    if (isSaid !== true) return isSaid;
    const losesAcw = find(key)?.policy === 'agentRequested' && !isAcwRequested(key);
    if (!losesAcw || warned.has(key)) return act('stopSharing', key);
    warned.add(key);
    return refused(say('refusal.noAcwRequested'));
  }

  async function declineInWindow(key: string, press: Press = {}): Promise<Reply<null>> {
    const isSaid = asSaid('decline', key, press);
    return isSaid === true ? act('decline', key) : isSaid;
  }

  /** Two legs of one after-call work are one prompt. */
  function isSame(key: string, other: string): boolean {
    return key === other || sharersOf(store.model.getState(), key).some((sharer) => sharer.key === other);
  }

  function open(key: string | null): Reply<null> {
    const { communications } = store.model.getState();
    if (key !== null && !communications[key]) return unknown();
    const onAir = Object.values(communications).find(isSharing)?.key ?? null;
    store.update(({ postponed }) => ({
      opened: key,
      openedOnAir: onAir,
      postponed: key === null ? postponed : postponed.filter((one) => !isSame(key, one)),
    }));
    return done;
  }

  /** They are one line: with the one that stands for them all go that were there before it. */
  function dismiss(key: string): Reply<null> {
    store.update((model) => {
      const keys = missedAlerts(model, now()).map((missed) => missed.key);
      const [, ...before] = keys.slice(Math.max(0, keys.indexOf(key)));
      return { missedSeen: withSeen(model, [key, ...(keys.includes(key) ? before : [])], 0) };
    });
    return done;
  }

  function correct(key: string): Reply<null> {
    const correction = correctionOf(store.model.getState(), key, now());
    if (!correction.ok) return correction;
    store.update(() => ({ correcting: correction.value }));
    return open(key);
  }

  function chooseNextStatus(key: string, id: string | null): Reply<null> {
    const choice = store.model.getState().statusChoices.find((one) => one.id === id);
    if (!find(key) || (id !== null && !choice)) return unknown();
    store.update(() => ({ nextStatus: choice ? { ...choice, key } : null }));
    return done;
  }

  function postpone(key: string): Reply<null> {
    store.update(({ communications, correcting, opened, postponed }) => {
      const communication = communications[key];
      const isOpen = opened !== null && isSame(key, opened);
      if (correcting?.key === key) return { correcting: null, opened: isOpen ? null : opened };
      // While it is connected the prompt is only put away: it still comes when the call has ended.
      const ended = communication !== undefined && legStateOf(communication) === 'over';
      const put = ended && !postponed.includes(key) ? [...postponed, key] : postponed;
      return { opened: isOpen ? null : opened, postponed: put };
    });
    return done;
  }

  const requestAcw = (key: string, required: boolean) => send(key, { kind: 'requireAcw', required });

  async function act(action: StatusAction, key: string): Promise<Reply<null>> {
    switch (action) {
      case 'answer':
        if (isGateShut(store.model.getState(), now())) return refused(say('refusal.gate'));
        return send(key, { kind: 'answer' });
      case 'decline':
      case 'stopSharing':
        return send(key, { kind: 'disconnect' });
      case 'requestAcw':
        return requestAcw(key, !isAcwRequested(key));
      case 'openWrapUp':
        return open(key);
      case 'dismiss':
        return dismiss(key);
      case 'correct':
        return correct(key);
      default:
        return unreachable(action);
    }
  }

  return {
    act,
    isMeant,
    stopInWindow,
    declineInWindow,
    requestAcw,
    open,
    postpone,
    correct,
    chooseNextStatus,
    dismiss,
  };
}

/** `at`: epoch ms; 0 for what was dismissed. */
function withSeen({ missedSeen }: KnownState, keys: readonly string[], at: number): KnownState['missedSeen'] {
  return { ...missedSeen, ...Object.fromEntries(keys.map((key) => [key, at])) };
}

/**
 * The agent came to the window, or back to it: what they missed is seen from `now` (epoch ms). A window that was
 * in front all the while proves nothing: nobody may have sat before it.
 */
export function markMissedSeen(store: StateStore, now: number): void {
  const unseen = missedAlerts(store.model.getState(), now).filter((each) => each.unseen);
  if (unseen.length === 0) return;
  const keys = unseen.map(({ key }) => key);
  store.update((model) => ({ missedSeen: withSeen(model, keys, now) }));
}
