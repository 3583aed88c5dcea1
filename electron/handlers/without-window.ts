import type { Reply } from '../../domain/ipc/contract.ts';
import { noTargetWords, targetOf, type Verb } from '../../domain/hand-over.ts';
import type { Notice, StateSource, StatusAction } from '../../domain/state.ts';
import { done, loggedReasonOf, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { Windows } from '../shell/windows.ts';
import { dropNotice, putNotice, type StateStore } from '../tracker/state.ts';

interface WithoutWindowParts {
  readonly store: StateStore;
  readonly act: (action: StatusAction, key: string) => Promise<Reply<null>>;
  /** False for the first press where it takes two; the state says so then. */
  readonly isMeant: (action: StatusAction, key: string) => boolean;
  readonly windows: Pick<Windows, 'focus' | 'raise'>;
  readonly notifications: Pick<NotificationService, 'say'>;
  readonly log: (message: string) => void;
}

const noticeId = (action: StatusAction): string => `refused/${action}`;

function noticeOf(action: StatusAction, reason: string): Notice {
  const text =
    action === 'stopSharing'
      ? say('notice.stillOnAir', { reason })
      : say('notice.refused', { action, reason });
  return { id: noticeId(action), tone: 'error', text };
}

export type ActWithoutWindow = (action: StatusAction, key: string) => Promise<Reply<null>>;

/** What a second press would do, as the state says it. */
function pressAgainOf({ app }: StateStore, key: string): string {
  const { status } = app.getState();
  return [status, ...status.others].find((line) => line.key === key)?.pressAgain ?? '';
}

/**
 * What is asked for where no button shows a refusal: in the tray, by the stop key, by a click on a notification.
 * A refusal becomes a notice in the window, the window comes into sight without taking the keyboard, and a
 * notification says it too; the next success takes the notice away. Resolves with the refusal, or done, when all of that
 * is done.
 */
export function createActWithoutWindow(parts: WithoutWindowParts): ActWithoutWindow {
  const { store, act, windows, notifications, log } = parts;

  async function attempt(action: StatusAction, key: string): Promise<Reply<null>> {
    try {
      return await act(action, key);
    } catch (error) {
      log(`${action}: ${loggedReasonOf(error)}`);
      return refused(say('ipc.failed'));
    }
  }

  return async (action, key) => {
    if (!parts.isMeant(action, key)) {
      windows.raise();
      return refused(pressAgainOf(store, key));
    }
    const reply = await attempt(action, key);
    if (reply.ok) {
      dropNotice(store, noticeId(action));
      // Writing needs the window, and the keyboard in it.
      if (action === 'openWrapUp' || action === 'correct') windows.focus();
      return reply;
    }
    const notice = noticeOf(action, reply.reason);
    putNotice(store, notice);
    windows.raise();
    notifications.say(say('app.name'), notice.text, action === 'stopSharing');
    return reply;
  };
}

interface VerbParts {
  readonly source: StateSource;
  readonly act: ActWithoutWindow;
  readonly windows: Pick<Windows, 'focus' | 'hide'>;
}

/** What another start hands over, and what keys from any program do: the most urgent communication is meant. */
export function createPerformVerb({ source, act, windows }: VerbParts): (verb: Verb) => Promise<Reply<null>> {
  return async (verb) => {
    switch (verb) {
      case 'show':
        windows.focus();
        return done;
      case 'hide':
        windows.hide();
        return done;
      case 'answer':
      case 'decline':
      case 'stop': {
        const target = targetOf(verb, source.getState());
        return target ? act(target.action, target.line.key) : refused(noTargetWords(verb));
      }
    }
  };
}
