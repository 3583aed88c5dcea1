import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { KeyKeepingChoice } from '../../../domain/program-info.ts';
import { backupsFolder } from '../../../electron/store/backups/backup-files.ts';
import { keyFile } from '../../../electron/store/files.ts';
import { answerKey, resolveKey, type KeyStore } from '../../../electron/store/key.ts';
import { keepWrapped, wrapKey } from '../../../electron/store/key-keeping.ts';
import { temporaryFolder } from './examples.ts';

// scrypt is slow on purpose; a busy machine makes it slower.
vi.setConfig({ testTimeout: 300_000 });

const keyStore: KeyStore = {
  available: () => Promise.resolve(true),
  backend: () => 'gnome_libsecret',
  seal: (secret) => Promise.resolve(Buffer.from(secret, 'utf8').reverse()),
  open: (sealed) => Promise.resolve(Buffer.from(sealed).reverse().toString('utf8')),
};
const noKeyStore: KeyStore = { ...keyStore, backend: () => 'basic_text' };

/** A database's folder with a key of its own, in a key file. */
async function withKey(): Promise<{ folder: string; key: Uint8Array }> {
  const folder = temporaryFolder();
  const made = await answerKey(folder, { choice: 'file' });
  if (made.kind !== 'ready') throw new Error(made.kind);
  return { folder, key: made.key };
}
async function keyIn(folder: string, passphrase = ''): Promise<{ key: Uint8Array; how: string }> {
  let found = await resolveKey({ folder, keyStore, preference: 'system', isDemo: false });
  if (found.kind === 'passphrase-needed') {
    const opened = await answerKey(folder, { choice: 'passphrase', passphrase });
    if (opened.kind !== 'ready') throw new Error(opened.kind);
    found = opened;
  }
  if (found.kind !== 'ready') throw new Error(found.kind);
  return { key: found.key, how: found.how };
}
const text = (folder: string): string => readFileSync(keyFile(folder), 'utf8');
const plain = (key: Uint8Array): string => Buffer.from(key).toString('base64');

describe('keeping the same key otherwise', () => {
  it('opens the same key after every change, in every order', async () => {
    const { folder, key } = await withKey();
    const ways: KeyKeepingChoice[] = [
      { how: 'system' },
      { how: 'passphrase', passphrase: 'first words' },
      { how: 'passphrase', passphrase: 'other words' },
      { how: 'file' },
      { how: 'passphrase', passphrase: 'last words' },
      { how: 'system' },
      { how: 'file' },
    ];
    for (const wanted of ways) {
      keepWrapped(folder, await wrapKey(key, wanted, keyStore), key);
      const passphrase = wanted.how === 'passphrase' ? wanted.passphrase : '';
      expect(await keyIn(folder, passphrase)).toEqual({ key, how: wanted.how });
      expect(statSync(keyFile(folder)).mode & 0o777).toBe(0o600);
      expect(text(folder).includes(plain(key))).toBe(wanted.how === 'file');
      expect(readdirSync(folder)).toEqual(['key.json']);
    }
  });

  it('leaves nothing behind that lays the key open, and keeps what may be the way to another', async () => {
    const { folder, key } = await withKey();
    mkdirSync(backupsFolder(folder));
    writeFileSync(path.join(backupsFolder(folder), 'key.json'), text(folder), { mode: 0o600 });
    writeFileSync(path.join(folder, 'key.replaced-1.json'), text(folder));
    const other = await withKey();
    writeFileSync(path.join(folder, 'key.replaced-2.json'), text(other.folder));
    writeFileSync(path.join(folder, 'key.replaced-3.json'), '{"damaged":');

    keepWrapped(folder, await wrapKey(key, { how: 'system' }, keyStore), key);
    expect(readFileSync(path.join(backupsFolder(folder), 'key.json'), 'utf8')).toBe(text(folder));
    expect(readdirSync(folder).filter((name) => name.startsWith('key.replaced'))).toEqual([
      'key.replaced-2.json',
      'key.replaced-3.json',
    ]);
  });

  it('changes nothing before the new way has opened the key', async () => {
    const { folder, key } = await withKey();
    const before = text(folder);
    const forgetful: KeyStore = {
      ...keyStore,
      open: () => Promise.resolve(plain(new Uint8Array(32))),
    };
    const locked: KeyStore = { ...keyStore, seal: () => Promise.reject(new Error('locked')) };
    for (const bad of [forgetful, locked, noKeyStore]) {
      await expect(wrapKey(key, { how: 'system' }, bad)).rejects.toThrow(/Nothing was changed/);
    }
    expect(text(folder)).toBe(before);
  });

  it('leaves the old way in force where the new one cannot be written', async () => {
    const { folder, key } = await withKey();
    const before = text(folder);
    const wrapped = await wrapKey(key, { how: 'system' }, keyStore);
    // Where the new file would be made first there is something that is none.
    mkdirSync(path.join(folder, `key.json.${String(process.pid)}.tmp`, 'in the way'), { recursive: true });
    expect(() => {
      keepWrapped(folder, wrapped, key);
    }).toThrow();
    expect(text(folder)).toBe(before);
    expect(await keyIn(folder)).toEqual({ key, how: 'file' });
  });

  it('makes no key file where there is none any more', async () => {
    const { folder, key } = await withKey();
    rmSync(keyFile(folder));
    const wrapped = await wrapKey(key, { how: 'file' }, keyStore);
    expect(() => {
      keepWrapped(folder, wrapped, key);
    }).toThrow(/key file is missing/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a first key, where the organisation has set how', () => {
  const first = (set: 'system' | 'file' | 'passphrase', store = keyStore, isDemo = false) =>
    resolveKey({ folder: temporaryFolder(), keyStore: store, preference: 'system', set, isDemo });

  it('is kept at least so, whatever the command line says', async () => {
    expect(await first('system')).toMatchObject({ kind: 'ready', how: 'system' });
    // A policy only ever tightens.
    expect(await first('file')).toMatchObject({ kind: 'ready', how: 'system' });
    const options = { keyStore, preference: 'file', set: 'system', isDemo: false } as const;
    expect(await resolveKey({ ...options, folder: temporaryFolder() })).toMatchObject({ how: 'system' });
  });

  it('is asked about only where a passphrase is set', async () => {
    expect(await first('passphrase')).toMatchObject({
      kind: 'question',
      reason: expect.stringContaining('Your organisation requires') as string,
    });
    expect(await first('file', noKeyStore)).toMatchObject({
      kind: 'question',
      reason: expect.stringContaining('has no key store') as string,
    });
  });

  it('is not made where it could not be kept so; the demo’s is invented like the rest of it', async () => {
    expect(await first('system', noKeyStore)).toMatchObject({ kind: 'problem', problem: { code: 'unkept' } });
    expect(await first('system', noKeyStore, true)).toMatchObject({ kind: 'ready', how: 'file' });
    expect(await first('passphrase', keyStore, true)).toMatchObject({ kind: 'ready', how: 'system' });
  });
});
