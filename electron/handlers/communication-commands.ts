import type { Command, Feed, SendResult } from '../../domain/feed.ts';
import type { Reply } from '../../domain/ipc/contract.ts';
import type { StatusAction } from '../../domain/state.ts';
import { isSharing, legStateOf } from '../../domain/communication/phase.ts';
import { done, refused, unreachable } from '../../domain/toolbox/result.ts';
import { endsWords, isEnding, type EndingAction } from '../../domain/words/ending-words.ts';
import { say } from '../../domain/words/say.ts';
import { sharersOf } from '../../domain/present/model.ts';
import type { StateStore } from '../tracker/state.ts';

interface CommandParts {
  readonly store: StateStore;
  /** Of the account in use; null while there is none. */
  readonly feed: () => Pick<Feed, 'send' | 'reread'> | null;
  /** Epoch ms. */
  readonly now: () => number;
}

/** How a stop or a decline was asked for in the window. */
export interface Press {
  /** What the button said it would end besides; undefined where nothing was said. */
  readonly ends?: string;
  /** By a key, which says nothing. */
  readonly byKey?: true;
}

/** How long a second press is waited for, ms. */
export const secondPressMs = 2_000;

/** What a person can ask for about one communication, from wherever: each ends done, or with a reason in words. */
export interface CommunicationCommands {
  /** Does at once what a button, the tray, the stop key or a notification stands for. */
  readonly act: (action: StatusAction, key: string) => Promise<Reply<null>>;
  /**
   * Whether a press where nothing was said before does it: a hang-up ends every leg, so where more would end than the
   * share only the second of two presses counts. The first one is in the state then, with what a second one ends.
   */
  readonly isMeant: (action: StatusAction, key: string) => boolean;
  /** Stops sharing at a press in the window, which may warn first. */
  readonly stopInWindow: (key: string, press?: Press) => Promise<Reply<null>>;
  readonly declineInWindow: (key: string, press?: Press) => Promise<Reply<null>>;
  readonly requestAcw: (key: string, required: boolean) => Promise<Reply<null>>;
  /** Opens its wrap-up; null closes the one that is open. */
  readonly open: (key: string | null) => Reply<null>;
  readonly postpone: (key: string) => Reply<null>;
  /** A missed alert goes out of sight. */
  readonly dismiss: (key: string) => Reply<null>;
}

const unknown: Reply<never> = refused(say('refusal.unknown'));

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

export function createCommunicationCommands({ store, feed, now }: CommandParts): CommunicationCommands {
  /** Shares, by key, whose agent was warned once that their end means no after-call work. */
  const warned = new Set<string>();

  const find = (key: string) => store.model.getState().communications[key];
  const isAcwRequested = (key: string): boolean => find(key)?.screenshare.afterCallWorkRequired === true;

  /** Live commands are for now: they are never kept for later, when they would mean something else. */
  async function send(key: string, command: Command): Promise<Reply<null>> {
    const communication = find(key);
    const current = feed();
    if (!communication || !current) return unknown;
    const result = await current.send(communication, command);
    // The event usually comes by itself; a reading makes sure the picture follows the act.
    if (result.kind !== 'later') await current.reread(communication.conversationId);
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

  function endsOf(key: string): string {
    const communication = find(key);
    return communication ? endsWords(communication) : '';
  }

  function isMeant(action: StatusAction, key: string): boolean {
    const ends = isEnding(action) ? endsOf(key) : '';
    if (!isEnding(action) || ends === '') return true;
    const first = store.model.getState().firstPress;
    const isSecond =
      first?.key === key && first.action === action && first.ends === ends && now() <= first.until;
    store.update(() => ({
      firstPress: isSecond ? null : { key, action, ends, until: now() + secondPressMs },
    }));
    return isSecond;
  }

  /** True when the press means what would happen now; else what is to be answered instead. */
  function asSaid(action: EndingAction, key: string, { ends, byKey }: Press): true | Reply<null> {
    if (byKey) return isMeant(action, key) || done;
    // A call may have joined between the last picture and the press.
    const now = endsOf(key);
    return ends === undefined || ends === now || refused(say('refusal.endsMore', { ends: now || 'none' }));
  }

  /** Two legs of one after-call work are one prompt. */
  function isSame(key: string, other: string): boolean {
    return key === other || sharersOf(store.model.getState(), key).some((sharer) => sharer.key === other);
  }

  function open(key: string | null): Reply<null> {
    const { communications } = store.model.getState();
    if (key !== null && !communications[key]) return unknown;
    const onAir = Object.values(communications).find(isSharing)?.key ?? null;
    store.update(({ postponed }) => ({
      opened: key,
      openedOnAir: onAir,
      postponed: key === null ? postponed : postponed.filter((one) => !isSame(key, one)),
    }));
    return done;
  }

  function dismiss(key: string): Reply<null> {
    store.update(({ missedSeen }) => ({ missedSeen: { ...missedSeen, [key]: 0 } }));
    return done;
  }

  function postpone(key: string): Reply<null> {
    store.update(({ communications, opened, postponed }) => {
      const communication = communications[key];
      const isOpen = opened !== null && isSame(key, opened);
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
      default:
        return unreachable(action);
    }
  }

  return { act, isMeant, stopInWindow, declineInWindow, requestAcw, open, postpone, dismiss };
}

/**
 * The agent came to the window, or back to it: what they missed is seen from `now` (epoch ms). A window that was
 * in front all the while proves nothing: nobody may have sat before it.
 */
export function markMissedSeen(store: StateStore, now: number): void {
  const { status } = store.app.getState();
  const missed = [status, ...status.others].flatMap(({ key, actions }) =>
    key !== null && actions.includes('dismiss') ? [key] : [],
  );
  if (missed.length === 0) return;
  store.update(({ missedSeen }) => ({
    missedSeen: { ...missedSeen, ...Object.fromEntries(missed.map((key) => [key, now])) },
  }));
}
