import { startSimulator, type RunningSimulator } from '../../../../electron/feed/simulator/server.ts';
import { createOAuth, type OAuth } from '../../../../electron/feed/genesys/auth/oauth.ts';
import { systemClock } from '../../../../electron/system-clock.ts';
import {
  beginSignIn,
  type SignIn,
  type SignInOptions,
} from '../../../../electron/feed/genesys/auth/browser-sign-in.ts';

/** The real OAuth endpoints of the simulator, over loopback. */
export const startService = (): Promise<RunningSimulator> => startSimulator({ scenario: 'idle' });

export function oauthAt(
  { loginUrl }: RunningSimulator,
  over: { requestMs?: number; fetch?: typeof fetch } = {},
): OAuth {
  return createOAuth({
    login: new URL(loginUrl),
    clientId: 'client-1',
    fetch,
    clock: systemClock,
    requestMs: 5_000,
    ...over,
  });
}

export interface Begun extends SignIn {
  /** Where the browser was sent. */
  readonly opened: URL;
  readonly redirectUri: URL;
  /** What the person does: signs in at once and is brought back. */
  readonly follow: () => Promise<Response>;
  readonly giveUp: () => void;
}

/** Begins a sign-in whose browser waits to be told what to do. */
export async function begin(oauth: OAuth, over: Partial<SignInOptions> = {}): Promise<Begun> {
  const abort = new AbortController();
  const opened: URL[] = [];
  const { tokens } = await beginSignIn({
    oauth,
    // Any free port: the three fixed ones may be in use where tests run.
    ports: [0],
    path: '/oauth/callback',
    openBrowser: (url) => {
      opened.push(url);
      return Promise.resolve();
    },
    clock: systemClock,
    limitMs: 60_000,
    signal: abort.signal,
    ...over,
  });
  // A test that expects a failure looks at it later than it happens.
  tokens.catch(() => undefined);
  const [url] = opened;
  if (url === undefined) throw new Error('No browser was opened.');
  return {
    tokens,
    opened: url,
    redirectUri: new URL(url.searchParams.get('redirect_uri') ?? ''),
    follow: () => fetch(url),
    giveUp: () => {
      abort.abort();
    },
  };
}
