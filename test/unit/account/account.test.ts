import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tokens } from '../../../domain/account.ts';
import { done, refused } from '../../../domain/toolbox/result.ts';
import type { Feed, Person } from '../../../domain/feed.ts';
import { parsePolicy, underPolicy } from '../../../domain/organisation-policy.ts';
import { defaultSettings, type SettingsChange } from '../../../domain/settings.ts';
import type { OpenedSignIn, StoredAccount, SignInStorage } from '../../../electron/shell/sign-in-storage.ts';
import { createStateStore, emptyModel, type StateStore } from '../../../electron/tracker/state.ts';
import { createAccount, type AccountControl } from '../../../electron/account/account.ts';
import type { Connection } from '../../../electron/account/connection.ts';
import type { AccountEvents } from '../../../electron/feed/genesys/session.ts';
import { freshSettings } from '../domain/known.ts';

const server = vi.hoisted(() => ({
  /** Sign-ins the browser has, oldest first; each is answered by the test. */
  browser: [] as { resolve: (tokens: Tokens) => void }[],
  revoked: [] as { api: string; accessToken: string }[],
  /** What it says to that. */
  says: 'revoked',
}));
vi.mock('../../../electron/feed/genesys/auth/browser-sign-in.ts', () => ({
  beginSignIn: () =>
    Promise.resolve({ tokens: new Promise<Tokens>((resolve) => server.browser.push({ resolve })) }),
}));
vi.mock('../../../electron/feed/genesys/auth/current-user.ts', () => ({
  /** A token of this server says whose it is. */
  whoIs: ({ accessToken }: { accessToken: string }) => {
    const person: Person = { id: accessToken.split(' ')[0] ?? '', name: accessToken };
    return Promise.resolve({ person, granted: null });
  },
  revokeToken: ({ api, accessToken }: { api: string; accessToken: string }) => {
    server.revoked.push({ api, accessToken });
    return Promise.resolve(server.says);
  },
}));

beforeEach(() => {
  server.browser.length = 0;
  server.revoked.length = 0;
  server.says = 'revoked';
});

const ana: StoredAccount = {
  region: 'eu_central_1',
  addresses: { login: 'https://login.mypurecloud.de', api: 'https://api.mypurecloud.de' },
  clientId: 'client',
  person: { id: 'ana', name: 'Ana' },
};
const tokensOf = (accessToken: string): Tokens => ({
  accessToken,
  refreshToken: null,
  obtainedAt: 0,
  expiresAt: null,
});

/** The disk and its key store, which answer when the test says so. */
function slowVault(account: StoredAccount | null, sealed: Tokens | null, over: Partial<OpenedSignIn> = {}) {
  const kept: { account: StoredAccount; tokens: Tokens | null; answer: (words: string) => void }[] = [];
  const opened: { answer: () => void }[] = [];
  let prompt = true;
  const signInStorage: SignInStorage = {
    get account() {
      return kept.at(-1)?.account ?? account;
    },
    open: () => {
      const tokens = kept.length === 0 ? sealed : null;
      const found = { tokens, account: tokens && account, problem: '', ...over };
      if (prompt) return Promise.resolve(found);
      return new Promise((resolve) => {
        opened.push({
          answer: () => {
            resolve(found);
          },
        });
      });
    },
    keep: (whose, tokens) =>
      new Promise((resolve) => {
        kept.push({ account: whose, tokens, answer: resolve });
        if (prompt) resolve('');
      }),
    settled: () => Promise.resolve(),
    setAside: null,
  };
  return {
    signInStorage,
    kept,
    opened,
    /** From now on nothing is answered by itself. */
    stall: () => (prompt = false),
  };
}

interface Given {
  /** Nobody has chosen between signing in and the demo. */
  readonly undecided?: boolean;
  readonly stored?: StoredAccount | null;
  readonly sealed?: Tokens | null;
  /** What the key store says instead. */
  readonly opened?: Partial<OpenedSignIn>;
  readonly token?: string | null;
  readonly api?: string | null;
  readonly own?: SettingsChange;
  /** As in `policy.json`. */
  readonly locked?: SettingsChange;
}

interface Rig {
  /** How often the link was begun anew. */
  readonly reconnected: () => number;
  readonly account: AccountControl;
  readonly store: StateStore;
  readonly connections: Connection[];
  readonly disk: ReturnType<typeof slowVault>;
  /** What the connection that is being left says, once the switch to the next one has begun. */
  readonly whileLeaving: { say: (events: AccountEvents) => void };
  /** The person signs in with the browser; it comes back with this token. */
  readonly signIn: (accessToken: string) => Promise<void>;
  readonly shown: () => ReturnType<StateStore['app']['getState']>['account'];
  readonly tokenOf: (connection: Connection | undefined) => Promise<string | null>;
}

function program({
  token = null,
  api = null,
  own = {},
  locked,
  undecided = false,
  ...given
}: Given = {}): Rig {
  const policy = locked ? parsePolicy('p', JSON.stringify({ locked })) : { kind: 'none' as const };
  const settings = {
    ...freshSettings,
    ...underPolicy({ ...defaultSettings, ...own }, policy),
    policyProblem: policy.kind === 'unreadable' ? policy.reason : '',
  };
  const store = createStateStore(
    emptyModel(
      { kind: 'genesys', demo: false, undecided },
      { theme: 'system', language: 'en', locale: 'en' },
      settings,
    ),
    Date.now,
  );
  const stored = given.stored === undefined ? ana : given.stored;
  const disk = slowVault(stored, given.sealed === undefined ? tokensOf('ana 1') : given.sealed, given.opened);
  const connections: Connection[] = [];
  const whileLeaving: Rig['whileLeaving'] = { say: () => undefined };
  let reconnected = 0;
  const feed: Feed = {
    start: () => undefined,
    stop: () => Promise.resolve(),
    reconnect: () => (reconnected += 1),
    send: () => Promise.reject(new Error('not asked')),
    reread: () => Promise.resolve('failed'),
    relist: () => Promise.resolve(refused('not asked')),
    wrapupCodes: () => Promise.resolve([]),
    statusChoices: () => Promise.resolve([]),
    setStatus: () => Promise.reject(new Error('not asked')),
  };
  const account = createAccount({
    flags: { feed: null, api: api === null ? null : new URL(api), login: null },
    token,
    undecided,
    onDemoChosen: () => undefined,
    remembered: token === null ? null : ana.person,
    signInStorage: disk.signInStorage,
    store,
    demoData: null,
    feed: () => feed,
    switchTo: (connection) => {
      const left = connections.at(-1);
      if (left?.kind === 'genesys') whileLeaving.say(left.events);
      connections.push(connection);
      return Promise.resolve();
    },
    openBrowser: () => Promise.resolve(),
    fetch: () => Promise.reject(new Error('not asked')),
    log: vi.fn(),
  });
  const shown: Rig['shown'] = () => store.app.getState().account;
  return {
    reconnected: () => reconnected,
    account,
    store,
    connections,
    disk,
    whileLeaving,
    shown,
    signIn: async (accessToken) => {
      const begun = await account.signIn({ region: 'eu_central_1', clientId: 'client' });
      expect(begun).toEqual({ ok: true, value: null });
      server.browser.at(-1)?.resolve(tokensOf(accessToken));
      await vi.waitFor(() => {
        expect(shown()).toMatchObject({ state: 'signed-in', name: accessToken });
      });
    },
    tokenOf: async (connection) =>
      connection?.kind === 'genesys' && connection.access ? connection.access.token() : null,
  };
}

/** Somebody who signed in during an earlier run, at a program that has just started. */
async function signedIn(given: Given = {}): Promise<Rig> {
  const rig = program(given);
  await rig.account.start();
  return rig;
}

function eventsOf(connection: Connection | undefined): AccountEvents {
  if (connection?.kind !== 'genesys') throw new Error('not a live connection');
  return connection.events;
}
const kinds = ({ connections }: Rig): string[] => connections.map(({ kind }) => kind);

it('hears what the connection in use tells of the account', async () => {
  const { store, connections } = await signedIn();
  expect(store.app.getState().account.state).toBe('signed-in');
  eventsOf(connections[0]).granted([]);
  expect(store.app.getState().account.missing.length).toBeGreaterThan(0);
  eventsOf(connections[0]).unauthorised('no longer');
  expect(store.app.getState().account).toMatchObject({ state: 'expired', problem: 'no longer' });
});

it('signed out stays signed out, whatever the connection that is being left still says', async () => {
  const rig = await signedIn();
  const { account, store, whileLeaving } = rig;
  whileLeaving.say = (events) => {
    events.unauthorised('There is no access token.');
    events.granted([]);
    events.missing(['conversation:participant:wrapup']);
    events.takenOver('another program');
  };
  await account.signOut();
  expect(kinds(rig)).toEqual(['genesys', 'simulator']);
  const { account: shown, notices } = store.app.getState();
  expect(shown).toMatchObject({ state: 'none', name: null, problem: '', missing: [] });
  expect(notices).toEqual([]);
  expect(server.revoked).toEqual([{ api: ana.addresses.api, accessToken: 'ana 1' }]);
});

describe('before anybody has chosen', () => {
  it('nothing is asked of any server; the demo begins when it is chosen, and only then', async () => {
    const { account, connections, store } = program({ undecided: true, stored: null });
    await account.start();
    expect(connections).toEqual([]);
    expect(store.app.getState().source.undecided).toBe(true);
    expect(await account.lookAround()).toEqual(done);
    expect(connections).toEqual([{ kind: 'simulator', data: null }]);
  });

  it('a sign-in is a choice too, and later there is none', async () => {
    const { account, signIn, connections } = program({ undecided: true, stored: null });
    await account.start();
    await signIn('ana 1');
    expect(connections).toMatchObject([{ kind: 'genesys' }]);
    const decided = program();
    expect(await decided.account.lookAround()).toMatchObject({ ok: false });
  });
});

describe('while the key store takes its time', () => {
  it('signing out stands, and what was just given is revoked', async () => {
    const rig = await signedIn({ stored: null, sealed: null });
    rig.disk.stall();
    await rig.signIn('ben 1');
    const leaving = rig.account.signOut();
    for (const { answer } of rig.disk.kept) answer('');
    await leaving;
    expect(kinds(rig)).toEqual(['simulator', 'genesys', 'simulator']);
    expect(rig.shown()).toMatchObject({ state: 'none', name: null });
    expect(rig.disk.kept.at(-1)).toMatchObject({ account: { person: null }, tokens: null });
    expect(server.revoked.map(({ accessToken }) => accessToken)).toEqual(['ben 1']);
    expect(await rig.tokenOf(rig.connections[1])).toBe('');
  });

  it('a second sign-in goes on with its own tokens, and so does nobody else', async () => {
    const rig = await signedIn({ stored: null, sealed: null });
    rig.disk.stall();
    await rig.signIn('ben 1');
    await rig.signIn('cleo 1');
    for (const { answer } of rig.disk.kept) answer('');
    await vi.waitFor(() => {
      expect(kinds(rig)).toEqual(['simulator', 'genesys', 'genesys']);
    });
    const people = rig.connections.map((each) => (each.kind === 'genesys' ? each.person?.id : 'demo'));
    expect(people).toEqual(['demo', 'ben', 'cleo']);
    expect(await rig.tokenOf(rig.connections[1])).toBe('');
    expect(await rig.tokenOf(rig.connections[2])).toBe('cleo 1');
    expect(server.revoked.map(({ accessToken }) => accessToken)).toEqual(['ben 1']);
  });

  it('signing in while a sign-out is written stands', async () => {
    const rig = await signedIn();
    rig.disk.stall();
    const leaving = rig.account.signOut();
    await rig.signIn('ben 1');
    rig.disk.kept[0]?.answer('The file is in the way.');
    await leaving;
    expect(kinds(rig)).toEqual(['genesys', 'simulator', 'genesys']);
    expect(rig.shown()).toMatchObject({ state: 'signed-in', name: 'ben 1', problem: '' });
    expect(await rig.tokenOf(rig.connections[2])).toBe('ben 1');
  });

  it('signing in before an earlier sign-in could be opened stands', async () => {
    const rig = program();
    rig.disk.stall();
    const starting = rig.account.start();
    await rig.signIn('ben 1');
    rig.disk.opened[0]?.answer();
    await starting;
    expect(rig.shown()).toMatchObject({ state: 'signed-in', name: 'ben 1' });
    expect(kinds(rig)).toEqual(['genesys']);
    expect(await rig.tokenOf(rig.connections[0])).toBe('ben 1');
  });
});

it('what cannot be removed from the disk is said, and the rest of signing out is done', async () => {
  const rig = await signedIn();
  rig.disk.stall();
  const leaving = rig.account.signOut();
  rig.disk.kept[0]?.answer('The file is in the way.');
  expect(await leaving).toEqual({ ok: true, value: null });
  expect(kinds(rig)).toEqual(['genesys', 'simulator']);
  expect(rig.shown()).toMatchObject({ state: 'none', problem: 'The file is in the way.' });
  expect(server.revoked.map(({ accessToken }) => accessToken)).toEqual(['ana 1']);
});

describe('signing out', () => {
  const withRefresh: Tokens = { ...tokensOf('ana 1'), refreshToken: 'refresh' };
  const said = ({ store }: Rig): string[] => store.app.getState().notices.map(({ id }) => id);

  it.each([
    ['cannot be reached', 'failed', tokensOf('ana 1'), true],
    ['does not know the access token, and may know the refresh token', 'unknown', withRefresh, true],
    ['does not know it any more', 'unknown', tokensOf('ana 1'), false],
    ['has forgotten it', 'revoked', withRefresh, false],
  ] as const)('where the server %s', async (_what, says, sealed, isSaid) => {
    const rig = await signedIn({ sealed });
    server.says = says;
    await rig.account.signOut();
    await vi.waitFor(() => {
      expect(server.revoked).toHaveLength(1);
    });
    await Promise.resolve();
    expect(said(rig)).toEqual(isSaid ? ['not-revoked'] : []);
    expect(rig.shown().problem).toContain(isSaid ? 'Genesys Cloud couldn’t be told' : '');
    expect(rig.shown().state).toBe('none');
  });

  it('where the stored sign-in cannot be opened, nobody could tell the server', async () => {
    const rig = await signedIn({ opened: { tokens: null, account: null, problem: 'locked' } });
    await rig.account.signOut();
    expect(server.revoked).toEqual([]);
    expect(said(rig)).toEqual(['not-revoked']);
  });
});

describe('a stored sign-in that was edited', () => {
  const elsewhere = { login: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9' };
  const problem = 'Your stored sign-in was changed outside Sharelight';

  it('sends nothing, and asks to sign in where that was done before', async () => {
    const stored: StoredAccount = { ...ana, region: null, addresses: elsewhere };
    const rig = await signedIn({ stored, opened: { tokens: null, account: ana, problem } });
    expect(rig.shown()).toMatchObject({ state: 'expired', problem, addresses: ana.addresses, name: 'Ana' });
    expect(await rig.tokenOf(rig.connections[0])).toBeNull();
    await rig.account.signOut();
    expect(server.revoked).toEqual([]);
  });

  it('with nothing sealed that vouches for its addresses is no place to sign in again', async () => {
    const stored: StoredAccount = { ...ana, region: null, addresses: elsewhere };
    const rig = await signedIn({ stored, sealed: null });
    expect(rig.shown()).toMatchObject({ state: 'expired', addresses: null });
    expect(await rig.account.signIn({ again: true })).toMatchObject({ ok: false });
  });
});

it('given a token at the start, signing out also forgets what an earlier run has kept', async () => {
  const rig = await signedIn({ token: 'given' });
  await rig.account.signOut();
  expect(rig.disk.kept).toMatchObject([{ account: { person: null }, tokens: null }]);
  expect(server.revoked).toEqual([{ api: ana.addresses.api, accessToken: 'ana 1' }]);
  expect(kinds(rig)).toEqual(['genesys', 'simulator']);
});

it('tokens nobody waits for any more are revoked', async () => {
  const rig = await signedIn({ stored: null, sealed: null });
  await rig.account.signIn({ region: 'eu_central_1', clientId: 'client' });
  rig.account.cancelSignIn();
  server.browser[0]?.resolve(tokensOf('ben 1'));
  await vi.waitFor(() => {
    expect(server.revoked.map(({ accessToken }) => accessToken)).toEqual(['ben 1']);
  });
  expect(rig.shown()).toMatchObject({ state: 'none' });
});

describe('a sign-in that ends soon and that nothing prolongs', () => {
  const endingAt = (expiresAt: number, refreshToken: string | null = null): Tokens => ({
    ...tokensOf('ana 1'),
    refreshToken,
    obtainedAt: expiresAt - 3_600_000,
    expiresAt,
  });
  const soon = (): number => Date.now() + 4 * 60_000;
  const offers = ({ store }: Rig) => store.app.getState().notices.map(({ id, offer }) => [id, offer]);

  it('is told with an offer, and begun anew without touching the live link', async () => {
    const endsAt = soon();
    const rig = await signedIn({ sealed: endingAt(endsAt) });
    rig.store.update(() => ({ link: { kind: 'live' } }));
    expect(rig.shown()).toMatchObject({ state: 'signed-in', endsAt });
    expect(offers(rig)).toEqual([['sign-in-ends', 'signInAgain']]);
    expect(await rig.account.signIn({ again: true })).toEqual({ ok: true, value: null });
    server.browser[0]?.resolve(tokensOf('ana 2'));
    await vi.waitFor(() => {
      expect(rig.shown()).toMatchObject({ state: 'signed-in', endsAt: null });
    });
    expect(offers(rig)).toEqual([]);
    expect(kinds(rig)).toEqual(['genesys']);
    expect(rig.reconnected()).toBe(0);
    expect(server.revoked).toEqual([]);
    expect(await rig.tokenOf(rig.connections[0])).toBe('ana 2');
    expect(rig.disk.kept.at(-1)?.tokens?.accessToken).toBe('ana 2');
  });

  it('is begun anew with a new link where the old one was lost', async () => {
    const rig = await signedIn({ sealed: endingAt(soon()) });
    rig.store.update(() => ({ link: { kind: 'refused', reason: 'ran out' } }));
    await rig.account.signIn({ again: true });
    server.browser[0]?.resolve(tokensOf('ana 2'));
    await vi.waitFor(() => {
      expect(rig.reconnected()).toBe(1);
    });
  });

  it('is forgotten with the sign-in', async () => {
    const rig = await signedIn({ sealed: endingAt(soon()) });
    await rig.account.signOut();
    expect(rig.shown()).toMatchObject({ state: 'none', endsAt: null });
    expect(offers(rig)).toEqual([]);
  });

  it('is no matter where a refresh token prolongs it, or the end is far away', async () => {
    const renewed = await signedIn({ sealed: endingAt(soon(), 'refresh') });
    const far = await signedIn({ sealed: endingAt(Date.now() + 3_600_000) });
    for (const rig of [renewed, far]) {
      expect(rig.shown().endsAt).toBeNull();
      await rig.account.stop();
    }
  });
});

describe('where an organisation', () => {
  it.each<[what: string, locked: SettingsChange, then: object]>([
    [
      'region',
      { region: 'us_east_1' },
      { region: 'us_east_1', addresses: { api: 'https://api.mypurecloud.com' }, clientId: 'client' },
    ],
    [
      'client',
      { clientId: 'theirs' },
      { region: 'eu_central_1', addresses: ana.addresses, clientId: 'theirs' },
    ],
  ])(
    'has set another %s, an earlier sign-in has run out and the next one goes there',
    async (_w, locked, then) => {
      const rig = await signedIn({ locked });
      expect(rig.shown()).toMatchObject({ state: 'expired', name: 'Ana', ...then });
      expect(rig.shown().problem).toContain('Your organisation now uses another');
      expect(await rig.tokenOf(rig.connections[0])).toBeNull();
      expect(await rig.account.signIn({ again: true })).toEqual({ ok: true, value: null });
      await rig.account.signOut();
      expect(server.revoked).toEqual([{ api: ana.addresses.api, accessToken: 'ana 1' }]);
    },
  );

  it('has set the same place, all goes on', async () => {
    const rig = await signedIn({ locked: { region: 'eu_central_1', clientId: 'client' } });
    expect(rig.shown()).toMatchObject({ state: 'signed-in', problem: '' });
    expect(await rig.tokenOf(rig.connections[0])).toBe('ana 1');
  });
});

describe('a token given at the start goes', () => {
  const apiOf = ({ connections }: Rig) =>
    connections.map((each) => (each.kind === 'genesys' ? each.api.origin : 'demo'));

  it('to the region the organisation has set, or the person chose', async () => {
    const own: SettingsChange = { region: 'eu_west_2' };
    expect(apiOf(await signedIn({ token: 't', own }))).toEqual(['https://api.euw2.pure.cloud']);
    const locked: SettingsChange = { region: 'eu_central_1' };
    const rig = await signedIn({ token: 't', own, locked });
    expect(apiOf(rig)).toEqual(['https://api.mypurecloud.de']);
    expect(rig.shown()).toMatchObject({ region: 'eu_central_1' });
  });

  it('to the usual one where nobody said, and where the command line says before all', async () => {
    expect(apiOf(await signedIn({ token: 't' }))).toEqual(['https://api.mypurecloud.com']);
    const rig = await signedIn({
      token: 't',
      api: 'https://api.example.test',
      own: { region: 'eu_west_2' },
    });
    expect(apiOf(rig)).toEqual(['https://api.example.test']);
    expect(rig.shown()).toMatchObject({ region: null });
  });
});
