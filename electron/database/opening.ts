import { mkdirSync } from 'node:fs';
import { unreachable } from '../../domain/exhaustive.ts';
import type { CallArguments } from '../../domain/ipc/contract.ts';
import { MemoryProblem } from '../../domain/database.ts';
import type { KeyKeeping, KeyKeepingChoice } from '../../domain/program.ts';
import type { KeyQuestion, Notice, Ways } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { openMemory, type OpenedMemory } from '../store/client.ts';
import { restoreMemory } from '../store/backups/client.ts';
import { putKeyBack } from '../store/backups/key-copy.ts';
import { deleteAll, finishReplacing, putAside } from '../store/backups/replace.ts';
import { answerKey, resolveKey, type KeyStore } from '../store/key.ts';
import type { History } from '../tracker/history.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import { keepCopies, type Copies } from './backups.ts';
import type { DataFolder } from '../program/data-folder.ts';
import { createKeyKeeping } from './key-protection.ts';
import { demoAccount, memoryFolder, workerFile, type Paths } from '../program/paths.ts';
import { raiseRevision } from '../review/revision.ts';
import { rewrite } from './rewrite.ts';
import { createSuspicion, type Suspicion } from './damage.ts';
import { takesKeyAlong, toldOf, waysOutOf, wordsFor, type TroubleCode } from './recovery.ts';

interface MemoryParts {
  readonly paths: Paths;
  readonly folder: DataFolder;
  readonly keyStore: KeyStore;
  /** `--key`. */
  readonly preference: 'system' | 'file';
  readonly store: StateStore;
  readonly history: History;
  readonly tracker: () => Tracker;
  /** Facts were missed while there was no memory: read the server again. */
  readonly caughtUp: () => void;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly log: (message: string) => void;
}

type Answer = CallArguments['answerKeyQuestion'][0];

export interface MemoryKeeper extends Suspicion {
  /**
   * Opens the memory of an account and takes up what it holds. Resolves also when it cannot be opened yet
   * (a question for the person, a problem): the live status goes on and says that history is paused.
   */
  readonly open: (account: string) => Promise<void>;
  /** The person's answer; a reason in words when it was not enough. */
  readonly answer: (answer: Answer) => Promise<string | null>;
  /** The memory in use, for reading it, and how its key is kept; `null` while history is paused. */
  readonly reading: () => { readonly memory: OpenedMemory; readonly how: KeyKeeping } | null;
  /** Keeps the key of the memory in use otherwise from now on; a reason in words when that is not possible. */
  readonly keepKey: (wanted: KeyKeepingChoice) => Promise<string | null>;
  /** The copies of the memory in use; `null` while history is paused. */
  readonly copies: () => Copies | null;
  /** Somebody found the memory damaged: it is closed, and the person asked what to do. */
  readonly troubled: (problem: MemoryProblem) => void;
  readonly close: () => Promise<void>;
}

interface Opened {
  readonly memory: OpenedMemory;
  readonly how: KeyKeeping;
  readonly key: Uint8Array;
  readonly copies: Copies;
}

/** Why the memory is not in use, and what it would be opened with. */
interface Trouble {
  readonly code: TroubleCode;
  readonly ways: Ways;
  readonly key: { readonly bytes: Uint8Array; readonly how: KeyKeeping } | null;
}

const dayMs = 86_400_000;

/** Joins the key, the store and the tracker: one memory at a time, that of the account in use. */
export function createMemoryKeeper(parts: MemoryParts): MemoryKeeper {
  const { paths, keyStore, preference, store, history, clock, log } = parts;
  let current: string | null = null;
  let opened: Opened | null = null;
  let waiting = false;
  let trouble: Trouble | null = null;

  const placeOf = (account: string) => ({
    folder: memoryFolder(paths.data, account),
    workerFile: workerFile(paths.out),
  });

  function ask(question: KeyQuestion): void {
    waiting = true;
    store.update(() => ({ question }));
    // The question says what is wrong; beside it a few words on what that means are enough.
    history.missing(say(question.kind === 'problem' ? 'memory.waitsForHelp' : 'memory.waitsForKey'));
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
    log(`memory: ${code}: ${text}`);
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
    log(`memory: key kept by ${how}`);
    const silentFile = account === demoAccount && how === 'file' && preference !== 'file';
    if (silentFile) notify('demo-key-file', 'info', say('key.demoFile'));
  }

  /** While it was open: the file is damaged, or its thread is gone. */
  function troubled(problem: MemoryProblem): void {
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
  const { suspected, judged } = createSuspicion({ memory: () => opened?.memory ?? null, troubled, log });

  function onListed(): void {
    raiseRevision(store);
  }

  async function openWith(account: string, key: Uint8Array, how: KeyKeeping): Promise<void> {
    const place = placeOf(account);
    const kept = Uint8Array.from(key);
    try {
      const memory = await openMemory({ ...place, key, onFailure: troubled, onListed });
      const copies = keepCopies(
        { ...place, key: kept },
        {
          clock,
          serverNow: () => parts.tracker().serverNow(),
          makeAnew: () => memory.makeDerivedAnew(),
          sweep: () => memory.sweep(),
          log,
          keepMs: () => {
            const { keepDays } = store.model.getState().settings.values;
            return keepDays === null ? null : keepDays * dayMs;
          },
          damaged: troubled,
        },
      );
      opened = { memory, how, key: kept, copies };
      const recollection = await memory.recollect();
      history.attach(memory, recollection.summary.facts);
      // What waited goes into the memory first: it is newer.
      await parts.tracker().catchUp();
      parts.tracker().recollect(await memory.recollect());
      void memory
        .sweep()
        .catch((error: unknown) => log(`memory: sweeping after a deletion: ${String(error)}`));
      answered();
      tellHow(how, account);
      await keyKeeping.keepAsSet();
    } catch (error) {
      const bytes = Uint8Array.from(kept);
      await close('at once');
      const known = error instanceof MemoryProblem;
      const text = known ? error.message : say('memory.failed', { reason: String(error) });
      await askForHelp(account, known ? error.code : 'io', text, { bytes, how });
    }
  }

  async function tryOpen(account: string): Promise<void> {
    if (parts.folder.problem !== null) {
      // Said once for the whole folder; trying again needs another start.
      history.missing(say('widget.memory.paused'));
      return;
    }
    const { folder } = placeOf(account);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      finishReplacing(folder);
    } catch (error) {
      const reason = error instanceof Error ? error.message : '';
      await askForHelp(account, 'folder', say('memory.noFolder', { folder, reason }), null);
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
    await was?.memory.close().catch((error: unknown) => {
      log(`memory: closing failed: ${String(error)}`);
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
    const restored = await restoreMemory({ ...placeOf(account), key: bytes }, copy, clock());
    log(`memory: restored from ${copy ?? 'what could be read'}`);
    await openWith(account, Uint8Array.from(bytes), how);
    notify('restored', 'info', toldOf(restored, store.model.getState().appearance.locale));
    return null;
  }

  async function keepAside(account: string): Promise<void> {
    const { folder } = placeOf(account);
    const aside = putAside(folder, clock(), trouble !== null && takesKeyAlong(trouble.code, trouble.ways));
    log('memory: put aside');
    await tryOpen(account);
    notify('aside', 'info', say('memory.keptAside', { folder: aside }));
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
        if (answer.word.trim().toLowerCase() !== say('memory.help.deleteWord'))
          return say('memory.help.typeWord', { word: say('memory.help.deleteWord') });
        deleteAll(placeOf(account).folder);
        log('memory: deleted at the person’s wish');
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
        log(`memory: ${answer.choice}: ${String(error)}`);
        return error instanceof Error ? error.message : String(error);
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
