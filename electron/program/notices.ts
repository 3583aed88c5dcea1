import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { isTooOldToFile } from '../../domain/communication/moments.ts';
import { afterCallWorkOf } from '../../domain/communication/phase.ts';
import { isDecided } from '../../domain/present/attention.ts';
import { toServer } from '../../domain/present/known-state.ts';
import type { Notice } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
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
  if (server === 'wayland' && !preferences.get().toldAboutWayland) {
    preferences.set({ toldAboutWayland: true });
    notices.push({ id: 'wayland', tone: 'info', text: say('notice.wayland') });
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

/** Says that preferences are not kept, once what the start had to change in them was tried to be written. */
export async function notePreferencesProblem(
  store: StateStore,
  preferences: Pick<PreferencesFile, 'settled' | 'problem'>,
  folder: DataFolder,
): Promise<void> {
  await preferences.settled();
  const problem = preferences.problem();
  // Where the whole folder cannot be written, that was said.
  if (problem === null || folder.problem !== null) return;
  const text = say('notice.preferencesNotKept', { reason: problem });
  putNotice(store, { id: 'preferences-kept', tone: 'warning', text });
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

/** As many as are remembered: older ones have left the server's list long ago. */
const rememberedAtMost = 100;

interface TooOldParts {
  readonly store: StateStore;
  /** Marks of those that were told, over all runs. */
  readonly told: { readonly get: () => readonly string[]; readonly set: (marks: readonly string[]) => void };
  readonly clock: Clock;
}

/** Of a communication, for a file that anybody may read: it leads back to nobody. */
const markOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 16);

/**
 * Says once of after-call work that it can no longer be filed: by then it has left the queue. Not before the server was
 * read, which may have ended it meanwhile. Returns its stop.
 */
export function startTooOldNotice({ store, told, clock }: TooOldParts): () => void {
  const id = 'too-old-to-file';
  /** Not dismissed yet. */
  let unread = 0;
  let cancel = (): void => undefined;

  function look(): void {
    cancel();
    const model = store.model.getState();
    const due = Object.values(model.communications).filter((one) => afterCallWorkOf(one) === 'due');
    if (due.length === 0 || model.link.kind !== 'live') return;
    const isNew = (key: string): boolean => !told.get().includes(markOf(key));
    const tooOld = due.filter(
      (one) => isTooOldToFile(one, toServer(model, clock.now())) && !isDecided(model, one),
    );
    const marks = tooOld
      .map(({ key }) => key)
      .filter(isNew)
      .map(markOf);
    if (tooOld.length < due.length) cancel = clock.after(lookAgainMs, look);
    if (marks.length === 0) return;
    told.set([...told.get(), ...marks].slice(-rememberedAtMost));
    unread = model.notices.some((notice) => notice.id === id) ? unread + marks.length : marks.length;
    putNotice(store, { id, tone: 'info', text: say('notice.tooOldToFile', { count: unread }) });
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.communications !== was.communications || now.link !== was.link) look();
  });
  look();
  return () => {
    unsubscribe();
    cancel();
  };
}

/** Work grows old while nothing is heard of it, ms. */
const lookAgainMs = 60_000;
