import type { Feed, SendResult } from '../../domain/feed.ts';
import type { Reply } from '../../domain/ipc/contract.ts';
import type { Snapshot, StatusAction } from '../../domain/state.ts';
import { isSharing, stageOf } from '../../domain/communication/phase.ts';
import { say } from '../../domain/words/say.ts';
import type { Handlers } from '../ipc/router.ts';
import type { Windows } from '../shell/windows.ts';
import type { StateStore } from '../tracker/state.ts';
import type { AccountKeeper } from '../account/account.ts';
import type { Desk } from '../account/account-session.ts';
import type { ReviewCall } from './review.ts';
import type { SettingsCall } from './settings.ts';
import { unreachable } from '../../domain/toolbox/result.ts';

interface IntentParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's turn comes. */
  readonly desk: () => Desk | null;
  readonly account: AccountKeeper['intents'];
  readonly windows: Windows;
  readonly snapshot: () => Snapshot;
}

const done: Reply<null> = { ok: true, value: null };
const unknown: Reply<never> = { ok: false, reason: say('refusal.unknown') };

function reply(refusal: string | null): Reply<null> {
  return refusal === null ? done : { ok: false, reason: refusal };
}

function outcome(result: SendResult): Reply<null> {
  switch (result.kind) {
    case 'accepted':
      return done;
    case 'unreachable':
    case 'refused':
    case 'later':
      return { ok: false, reason: result.reason };
    default:
      return unreachable(result);
  }
}

/**
 * What main does for each thing a person asks for. Every one ends in a visible success or a visible reason: a
 * window draws the reply next to its button, and what was asked for elsewhere is told by `outside.ts`.
 */
export function createIntents(parts: IntentParts): {
  handlers: Omit<Handlers, SettingsCall | ReviewCall>;
  act: (action: StatusAction, key: string) => Promise<Reply<null>>;
} {
  const { store, windows } = parts;
  /** Shares, by key, whose end the agent was told once means no after-call work. */
  const reminded = new Set<string>();

  /** Something decided about a call: without a desk there is no call it could be about. */
  async function decide(work: (desk: Desk) => Promise<string | null>): Promise<Reply<null>> {
    const desk = parts.desk();
    return reply(desk ? await work(desk) : say('refusal.unknown'));
  }

  /** Live commands are for now: they are never kept for later, when they would mean something else. */
  async function command(key: string, what: Parameters<Feed['send']>[1]): Promise<Reply<null>> {
    const communication = store.model.getState().communications[key];
    const feed = parts.desk()?.feed();
    if (!communication || !feed) return unknown;
    const result = await feed.send(communication, what);
    // The event usually comes by itself; a reading makes sure the picture follows the act.
    if (result.kind !== 'later') await feed.reread(communication.conversationId);
    return outcome(result);
  }

  function isAcwRequested(key: string): boolean {
    return store.model.getState().communications[key]?.screenshare.afterCallWorkRequired === true;
  }

  /**
   * With after-call work only on request, the end of the call is the end of that choice: the first press in the
   * window says so. The stop key and the tray never wait: off the air comes first where nobody sees a question.
   */
  function stopInSight(key: string): Promise<Reply<null>> | Reply<null> {
    const communication = store.model.getState().communications[key];
    const forgets = communication?.policy === 'agentRequested' && !isAcwRequested(key);
    if (!forgets || reminded.has(key)) return act('stopSharing', key);
    reminded.add(key);
    return { ok: false, reason: say('refusal.noAcwRequested') };
  }

  function open(key: string | null): Reply<null> {
    const { communications } = store.model.getState();
    if (key !== null && !communications[key]) return unknown;
    const onAir = Object.values(communications).find(isSharing)?.key ?? null;
    store.update(({ postponed }) => ({
      opened: key,
      openedOnAir: onAir,
      postponed: postponed.filter((one) => one !== key),
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
      // While it is connected the prompt is only put away: it still comes when the call has ended.
      const ended = communication !== undefined && stageOf(communication) === 'over';
      const put = ended && !postponed.includes(key) ? [...postponed, key] : postponed;
      return { opened: opened === key ? null : opened, postponed: put };
    });
    return done;
  }

  function act(action: StatusAction, key: string): Promise<Reply<null>> {
    switch (action) {
      case 'answer':
        return command(key, { kind: 'answer' });
      case 'decline':
      case 'stopSharing':
        return command(key, { kind: 'disconnect' });
      case 'requestAcw':
        return command(key, { kind: 'requireAcw', required: !isAcwRequested(key) });
      case 'openWrapUp':
        return Promise.resolve(open(key));
      case 'dismiss':
        return Promise.resolve(dismiss(key));
      default:
        return unreachable(action);
    }
  }

  const handlers: Omit<Handlers, SettingsCall | ReviewCall> = {
    getSnapshot: () => ({ ok: true, value: parts.snapshot() }),
    saveDraft: async (_caller, draft) => {
      const desk = parts.desk();
      if (!desk) return unknown;
      const refusal = await desk.outbox.saveDraft(draft);
      const durable = refusal === null;
      return { ok: true, value: { revision: draft.revision, durable, reason: refusal ?? '' } };
    },
    submitWrapUp: (_caller, { key }) => decide(({ outbox }) => outbox.submit(key)),
    skipWrapUp: (_caller, { key }) => decide(({ outbox }) => outbox.skip(key)),
    postponeWrapUp: (_caller, { key }) => postpone(key),
    openWrapUp: (_caller, { key }) => open(key),
    sendMine: (_caller, { key }) => decide(({ outbox }) => outbox.sendMine(key)),
    keepTheirs: (_caller, { key }) => decide(({ outbox }) => outbox.keepTheirs(key)),
    setFavourite: async (_caller, { code, favourite }) => {
      const desk = parts.desk();
      const uses = await desk?.history.attempt(async (database) => {
        await database.setFavourite(code, favourite);
        return database.codeUses();
      });
      // Another account's turn may have come meanwhile.
      if (uses && desk === parts.desk()) store.update(() => ({ uses }));
      return uses ? done : { ok: false, reason: say('refusal.notKept') };
    },
    answer: (_caller, { key }) => act('answer', key),
    decline: (_caller, { key }) => act('decline', key),
    stopSharing: (_caller, { key }) => stopInSight(key),
    requestAfterCallWork: (_caller, { key, required }) => command(key, { kind: 'requireAcw', required }),
    retryNow: () => {
      const feed = parts.desk()?.feed();
      if (!feed) return { ok: false, reason: say('refusal.noFeed') };
      feed.reconnect();
      return done;
    },
    dismissNotice: (_caller, { id }) => {
      store.update(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
      return done;
    },
    dismissMissed: (_caller, { key }) => dismiss(key),
    answerKeyQuestion: (_caller, answer) => decide(({ keeper }) => keeper.answer(answer)),
    ...parts.account,
    fitWindow: (_caller, { height }) => {
      windows.fit(height);
      return done;
    },
    hideWindow: () => {
      windows.hide();
      return done;
    },
  };
  return { handlers, act };
}
