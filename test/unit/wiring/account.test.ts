import { expect, it, vi } from 'vitest';
import type { Tokens } from '../../../domain/account.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import type { StoredAccount, Vault } from '../../../electron/shell/vault.ts';
import { createStateStore, emptyModel, type StateStore } from '../../../electron/tracker/state.ts';
import { createAccount, type AccountKeeper } from '../../../electron/wiring/account.ts';
import type { AccountEvents, Connection } from '../../../electron/wiring/connection.ts';

const ana: StoredAccount = {
  region: 'eu_central_1',
  addresses: { login: 'https://login.mypurecloud.de', api: 'https://api.mypurecloud.de' },
  clientId: 'client',
  person: { id: 'ana', name: 'Ana' },
};
const tokens: Tokens = { accessToken: 'a', refreshToken: null, obtainedAt: 0, expiresAt: null };

interface Signed {
  readonly account: AccountKeeper;
  readonly store: StateStore;
  readonly connections: Connection[];
  /** What the connection that is being left says, once the switch to the next one has begun. */
  readonly whileLeaving: { say: (events: AccountEvents) => void };
}

/** Somebody who signed in during an earlier run, at a program that has just started. */
async function signedIn(): Promise<Signed> {
  const settings = { values: defaultSettings, locked: [], policyProblem: '', stopKeyProblem: '' };
  const store = createStateStore(
    emptyModel({ kind: 'genesys', demo: false }, { theme: 'system', locale: 'en' }, settings),
    Date.now,
  );
  const vault: Vault = {
    account: ana,
    tokens: () => Promise.resolve({ tokens, problem: '' }),
    keep: () => Promise.resolve(''),
    settled: () => Promise.resolve(),
    setAside: null,
  };
  const connections: Connection[] = [];
  const whileLeaving: Signed['whileLeaving'] = { say: () => undefined };
  const account = createAccount({
    flags: { feed: null, api: null, login: null },
    token: null,
    remembered: null,
    vault,
    store,
    demoData: null,
    feed: () => null,
    switchTo: (connection) => {
      const left = connections.at(-1);
      if (left?.kind === 'genesys') whileLeaving.say(left.events);
      connections.push(connection);
      return Promise.resolve();
    },
    openBrowser: () => Promise.resolve(),
    log: vi.fn(),
  });
  await account.start();
  return { account, store, connections, whileLeaving };
}

function eventsOf(connection: Connection | undefined): AccountEvents {
  if (connection?.kind !== 'genesys') throw new Error('not a live connection');
  return connection.events;
}

it('hears what the connection in use tells of the account', async () => {
  const { store, connections } = await signedIn();
  expect(store.app.getState().account.state).toBe('signed-in');
  eventsOf(connections[0]).granted([]);
  expect(store.app.getState().account.missing.length).toBeGreaterThan(0);
  eventsOf(connections[0]).unauthorised('no longer');
  expect(store.app.getState().account).toMatchObject({ state: 'expired', problem: 'no longer' });
});

it('signed out stays signed out, whatever the connection that is being left still says', async () => {
  const { account, store, connections, whileLeaving } = await signedIn();
  whileLeaving.say = (events) => {
    events.unauthorised('There is no access token.');
    events.granted([]);
    events.missing(['conversation:participant:wrapup']);
    events.rivalled('another program');
  };
  await account.intents.signOut('settings');
  expect(connections.map(({ kind }) => kind)).toEqual(['genesys', 'simulator']);
  const { account: shown, notices } = store.app.getState();
  expect(shown).toMatchObject({ state: 'none', name: null, problem: '', missing: [] });
  expect(notices).toEqual([]);
});
