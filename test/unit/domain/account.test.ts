import { expect, it } from 'vitest';
import { noAccount, redirectUris } from '../../../domain/account.ts';
import { callArguments } from '../../../domain/ipc/contract.ts';
import { notAmong, withMissing } from '../../../domain/permissions.ts';
import { addressesOf, regionIds, regions } from '../../../domain/regions.ts';

it('knows every region once, each with hosts of its own', () => {
  expect(regions).toHaveLength(18);
  for (const list of [regionIds, regions.map(({ domain }) => domain), regions.map(({ label }) => label)]) {
    expect(new Set(list).size).toBe(18);
  }
  expect(addressesOf('eu_central_1')).toEqual({
    login: 'https://login.mypurecloud.de',
    api: 'https://api.mypurecloud.de',
  });
  for (const id of regionIds) {
    const { login, api } = addressesOf(id);
    for (const address of [login, api]) expect(new URL(address).origin).toBe(address);
  }
});

it('tells the administrator three redirect addresses', () => {
  expect(redirectUris).toEqual([
    'http://localhost:48651/oauth/callback',
    'http://localhost:48652/oauth/callback',
    'http://localhost:48653/oauth/callback',
  ]);
  expect(noAccount.redirectUris).toBe(redirectUris);
});

it('names each missing permission once, with what it would allow', () => {
  const first = withMissing([], ['conversation:participant:wrapup', 'conversation:participant:wrapup']);
  expect(first).toEqual([
    { name: 'conversation:participant:wrapup', allows: expect.stringContaining('wrap-up codes') as string },
  ]);
  expect(withMissing(first, ['conversation:participant:wrapup'])).toBe(first);
  expect(withMissing(first, ['some:other:thing']).at(-1)?.allows).toMatch(/\S/);
});

const names = (granted: readonly string[]): string[] => notAmong(granted).map(({ name }) => name);

it('knows ahead what is not among all the permissions a person has, and what it would allow', () => {
  const view = 'conversation:communication:view';
  const wrapup = 'conversation:participant:wrapup';
  const disconnect = 'conversation:communication:disconnect';
  expect(names([])).toEqual([view, wrapup, disconnect]);
  expect(names([view, wrapup, disconnect, 'routing:queue:view'])).toEqual([]);
  expect(notAmong([wrapup])).toEqual([
    { name: view, allows: expect.stringContaining('Read a whole screen share') as string },
  ]);
  // Any one of three changes a participant; only one of them wraps up.
  expect(names([view, 'conversation:call:record'])).toEqual([wrapup]);
  expect(names([view, disconnect])).toEqual([wrapup]);
});

it.each([
  ['*:*:*', []],
  ['conversation:*:*', []],
  ['conversation:*', []],
  ['conversation:*:view', ['conversation:participant:wrapup', 'conversation:communication:disconnect']],
  ['conversation', undefined],
  ['', undefined],
])('reads a starred permission: %j', (granted, missing) => {
  expect(names([granted])).toEqual(missing ?? names([]));
});

it.each([
  [{ region: 'eu_central_1', clientId: 'f1e2d3c4-0000-4000-8000-000000000000' }, true],
  [{ login: 'https://login.example', api: 'https://api.example', clientId: 'client' }, true],
  [{ again: true }, true],
  [{ again: false }, false],
  [{ region: 'moon', clientId: 'client' }, false],
  [{ region: 'eu_central_1', clientId: '' }, false],
  [{ region: 'eu_central_1', clientId: 'a b' }, false],
  [{ region: 'eu_central_1', clientId: 'client', secret: 'x' }, false],
  [{ region: 'eu_central_1' }, false],
])('takes or refuses a sign-in: %j → %s', (wanted, fine) => {
  expect(callArguments.signIn.safeParse([wanted]).success).toBe(fine);
});
