import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { shell } from 'electron/common';
import { dayMs } from '../../domain/clocks/time.ts';
import { DatabaseProblem } from '../../domain/database.ts';
import type { CallReplies, Reply } from '../../domain/ipc/contract.ts';
import type { LogLine } from '../../domain/log-lines.ts';
import type { ProgramInfo } from '../../domain/program-info.ts';
import type { SettingsChange } from '../../domain/settings.ts';
import type { Snapshot } from '../../domain/state.ts';
import type { TextSizeStep } from '../../domain/text-size.ts';
import { done, ok, reasonOf, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { AccountControl } from '../account/account.ts';
import type { AccountSession } from '../account/account-session.ts';
import type { HandlersOf } from '../ipc/router.ts';
import { testCapture } from '../shell/capture-test.ts';
import { askWhereToSave } from '../shell/file-dialogs.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { Updates } from '../shell/updates.ts';
import type { Windows } from '../shell/windows.ts';
import type { OpenedDatabase } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import { dayOf, type RecordCalls } from './record-calls.ts';

/** Puts a change of the settings in force; it refuses, or says why the change is not kept. */
export type ChangeSettings = (change: SettingsChange) => Promise<Reply<CallReplies['changeSettings']>>;

/** Makes everything in the windows larger or smaller. */
export type StepTextSize = (step: TextSizeStep) => Promise<Reply<null>>;

export interface SettingsHandlerParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's is being opened. */
  readonly session: () => Pick<AccountSession, 'database' | 'agreedNow' | 'archive'> | null;
  readonly records: RecordCalls;
  readonly account: Pick<AccountControl, 'signIn' | 'cancelSignIn' | 'signOut'>;
  readonly changeSettings: ChangeSettings;
  readonly stepTextSize: StepTextSize;
  readonly describeProgram: () => ProgramInfo;
  /** Writes the report of this program and the database in use. @throws when the file cannot be written */
  readonly saveDiagnostics: (file: string, database: OpenedDatabase | null) => Promise<void>;
  /** @throws when it cannot be read */
  readonly readLog: () => readonly LogLine[];
  /** Resolves once there are some. */
  readonly notifications: () => Promise<Pick<NotificationService, 'test'>>;
  /** Once there are some: looks for a newer version, or restarts for the one that is ready. */
  readonly updates: () => Promise<Pick<Updates, 'look' | 'restart'>>;
  readonly windows: Pick<Windows, 'windowOf' | 'openReview'>;
  readonly snapshot: () => Snapshot;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Of the organisation's digests, before its archive has given its own. */
const standInKey = randomBytes(32).toString('base64url');

/** The calls of the settings window, in the order of the call map. */
export function createSettingsHandlers(parts: SettingsHandlerParts): HandlersOf<'settings'> {
  const { store, records, account, windows, now } = parts;
  const database = () => parts.session()?.database ?? null;
  /** As deletion goes by it; until the server has told it, as this machine does. */
  const agreedNow = (): number => parts.session()?.agreedNow() ?? now();
  const ownWindow = () => windows.windowOf('settings');

  async function inDatabase<Value>(
    work: (database: OpenedDatabase) => Promise<Value>,
  ): Promise<Reply<Value>> {
    const open = database()?.inUse();
    if (!open) return refused(say('settings.noDatabase'));
    try {
      return ok(await work(open.database));
    } catch (error) {
      if (!(error instanceof DatabaseProblem)) throw error;
      return refused(error.message);
    }
  }

  return {
    getSnapshot: () => ok(parts.snapshot()),
    changeSettings: (change) => parts.changeSettings(change),
    stepTextSize: ({ step }) => parts.stepTextSize(step),
    openReview: () => {
      windows.openReview();
      return done;
    },
    describeProgram: () => ok(parts.describeProgram()),
    describeDatabase: async () => {
      const open = database()?.inUse();
      if (!open) return refused(say('settings.noDatabase'));
      return ok({
        ...(await open.database.summary()),
        key: open.how,
        lastBackupAt: open.backups.lastAt(),
        backupProblem: open.backups.problem(),
      });
    },
    changeKeyKeeping: async (wanted) =>
      (await database()?.changeKeyKeeping(wanted)) ?? refused(say('settings.noDatabase')),
    testNotification: async () => ok(await (await parts.notifications()).test()),
    verifyNow: async () => {
      const account = database();
      const open = account?.inUse();
      if (!account || !open) return refused(say('settings.noDatabase'));
      try {
        const verification = await open.database.verify();
        await account.handleVerification(verification);
        return ok(verification);
      } catch (error) {
        if (!(error instanceof DatabaseProblem)) throw error;
        if (error.code === 'damaged') account.closeDamaged(error);
        return refused(error.message);
      }
    },
    exportRecords: (wanted) =>
      records.exportTo(ownWindow(), { review: records.own(), opened: false, counted: true }, wanted),
    stopTask: () => records.stopTask(),
    planDeletion: (what) => records.planDeletion(what),
    planKeeping: ({ days }) =>
      records.planDeletion({ kind: 'range', since: null, until: agreedNow() - days * dayMs }),
    deleteRecords: (what) => records.deleteRecords(what),
    nextExpiry: () => {
      const { keepDays } = store.model.getState().settings.values;
      if (keepDays === null) return ok(null);
      return records.ask(records.own(), async (review) => {
        const next = await review.nextExpiry(keepDays * dayMs, parts.session()?.agreedNow() ?? null);
        // Records are as old as the server says; the windows count by this machine's clock.
        return next && { ...next, at: next.at - (agreedNow() - now()) };
      });
    },
    showArchiveLine: ({ before }) =>
      inDatabase(async ({ archive }) => {
        const { person, settings } = store.model.getState();
        const known = parts.session()?.archive()?.identity() ?? null;
        const identity = known ?? { agentId: person?.id ?? 'agent', maskKey: standInKey };
        const how = {
          ...identity,
          mask: settings.values['archive.mask'],
          now: parts.session()?.agreedNow() ?? null,
        };
        const line = await archive.preview(how, before);
        return line && { ...line, exact: known !== null };
      }),
    readArchiveIssues: () => inDatabase(({ archive }) => archive.issues()),
    offerRefused: async () => {
      const room = parts.session()?.archive();
      if (!room) return refused(say('settings.archive.nobody'));
      const reply = await inDatabase(() => room.offerRefused());
      if (!reply.ok) return reply;
      return reply.value ? done : refused(say('settings.noDatabase'));
    },
    saveDiagnostics: async () => {
      const file = await askWhereToSave(ownWindow(), `sharelight-diagnostics-${dayOf(now())}`, 'md');
      if (file === null) return ok(null);
      try {
        await parts.saveDiagnostics(file, database()?.inUse()?.database ?? null);
        return ok({ file });
      } catch (error) {
        return refused(say('settings.fileFailed', { file, reason: reasonOf(error) }));
      }
    },
    readLog: () => {
      try {
        return ok(parts.readLog());
      } catch (error) {
        return refused(say('settings.log.failed', { reason: reasonOf(error) }));
      }
    },
    testCapture: async () => {
      const window = ownWindow();
      if (window === null) return refused(say('ipc.notAllowed'));
      window.focus();
      return ok(await testCapture(window));
    },
    openLogFolder: async () => {
      const { logFolder } = parts.describeProgram();
      mkdirSync(logFolder, { recursive: true });
      const problem = await shell.openPath(logFolder);
      return problem === '' ? done : refused(say('settings.folderNotOpened', { folder: logFolder }));
    },
    lookForUpdates: async () => (await parts.updates()).look(),
    restartToUpdate: async () => (await parts.updates()).restart(),
    signIn: (target) => account.signIn(target),
    cancelSignIn: () => account.cancelSignIn(),
    signOut: () => account.signOut(),
  };
}
