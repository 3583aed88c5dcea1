import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { newPassphraseProblem } from '../../domain/passphrase.ts';
import type { KeyKeeping } from '../../domain/program-info.ts';
import { say } from '../../domain/words/say.ts';
import { isReplacing } from './backups/replace-database.ts';
import { databaseFile } from './files.ts';
import { isFileMissing } from './missing-file.ts';
import {
  KeyFileProblem,
  keyProblem,
  readKeyFile,
  writeKeyFile,
  type KeyFile,
  type KeyProblem,
} from './key-file.ts';
import { openWithPassphrase, sealWithPassphrase } from './passphrase.ts';

/** The system's key store, as main hands it over (Electron's safeStorage). */
export interface KeyStore {
  available(): Promise<boolean>;
  /** Its name, for instance `gnome_libsecret`; `basic_text` is a fixed password and counts as no key store. */
  backend(): string;
  seal(secret: string): Promise<Uint8Array>;
  /** Rejects when it cannot be opened: another user, another key store, a locked keyring. */
  open(sealed: Uint8Array, renewed?: (sealed: Uint8Array) => void): Promise<string>;
}

export type ResolvedKey =
  | { readonly kind: 'ready'; readonly key: Uint8Array; readonly how: KeyKeeping }
  /** First run without a key store: the person chooses, see `answerKey`. */
  | { readonly kind: 'question'; readonly reason: string }
  | { readonly kind: 'passphrase-needed' }
  | { readonly kind: 'problem'; readonly problem: KeyProblem };

export type AnsweredKey =
  | { readonly kind: 'ready'; readonly key: Uint8Array; readonly how: KeyKeeping }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'problem'; readonly problem: KeyProblem };

export type KeyAnswer =
  { readonly choice: 'file' } | { readonly choice: 'passphrase'; readonly passphrase: string };

export interface ResolveKey {
  /** The database folder, absolute. */
  readonly folder: string;
  readonly keyStore: KeyStore;
  /** `--key`. What an existing key.json says goes first. */
  readonly preference: 'system' | 'file';
  /** How well the organisation wants new keys of real accounts kept, at least; null: nothing is set. */
  readonly set?: KeyKeeping | null;
  /** The demo's data is invented, so it may take a key file without asking. */
  readonly isDemo: boolean;
}

export const isUsable = async (keyStore: KeyStore): Promise<boolean> =>
  (await keyStore.available()) && keyStore.backend() !== 'basic_text';

async function solved<T>(work: () => Promise<T>): Promise<T | { kind: 'problem'; problem: KeyProblem }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeyFileProblem) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}

/** True when the folder holds a database, whether or not it can be opened, or what is left of one. */
export function databaseExists(folder: string): boolean {
  return existsSync(databaseFile(folder)) || isReplacing(folder) || isFileMissing(folder);
}

/**
 * Finds the key of a database folder, or makes one on the first run. Never makes a new key over a database that
 * exists, and never deletes or replaces a key.
 */
export function resolveKey(options: ResolveKey): Promise<ResolvedKey> {
  const { folder, keyStore } = options;
  return solved(async (): Promise<ResolvedKey> => {
    const stored = readKeyFile(folder);
    if (stored === null) return firstKey(options);
    switch (stored.kind) {
      case 'file':
        return { kind: 'ready', key: stored.key, how: 'file' };
      case 'passphrase':
        return { kind: 'passphrase-needed' };
      case 'system':
        return {
          kind: 'ready',
          key: await openSealed(stored.sealed, stored.backend, keyStore, (sealed) => {
            writeKeyFile(folder, systemKeyFile(keyStore.backend(), sealed));
          }),
          how: 'system',
        };
    }
  });
}

async function firstKey({
  folder,
  keyStore,
  preference,
  isDemo,
  ...options
}: ResolveKey): Promise<ResolvedKey> {
  refuseOverDatabase(folder);
  // A file is the least there is: an organisation that asks for it asks for nothing.
  const set = isDemo || options.set === 'file' ? null : (options.set ?? null);
  if (set === null && preference === 'file') return newFileKey(folder);
  if (set === 'passphrase') return { kind: 'question', reason: say('key.passphraseSet') };
  if (await isUsable(keyStore)) return newSystemKey(folder, keyStore);
  if (isDemo) return newFileKey(folder);
  if (set === 'system') throw new KeyFileProblem(keyProblem('unkept', say('key.noKeyStoreSet')));
  return { kind: 'question', reason: say('key.noKeyStore') };
}

function refuseOverDatabase(folder: string): void {
  if (databaseExists(folder)) {
    throw new KeyFileProblem(keyProblem('missing', say('key.missing', { folder })));
  }
}

function newFileKey(folder: string): ResolvedKey & { kind: 'ready' } {
  const key = new Uint8Array(randomBytes(32));
  writeKeyFile(folder, { version: 1, kind: 'file', key: Buffer.from(key).toString('base64') });
  return { kind: 'ready', key, how: 'file' };
}

async function newSystemKey(folder: string, keyStore: KeyStore): Promise<ResolvedKey> {
  const key = new Uint8Array(randomBytes(32));
  writeKeyFile(folder, await sealWithSystem(key, keyStore));
  return { kind: 'ready', key, how: 'system' };
}

/**
 * Proven by a round trip before anything depends on it.
 * @throws KeyFileProblem
 */
export async function sealWithSystem(key: Uint8Array, keyStore: KeyStore): Promise<KeyFile> {
  const backend = keyStore.backend();
  const sealed = await sealed32(key, backend, keyStore);
  const proof = await openSealed(sealed, backend, keyStore);
  if (!Buffer.from(proof).equals(key)) throw cannotOpen(backend, backend, undefined);
  return systemKeyFile(backend, sealed);
}

function systemKeyFile(backend: string, sealed: Uint8Array): KeyFile {
  return { version: 1, kind: 'system', backend, sealed: Buffer.from(sealed).toString('base64') };
}

function cannotOpen(before: string, now: string, cause: unknown): KeyFileProblem {
  const message = before === now ? say('key.sealed') : say('key.sealedElsewhere', { before, now });
  return new KeyFileProblem(keyProblem('sealed', message), { cause });
}

async function sealed32(key: Uint8Array, backend: string, keyStore: KeyStore): Promise<Uint8Array> {
  try {
    return await keyStore.seal(Buffer.from(key).toString('base64'));
  } catch (error) {
    throw cannotOpen(backend, backend, error);
  }
}

async function openSealed(
  sealed: Uint8Array,
  backend: string,
  keyStore: KeyStore,
  renewed?: (sealed: Uint8Array) => void,
): Promise<Uint8Array> {
  const now = keyStore.backend();
  if (!(await isUsable(keyStore))) throw cannotOpen(backend, now, undefined);
  let key: Buffer;
  try {
    key = Buffer.from(await keyStore.open(sealed, renewed), 'base64');
  } catch (error) {
    throw cannotOpen(backend, now, error);
  }
  if (key.length !== 32) throw cannotOpen(backend, now, undefined);
  return new Uint8Array(key);
}

/** Answers the question of the first run, or gives the passphrase at a later start. */
export async function answerKey(folder: string, answer: KeyAnswer): Promise<AnsweredKey> {
  try {
    const stored = readKeyFile(folder);
    if (stored === null) {
      refuseOverDatabase(folder);
      if (answer.choice === 'file') return newFileKey(folder);
      const tooWeak = newPassphraseProblem(answer.passphrase);
      if (tooWeak !== '') return { kind: 'problem', problem: keyProblem('unkept', tooWeak) };
      const key = new Uint8Array(randomBytes(32));
      writeKeyFile(folder, await sealWithPassphrase(key, answer.passphrase));
      return { kind: 'ready', key, how: 'passphrase' };
    }
    if (stored.kind === 'file' && answer.choice === 'file') {
      return { kind: 'ready', key: stored.key, how: 'file' };
    }
    if (stored.kind === 'passphrase' && answer.choice === 'passphrase') {
      const key = await openWithPassphrase(stored.sealed, answer.passphrase);
      return key ? { kind: 'ready', key, how: 'passphrase' } : { kind: 'wrong-passphrase' };
    }
    return {
      kind: 'problem',
      problem: keyProblem('answered', say('key.keptOtherwise', { kind: stored.kind, folder })),
    };
  } catch (error) {
    if (error instanceof KeyFileProblem) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}
