import { mkdirSync } from 'node:fs';
import type { CallArguments } from '../../domain/ipc/contract.ts';
import { MemoryProblem, type Memory } from '../../domain/memory.ts';
import type { KeyQuestion } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { openMemory } from '../store/client.ts';
import { answerKey, resolveKey, type KeyHow, type KeyStore } from '../store/key.ts';
import type { History } from '../tracker/history.ts';
import type { StateStore } from '../tracker/state.ts';
import type { Tracker } from '../tracker/tracker.ts';
import type { DataFolder } from './data-folder.ts';
import { demoAccount, memoryFolder, workerFile, type Paths } from './paths.ts';

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
  readonly log: (message: string) => void;
}

export interface MemoryKeeper {
  /**
   * Opens the memory of an account and takes up what it holds. Resolves also when it cannot be opened yet
   * (a question for the person, a problem): the live status goes on and says that history is paused.
   */
  readonly open: (account: string) => Promise<void>;
  /** The person's answer; a reason in words when it was not enough. */
  readonly answer: (answer: CallArguments['answerKeyQuestion'][0]) => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** Joins the key, the store and the tracker: one memory at a time, that of the account in use. */
export function createMemoryKeeper(parts: MemoryParts): MemoryKeeper {
  const { paths, keyStore, preference, store, history, log } = parts;
  let current: string | null = null;
  let opened: Memory | null = null;
  let waiting = false;

  function ask(question: KeyQuestion): void {
    waiting = true;
    store.update(() => ({ question }));
    // The question says what is wrong; beside it a few words on what that means are enough.
    history.missing(say(question.kind === 'problem' ? 'memory.waitsForHelp' : 'memory.waitsForKey'));
  }

  function answered(): void {
    waiting = false;
    store.update(() => ({ question: null }));
  }

  function askForHelp(text: string): void {
    log(`memory: ${text}`);
    ask({ kind: 'problem', text, problem: '' });
  }

  function tellHow(how: KeyHow, account: string): void {
    log(`memory: key kept by ${how}`);
    const silentFile = account === demoAccount && how === 'file' && preference !== 'file';
    if (!silentFile) return;
    const notice = { id: 'demo-key-file', tone: 'info' as const, text: say('key.demoFile') };
    store.update(({ notices }) => ({ notices: [...notices.filter(({ id }) => id !== notice.id), notice] }));
  }

  function failed(problem: MemoryProblem): void {
    log(`memory: ${problem.code}: ${problem.message}`);
    history.missing(problem.message);
  }

  async function openWith(account: string, key: Uint8Array, how: KeyHow): Promise<void> {
    const folder = memoryFolder(paths.data, account);
    try {
      opened = await openMemory({ folder, key, workerFile: workerFile(paths.out), onFailure: failed });
      parts.tracker().recollect(await opened.recollect());
      history.attach(opened);
      answered();
      tellHow(how, account);
    } catch (error) {
      await close();
      askForHelp(
        error instanceof MemoryProblem ? error.message : say('memory.failed', { reason: String(error) }),
      );
    }
  }

  async function tryOpen(account: string): Promise<void> {
    if (parts.folder.problem !== null) {
      // Said once for the whole folder; trying again needs another start.
      history.missing(say('widget.memory.paused'));
      return;
    }
    const folder = memoryFolder(paths.data, account);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      askForHelp(say('memory.noFolder', { folder, reason: error instanceof Error ? error.message : '' }));
      return;
    }
    const resolved = await resolveKey({ folder, keyStore, preference, isDemo: account === demoAccount });
    switch (resolved.kind) {
      case 'ready':
        return openWith(account, resolved.key, resolved.how);
      case 'question':
        ask({ kind: 'choose', text: resolved.reason, problem: '' });
        return;
      case 'passphrase-needed':
        ask({ kind: 'passphrase', text: say('key.passphraseNeeded'), problem: '' });
        return;
      case 'problem':
        askForHelp(resolved.problem.message);
    }
  }

  async function close(): Promise<void> {
    history.detach();
    const was = opened;
    opened = null;
    await was?.close().catch((error: unknown) => {
      log(`memory: closing failed: ${String(error)}`);
    });
  }

  return {
    open: async (account) => {
      if (account === current && (opened !== null || waiting)) return;
      if (current !== null && account !== current) {
        await close();
        // What one agent saw and decided is never shown, sent or stored as another's.
        parts.tracker().forget();
      }
      current = account;
      await tryOpen(account);
    },
    answer: async (answer) => {
      if (current === null) return say('refusal.nothingAsked');
      const account = current;
      if (answer.choice === 'retry') await tryOpen(account);
      else {
        const given = await answerKey(memoryFolder(paths.data, account), answer);
        if (given.kind === 'wrong-passphrase') return say('key.wrongPassphrase');
        if (given.kind === 'problem') return given.problem.message;
        await openWith(account, given.key, given.how);
      }
      if (opened) parts.caughtUp();
      return null;
    },
    close,
  };
}
