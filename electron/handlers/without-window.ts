import type { Reply } from '../../domain/ipc/contract.ts';
import type { Notice, StatusAction } from '../../domain/state.ts';
import { say, type MessageKey } from '../../domain/words/say.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { Windows } from '../shell/windows.ts';
import type { StateStore } from '../tracker/state.ts';

interface OutsideParts {
  readonly store: StateStore;
  readonly act: (action: StatusAction, key: string) => Promise<Reply<null>>;
  readonly windows: Pick<Windows, 'focus' | 'raise'>;
  readonly notifications: () => Pick<NotificationService, 'say'>;
  readonly log: (message: string) => void;
}

const names: Record<StatusAction, MessageKey> = {
  answer: 'action.answer',
  decline: 'action.decline',
  stopSharing: 'action.stopSharing',
  requestAcw: 'action.requestAcw',
  openWrapUp: 'widget.openWrapUp',
  dismiss: 'ui.dismiss',
};

function refusalOf(action: StatusAction, reason: string): Notice {
  const text =
    action === 'stopSharing'
      ? say('notice.stillOnAir', { reason })
      : say('notice.refused', { action: say(names[action]), reason });
  return { id: `refused/${action}`, tone: 'error', text };
}

/**
 * What is asked for where no button shows a refusal: in the tray, by the stop key, by a click on a notification.
 * A refusal becomes a notice in the window, the window comes into sight without taking the keyboard, and a
 * notification says it too; the next success takes the notice away. Resolves when all of that is done.
 */
export function createOutside(parts: OutsideParts): (action: StatusAction, key: string) => Promise<void> {
  const { store, act, windows, log } = parts;

  function replaceNotice(id: string, notice: Notice | null): void {
    store.update(({ notices }) => ({
      notices: [...notices.filter((each) => each.id !== id), ...(notice ? [notice] : [])],
    }));
  }

  async function attempt(action: StatusAction, key: string): Promise<Reply<null>> {
    try {
      return await act(action, key);
    } catch (error) {
      log(`${action}: ${String(error)}`);
      return { ok: false, reason: say('ipc.failed') };
    }
  }

  return async (action, key) => {
    const reply = await attempt(action, key);
    const id = `refused/${action}`;
    if (reply.ok) {
      if (store.model.getState().notices.some((notice) => notice.id === id)) replaceNotice(id, null);
      // Writing needs the window, and the keyboard in it.
      if (action === 'openWrapUp') windows.focus();
      return;
    }
    const notice = refusalOf(action, reply.reason);
    replaceNotice(id, notice);
    windows.raise();
    parts.notifications().say(say('app.name'), notice.text, action === 'stopSharing');
  };
}
