import { mkdirSync } from 'node:fs';
import { dayMs } from '../../domain/clocks/time.ts';
import type { CallArguments } from '../../domain/ipc/contract.ts';
import { DatabaseProblem, type Verification } from '../../domain/database.ts';
import type { KeyKeeping, KeyKeepingChoice } from '../../domain/program-info.ts';
import type { Ways } from '../../domain/state.ts';
import { done, reasonOf, refused, unreachable, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { databaseFolder, demoAccount, workerFile, type Paths } from '../paths.ts';
import { raiseRevision } from '../review/revision.ts';
import { restoreDatabase } from '../store/backups/run-task.ts';
import { putKeyBack } from '../store/backups/key-backup.ts';
import { deleteAll, finishReplacing, putAside } from '../store/backups/replace-database.ts';
import { openDatabase, type OpenedDatabase } from '../store/client.ts';
import { answerKey, resolveKey, type KeyStore } from '../store/key.ts';
import type { Recording } from '../tracker/recording.ts';
import { putNotice, type StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import { createBackups, type Backups } from './backups.ts';
import { createDamageCheck } from './damage.ts';
import { createKeyProtection } from './key-protection.ts';
import {
  noWays,
  restoredWords,
  rewriteWords,
  takesKeyAlong,
  waysOutOf,
  wordsFor,
  type QuestionCode,
} from './recovery.ts';

interface DatabaseParts {
  readonly paths: Paths;
  readonly keyStore: KeyStore;
  /** `--key`. */
  readonly preference: 'system' | 'file';
  readonly store: StateStore;
  readonly recording: Recording;
  readonly tracker: () => Pick<Tracker, 'agreedNow' | 'catchUp' | 'recollect'>;
  /** Facts were missed while there was no database: read the server again. */
  readonly caughtUp: () => void;
  /** For how many days records are kept, as far as it may be acted on now; null: for ever. */
  readonly keepDays: () => number | null;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

type Answer = CallArguments['answerKeyQuestion'][0];

/** The database of the account in use. */
export interface AccountDatabase {
  /**
   * Opens the database of an account and takes up what it holds. Resolves also when it cannot be opened yet
   * (a question for the person, a problem): the live status goes on and says that recording is paused.
   */
  readonly open: (account: string) => Promise<void>;
  /** The person's answer to the question in the state. */
  readonly answer: (answer: Answer) => Promise<Result>;
  /** Null while it is not open. */
  readonly inUse: () => Pick<Opened, 'database' | 'how' | 'backups'> | null;
  /** Keeps its key in another way from now on. */
  readonly changeKeyKeeping: (wanted: KeyKeepingChoice) => Promise<Result>;
  /** It was found damaged: it is closed, and the person asked what to do. */
  readonly closeDamaged: (problem: DatabaseProblem) => void;
  /** Somebody who looked back met with damage: everything is checked, and damage found is dealt with. */
  readonly suspectDamage: (problem: DatabaseProblem) => void;
  /** Everything was checked: damage is dealt with. */
  readonly handleVerification: (verification: Verification) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Opened {
  readonly database: OpenedDatabase;
  /** How its key is kept. */
  readonly how: KeyKeeping;
  readonly key: Uint8Array;
  readonly backups: Backups;
}

/** What the person is asked about, and what the database would be opened with. */
interface Asked {
  readonly code: QuestionCode;
  readonly ways: Ways;
  readonly key: { readonly bytes: Uint8Array; readonly how: KeyKeeping } | null;
}

/** Why recording is paused, in a few words beside each kind of question. */
const waitsFor = {
  choose: 'database.waitsForKey',
  passphrase: 'database.waitsForPassphrase',
  problem: 'database.waitsForHelp',
} as const;

/** Joins the key, the store and the tracker: one database at a time, that of the account in use. */
export function createAccountDatabase(parts: DatabaseParts): AccountDatabase {
  const { paths, keyStore, preference, store, recording, now, log } = parts;
  let current: string | null = null;
  let opened: Opened | null = null;
  let asked: Asked | null = null;
  /** Everything was deleted and nothing is open since: what is still known of it must not be written again. */
  let isDeleted = false;

  const placeOf = (account: string) => ({
    folder: databaseFolder(paths.data, account),
    workerFile: workerFile(paths.out),
  });

  function answered(): void {
    asked?.key?.bytes.fill(0);
    asked = null;
    store.update(() => ({ question: null }));
  }

  /** The live status goes on without recording until the person has answered. */
  async function ask(account: string, code: QuestionCode, message: string, key: Asked['key']): Promise<void> {
    log(`database: ${code}: ${message}`);
    asked = { code, ways: noWays, key };
    const { locale } = store.model.getState().appearance;
    const ways = await waysOutOf(code, placeOf(account), key?.bytes ?? null, locale);
    const kind = code === 'choose' || code === 'passphrase' ? code : 'problem';
    asked = { code, ways, key };
    store.update(() => ({ question: { kind, ...wordsFor(code, message, ways), ways, putOff: false } }));
    recording.missing(say(waitsFor[kind]));
  }

  function closeDamaged(problem: DatabaseProblem): void {
    if (opened === null || current === null) return;
    const account = current;
    const key = { bytes: Uint8Array.from(opened.key), how: opened.how };
    asked = { code: problem.code, ways: noWays, key };
    recording.missing(problem.message);
    void close('at once').then(() => ask(account, problem.code, problem.message, key));
  }

  const keyProtection = createKeyProtection({
    store,
    keyStore,
    inUse: () => (opened && current !== null ? { ...placeOf(current), account: current, ...opened } : null),
    changed: (how) => {
      if (opened) opened = { ...opened, how };
    },
    log,
  });
  const damageCheck = createDamageCheck({ database: () => opened?.database ?? null, closeDamaged, log });

  function startBackups(account: string, database: OpenedDatabase, key: Uint8Array): Backups {
    return createBackups(
      { ...placeOf(account), key },
      {
        now,
        agreedNow: () => parts.tracker().agreedNow(),
        rebuild: () => database.rebuildDerived(),
        sweep: () => database.sweep(),
        keepMs: () => {
          const keepDays = parts.keepDays();
          return keepDays === null ? null : keepDays * dayMs;
        },
        damaged: closeDamaged,
        log,
      },
    );
  }

  async function openWith(account: string, key: Uint8Array, how: KeyKeeping): Promise<void> {
    const ownKey = Uint8Array.from(key);
    try {
      const onListed = (): void => {
        raiseRevision(store);
      };
      const database = await openDatabase({ ...placeOf(account), key, onFailure: closeDamaged, onListed });
      opened = { database, how, key: ownKey, backups: startBackups(account, database, ownKey) };
      const recollection = await database.recollect();
      recording.attach(database, recollection.summary.facts);
      // What waited goes into the database first: it is newer.
      await parts.tracker().catchUp();
      parts.tracker().recollect(await database.recollect());
      void database.sweep().catch((error: unknown) => {
        log(`database: sweeping after a deletion: ${reasonOf(error)}`);
      });
      answered();
      log(`database: key kept by ${how}`);
      const silentFile = account === demoAccount && how === 'file' && preference !== 'file';
      if (silentFile) putNotice(store, { id: 'demo-key-file', tone: 'info', text: say('key.demoFile') });
      await keyProtection.applyPolicy();
    } catch (error) {
      const bytes = Uint8Array.from(ownKey);
      await close('at once');
      const known = error instanceof DatabaseProblem;
      const text = known ? error.message : say('database.failed', { reason: reasonOf(error) });
      await ask(account, known ? error.code : 'io', text, { bytes, how });
    }
  }

  async function tryOpen(account: string): Promise<void> {
    if (paths.dataProblem !== null) {
      // Said once for the whole folder; trying again needs another start.
      recording.missing(say('widget.database.paused'));
      return;
    }
    const { folder } = placeOf(account);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      finishReplacing(folder);
    } catch (error) {
      await ask(account, 'folder', say('database.noFolder', { folder, reason: reasonOf(error) }), null);
      return;
    }
    const isDemo = account === demoAccount;
    const set = store.model.getState().settings.keyKeeping;
    const resolved = await resolveKey({ folder, keyStore, preference, set, isDemo });
    switch (resolved.kind) {
      case 'ready':
        return openWith(account, resolved.key, resolved.how);
      case 'question':
        return ask(account, 'choose', resolved.reason, null);
      case 'passphrase-needed':
        return ask(account, 'passphrase', say('key.passphraseNeeded'), null);
      case 'problem':
        return ask(account, resolved.problem.code, resolved.problem.message, null);
      default:
        return unreachable(resolved);
    }
  }

  /** `at once`: without a last backup, for what is open cannot be relied on. */
  async function close(how: 'well' | 'at once' = 'well'): Promise<void> {
    recording.detach();
    const was = opened;
    opened = null;
    if (how === 'well') await was?.backups.close();
    else await was?.backups.stop();
    await was?.database.close().catch((error: unknown) => {
      log(`database: closing failed: ${reasonOf(error)}`);
    });
    was?.key.fill(0);
  }

  async function restoreFrom(account: string, { key }: Asked, backup: string | null): Promise<Result> {
    if (!key) return refused(say('refusal.nothingAsked'));
    const { bytes, how } = key;
    const restored = await restoreDatabase({ ...placeOf(account), key: bytes }, backup, now());
    log(`database: restored from ${backup ?? 'what could be read'}`);
    await openWith(account, Uint8Array.from(bytes), how);
    const text = restoredWords(restored, store.model.getState().appearance.locale);
    putNotice(store, { id: 'restored', tone: 'info', text });
    return done;
  }

  async function startAfresh(account: string, { code, ways }: Asked): Promise<void> {
    const aside = putAside(placeOf(account).folder, now(), takesKeyAlong(code, ways));
    log('database: put aside');
    await tryOpen(account);
    putNotice(store, { id: 'aside', tone: 'info', text: say('database.keptAside', { folder: aside }) });
  }

  async function openWithAnswer(
    account: string,
    answer: Answer & { choice: 'file' | 'passphrase' },
  ): Promise<Result> {
    const allowed = account === demoAccount ? done : keyProtection.mayBeFirst(answer.choice);
    if (!allowed.ok) return allowed;
    const given = await answerKey(placeOf(account).folder, answer);
    switch (given.kind) {
      case 'ready':
        await openWith(account, given.key, given.how);
        return done;
      case 'wrong-passphrase':
        return refused(say('key.wrongPassphrase'));
      case 'problem':
        return refused(given.problem.message);
      default:
        return unreachable(given);
    }
  }

  /** Does what the person wants done about the question. @throws where the disk does not let it be done */
  async function act(account: string, question: Asked, answer: Answer): Promise<Result> {
    switch (answer.choice) {
      case 'retry':
        await tryOpen(account);
        return done;
      case 'putOff':
      case 'back': {
        const putOff = answer.choice === 'putOff';
        store.update((model) => ({ question: model.question && { ...model.question, putOff } }));
        return done;
      }
      case 'restore':
        return restoreFrom(account, question, answer.backup);
      case 'putKeyBack':
        putKeyBack(placeOf(account).folder, now());
        await tryOpen(account);
        return done;
      case 'aside':
        await startAfresh(account, question);
        return done;
      case 'delete':
        if (answer.word.trim().toLowerCase() !== say('database.help.deleteWord'))
          return refused(say('database.help.typeWord', { word: say('database.help.deleteWord') }));
        deleteAll(placeOf(account).folder);
        isDeleted = true;
        log('database: deleted at the person’s wish');
        await tryOpen(account);
        return done;
      case 'file':
      case 'passphrase':
        return openWithAnswer(account, answer);
      default:
        return unreachable(answer);
    }
  }

  return {
    open: async (account) => {
      if (account === current && (opened !== null || asked !== null)) return;
      if (current !== null && account !== current) await close();
      current = account;
      isDeleted = false;
      await tryOpen(account);
    },
    answer: async (answer) => {
      const question = asked;
      if (current === null || question === null) return refused(say('refusal.nothingAsked'));
      const { choice } = answer;
      const isDrastic = choice === 'restore' || choice === 'aside' || choice === 'delete';
      if (isDrastic && !question.ways.aside) return refused(say('refusal.nothingAsked'));
      let result: Result;
      try {
        result = await act(current, question, answer);
      } catch (error) {
        log(`database: ${choice}: ${reasonOf(error)}`);
        return refused(reasonOf(error));
      }
      if (opened) {
        // What was written meanwhile, and what a backup lacks, is still known here.
        if (!isDeleted) await rewriteWords(store.model.getState(), recording);
        isDeleted = false;
        parts.caughtUp();
      }
      return result;
    },
    inUse: () => opened,
    changeKeyKeeping: keyProtection.change,
    closeDamaged,
    suspectDamage: damageCheck.suspect,
    handleVerification: damageCheck.handle,
    close,
  };
}
