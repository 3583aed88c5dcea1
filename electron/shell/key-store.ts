import { safeStorage } from 'electron/main';

/** The key store of the desktop, as the memory's key needs it. */
export interface SystemKeyStore {
  available(): boolean;
  backend(): string;
  seal(plain: Buffer): Buffer;
  open(sealed: Buffer): Buffer;
}

/** Must be used after the app is ready. `basic_text` encrypts with a password everybody knows: not a store. */
export function systemKeyStore(platform: NodeJS.Platform): SystemKeyStore {
  const backend = (): string => (platform === 'linux' ? safeStorage.getSelectedStorageBackend() : platform);
  return {
    available: () => safeStorage.isEncryptionAvailable() && backend() !== 'basic_text',
    backend,
    seal: (plain) => safeStorage.encryptString(plain.toString('base64')),
    open: (sealed) => Buffer.from(safeStorage.decryptString(sealed), 'base64'),
  };
}
