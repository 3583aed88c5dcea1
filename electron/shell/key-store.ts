import { safeStorage } from 'electron/main';

/** The desktop's key store. Must be used after the app is ready. */
export interface SystemKeyStore {
  available(): Promise<boolean>;
  /** What holds the secret: on Linux the desktop's service, elsewhere the system. */
  backend(): string;
  seal(plain: string): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<string>;
}

/** Electron's older calls: the oldest runtime we run on has no others. */
interface OlderSafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(plain: string): Buffer;
  decryptString(sealed: Buffer): string;
}

/** `basic_text` encrypts with a password everybody knows: that is not a key store. */
export function systemKeyStore(platform: NodeJS.Platform): SystemKeyStore {
  const older: OlderSafeStorage = safeStorage;
  const current = 'encryptStringAsync' in safeStorage;
  const backend = (): string => (platform === 'linux' ? safeStorage.getSelectedStorageBackend() : platform);
  return {
    available: async () => {
      if (backend() === 'basic_text' || backend() === 'unknown') return false;
      return current ? safeStorage.isAsyncEncryptionAvailable() : older.isEncryptionAvailable();
    },
    backend,
    seal: async (plain) => (current ? safeStorage.encryptStringAsync(plain) : older.encryptString(plain)),
    open: async (sealed) => {
      const bytes = Buffer.from(sealed);
      return current ? (await safeStorage.decryptStringAsync(bytes)).result : older.decryptString(bytes);
    },
  };
}
