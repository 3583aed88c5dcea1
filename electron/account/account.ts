import { noAccount, type Account, type Tokens } from '../../domain/account.ts';
import type { Feed, Person } from '../../domain/feed.ts';
import type { CallArguments } from '../../domain/ipc/contract.ts';
import { notAmong, withMissing } from '../../domain/permissions.ts';
import { addressesOf } from '../../domain/regions.ts';
import { done, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { timeOfDay } from '../../domain/words/time-words.ts';
import { createTokenKeeper, type TokenKeeper } from '../feed/genesys/auth/token-renewal.ts';
import { revokeToken, whoIs } from '../feed/genesys/auth/current-user.ts';
import { systemClock } from '../system-clock.ts';
import type { StoredAccount, SignInStorage } from '../shell/sign-in-storage.ts';
import { dropNotice, putNotice, type StateStore } from '../tracker/state.ts';
import type { AccountEvents } from '../feed/genesys/session.ts';
import type { Connection } from './connection.ts';
import { createExpiryWatch } from './expiry.ts';
import {
  asSet,
  isSamePlace,
  isSetElsewhere,
  placeOf,
  usualRegion,
  withFlags,
  type AddressFlags,
  type Place,
} from './sign-in-target.ts';
import { startsWithDemo } from './start-choice.ts';
import { createSignInAttempts, oauthOf, type Attempt } from './sign-in-attempt.ts';

export interface AccountParts {
  readonly flags: AddressFlags & { readonly feed: 'simulator' | 'genesys' | null };
  /** Whether somebody has yet to choose between signing in and the demo. */
  readonly undecided: boolean;
  /** They chose the demo: they are not asked again. */
  readonly onDemoChosen: () => void;
  /** `SHARELIGHT_ACCESS_TOKEN`. */
  readonly token: string | null;
  /** The account whose records are there, from earlier runs. */
  readonly remembered: Person | null;
  readonly signInStorage: SignInStorage;
  readonly store: StateStore;
  /** Where the demo keeps its world; null where nothing can be kept. */
  readonly demoData: string | null;
  readonly feed: () => Feed | null;
  readonly switchTo: (connection: Connection) => Promise<void>;
  readonly openBrowser: (url: URL) => Promise<void>;
  readonly fetch: typeof fetch;
  readonly log: (line: string) => void;
}

export interface AccountControl {
  /** Connects as the flags, the environment or the stored account say. */
  readonly start: () => Promise<void>;
  /** Opens the browser; how it ends is in `account` of the state. */
  readonly signIn: (target: CallArguments['signIn'][0]) => Promise<Result>;
  readonly cancelSignIn: () => Result;
  /** Begins with the demo, where nobody has chosen yet. */
  readonly lookAround: () => Promise<Result>;
  /** Forgets the tokens here and at the server, and goes on with the demo. */
  readonly signOut: () => Promise<Result>;
  /** Resolves when what was to be kept is on disk. */
  readonly stop: () => Promise<void>;
}

/**
 * Who is signed in: signing in and out while the program runs, and what the windows show of it. Who it is and
 * where the program is connected change together, before anything is waited for: however long a key store, a
 * disk or a server takes, what the person asked for last holds.
 */
export function createAccount(parts: AccountParts): AccountControl {
  const { flags, signInStorage, store, fetch, log } = parts;
  /** In use: signed in, or expired. */
  let account: StoredAccount | null = null;
  let tokenKeeper: TokenKeeper | null = null;
  /** The state beside a sign-in that may be under way. */
  let state: Exclude<Account['state'], 'signing-in'> = 'none';
  /** Of the connection in use. One that is being left may still speak, and is not listened to. */
  let listenedTo: AccountEvents | null = null;

  function show(change: Partial<Account>): void {
    const shown = attempts.isUnderWay() ? 'signing-in' : state;
    store.update((model) => ({ account: { ...model.account, ...change, state: shown } }));
  }

  const expiry = createExpiryWatch({
    near: (endsAt) => {
      show({ endsAt });
      if (endsAt === null) {
        dropNotice(store, 'sign-in-ends');
        return;
      }
      const time = timeOfDay(endsAt, store.model.getState().appearance.locale);
      const text = say('account.ends', { time });
      putNotice(store, { id: 'sign-in-ends', tone: 'info', text, offer: 'signInAgain' });
    },
    clock: systemClock,
  });

  const attempts = createSignInAttempts({
    fetch,
    openBrowser: parts.openBrowser,
    signedIn: adopt,
    changed: (problem) => {
      show({ problem });
    },
    log,
  });

  async function keep(whose: StoredAccount, tokens: Tokens | null): Promise<void> {
    const notKept = await signInStorage.keep(whose, tokens);
    if (account === whose) show({ notKept });
  }

  function hold(whose: StoredAccount, tokens: Tokens): TokenKeeper {
    tokenKeeper = createTokenKeeper({
      tokens,
      refresh: async (refreshToken) => (await oauthOf(whose, fetch)).refresh(refreshToken),
      changed: (next) => {
        expiry.follow(next);
        void keep(whose, next);
      },
      ended: () => parts.feed()?.reconnect(),
      clock: systemClock,
    });
    expiry.follow(tokens);
    return tokenKeeper;
  }

  function listen(): AccountEvents {
    const whileInUse =
      <Word>(act: (word: Word) => void) =>
      (word: Word): void => {
        if (listenedTo === mine) act(word);
      };
    const mine: AccountEvents = {
      unauthorised: whileInUse((reason) => {
        if (state === 'expired') return;
        state = 'expired';
        show({ problem: reason });
      }),
      takenOver: whileInUse((reason) => {
        putNotice(store, { id: 'rival', tone: 'warning', text: reason });
      }),
      granted: whileInUse((names) => {
        show({ missing: notAmong(names) });
      }),
      missing: whileInUse((names) => {
        show({ missing: withMissing(store.model.getState().account.missing, names) });
      }),
    };
    listenedTo = mine;
    return mine;
  }

  function connectTo(
    { addresses, person }: StoredAccount,
    held: TokenKeeper | null,
    refusal: string,
  ): Promise<void> {
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
    const region = store.model.getState().settings.values.region ?? usualRegion;
    const addresses = withFlags(addressesOf(region), flags);
    if (token !== null) {
      state = 'signed-in';
      show({ region: flags.api ? null : region, addresses, notKept: say('account.notKept.token') });
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
    const { settings } = store.model.getState();
    const addresses = withFlags(stored.addresses, flags);
    let whose: StoredAccount = { ...stored, addresses };
    account = whose;
    let barred = '';
    // Tokens are only ever shown to the server that gave them.
    if (addresses.api !== stored.addresses.api || addresses.login !== stored.addresses.login)
      barred = say('account.otherServer', { known: stored.addresses.api, wanted: addresses.api });
    else if (isSetElsewhere(stored, settings)) barred = say('account.setElsewhere');
    const read = barred === '' ? await signInStorage.open() : null;
    // Somebody signed in, or out, while the key store took its time.
    if (account !== whose) return;
    // What was sealed is where somebody signed in, whatever the file says beside it.
    if (read?.account) whose = { ...read.account, addresses: withFlags(read.account.addresses, flags) };
    account = whose;
    state = read?.tokens ? 'signed-in' : 'expired';
    const held = read?.tokens ? hold(whose, read.tokens) : null;
    const problem = barred || read?.problem || (held ? '' : say('account.notKeptLastTime'));
    show({ ...asSet(whose, flags, settings), name: whose.person?.name ?? null, problem });
    // Addresses nothing vouches for are no place to sign in again.
    if (!read?.account && whose.region === null && !addressesGiven()) show({ addresses: null });
    await connectTo(whose, held, problem);
  }

  const addressesGiven = (): boolean => flags.api !== null && flags.login !== null;

  /** With nobody signed in: what the command line has settled already. */
  function proposed(): Partial<Account> {
    const addressesFixed = addressesGiven();
    return { addressesFixed, addresses: addressesFixed ? withFlags(addressesOf(usualRegion), flags) : null };
  }

  async function start(): Promise<void> {
    const last = signInStorage.account;
    show({ ...proposed(), ...(last ? { region: last.region, clientId: last.clientId } : {}) });
    if (signInStorage.setAside !== null)
      putNotice(store, {
        id: 'account',
        tone: 'warning',
        text: say('account.setAside', { file: signInStorage.setAside }),
      });
    if (parts.undecided) return;
    if (startsWithDemo(parts)) await parts.switchTo({ kind: 'simulator', data: parts.demoData });
    else if (parts.token === null && last?.person) await startStored(last);
    else await startWithToken(parts.token);
  }

  /** Goes on as whoever the tokens belong to. */
  async function adopt(place: Place, tokens: Tokens, attempt: Attempt): Promise<void> {
    const { api } = place.addresses;
    const { accessToken } = tokens;
    const decline = (): void => void revokeToken({ api, accessToken, fetch });
    if (!attempt.isWanted()) {
      decline();
      return;
    }
    const { person, granted } = await whoIs({ api, accessToken, fetch }).catch((error: unknown) => {
      decline();
      throw error;
    });
    if (!attempt.isWanted()) {
      decline();
      return;
    }
    attempt.succeed();
    state = 'signed-in';
    log('account: signed in');
    const missing = granted === null ? [] : notAmong(granted);
    show({ ...place, name: person.name, problem: '', missing, notKept: '' });
    if (tokenKeeper && account && account.person?.id === person.id && isSamePlace(account, place)) {
      // The same person goes on where the link was lost: nothing is closed, nothing waits twice. A link that is
      // live stays so; the earlier token ends by itself, for to revoke it would end the channel it has made.
      tokenKeeper.replace(tokens);
      if (store.model.getState().link.kind !== 'live') parts.feed()?.reconnect();
      return;
    }
    const revokeEarlier = dropTokens();
    const next: StoredAccount = { ...place, person };
    account = next;
    const held = hold(next, tokens);
    await Promise.all([keep(next, tokens), connectTo(next, held, '').finally(revokeEarlier)]);
  }

  /** Forgets the tokens in use; what is returned tells the server, when nothing uses them any more. */
  function dropTokens(): () => void {
    const was = account;
    const tokens = tokenKeeper?.drop() ?? null;
    tokenKeeper = null;
    account = null;
    listenedTo = null;
    expiry.follow(null);
    return () => {
      if (was && tokens) void revoke(was, tokens);
    };
  }

  /** Asks the server to forget them, and says so where it does not. */
  async function revoke({ addresses }: StoredAccount, { accessToken, refreshToken }: Tokens): Promise<void> {
    const result = await revokeToken({ api: addresses.api, accessToken, fetch });
    // An access token that is worth nothing may have a refresh token beside it that is.
    const isOver = result === 'revoked' || (result === 'unknown' && refreshToken === null);
    if (!isOver) sayNotRevoked(say('account.notRevoked'));
  }

  function sayNotRevoked(text: string): void {
    log('account: the sign-in could not be revoked');
    putNotice(store, { id: 'not-revoked', tone: 'warning', text });
    if (account === null && state === 'none') show({ problem: text });
  }

  /** Nobody is signed in any more, here and on the disk; `unused`: what is kept there was not in use. */
  async function forget(stored: StoredAccount, unused: boolean): Promise<void> {
    const reading = unused ? signInStorage.open() : null;
    const problem = await signInStorage.keep({ ...stored, person: null }, null);
    // Unless somebody has signed in since.
    if (problem !== '' && account === null) show({ problem });
    const read = await reading;
    if (read?.tokens && read.account) await revoke(read.account, read.tokens);
    else if (read && read.problem !== '') sayNotRevoked(say('account.notRevoked'));
  }

  async function signOut(): Promise<Result> {
    attempts.giveUp();
    if (state === 'none' && account === null) return refused(say('account.nobody'));
    // A token given at the start, or one the key store has not opened yet, goes before what an earlier run kept.
    const unused = tokenKeeper === null;
    const stored = unused ? signInStorage.account : account;
    const isGivenToken = account === null && parts.token !== null;
    const revokeThem = dropTokens();
    state = 'none';
    const { region, clientId } = store.model.getState().account;
    show({ ...noAccount, ...proposed(), region, clientId });
    log('account: signed out');
    const switched = parts.switchTo({ kind: 'simulator', data: parts.demoData }).finally(revokeThem);
    await Promise.all([stored === null ? null : forget(stored, unused), switched]);
    // Whoever gave it may be using it elsewhere.
    if (isGivenToken) sayNotRevoked(say('account.notRevoked.given'));
    return done;
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.source.demo || listenedTo === null) return;
    if (now.person !== was.person && now.person !== null) show({ name: now.person.name });
    // A server that said no and says yes again: its word counts.
    if (now.link !== was.link && now.link.kind === 'live' && state === 'expired') {
      state = 'signed-in';
      show({ problem: '' });
    }
  });

  return {
    start,
    signIn: async (target) => {
      const { account: known, settings } = store.model.getState();
      const place = placeOf(target, flags, known, settings);
      return place.ok ? attempts.begin(place.value) : place;
    },
    cancelSignIn: () => {
      attempts.giveUp();
      show({});
      return done;
    },
    lookAround: async () => {
      if (store.model.getState().source.undecided !== true) return refused(say('refusal.chosen'));
      attempts.giveUp();
      parts.onDemoChosen();
      await parts.switchTo({ kind: 'simulator', data: parts.demoData });
      return done;
    },
    signOut,
    stop: () => {
      attempts.giveUp();
      tokenKeeper?.stop();
      expiry.follow(null);
      unsubscribe();
      return signInStorage.settled();
    },
  };
}
