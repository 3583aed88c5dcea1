import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { test as base, type StartOptions, type RunningApp } from './fixtures.ts';

export { expect } from './fixtures.ts';
export type { Desktop, RunningApp } from './fixtures.ts';

interface AgentFixtures {
  /** The server, with nothing going on: the test is the other side and the clock. */
  server: RunningSimulator;
  /** Starts the app signed in at `server`. */
  signIn: (options?: StartOptions) => Promise<RunningApp>;
}

/** A test of the app at work: a server of its own, and the app connected to it as to a live organisation. */
export const test = base.extend<AgentFixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the needed fixtures from this pattern.
  server: async ({}, use) => {
    const server = await startSimulator({ scenario: 'idle', heartbeatMs: 1000 });
    await use(server);
    await server.close();
  },
  signIn: async ({ launch, server }, use) => {
    await use((options = {}) =>
      launch({
        ...options,
        args: ['--feed', 'genesys', '--api', server.apiUrl, ...(options.args ?? [])],
        env: { SHARELIGHT_ACCESS_TOKEN: server.accessToken, ...options.env },
      }),
    );
  },
});
