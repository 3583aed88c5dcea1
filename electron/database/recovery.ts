import type { Restored } from '../../domain/backups.ts';
import { fileProblemCodes, type DatabaseProblemCode, type FileProblemCode } from '../../domain/database.ts';
import type { KnownState } from '../../domain/present/known-state.ts';
import type { KeyQuestion, Ways } from '../../domain/state.ts';
import { dayAndTime } from '../../domain/words/time-words.ts';
import { say } from '../../domain/words/say.ts';
import { backupsOf, type TaskPlace } from '../store/backups/run-task.ts';
import { hasOtherKey } from '../store/backups/key-backup.ts';
import { logWaits } from '../store/missing-file.ts';
import type { KeyProblemCode } from '../store/key-file.ts';
import type { Recording } from '../tracker/recording.ts';

/** What can be done about a database that cannot be used, by what is wrong with it. */

/** What the person is asked about: a problem, the passphrase, or how the key of a new database is kept. */
export type QuestionCode = DatabaseProblemCode | KeyProblemCode | 'folder' | 'passphrase' | 'choose';

export const noWays: Ways = { backups: [], rescue: false, keyBackup: false, aside: false };

/** The file or the disk under it is broken: a backup, or what can be read, may take its place. */
const broken: ReadonlySet<QuestionCode> = new Set<QuestionCode>(['damaged', 'gone', 'wrong-key', 'io']);
/** It cannot be opened as things are, and waiting may not help: a passphrase may be forgotten. */
const closed: ReadonlySet<QuestionCode> = new Set<QuestionCode>([
  'damaged',
  'gone',
  'wrong-key',
  'io',
  'newer-version',
  'development-version',
  'missing',
  'unreadable',
  'sealed',
  'passphrase',
]);
const ofTheKey: ReadonlySet<QuestionCode> = new Set<QuestionCode>(['missing', 'unreadable']);

/** Something of the database itself may still be read: with a key that opens nothing there is nothing. */
function canBeRead(code: QuestionCode, folder: string): boolean {
  return code === 'damaged' || code === 'io' || (code === 'gone' && logWaits(folder));
}

async function backupChoices(place: TaskPlace, locale: string): Promise<Ways['backups']> {
  const backups = await backupsOf(place).catch(() => []);
  return backups.map(({ name, at, records }) => ({ name, words: dayAndTime(at, locale), records }));
}

/** @param key what the database was to be opened with; null when it could not be had */
export async function waysOutOf(
  code: QuestionCode,
  place: Omit<TaskPlace, 'key'>,
  key: Uint8Array | null,
  locale: string,
): Promise<Ways> {
  if (!closed.has(code)) return noWays;
  const backups = key && broken.has(code) ? await backupChoices({ ...place, key }, locale) : [];
  return {
    backups,
    rescue: key !== null && canBeRead(code, place.folder),
    keyBackup: ofTheKey.has(code) && hasOtherKey(place.folder),
    aside: true,
  };
}

const isOfTheFile = (code: QuestionCode): code is FileProblemCode =>
  (fileProblemCodes as readonly QuestionCode[]).includes(code);

/** What happened, for the person; `message` is what the database or its key said, with names of files. */
export function wordsFor(
  code: QuestionCode,
  message: string,
  ways: Ways,
): Pick<KeyQuestion, 'text' | 'detail'> {
  const isBeginning = code === 'wrong-key' && ways.backups.length > 0;
  if (isBeginning) return { text: say('database.help.what.beginning'), detail: message };
  return isOfTheFile(code)
    ? { text: say(`database.help.what.${code}`), detail: message }
    : { text: message, detail: '' };
}

/** The key goes along with what is put aside where it is the key that cannot be used. */
export function takesKeyAlong(code: QuestionCode, ways: Ways): boolean {
  if (['missing', 'unreadable', 'sealed', 'passphrase'].includes(code)) return true;
  // A key that opens the backups is the right one: then the file is damaged at its very beginning.
  return code === 'wrong-key' && ways.backups.length === 0;
}

/** What became of a restore, for the person. */
export function restoredWords({ at, kept, saved, isBackupWhole }: Restored, locale: string): string {
  const what =
    at === null
      ? say('database.restored.empty')
      : say(isBackupWhole ? 'database.restored.backup' : 'database.restored.partly', {
          when: dayAndTime(at, locale),
        });
  const { facts = 0, drafts = 0, submissions = 0 } = saved ?? {};
  const rest =
    facts + drafts + submissions === 0
      ? say('database.restored.nothing', { folder: kept })
      : say('database.restored.saved', { facts, drafts, submissions, folder: kept });
  return `${what} ${rest}`;
}

/**
 * Writes the agent's words into a database that may lack them, because it is new or restored from a backup:
 * drafts, and submissions on their way. What it has already stays what it is: an older revision of a draft
 * replaces nothing, and deciding the same thing again changes nothing.
 */
export async function rewriteWords({ drafts, submissions }: KnownState, recording: Recording): Promise<void> {
  for (const submission of submissions) {
    const { order: _order, ...unordered } = submission;
    const kept = await recording.attempt((database) => database.decide(unordered));
    const isCurrent = kept?.state === submission.state && kept.attempts === submission.attempts;
    if (kept && !isCurrent) {
      await recording.attempt((database) => database.updateSubmission({ ...submission, order: kept.order }));
    }
  }
  // After the submissions: each takes its draft along, and what is here was written since.
  for (const draft of Object.values(drafts)) await recording.attempt((database) => database.saveDraft(draft));
}
