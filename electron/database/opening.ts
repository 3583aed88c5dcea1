import { mkdirSync } from 'node:fs';
import type { CallArguments } from '../../domain/ipc/contract.ts';
import { DatabaseProblem } from '../../domain/database.ts';
import type { KeyKeeping, KeyKeepingChoice } from '../../domain/program-info.ts';
import type { KeyQuestion, Notice, Ways } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { openDatabase, type OpenedDatabase } from '../store/client.ts';
import { restoreDatabase } from '../store/backups/client.ts';
import { putKeyBack } from '../store/backups/key-copy.ts';
import { deleteAll, finishReplacing, putAside } from '../store/backups/replace.ts';
import { answerKey, resolveKey, type KeyStore } from '../store/key.ts';
import type { History } from '../tracker/history.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import { keepCopies, type Copies } from './backups.ts';
import type { DataFolder } from '../program/data-folder.ts';
import { createKeyKeeping } from './key-protection.ts';
import { demoAccount, databaseFolder, workerFile, type Paths } from '../paths.ts';
import { raiseRevision } from '../review/revision.ts';
import { createSuspicion, type Suspicion } from './damage.ts';
import {
  takesKeyAlong,
  communicationFrom,
  rewrite,
  waysOutOf,
  wordsFor,
  type TroubleCode,
} from './recovery.ts';
import { reasonOf, unreachable } from '../../domain/toolbox/result.ts';

interface DatabaseParts {
  readonly paths: Paths;
  readonly folder: DataFolder;
  readonly keyStore: KeyStore;
  /** `--key`. */
  readonly preference: 'system' | 'file';
  readonly store: StateStore;
  readonly history: History;
  readonly tracker: () => Tracker;
  /** Facts were missed while there was no database: read the server again. */
  readonly caughtUp: () => void;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly log: (message: string) => void;
}

type Answer = CallArguments['answerKeyQuestion'][0];

export interface DatabaseKeeper extends Suspicion {
  /**
   * Opens the database of an account and takes up what it holds. Resolves also when it cannot be opened yet
   * (a question for the person, a problem): the live status goes on and says that history is paused.
   */
  readonly open: (account: string) => Promise<void>;
  /** The person's answer; a reason in words when it was not enough. */
  readonly answer: (answer: Answer) => Promise<string | null>;
  /** The database in use, for reading it, and how its key is kept; `null` while history is paused. */
  readonly reading: () => { readonly database: OpenedDatabase; readonly how: KeyKeeping } | null;
  /** Keeps the key of the database in use otherwise from now on; a reason in words when that is not possible. */
  readonly keepKey: (wanted: KeyKeepingChoice) => Promise<string | null>;
  /** The copies of the database in use; `null` while history is paused. */
  readonly copies: () => Copies | null;
  /** Somebody found the database damaged: it is closed, and the person asked what to do. */
  readonly troubled: (problem: DatabaseProblem) => void;
  readonly close: () => Promise<void>;
}

interface Opened {
  readonly database: OpenedDatabase;
  readonly how: KeyKeeping;
  readonly key: Uint8Array;
  readonly copies: Copies;
}

/** Why the database is not in use, and what it would be opened with. */
interface Trouble {
  readonly code: TroubleCode;
  readonly ways: Ways;
  readonly key: { readonly bytes: Uint8Array; readonly how: KeyKeeping } | null;
}

const dayMs = 86_400_000;

/** Joins the key, the store and the tracker: one database at a time, that of the account in use. */
export function createDatabaseKeeper(parts: DatabaseParts): DatabaseKeeper {
  const { paths, keyStore, preference, store, history, clock, log } = parts;
  let current: string | null = null;
  let opened: Opened | null = null;
  let waiting = false;
  let trouble: Trouble | null = null;

  const placeOf = (account: string) => ({
    folder: databaseFolder(paths.data, account),
    workerFile: workerFile(paths.out),
  });

  function ask(question: KeyQuestion): void {
    waiting = true;
    store.update(() => ({ question }));
    // The question says what is wrong; beside it a few words on what that means are enough.
    history.missing(say(question.kind === 'problem' ? 'database.waitsForHelp' : 'database.waitsForKey'));
  }

  function answered(): void {
    waiting = false;
    trouble?.key?.bytes.fill(0);
    trouble = null;
    store.update(() => ({ question: null }));
  }

  async function askForHelp(
    account: string,
    code: TroubleCode,
    text: string,
    key: Trouble['key'],
  ): Promise<void> {
    log(`database: ${code}: ${text}`);
    waiting = true;
    const { locale } = store.model.getState().appearance;
    const ways = await waysOutOf(code, placeOf(account), key?.bytes ?? null, locale);
    trouble = { code, ways, key };
    ask({ kind: 'problem', ...wordsFor(code, text, ways), problem: '', ways, putOff: false });
  }

  function notify(id: string, tone: Notice['tone'], text: string): void {
    store.update(({ notices }) => ({
      notices: [...notices.filter((notice) => notice.id !== id), { id, tone, text }],
    }));
  }

  function tellHow(how: KeyKeeping, account: string): void {
    log(`database: key kept by ${how}`);
    const silentFile = account === demoAccount && how === 'file' && preference !== 'file';
    if (silentFile) notify('demo-key-file', 'info', say('key.demoFile'));
  }

  /** While it was open: the file is damaged, or its thread is gone. */
  function troubled(problem: DatabaseProblem): void {
    const was = opened;
    const account = current;
    if (was === null || account === null) return;
    const key = { bytes: Uint8Array.from(was.key), how: was.how };
    waiting = true;
    history.missing(problem.message);
    void close('at once').then(() => askForHelp(account, problem.code, problem.message, key));
  }

  const keyKeeping = createKeyKeeping({
    store,
    keyStore,
    inUse: () => (opened && current !== null ? { ...placeOf(current), account: current, ...opened } : null),
    keptNow: (how) => {
      if (opened) opened = { ...opened, how };
    },
    notify,
    log,
  });
  const { suspected, judged } = createSuspicion({ database: () => opened?.database ?? null, troubled, log });

  function onListed(): void {
    raiseRevision(store);
  }

  async function openWith(account: string, key: Uint8Array, how: KeyKeeping): Promise<void> {
    const place = placeOf(account);
    const kept = Uint8Array.from(key);
    try {
      const database = await openDatabase({ ...place, key, onFailure: troubled, onListed });
      const copies = keepCopies(
        { ...place, key: kept },
        {
          clock,
          serverNow: () => parts.tracker().serverNow(),
          makeAnew: () => database.makeDerivedAnew(),
          sweep: () => database.sweep(),
          log,
          keepMs: () => {
            const { keepDays } = store.model.getState().settings.values;
            return keepDays === null ? null : keepDays * dayMs;
          },
          damaged: troubled,
        },
      );
      opened = { database, how, key: kept, copies };
      const recollection = await database.recollect();
      history.attach(database, recollection.summary.facts);
      // What waited goes into the database first: it is newer.
      await parts.tracker().catchUp();
      parts.tracker().recollect(await database.recollect());
      void database
        .sweep()
        .catch((error: unknown) => log(`database: sweeping after a deletion: ${String(error)}`));
      answered();
      tellHow(how, account);
      await keyKeeping.keepAsSet();
    } catch (error) {
      const bytes = Uint8Array.from(kept);
      await close('at once');
      const known = error instanceof DatabaseProblem;
      const text = known ? error.message : say('database.failed', { reason: String(error) });
      await askForHelp(account, known ? error.code : 'io', text, { bytes, how });
    }
  }

  async function tryOpen(account: string): Promise<void> {
    if (parts.folder.problem !== null) {
      // Said once for the whole folder; trying again needs another start.
      history.missing(say('widget.database.paused'));
      return;
    }
    const { folder } = placeOf(account);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      finishReplacing(folder);
    } catch (error) {
      const reason = error instanceof Error ? error.message : '';
      await askForHelp(account, 'folder', say('database.noFolder', { folder, reason }), null);
      return;
    }
    const isDemo = account === demoAccount;
    const set = store.model.getState().settings.keyKeeping;
    const resolved = await resolveKey({ folder, keyStore, preference, set, isDemo });
    switch (resolved.kind) {
      case 'ready':
        return openWith(account, resolved.key, resolved.how);
      case 'question':
        ask({ kind: 'choose', text: resolved.reason, detail: '', problem: '', ways: null, putOff: false });
        return;
      case 'passphrase-needed':
        ask({
          kind: 'passphrase',
          text: say('key.passphraseNeeded'),
          detail: '',
          problem: '',
          ways: null,
          putOff: false,
        });
        return;
      case 'problem':
        await askForHelp(account, resolved.problem.code, resolved.problem.message, null);
    }
  }

  /** `at once`: without a last copy, for what is open cannot be relied on. */
  async function close(how: 'well' | 'at once' = 'well'): Promise<void> {
    history.detach();
    const was = opened;
    opened = null;
    if (how === 'well') await was?.copies.close();
    else await was?.copies.stop();
    await was?.database.close().catch((error: unknown) => {
      log(`database: closing failed: ${String(error)}`);
    });
    was?.key.fill(0);
  }

  function putOff(put: boolean): void {
    store.update(({ question }) => (question ? { question: { ...question, putOff: put } } : {}));
  }

  async function restoreFrom(account: string, copy: string | null): Promise<string | null> {
    const key = trouble?.key;
    if (!key) return say('refusal.nothingAsked');
    const { bytes, how } = key;
    const restored = await restoreDatabase({ ...placeOf(account), key: bytes }, copy, clock());
    log(`database: restored from ${copy ?? 'what could be read'}`);
    await openWith(account, Uint8Array.from(bytes), how);
    notify('restored', 'info', communicationFrom(restored, store.model.getState().appearance.locale));
    return null;
  }

  async function keepAside(account: string): Promise<void> {
    const { folder } = placeOf(account);
    const aside = putAside(folder, clock(), trouble !== null && takesKeyAlong(trouble.code, trouble.ways));
    log('database: put aside');
    await tryOpen(account);
    notify('aside', 'info', say('database.keptAside', { folder: aside }));
  }

  /** What the person wants done about a problem. A refusal in words when it is not possible now. */
  async function help(account: string, answer: Answer): Promise<string | null> {
    switch (answer.choice) {
      case 'retry':
        await tryOpen(account);
        return null;
      case 'putOff':
      case 'back':
        putOff(answer.choice === 'putOff');
        return null;
      case 'restore':
        return restoreFrom(account, answer.copy);
      case 'putKeyBack':
        putKeyBack(placeOf(account).folder, clock());
        await tryOpen(account);
        return null;
      case 'aside':
        await keepAside(account);
        return null;
      case 'delete':
        if (answer.word.trim().toLowerCase() !== say('database.help.deleteWord'))
          return say('database.help.typeWord', { word: say('database.help.deleteWord') });
        deleteAll(placeOf(account).folder);
        log('database: deleted at the person’s wish');
        await tryOpen(account);
        return null;
      case 'file':
      case 'passphrase': {
        const refusal = account === demoAccount ? null : keyKeeping.refusalOfFirst(answer.choice);
        if (refusal !== null) return refusal;
        const given = await answerKey(placeOf(account).folder, answer);
        if (given.kind === 'wrong-passphrase') return say('key.wrongPassphrase');
        if (given.kind === 'problem') return given.problem.message;
        await openWith(account, given.key, given.how);
        return null;
      }
      default:
        return unreachable(answer);
    }
  }

  return {
    open: async (account) => {
      if (account === current && (opened !== null || waiting)) return;
      if (current !== null && account !== current) await close();
      current = account;
      await tryOpen(account);
    },
    answer: async (answer) => {
      if (current === null || !waiting) return say('refusal.nothingAsked');
      const drastic = answer.choice === 'restore' || answer.choice === 'aside' || answer.choice === 'delete';
      if (drastic && trouble?.ways.aside !== true) return say('refusal.nothingAsked');
      let refusal: string | null;
      try {
        refusal = await help(current, answer);
      } catch (error) {
        log(`database: ${answer.choice}: ${String(error)}`);
        return reasonOf(error);
      }
      if (opened) {
        // What was written meanwhile, and what a copy lacks, is still known here.
        if (answer.choice !== 'delete') await rewrite(store.model.getState(), history);
        parts.caughtUp();
      }
      return refusal;
    },
    reading: () => opened,
    keepKey: keyKeeping.keep,
    copies: () => opened?.copies ?? null,
    troubled,
    suspected,
    judged,
    close,
  };
}
