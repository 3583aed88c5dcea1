import { safeStorage } from 'electron/main';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { systemClock } from '../system-clock.ts';

/** The desktop's key store. Must be used after the app is ready. */
export interface SystemKeyStore {
  available(): Promise<boolean>;
  /** What holds the secret: on Linux the desktop's service, elsewhere the system. */
  backend(): string;
  /** Rejects rather than seal with a password that everybody knows. */
  seal(plain: string): Promise<Uint8Array>;
  /** @param renewed is given the same secret sealed again, when the system asks for that */
  open(sealed: Uint8Array, renewed?: (sealed: Uint8Array) => void): Promise<string>;
}

/** Electron's older calls: the oldest runtime we run on has no others. */
interface OlderStorage {
  isEncryptionAvailable(): boolean;
  encryptString(plain: string): Uint8Array;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend(): string;
}

/** The current ones: providers of their own seal there, whatever the name of the backend says. */
interface CurrentStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(plain: string): Promise<Uint8Array>;
  decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  getSelectedStorageBackend(): string;
}

/** How often a store is asked that is “temporarily unavailable”, and how long the pauses are, ms. */
const attempts = 4;
const pauseMs = 500;

/** What Chromium puts before everything it seals on Linux with a password from its source. */
const knownPassword = 'v10';

class NoKeyStore extends Error {}

export function systemKeyStore(
  platform: NodeJS.Platform,
  storage: OlderStorage | CurrentStorage = safeStorage,
  after: Clock['after'] = systemClock.after,
): SystemKeyStore {
  const backend = (): string => (platform === 'linux' ? storage.getSelectedStorageBackend() : platform);

  async function isThere(): Promise<boolean> {
    if ('encryptStringAsync' in storage) return patiently(() => storage.isAsyncEncryptionAvailable(), after);
    // `basic_text` seals with the known password.
    return !['basic_text', 'unknown'].includes(backend()) && storage.isEncryptionAvailable();
  }

  async function seal(plain: string): Promise<Uint8Array> {
    const sealed =
      'encryptStringAsync' in storage
        ? await patiently(() => storage.encryptStringAsync(plain), after)
        : storage.encryptString(plain);
    const mark = Buffer.from(sealed.subarray(0, knownPassword.length)).toString('latin1');
    if (platform === 'linux' && mark === knownPassword) throw new NoKeyStore('The key store did not seal.');
    return sealed;
  }

  return {
    available: async () => {
      if (!(await isThere())) return false;
      if (platform !== 'linux') return true;
      // Nothing but a sealed word tells whether the store took part.
      return seal('probe').then(
        () => true,
        () => false,
      );
    },
    backend,
    seal,
    open: async (sealed, renewed = () => undefined) => {
      const bytes = Buffer.from(sealed);
      if (!('decryptStringAsync' in storage)) return storage.decryptString(bytes);
      const { result, shouldReEncrypt } = await patiently(() => storage.decryptStringAsync(bytes), after);
      // What is there opens as well: a seal that cannot be renewed is no reason to lose the secret.
      if (shouldReEncrypt)
        await seal(result)
          .then(renewed)
          .catch(() => undefined);
      return result;
    },
  };
}

async function patiently<Value>(ask: () => Promise<Value>, after: Clock['after']): Promise<Value> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      const passes = error instanceof Error && /temporarily unavailable/i.test(error.message);
      if (!passes || left === 0) throw error;
    }
    await new Promise<void>((resolve) => {
      after(pauseMs, resolve);
    });
  }
}
