import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Tokens } from '../../../domain/account.ts';
import type { SystemKeyStore } from '../../../electron/shell/key-store.ts';
import {
  openSignInStorage,
  type StoredAccount,
  type SignInStorage,
} from '../../../electron/shell/sign-in-storage.ts';

// Outside Electron its package is only the path of a program.
vi.mock('electron', () => ({ default: {} }));

const canary = 'canary-9fQ2kTz7';
const tokens: Tokens = {
  accessToken: `access-${canary}`,
  refreshToken: `refresh-${canary}`,
  obtainedAt: 1,
  expiresAt: 2,
};
const account: StoredAccount = {
  region: 'eu_central_1',
  addresses: { login: 'https://login.mypurecloud.de', api: 'https://api.mypurecloud.de' },
  clientId: 'client-1',
  person: { id: 'user-1', name: 'Ana Lindqvist' },
};

/** Turns bytes round: readable only to itself, which is what matters here. */
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
const keyStore: SystemKeyStore = {
  available: () => Promise.resolve(true),
  backend: () => 'test',
  seal: (plain) => Promise.resolve(turned(Buffer.from(plain))),
  open: (sealed) => Promise.resolve(Buffer.from(turned(sealed)).toString('utf8')),
};
const lockedKeyStore: SystemKeyStore = {
  ...keyStore,
  seal: () => Promise.reject(new Error(`locked ${canary}`)),
  open: () => Promise.reject(new Error(`locked ${canary}`)),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-vault-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => path.join(folder, 'account.json');
const open = (over: { keyStore?: SystemKeyStore; writable?: boolean } = {}): SignInStorage =>
  openSignInStorage({ folder, keyStore, writable: true, now: new Date(0), ...over });

it('keeps the tokens sealed, for their owner only, and gives them back after a restart', async () => {
  expect(open().account).toBeNull();
  expect(await open().keep(account, tokens)).toBe('');
  expect(readFileSync(file(), 'utf8')).not.toContain(canary);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['account.json']);

  const again = open();
  expect(again.account).toMatchObject(account);
  expect(await again.open()).toEqual({ tokens, account, problem: '' });
});

it.each([
  [
    'there is no key store',
    { keyStore: { ...keyStore, available: () => Promise.resolve(false) } },
    'no key store',
  ],
  ['the key store does not take them', { keyStore: lockedKeyStore }, 'didn’t accept'],
  ['nothing can be written', { writable: false }, 'Nothing can be saved'],
])('says that they are gone with this run when %s', async (_name, over, words) => {
  const signInStorage = open(over);
  const said = await signInStorage.keep(account, tokens);
  expect(said).toContain(words);
  expect(said).not.toContain(canary);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain(canary);
  }
  expect((await open().open()).tokens).toBeNull();
});

const edits: [what: string, edit: (file: Record<string, unknown>) => void][] = [
  [
    'an address on another host',
    (file) => (file['addresses'] = { login: 'https://login.example.com', api: 'https://api.example.com' }),
  ],
  [
    'an unprotected address',
    (file) => (file['addresses'] = { ...account.addresses, login: 'http://127.0.0.1:9' }),
  ],
  ['another region', (file) => (file['region'] = 'us_east_1')],
  [
    'no region, and addresses of its own',
    (file) =>
      Object.assign(file, {
        region: null,
        addresses: { login: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9' },
      }),
  ],
  ['another client', (file) => (file['clientId'] = 'client-2')],
  ['another person', (file) => (file['person'] = { id: 'user-2', name: 'Ana Lindqvist' })],
];
it.each(edits)('refuses a file that names %s than was sealed with the tokens', async (_what, edit) => {
  await open().keep(account, tokens);
  const edited = JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>;
  edit(edited);
  writeFileSync(file(), JSON.stringify(edited));
  const read = await open().open();
  expect(read).toEqual({
    tokens: null,
    account,
    problem: expect.stringContaining('was changed outside') as string,
  });
  // Signing in again is all it takes.
  expect(await open().keep(account, tokens)).toBe('');
  expect((await open().open()).tokens).toEqual(tokens);
});

it('knows no address of a region but the region’s own', async () => {
  await open().keep(account, null);
  const edited = JSON.parse(readFileSync(file(), 'utf8')) as object;
  const addresses = { login: 'https://login.example.com', api: 'https://api.example.com' };
  writeFileSync(file(), JSON.stringify({ ...edited, addresses }));
  expect(open().account?.addresses).toEqual(account.addresses);
});

it('asks to sign in again where an earlier version sealed the tokens alone', async () => {
  const sealed = Buffer.from(await keyStore.seal(JSON.stringify(tokens))).toString('base64');
  writeFileSync(file(), JSON.stringify({ version: 1, ...account, sealed }));
  expect(open().account).toEqual(account);
  expect(await open().open()).toEqual({ tokens: null, account: null, problem: '' });
});

it('says so when the key store does not open them, and throws nothing away', async () => {
  await open().keep(account, tokens);
  const locked = await open({ keyStore: lockedKeyStore }).open();
  expect(locked.tokens).toBeNull();
  expect(locked.problem).toContain('Unlock the keyring');
  expect(locked.problem).not.toContain(canary);
  expect(await open().open()).toEqual({ tokens, account, problem: '' });
});

it('remembers where to sign in after signing out, but neither who nor with what', async () => {
  const signInStorage = open();
  await signInStorage.keep(account, tokens);
  await signInStorage.keep({ ...account, person: null }, null);
  const again = open();
  expect(again.account).toMatchObject({ clientId: 'client-1', person: null });
  expect(await again.open()).toEqual({ tokens: null, account: null, problem: '' });
  expect(readFileSync(file(), 'utf8')).not.toContain('Ana');
});

it('keeps what the system asks to be sealed again, unless somebody has signed out meanwhile', async () => {
  /** Says that it is to be sealed again, and has done so once `until` is over. */
  const renewing = (until: Promise<unknown>): SystemKeyStore => ({
    ...keyStore,
    open: async (sealed, renewed) => {
      const plain = await keyStore.open(sealed);
      await until;
      renewed?.(turned(Buffer.from(`${plain} `)));
      return plain;
    },
  });
  const sealedNow = (): unknown => (JSON.parse(readFileSync(file(), 'utf8')) as { sealed: unknown }).sealed;
  await open().keep(account, tokens);
  const first = sealedNow();
  const renewed = open({ keyStore: renewing(Promise.resolve()) });
  expect((await renewed.open()).tokens).toEqual(tokens);
  await renewed.settled();
  expect(sealedNow()).not.toBe(first);
  expect((await open().open()).tokens).toEqual(tokens);

  let signedOut = (): void => undefined;
  const until = new Promise<void>((resolve) => (signedOut = resolve));
  const signInStorage = open({ keyStore: renewing(until) });
  const reading = signInStorage.open();
  await signInStorage.keep({ ...account, person: null }, null);
  signedOut();
  expect((await reading).tokens).toEqual(tokens);
  expect(sealedNow()).toBeNull();
});

it('writes one after the other: the last word stays', async () => {
  const signInStorage = open();
  void signInStorage.keep(account, tokens);
  void signInStorage.keep(account, { ...tokens, accessToken: 'second' });
  void signInStorage.keep(account, { ...tokens, accessToken: 'third' });
  await signInStorage.settled();
  expect((await open().open()).tokens?.accessToken).toBe('third');
});

it.each([
  ['is cut off', '{"version":1,"clientId":'],
  ['is of another kind', '{"version":1}'],
  ['is newer', JSON.stringify({ ...account, version: 3, sealed: null })],
])('sets a file aside that %s', async (_name, text) => {
  writeFileSync(file(), text);
  const signInStorage = open();
  expect(signInStorage.account).toBeNull();
  expect(readFileSync(signInStorage.setAside ?? '', 'utf8')).toBe(text);
  expect(await signInStorage.keep(account, tokens)).toBe('');
  expect((await open().open()).tokens).toEqual(tokens);
});

/** Something in the file's place that can neither be replaced, removed nor written: not even root does that. */
function obstruct(): void {
  rmSync(file(), { force: true });
  mkdirSync(path.join(file(), 'in the way'), { recursive: true });
}

it('never rejects: a file that cannot be changed is said, whatever was to be kept', async () => {
  const signInStorage = open();
  await signInStorage.keep(account, tokens);
  obstruct();
  expect(await signInStorage.keep(account, tokens)).toContain('until Sharelight quits');
  expect(await signInStorage.keep({ ...account, person: null }, null)).toContain(file());
  await signInStorage.settled();
});

it('takes the tokens away also where nothing new can be kept', async () => {
  await open().keep(account, tokens);
  const signInStorage = open({ writable: false });
  expect((await signInStorage.open()).tokens).toEqual(tokens);
  expect(await signInStorage.keep({ ...account, person: null }, null)).toBe('');
  expect((await open().open()).tokens).toBeNull();
});
