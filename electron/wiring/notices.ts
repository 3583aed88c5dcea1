import { basename } from 'node:path';
import type { Notice } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import type { PreferencesFile } from '../shell/preferences.ts';
import type { DataFolder } from './data-folder.ts';

/** What went wrong while starting and the person must know, each in one sentence. */
export function openingNotices(
  preferences: PreferencesFile,
  folder: DataFolder,
  policyProblem: string,
): Notice[] {
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
  if (policyProblem !== '') notices.push({ id: 'policy', tone: 'warning', text: policyProblem });
  return notices;
}
