import type { Person } from '../../domain/feed.ts';
import type { SignInStorage } from '../shell/sign-in-storage.ts';
import type { AddressFlags } from './sign-in-target.ts';

/** What a start begins with: the question, the demo, or the account there is. */

interface FirstStart {
  readonly flags: AddressFlags & {
    readonly feed: 'simulator' | 'genesys' | null;
    readonly userDataDir: string | null;
    readonly firstRun: 'ask' | 'demo' | null;
  };
  readonly token: string | null;
  /** Somebody has signed in here before, or chosen the demo. */
  readonly isKnown: boolean;
}

/**
 * Whether the first window asks what to do: sign in, or look around with the demo. Only a person's own first start does:
 * whoever says where facts come from, or where they are kept, has said what they want.
 */
export function asksFirst({ flags, token, isKnown }: FirstStart): boolean {
  const saysWhat = flags.feed !== null || flags.api !== null || flags.login !== null || token !== null;
  if (saysWhat || isKnown) return false;
  return (flags.firstRun ?? (flags.userDataDir === null ? 'ask' : 'demo')) === 'ask';
}

interface AtStart {
  readonly flags: AddressFlags & { readonly feed: 'simulator' | 'genesys' | null };
  /** An access token for this run. */
  readonly token: string | null;
  /** The account whose records are there, from earlier runs. */
  readonly remembered: Person | null;
  readonly signInStorage: Pick<SignInStorage, 'account'>;
}

/** The demo, unless a flag, a token for somewhere or an account that has not signed out says otherwise. */
export function startsWithDemo({ flags, token, remembered, signInStorage }: AtStart): boolean {
  if (flags.feed !== null) return flags.feed === 'simulator';
  const signedIn = signInStorage.account !== null && signInStorage.account.person !== null;
  return !signedIn && (token === null || (flags.api === null && remembered === null));
}
