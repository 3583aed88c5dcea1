import type { RegionId, ServerAddresses } from './regions.ts';

/** What signing in gave. Secrets: sealed at rest, and never in a log, a window or a message. */
export interface Tokens {
  readonly accessToken: string;
  /** Null where the server gives none. */
  readonly refreshToken: string | null;
  /** Epoch ms, this machine's clock. */
  readonly obtainedAt: number;
  /** Epoch ms; null when the server did not say. */
  readonly expiresAt: number | null;
}

/** A permission the server said is missing, and what having it would allow, in words. */
export interface MissingPermission {
  /** As the server names it: `conversation:participant:wrapup`. */
  readonly name: string;
  readonly allows: string;
}

type AccountState = 'none' | 'signing-in' | 'signed-in' | 'expired';

/** Who is connected, and how. */
export interface Account {
  /**
   * `signing-in`: the system browser has it. `expired`: nothing is tried until the
   * person signs in again; offer `signIn({ again: true })` when `clientId` is known.
   */
  readonly state: AccountState;
  /** Who signed in, once the server has said it; also while `expired`. */
  readonly name: string | null;
  /** Null when addresses are used instead of a region, and while there is no account. */
  readonly region: RegionId | null;
  /** Where people sign in and where the API is; null while there is no account. */
  readonly addresses: ServerAddresses | null;
  /** The addresses were given on the command line: a region cannot be chosen. */
  readonly addressesFixed: boolean;
  readonly clientId: string;
  /** Why the sign-in lasts only until the program ends; empty when it is stored sealed. */
  readonly notKept: string;
  /** Why the last sign-in failed or the account expired, and what to do; empty when all is well. */
  readonly problem: string;
  /**
   * When this sign-in ends (epoch ms, this machine's clock), once that is a few minutes away and nothing prolongs it;
   * else null. Until then `signIn({ again: true })` goes on without interrupting anything.
   */
  readonly endsAt: number | null;
  readonly missing: readonly MissingPermission[];
  /** Every redirect address the OAuth client has to list, for the administrator. */
  readonly redirectUris: readonly string[];
}

/**
 * Where the browser brings the person back. Genesys compares redirect addresses in full, so the ports are
 * fixed and the administrator lists all three; the first free one is taken.
 */
export const redirectPorts = [48651, 48652, 48653] as const;
export const redirectPath = '/oauth/callback';
export const redirectUris: readonly string[] = redirectPorts.map(
  (port) => `http://localhost:${String(port)}${redirectPath}`,
);

/** Nobody is signed in: the demo, or the first run. */
export const noAccount: Account = {
  state: 'none',
  name: null,
  region: null,
  addresses: null,
  addressesFixed: false,
  clientId: '',
  notKept: '',
  problem: '',
  endsAt: null,
  missing: [],
  redirectUris,
};
