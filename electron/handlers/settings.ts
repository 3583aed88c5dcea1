import { mkdirSync } from 'node:fs';
import { shell } from 'electron/common';
import { DatabaseProblem } from '../../domain/database.ts';
import type { CallReplies, Reply } from '../../domain/ipc/contract.ts';
import type { ProgramInfo } from '../../domain/program-info.ts';
import type { SettingsChange } from '../../domain/settings.ts';
import type { Snapshot } from '../../domain/state.ts';
import { done, ok, reasonOf, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { AccountControl } from '../account/account.ts';
import type { AccountSession } from '../account/account-session.ts';
import { dayMs } from '../database/retention.ts';
import type { HandlersOf } from '../ipc/router.ts';
import { askWhereToSave } from '../shell/file-dialogs.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { Windows } from '../shell/windows.ts';
import type { OpenedDatabase } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import { dayOf, type RecordCalls } from './record-calls.ts';

/** Puts a change of the settings in force; it refuses, or says why the change is not kept. */
export type ChangeSettings = (change: SettingsChange) => Reply<CallReplies['changeSettings']>;

export interface SettingsHandlerParts {
  readonly store: StateStore;
  /** Of the account in use; null while another one's is being opened. */
  readonly session: () => Pick<AccountSession, 'database' | 'agreedNow'> | null;
  readonly records: RecordCalls;
  readonly account: Pick<AccountControl, 'signIn' | 'cancelSignIn' | 'signOut'>;
  readonly changeSettings: ChangeSettings;
  readonly describeProgram: () => ProgramInfo;
  /** Writes the report of this program and the database in use. @throws when the file cannot be written */
  readonly saveDiagnostics: (file: string, database: OpenedDatabase | null) => Promise<void>;
  readonly notifications: () => Pick<NotificationService, 'test'>;
  readonly windows: Pick<Windows, 'windowOf'>;
  readonly snapshot: () => Snapshot;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The calls of the settings window, in the order of the call map. */
export function createSettingsHandlers(parts: SettingsHandlerParts): HandlersOf<'settings'> {
  const { store, records, account, windows, now } = parts;
  const database = () => parts.session()?.database ?? null;
  /** As deletion goes by it; until the server has told it, as this machine does. */
  const agreedNow = (): number => parts.session()?.agreedNow() ?? now();
  const ownWindow = () => windows.windowOf('settings');

  return {
    getSnapshot: () => ok(parts.snapshot()),
    changeSettings: (change) => parts.changeSettings(change),
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
    testNotification: async () => ok(await parts.notifications().test()),
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
      records.exportTo(ownWindow(), { review: records.own(), opened: false }, wanted),
    stopTask: () => records.stopTask(),
    planDeletion: (what) => records.planDeletion(what),
    planKeeping: ({ days }) =>
      records.planDeletion({ kind: 'range', since: null, until: agreedNow() - days * dayMs }),
    deleteRecords: (what) => records.deleteRecords(what),
    nextExpiry: () => {
      const { keepDays } = store.model.getState().settings.values;
      if (keepDays === null) return ok(null);
      return records.ask(records.own(), async (review) => {
        const next = await review.nextExpiry(keepDays * dayMs);
        // Records are as old as the server says; the windows count by this machine's clock.
        return next && { ...next, at: next.at - (agreedNow() - now()) };
      });
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
    openLogFolder: async () => {
      const { logFolder } = parts.describeProgram();
      mkdirSync(logFolder, { recursive: true });
      const problem = await shell.openPath(logFolder);
      return problem === '' ? done : refused(say('settings.folderNotOpened', { folder: logFolder }));
    },
    signIn: (target) => account.signIn(target),
    cancelSignIn: () => account.cancelSignIn(),
    signOut: () => account.signOut(),
  };
}
