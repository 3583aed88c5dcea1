import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  answerKey,
  resolveKey,
  type KeyStore,
  type ResolveKey,
  type ResolvedKey,
} from '../../../electron/store/key.ts';
import { temporaryFolder } from './examples.ts';

// scrypt is slow on purpose; a busy machine makes it slower.
vi.setConfig({ testTimeout: 60_000 });

/** A key store as the system's behave: what another one sealed, it cannot open. */
function keyStore(backend = 'gnome_libsecret', available = true): KeyStore {
  const locked = `${backend}:`;
  return {
    available: () => Promise.resolve(available),
    backend: () => backend,
    seal: (secret) => Promise.resolve(Buffer.from(locked + secret, 'utf8').reverse()),
    open: (sealed) => {
      const text = Buffer.from(sealed).reverse().toString('utf8');
      return text.startsWith(locked)
        ? Promise.resolve(text.slice(locked.length))
        : Promise.reject(new Error('Error while decrypting the ciphertext'));
    },
  };
}
const noKeyStore = keyStore('basic_text');

const resolve = (folder: string, change: Partial<ResolveKey> = {}): Promise<ResolvedKey> =>
  resolveKey({ folder, keyStore: keyStore(), preference: 'system', isDemo: false, ...change });

function ready(resolved: { kind: string }): { key: Uint8Array; how: string } {
  expect(resolved.kind).toBe('ready');
  return resolved as ResolvedKey & { kind: 'ready' };
}

const keyJson = (folder: string): string => path.join(folder, 'key.json');
const stored = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(keyJson(folder), 'utf8')) as Record<string, unknown>;

describe('a first run', () => {
  it('seals a new key with the system key store, and finds it again', async () => {
    const folder = path.join(temporaryFolder(), 'memory');
    const first = ready(await resolve(folder));
    expect(first.how).toBe('system');
    expect(first.key).toHaveLength(32);
    expect(stored(folder)).toMatchObject({ version: 1, kind: 'system', backend: 'gnome_libsecret' });
    expect(readFileSync(keyJson(folder), 'utf8')).not.toContain(Buffer.from(first.key).toString('base64'));
    expect(ready(await resolve(folder))).toEqual(first);
    expect(ready(await resolve(temporaryFolder())).key).not.toEqual(first.key);
  });

  it('writes an owner-only file in an owner-only folder and leaves nothing else', async () => {
    const folder = path.join(temporaryFolder(), 'deep', 'memory');
    ready(await resolve(folder, { preference: 'file' }));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(keyJson(folder)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key.json']);
  });

  it('asks where there is no key store, and writes nothing before the answer', async () => {
    for (const none of [noKeyStore, keyStore('gnome_libsecret', false)]) {
      const folder = temporaryFolder();
      expect(await resolve(folder, { keyStore: none })).toMatchObject({ kind: 'question' });
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('takes a key file for the demo where there is no key store, and says so', async () => {
    const folder = temporaryFolder();
    expect(ready(await resolve(folder, { keyStore: noKeyStore, isDemo: true })).how).toBe('file');
    expect(ready(await resolve(temporaryFolder(), { isDemo: true })).how).toBe('system');
  });

  it('takes a key file when told to, whatever there is, and stays with it', async () => {
    const folder = temporaryFolder();
    const first = ready(await resolve(folder, { preference: 'file' }));
    expect(first.how).toBe('file');
    expect(ready(await resolve(folder))).toEqual(first);
  });

  it('says clearly when the folder cannot be written', async () => {
    const file = path.join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await resolve(path.join(file, 'memory'), { preference: 'file' })).toMatchObject({
      kind: 'problem',
      problem: { code: 'unwritable' },
    });
  });
});

describe('an answer', () => {
  it('of a key file makes one', async () => {
    const folder = temporaryFolder();
    const answered = ready(await answerKey(folder, { choice: 'file' }));
    expect(answered.how).toBe('file');
    expect(ready(await resolve(folder, { keyStore: noKeyStore }))).toEqual(answered);
  });

  it('of a passphrase seals the key with it; only it opens the key again', async () => {
    const folder = temporaryFolder();
    const passphrase = 'correct horse bättery';
    const made = ready(await answerKey(folder, { choice: 'passphrase', passphrase }));
    expect(made.how).toBe('passphrase');
    expect(stored(folder)).toMatchObject({ kind: 'passphrase', params: { N: 2 ** 17, r: 8, p: 1 } });
    const text = readFileSync(keyJson(folder), 'utf8');
    expect(text).not.toContain('horse');
    expect(text).not.toContain(Buffer.from(made.key).toString('base64'));

    expect(await resolve(folder)).toEqual({ kind: 'passphrase-needed' });
    expect(await answerKey(folder, { choice: 'passphrase', passphrase: 'wrong' })).toEqual({
      kind: 'wrong-passphrase',
    });
    const decomposed = passphrase.normalize('NFD');
    expect(ready(await answerKey(folder, { choice: 'passphrase', passphrase: decomposed }))).toEqual(made);
  });

  it('that does not fit how the key is kept changes nothing', async () => {
    const folder = temporaryFolder();
    ready(await resolve(folder));
    const before = readFileSync(keyJson(folder), 'utf8');
    for (const answer of [{ choice: 'file' }, { choice: 'passphrase', passphrase: 'words' }] as const) {
      expect(await answerKey(folder, answer)).toMatchObject({
        kind: 'problem',
        problem: { code: 'answered' },
      });
    }
    expect(readFileSync(keyJson(folder), 'utf8')).toBe(before);
  });
});

describe('a key that cannot be had', () => {
  it.each([
    ['another key store', keyStore('kwallet5')],
    ['no key store', noKeyStore],
    ['a locked keyring', keyStore('gnome_libsecret', false)],
    ['a key store that opens it to something else', { ...keyStore(), open: () => Promise.resolve('AAAA') }],
  ])('with %s is a problem, and nothing is replaced', async (_name, other) => {
    const folder = temporaryFolder();
    const first = ready(await resolve(folder));
    const before = readFileSync(keyJson(folder), 'utf8');
    for (const isDemo of [false, true]) {
      expect(await resolve(folder, { keyStore: other, isDemo })).toMatchObject({
        kind: 'problem',
        problem: { code: 'sealed', message: expect.stringContaining('Nothing was changed') as string },
      });
    }
    expect(readFileSync(keyJson(folder), 'utf8')).toBe(before);
    expect(ready(await resolve(folder))).toEqual(first);
  });

  it('never makes a new key over a database that is there', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'memory.db'), 'sealed with a key that is gone');
    for (const preference of ['system', 'file'] as const) {
      expect(await resolve(folder, { preference, isDemo: true })).toMatchObject({
        kind: 'problem',
        problem: { code: 'missing' },
      });
    }
    expect(await answerKey(folder, { choice: 'file' })).toMatchObject({
      kind: 'problem',
      problem: { code: 'missing' },
    });
    expect(await answerKey(folder, { choice: 'passphrase', passphrase: 'words' })).toMatchObject({
      kind: 'problem',
      problem: { code: 'missing' },
    });
    expect(readdirSync(folder)).toEqual(['memory.db']);
  });

  it.each([
    ['an empty file', ''],
    ['half a file', '{"version":1,"kind":"file","k'],
    ['another shape', '{"version":1,"kind":"file"}'],
    ['a short key', '{"version":1,"kind":"file","key":"AAAA"}'],
    ['a newer version', '{"version":2,"kind":"file","key":""}'],
    [
      'absurd costs',
      `{"version":1,"kind":"passphrase","salt":"AAAA","params":{"N":1073741824,"r":8,"p":1},"sealed":"${'A'.repeat(80)}"}`,
    ],
  ])('refuses %s and keeps it', async (_name, text) => {
    const folder = temporaryFolder();
    writeFileSync(keyJson(folder), text, { mode: 0o600 });
    expect(await resolve(folder, { isDemo: true })).toMatchObject({
      kind: 'problem',
      problem: { code: 'unreadable' },
    });
    expect(await answerKey(folder, { choice: 'file' })).toMatchObject({
      kind: 'problem',
      problem: { code: 'unreadable' },
    });
    expect(readFileSync(keyJson(folder), 'utf8')).toBe(text);
  });

  it('refuses something that is not a file', async () => {
    const folder = temporaryFolder();
    mkdirSync(keyJson(folder));
    expect(await resolve(folder)).toMatchObject({ kind: 'problem', problem: { code: 'unreadable' } });
  });

  it('refuses a key file others can read, until that is put right', async () => {
    const folder = temporaryFolder();
    const first = ready(await resolve(folder, { preference: 'file' }));
    chmodSync(keyJson(folder), 0o640);
    expect(await resolve(folder)).toMatchObject({ kind: 'problem', problem: { code: 'exposed' } });
    chmodSync(keyJson(folder), 0o600);
    expect(ready(await resolve(folder))).toEqual(first);
  });
});

describe('two at once', () => {
  it('end with one key on disk, and only one of them has it', async () => {
    const folder = temporaryFolder();
    const results = await Promise.all([resolve(folder), resolve(folder)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['problem', 'ready']);
    const winner = results.find(({ kind }) => kind === 'ready');
    expect(await resolve(folder)).toEqual(winner);
  });
});
