import { basename } from 'node:path';
import type { Notice } from '../../domain/state.ts';
import { formerStopKey } from '../../domain/settings.ts';
import { acceleratorWords } from '../../domain/shortcut.ts';
import { say } from '../../domain/words/say.ts';
import type { DisplayServer } from '../shell/display-server.ts';
import type { PreferencesFile } from '../shell/preferences.ts';
import { putNotice, type StateStore } from '../tracker/state.ts';
import type { DataFolder } from './data-folder.ts';

interface StartFindings {
  readonly preferences: PreferencesFile;
  readonly folder: DataFolder;
  /** In words; empty when all is well. */
  readonly policyProblem: string;
  /** What shows the windows. */
  readonly server: DisplayServer;
  /** Where a policy lies that anybody may have put there; null: nowhere. */
  readonly untrustedPolicy: string | null;
  /** Names of what was taken out of the environment. */
  readonly ignoredVariables: readonly string[];
}

/** What went wrong while starting and the person must know, each in one sentence. */
export function startNotices({
  preferences,
  folder,
  policyProblem,
  server,
  untrustedPolicy,
  ignoredVariables,
}: StartFindings): Notice[] {
  const notices: Notice[] = [];
  if (folder.problem !== null) {
    const text = say('notice.folderNotWritable', { folder: folder.path, reason: folder.problem });
    notices.push({ id: 'folder', tone: 'error', text });
  }
  if (preferences.setAside !== null) {
    const text = say('notice.preferencesSetAside', { file: basename(preferences.setAside) });
    notices.push({ id: 'preferences', tone: 'warning', text });
  }
  const problem = preferences.problem();
  if (problem !== null && folder.problem === null) {
    const text = say('notice.preferencesNotKept', { reason: problem });
    notices.push({ id: 'preferences-kept', tone: 'warning', text });
  }
  if (server === 'wayland' && !preferences.get().toldAboutWayland) {
    preferences.set({ toldAboutWayland: true });
    notices.push({ id: 'wayland', tone: 'info', text: say('notice.wayland') });
  }
  if (preferences.stopKeyMoved) {
    const keys = acceleratorWords(formerStopKey, process.platform === 'darwin');
    const text = say('notice.stopKeyMoved', { keys });
    notices.push({ id: 'stop-key', tone: 'info', text });
  }
  if (policyProblem !== '') notices.push({ id: 'policy', tone: 'warning', text: policyProblem });
  if (untrustedPolicy !== null) {
    const text = say('notice.policyUntrusted', { file: untrustedPolicy });
    notices.push({ id: 'policy-untrusted', tone: 'warning', text });
  }
  if (ignoredVariables.length > 0) {
    const text = say('notice.environment', {
      count: ignoredVariables.length,
      names: ignoredVariables.join(', '),
    });
    notices.push({ id: 'environment', tone: 'warning', text });
  }
  return notices;
}

/**
 * Says as they come that messages could not be read; how many there ever were is in Settings › Data. Returns its
 * stop.
 */
export function startQuarantineNotice(store: StateStore): () => void {
  const id = 'quarantined';
  /** Not dismissed yet. */
  let unread = 0;
  return store.model.subscribe((now, was) => {
    const more = now.database.quarantined - was.database.quarantined;
    // A database that is only now being read brings its own count along, with the rest of what it holds.
    const isRead = was.database.health !== 'opening' && now.communications === was.communications;
    if (more <= 0 || !isRead) return;
    unread = was.notices.some((notice) => notice.id === id) ? unread + more : more;
    const text = say('notice.quarantined', { count: unread });
    putNotice(store, { id, tone: 'warning', text });
  });
}
