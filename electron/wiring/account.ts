import { noAccount, redirectPath, redirectPorts, type Account, type Tokens } from '../../domain/account.ts';
import type { Feed, Person } from '../../domain/feed.ts';
import type { Reply } from '../../domain/ipc/contract.ts';
import { notAmong, withMissing } from '../../domain/permissions.ts';
import { addressesOf } from '../../domain/regions.ts';
import type { Notice } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import type { Flags } from '../cli/flags.ts';
import { createOAuth, type OAuth } from '../feed/genesys/auth/oauth.ts';
import { SignInProblem } from '../feed/genesys/auth/problem.ts';
import { beginSignIn, type SignIn } from '../feed/genesys/auth/sign-in.ts';
import { createTokenKeeper, type TokenKeeper } from '../feed/genesys/auth/tokens.ts';
import { revokeToken, whoIs } from '../feed/genesys/auth/who.ts';
import { systemClock } from '../feed/genesys/clock.ts';
import { HttpProblem } from '../feed/genesys/problem.ts';
import type { Handlers } from '../ipc/router.ts';
import type { StoredAccount, Vault } from '../shell/vault.ts';
import type { StateStore } from '../tracker/state.ts';
import type { AccountEvents, Connection } from './connection.ts';
import { isSamePlace, placeOf, usualRegion, withFlags, type Place } from './place.ts';

export interface AccountParts {
  readonly flags: Pick<Flags, 'feed' | 'api' | 'login'>;
  /** `SHARELIGHT_ACCESS_TOKEN`. */
  readonly token: string | null;
  /** The account whose records are there, from earlier runs. */
  readonly remembered: Person | null;
  readonly vault: Vault;
  readonly store: StateStore;
  /** Where the demo keeps its world; null where nothing can be kept. */
  readonly demoData: string | null;
  readonly feed: () => Feed | null;
  readonly switchTo: (connection: Connection) => Promise<void>;
  readonly openBrowser: (url: URL) => Promise<void>;
  readonly log: (line: string) => void;
}

export interface AccountKeeper {
  /** Connects as the flags, the environment or the stored account say. */
  readonly start: () => Promise<void>;
  readonly intents: Pick<Handlers, 'signIn' | 'cancelSignIn' | 'signOut'>;
  /** Resolves when what was to be kept is on disk. */
  readonly stop: () => Promise<void>;
}

/** The person may have to find a second factor. */
const signInLimitMs = 10 * 60_000;
const requestMs = 15_000;

const done: Reply<null> = { ok: true, value: null };
const refused = (reason: string): Reply<never> => ({ ok: false, reason });

/** The demo, unless a flag, a token for somewhere or an account that has not signed out says otherwise. */
export function startsWithDemo({
  flags,
  token,
  remembered,
  vault,
}: Pick<AccountParts, 'flags' | 'token' | 'remembered' | 'vault'>): boolean {
  if (flags.feed !== null) return flags.feed === 'simulator';
  const signedIn = vault.account !== null && vault.account.person !== null;
  return !signedIn && (token === null || (flags.api === null && remembered === null));
}

/** Who is signed in: signing in and out while the program runs, and what the windows are told of it. */
export function createAccount(parts: AccountParts): AccountKeeper {
  const { flags, vault, store, log } = parts;
  /** In use: signed in, or expired. */
  let account: StoredAccount | null = null;
  let keeper: TokenKeeper | null = null;
  /** The sign-in the browser has. */
  let attempt: AbortController | null = null;
  /** The state beside a sign-in that may be under way. */
  let standing: Exclude<Account['state'], 'signing-in'> = 'none';
  /** What the connection in use tells. One that is being left may still speak, and is not heard. */
  let heard: AccountEvents | null = null;

  function show(change: Partial<Account>): void {
    const state = attempt === null ? standing : 'signing-in';
    store.update((model) => ({ account: { ...model.account, ...change, state } }));
  }

  function notice(id: string, text: string): void {
    const one: Notice = { id, tone: 'warning', text };
    store.update(({ notices }) => ({ notices: [...notices.filter((other) => other.id !== id), one] }));
  }

  function oauthOf({ addresses, clientId }: Place): OAuth {
    return createOAuth({ login: new URL(addresses.login), clientId, fetch, clock: systemClock, requestMs });
  }

  async function keep(whose: StoredAccount, tokens: Tokens | null): Promise<void> {
    const notKept = await vault.keep(whose, tokens);
    if (account === whose) show({ notKept });
  }

  function hold(whose: StoredAccount, tokens: Tokens): TokenKeeper {
    keeper = createTokenKeeper({
      tokens,
      refresh: (refreshToken) => oauthOf(whose).refresh(refreshToken),
      changed: (next) => void keep(whose, next),
      ended: () => parts.feed()?.reconnect(),
      clock: systemClock,
    });
    return keeper;
  }

  function listen(): AccountEvents {
    const whileInUse =
      <Word>(act: (word: Word) => void) =>
      (word: Word): void => {
        if (heard === mine) act(word);
      };
    const mine: AccountEvents = {
      unauthorised: whileInUse((reason) => {
        if (standing === 'expired') return;
        standing = 'expired';
        show({ problem: reason });
      }),
      rivalled: whileInUse((reason) => {
        notice('rival', reason);
      }),
      granted: whileInUse((names) => {
        show({ missing: notAmong(names) });
      }),
      missing: whileInUse((names) => {
        show({ missing: withMissing(store.model.getState().account.missing, names) });
      }),
    };
    heard = mine;
    return mine;
  }

  function connectTo({ addresses, person }: StoredAccount, refusal: string): Promise<void> {
    const held = keeper;
    return parts.switchTo({
      kind: 'genesys',
      api: new URL(addresses.api),
      access: held ? { token: held.current, renew: held.renew } : null,
      refusal,
      person,
      events: listen(),
    });
  }

  async function startWithToken(token: string | null): Promise<void> {
    const addresses = withFlags(addressesOf(usualRegion), flags);
    if (token !== null) {
      standing = 'signed-in';
      show({ region: flags.api ? null : usualRegion, addresses, notKept: say('account.notKept.token') });
    }
    await parts.switchTo({
      kind: 'genesys',
      api: new URL(addresses.api),
      access: token === null ? null : { token: () => token },
      refusal: say('link.noToken'),
      person: parts.remembered,
      events: listen(),
    });
  }

  async function startStored(stored: StoredAccount): Promise<void> {
    const addresses = withFlags(stored.addresses, flags);
    const elsewhere = addresses.api !== stored.addresses.api || addresses.login !== stored.addresses.login;
    const read = elsewhere ? null : await vault.tokens();
    account = { ...stored, addresses };
    standing = read?.tokens ? 'signed-in' : 'expired';
    let problem = '';
    // Tokens are only ever shown to the server that gave them.
    if (elsewhere)
      problem = say('account.otherServer', { known: stored.addresses.api, wanted: addresses.api });
    else if (read?.tokens) hold(account, read.tokens);
    else problem = read?.problem || say('account.notKeptLastTime');
    show({ addresses, name: stored.person?.name ?? null, problem });
    await connectTo(account, problem);
  }

  /** With nobody signed in: what the command line has settled already. */
  function proposed(): Partial<Account> {
    const addressesFixed = flags.api !== null && flags.login !== null;
    return { addressesFixed, addresses: addressesFixed ? withFlags(addressesOf(usualRegion), flags) : null };
  }

  async function start(): Promise<void> {
    const last = vault.account;
    show({ ...proposed(), ...(last ? { region: last.region, clientId: last.clientId } : {}) });
    if (vault.setAside !== null) notice('account', say('account.setAside', { file: vault.setAside }));
    if (startsWithDemo(parts)) await parts.switchTo({ kind: 'simulator', data: parts.demoData });
    else if (parts.token === null && last?.person) await startStored(last);
    else await startWithToken(parts.token);
  }

  /** Goes on as whoever the tokens belong to. */
  async function adopt(place: Place, tokens: Tokens, mine: AbortController): Promise<void> {
    const { person, granted } = await whoIs({ api: place.addresses.api, accessToken: tokens.accessToken });
    if (attempt !== mine) return;
    attempt = null;
    standing = 'signed-in';
    log('account: signed in');
    const missing = granted === null ? [] : notAmong(granted);
    show({ ...place, name: person.name, problem: '', missing, notKept: '' });
    if (keeper && account && account.person?.id === person.id && isSamePlace(account, place)) {
      // The same person goes on where the link was lost: nothing is closed, nothing waits twice.
      keeper.replace(tokens);
      parts.feed()?.reconnect();
      return;
    }
    const revoke = takeLeave();
    const next: StoredAccount = { ...place, person };
    account = next;
    hold(next, tokens);
    await keep(next, tokens);
    await connectTo(next, '');
    revoke();
  }

  /** Forgets the tokens in use; what is returned tells the server, when nothing uses them any more. */
  function takeLeave(): () => void {
    const was = account;
    const tokens = keeper?.drop() ?? null;
    keeper = null;
    account = null;
    heard = null;
    return () => {
      if (was && tokens) void revokeToken({ api: was.addresses.api, accessToken: tokens.accessToken });
    };
  }

  async function finish(place: Place, begun: SignIn, mine: AbortController): Promise<void> {
    try {
      await adopt(place, await begun.tokens, mine);
    } catch (error) {
      const known = error instanceof SignInProblem || error instanceof HttpProblem;
      const problem = known ? error.message : say('account.failed');
      log(`account: not signed in: ${known ? problem : 'unknown error'}`);
      if (attempt !== mine) return;
      attempt = null;
      show({ problem });
    }
  }

  function giveUp(): void {
    attempt?.abort();
    attempt = null;
  }

  const intents: AccountKeeper['intents'] = {
    signIn: async (_caller, wanted) => {
      const { account: known, settings } = store.model.getState();
      const place = placeOf(wanted, flags, known, settings);
      if (typeof place === 'string') return refused(place);
      giveUp();
      const mine = new AbortController();
      attempt = mine;
      show({ problem: '' });
      try {
        const begun = await beginSignIn({
          oauth: oauthOf(place),
          ports: redirectPorts,
          path: redirectPath,
          openBrowser: parts.openBrowser,
          clock: systemClock,
          limitMs: signInLimitMs,
          signal: mine.signal,
        });
        void finish(place, begun, mine);
        return done;
      } catch (error) {
        const problem = error instanceof SignInProblem ? error.message : say('account.failed');
        if (attempt === mine) attempt = null;
        show({ problem });
        return refused(problem);
      }
    },
    cancelSignIn: () => {
      giveUp();
      show({});
      return done;
    },
    signOut: async () => {
      giveUp();
      if (standing === 'none') return refused(say('account.nobody'));
      const was = account;
      const revoke = takeLeave();
      standing = 'none';
      if (was) await vault.keep({ ...was, person: null }, null);
      const { region, clientId } = store.model.getState().account;
      show({ ...noAccount, ...proposed(), region, clientId });
      log('account: signed out');
      await parts.switchTo({ kind: 'simulator', data: parts.demoData });
      revoke();
      return done;
    },
  };

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.source.demo || heard === null) return;
    if (now.person !== was.person && now.person !== null) show({ name: now.person.name });
    // A server that said no and says yes again: its word counts.
    if (now.link !== was.link && now.link.kind === 'live' && standing === 'expired') {
      standing = 'signed-in';
      show({ problem: '' });
    }
  });

  return {
    start,
    intents,
    stop: () => {
      giveUp();
      keeper?.stop();
      unsubscribe();
      return vault.settled();
    },
  };
}
