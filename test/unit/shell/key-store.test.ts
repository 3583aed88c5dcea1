import { describe, expect, it, vi } from 'vitest';
import { systemKeyStore } from '../../../electron/shell/key-store.ts';

vi.mock('electron/main', () => ({ safeStorage: {} }));

const atOnce = (_ms: number, work: () => void): (() => void) => {
  work();
  return () => undefined;
};

/** Electron 33: one backend, whose name judges. */
function older({ backend = 'gnome_libsecret', mark = 'v11', available = true } = {}) {
  return {
    isEncryptionAvailable: () => available,
    encryptString: (plain: string) => Buffer.from(mark + plain),
    decryptString: (sealed: Buffer) => sealed.subarray(3).toString(),
    getSelectedStorageBackend: () => backend,
  };
}

/** Electron 45: providers of their own; the name is still that of the older backend. */
function current({
  backend = 'gnome_libsecret',
  mark = 'v11',
  available = true,
  stale = false,
  busy = 0,
} = {}) {
  let left = busy;
  const perhaps = <Value>(value: Value): Promise<Value> => {
    left -= 1;
    return left >= 0
      ? Promise.reject(new Error('Decryption is temporarily unavailable'))
      : Promise.resolve(value);
  };
  return {
    ...older({ backend }),
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    encryptStringAsync: (plain: string) => perhaps(Buffer.from(mark + plain)),
    decryptStringAsync: (sealed: Buffer) =>
      perhaps({ result: sealed.subarray(3).toString(), shouldReEncrypt: stale }),
  };
}

describe('whether there is a key store', () => {
  it.each([
    ['the older runtime with the Secret Service', older(), true],
    ['the older one with a password everybody knows', older({ backend: 'basic_text', mark: 'v10' }), false],
    ['the older one that says one thing and does another', older({ mark: 'v10' }), false],
    ['the older one with a locked store', older({ available: false }), false],
    ['the current one with the Secret Service', current(), true],
    ['the current one with a store its older name does not know', current({ backend: 'basic_text' }), true],
    ['the current one when the service is silent', current({ mark: 'v10' }), false],
    ['the current one without any', current({ available: false }), false],
    ['the current one while the store is busy', current({ busy: 2 }), true],
    ['the current one when it stays busy', current({ busy: 99 }), false],
  ])('%s: %s', async (_case, storage, is) => {
    expect(await systemKeyStore('linux', storage, atOnce).available()).toBe(is);
  });

  it('takes a mark of that kind for what it is elsewhere', async () => {
    // macOS and Windows mark what their own stores seal with the same letters.
    for (const storage of [older({ mark: 'v10' }), current({ mark: 'v10' })]) {
      const keyStore = systemKeyStore('darwin', storage, atOnce);
      expect(await keyStore.available()).toBe(true);
      expect(await keyStore.open(await keyStore.seal('secret'))).toBe('secret');
    }
  });
});

describe('a secret in the key store', () => {
  it.each([
    ['older', older()],
    ['current', current()],
    ['busy', current({ busy: 2 })],
  ])('comes back (%s)', async (_runtime, storage) => {
    const keyStore = systemKeyStore('linux', storage, atOnce);
    expect(await keyStore.open(await keyStore.seal('secret'))).toBe('secret');
  });

  it('is never sealed with the known password', async () => {
    await expect(systemKeyStore('linux', current({ mark: 'v10' }), atOnce).seal('secret')).rejects.toThrow();
    await expect(systemKeyStore('linux', older({ mark: 'v10' }), atOnce).seal('secret')).rejects.toThrow();
  });

  it('is sealed anew when the system asks for that, and only then', async () => {
    const renewed = vi.fn();
    await systemKeyStore('linux', current(), atOnce).open(Buffer.from('v11secret'), renewed);
    expect(renewed).not.toHaveBeenCalled();
    await systemKeyStore('linux', current({ stale: true, mark: 'v12' }), atOnce).open(
      Buffer.from('v11secret'),
      renewed,
    );
    expect(renewed).toHaveBeenCalledExactlyOnceWith(Buffer.from('v12secret'));
    const stuck = systemKeyStore('linux', current({ stale: true, mark: 'v10' }), atOnce);
    expect(await stuck.open(Buffer.from('v11secret'), renewed)).toBe('secret');
    expect(renewed).toHaveBeenCalledOnce();
  });
});
