import type { Person } from '../../domain/feed.ts';

/** How the server is told who asks. */
export interface Access {
  /** The bearer token; asked before every request. */
  readonly token: () => string | Promise<string>;
  /** Another one after a 401; null when only signing in again helps. */
  readonly renew?: (rejected: string) => Promise<string | null>;
}

/** What the program is connected to: a live organisation, or the demo this program runs itself. */
export type Connection =
  | {
      readonly kind: 'genesys';
      readonly api: URL;
      /** Null: nobody is signed in, and `refusal` says so. */
      readonly access: Access | null;
      readonly refusal: string;
      /** Whose database is opened at once; null until the server has said who it is. */
      readonly person: Person | null;
      readonly events: AccountEvents;
    }
  /** `data`: where the demo's world is kept; null where nothing can be kept. */
  | { readonly kind: 'simulator'; readonly data: string | null };

/** What a live connection tells about the account, rather than about calls. */
export interface AccountEvents {
  /** The server accepts this sign-in no longer. */
  readonly unauthorised: (reason: string) => void;
  /** Another client of the same user has taken the notifications. */
  readonly rivalled: (reason: string) => void;
  /** Every permission the person has, where the server says it. */
  readonly granted: (permissions: readonly string[]) => void;
  /** Permissions the server said are missing. */
  readonly missing: (permissions: readonly string[]) => void;
}
