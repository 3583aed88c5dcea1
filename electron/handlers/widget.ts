import type { Feed } from '../../domain/feed.ts';
import type { Reply } from '../../domain/ipc/contract.ts';
import type { Snapshot } from '../../domain/state.ts';
import { done, ok, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { AccountControl } from '../account/account.ts';
import type { AccountDatabase } from '../database/opening.ts';
import type { HandlersOf } from '../ipc/router.ts';
import type { Outbox } from '../outbox/contract.ts';
import type { Windows } from '../shell/windows.ts';
import type { Recording } from '../tracker/recording.ts';
import { dropNotice, leadTo, type StateStore } from '../tracker/state.ts';
import type { CommunicationCommands } from './communication-commands.ts';
import type { ChangeSettings, StepTextSize } from './settings.ts';
import type { ShowRecord } from './show-record.ts';

/** What the widget uses of the account session. */
interface Session {
  readonly outbox: Pick<Outbox, 'saveDraft' | 'submit' | 'skip' | 'undo' | 'sendMine' | 'keepTheirs'>;
  readonly recording: Pick<Recording, 'attempt' | 'recall'>;
  readonly database: Pick<AccountDatabase, 'answer'>;
  readonly feed: () => Pick<Feed, 'reconnect'> | null;
}

export interface WidgetHandlerParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's is being opened. */
  readonly session: () => Session | null;
  /** Of the account that has this communication, also while its session closes; null when neither has it. */
  readonly sessionOf: (key: string) => Session | null;
  /** The window has handed over what was being written. */
  readonly draftsSaved: () => void;
  readonly commands: CommunicationCommands;
  readonly account: Pick<AccountControl, 'signIn' | 'cancelSignIn' | 'lookAround'>;
  /** Keeps that the gate before the first share of the day was accepted. */
  readonly acceptGate: () => void;
  readonly changeSettings: ChangeSettings;
  readonly stepTextSize: StepTextSize;
  readonly windows: Pick<Windows, 'fit' | 'hide' | 'openSettings' | 'openReview'>;
  readonly showRecord: ShowRecord;
  readonly snapshot: () => Snapshot;
}

/** The calls of the widget, in the order of the call map. The window draws each reply next to its button. */
export function createWidgetHandlers(parts: WidgetHandlerParts): HandlersOf<'widget'> {
  const { store, commands, account, windows } = parts;

  /** What is decided about a communication goes to the account that has it, whatever is on screen. */
  function inSessionOf<Value>(
    key: string,
    work: (outbox: Session['outbox']) => Promise<Reply<Value>>,
  ): Promise<Reply<Value>> {
    const session = parts.sessionOf(key);
    return session ? work(session.outbox) : Promise.resolve(refused(say('refusal.unknown')));
  }

  return {
    getSnapshot: () => ok(parts.snapshot()),
    saveDraft: (draft) => inSessionOf(draft.key, (outbox) => outbox.saveDraft(draft)),
    draftsSaved: () => {
      parts.draftsSaved();
      return done;
    },
    submitWrapUp: ({ key }) => inSessionOf(key, (outbox) => outbox.submit(key)),
    skipWrapUp: ({ key }) => inSessionOf(key, (outbox) => outbox.skip(key)),
    undoWrapUp: ({ key }) => inSessionOf(key, (outbox) => outbox.undo(key)),
    postponeWrapUp: ({ key }) => commands.postpone(key),
    openWrapUp: ({ key }) => commands.open(key),
    sendMine: ({ key }) => inSessionOf(key, (outbox) => outbox.sendMine(key)),
    keepTheirs: ({ key }) => inSessionOf(key, (outbox) => outbox.keepTheirs(key)),
    lastNotes: async ({ code }) => {
      const notes = await parts.session()?.recording.recall((database) => database.lastNotes(code));
      return ok(notes ?? []);
    },
    correctWrapUp: ({ key }) => commands.correct(key),
    chooseNextStatus: ({ key, id }) => commands.chooseNextStatus(key, id),
    setFavourite: async ({ code, favourite }) => {
      const session = parts.session();
      // Codes belong to an organisation, as communications do to an account.
      const known = Object.values(store.model.getState().codes).flatMap(({ codes }) => codes);
      if (!known.some(({ id }) => id === code)) return refused(say('refusal.unknown'));
      const uses = await session?.recording.attempt(async (database) => {
        await database.setFavourite(code, favourite);
        return database.codeUses();
      });
      // Another account's session may have begun meanwhile.
      if (uses && session === parts.session()) store.update(() => ({ uses }));
      return uses ? done : refused(say('refusal.notKept'));
    },
    answer: ({ key }) => commands.act('answer', key),
    decline: ({ key, ...press }) => commands.declineInWindow(key, press),
    stopSharing: ({ key, ...press }) => commands.stopInWindow(key, press),
    keepSharing: () => {
      store.update(({ reminder }) => ({ reminder: reminder && { ...reminder, asks: false } }));
      return done;
    },
    acceptGate: () => {
      parts.acceptGate();
      return done;
    },
    requestAfterCallWork: ({ key, required }) => commands.requestAcw(key, required),
    retryNow: () => {
      const feed = parts.session()?.feed();
      if (!feed) return refused(say('refusal.noFeed'));
      feed.reconnect();
      return done;
    },
    dismissNotice: ({ id }) => {
      dropNotice(store, id);
      return done;
    },
    dismissMissed: ({ key }) => commands.dismiss(key),
    answerKeyQuestion: async (answer) =>
      (await parts.session()?.database.answer(answer)) ?? refused(say('refusal.nothingAsked')),
    signIn: (target) => account.signIn(target),
    cancelSignIn: () => account.cancelSignIn(),
    setTheme: async ({ theme }) => {
      const changed = await parts.changeSettings({ theme });
      // The menu shows what is in force; all it has to say is what went wrong.
      if (!changed.ok) return changed;
      return changed.value.notKept === '' ? done : refused(changed.value.notKept);
    },
    stepTextSize: ({ step }) => parts.stepTextSize(step),
    fitWindow: (content) => {
      windows.fit(content);
      return done;
    },
    hideWindow: () => {
      windows.hide();
      return done;
    },
    lookAround: () => account.lookAround(),
    setStartAtLogin: async ({ on }) => {
      const changed = await parts.changeSettings({ startAtLogin: on });
      if (!changed.ok) return changed;
      return changed.value.notKept === '' ? done : refused(changed.value.notKept);
    },
    openSettings: (to) => {
      if (to) leadTo(store, to);
      windows.openSettings();
      return done;
    },
    openReview: async (at) => {
      if (at) await parts.showRecord(at.record);
      else windows.openReview();
      return done;
    },
  };
}
