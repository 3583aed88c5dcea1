import { mkdirSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { shell } from 'electron/common';
import { app } from 'electron/main';
import type { Reply } from '../../domain/ipc/contract.ts';
import type { ProgramFacts } from '../../domain/program-info.ts';
import { DatabaseProblem } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import type { Handlers } from '../ipc/router.ts';
import type { NotificationService } from '../shell/notifications.ts';
import type { Windows } from '../shell/windows.ts';
import { askWhereToSave } from '../shell/file-dialogs.ts';
import type { DataFolder } from '../program/data-folder.ts';
import { saveDiagnostics } from '../program/diagnostics.ts';
import type { DatabaseKeeper } from '../database/opening.ts';
import type { SettingsKeeper } from '../program/settings-in-force.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

interface SettingsIntentParts {
  readonly settings: SettingsKeeper;
  readonly folder: DataFolder;
  /** Of the account in use; null between two. */
  readonly keeper: () => DatabaseKeeper | null;
  readonly windows: Pick<Windows, 'openSettings' | 'windowOf'>;
  readonly notifications: () => NotificationService;
  /** Epoch ms. */
  readonly clock: () => number;
}

export type SettingsCall =
  | 'openSettings'
  | 'changeSettings'
  | 'setTheme'
  | 'describeProgram'
  | 'describeDatabase'
  | 'changeKeyKeeping'
  | 'testNotification'
  | 'verifyNow'
  | 'saveDiagnostics'
  | 'openLogFolder';

const done: Reply<null> = { ok: true, value: null };
const refused = (reason: string): Reply<never> => ({ ok: false, reason });

export function programFacts(folder: DataFolder): ProgramFacts {
  const { electron, chrome, node } = process.versions;
  const system = `${os.type()} ${os.release()} ${os.arch()}`;
  return {
    version: app.getVersion(),
    runtime: [`Electron ${electron}`, `Chromium ${chrome}`, `Node ${node}`, system],
    dataFolder: folder.path,
    logFolder: join(folder.path, 'logs'),
  };
}

/** What main does for the settings window. Every one ends in a visible success or a visible reason. */
export function createSettingsIntents(parts: SettingsIntentParts): Pick<Handlers, SettingsCall> {
  const { settings, folder, windows } = parts;
  const reading = () => parts.keeper()?.reading() ?? null;
  const today = (): string => new Date(parts.clock()).toISOString().slice(0, 10);

  return {
    openSettings: () => {
      windows.openSettings();
      return done;
    },
    changeSettings: (_caller, wanted) => {
      const changed = settings.change(wanted);
      if (changed.kind === 'refused') return refused(changed.reason);
      return { ok: true, value: { notKept: changed.kind === 'notKept' ? changed.reason : '' } };
    },
    setTheme: (_caller, { theme }) => {
      const changed = settings.change({ theme });
      // The menu shows what is in force; all it has to say is what went wrong.
      return changed.kind === 'done' ? done : refused(changed.reason);
    },
    describeProgram: () => ({ ok: true, value: programFacts(folder) }),
    describeDatabase: async () => {
      const open = reading();
      if (!open) return refused(say('settings.noDatabase'));
      const copies = parts.keeper()?.copies();
      const facts = {
        ...(await open.database.summary()),
        key: open.how,
        lastCopyAt: copies?.lastAt() ?? null,
        copyProblem: copies?.problem() ?? '',
      };
      return { ok: true, value: facts };
    },
    changeKeyKeeping: async (_caller, wanted) => {
      const keeper = parts.keeper();
      if (keeper === null) return refused(say('settings.noDatabase'));
      const refusal = await keeper.keepKey(wanted);
      return refusal === null ? done : refused(refusal);
    },
    testNotification: async () => ({ ok: true, value: await parts.notifications().test() }),
    verifyNow: async () => {
      const open = reading();
      if (!open) return refused(say('settings.noDatabase'));
      try {
        const value = await open.database.verify();
        await parts.keeper()?.judged(value);
        return { ok: true, value };
      } catch (error) {
        if (!(error instanceof DatabaseProblem)) throw error;
        if (error.code === 'damaged') parts.keeper()?.troubled(error);
        return refused(error.message);
      }
    },
    saveDiagnostics: async () => {
      const file = await askWhereToSave(
        windows.windowOf('settings'),
        `sharelight-diagnostics-${today()}`,
        'md',
      );
      if (file === null) return { ok: true, value: null };
      try {
        await saveDiagnostics(file, folder, () => Promise.resolve(reading()?.database ?? null));
        return { ok: true, value: { file } };
      } catch (error) {
        return refused(say('settings.fileFailed', { file, reason: reasonOf(error) }));
      }
    },
    openLogFolder: async () => {
      const { logFolder } = programFacts(folder);
      mkdirSync(logFolder, { recursive: true });
      const problem = await shell.openPath(logFolder);
      return problem === '' ? done : refused(say('settings.folderNotOpened', { folder: logFolder }));
    },
  };
}
