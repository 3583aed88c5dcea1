import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Sdk from 'purecloud-platform-client-v2';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import type { BeginOptions } from '../../../electron/feed/simulator/acts.ts';
import type { Begun } from '../../../electron/feed/simulator/control.ts';
import type { RunningSimulator, SimulatorOptions } from '../../../electron/feed/simulator/server.ts';
import { still } from './client.ts';

/** The official SDK, pointed at a fresh simulator before every test. What is not yet there is a failing read. */

export let sdk: typeof Sdk;
export let simulator: RunningSimulator;

export interface Refusal {
  status: number;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** Registers the set-up and clean-up; call it once at the top of a test file. */
export function driveWithSdk(): void {
  const home = mkdtempSync(join(tmpdir(), 'sdk-home-'));
  beforeAll(() => {
    // The SDK reads a configuration file below the home folder as soon as it is loaded.
    vi.stubEnv('HOME', home);
    sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as typeof Sdk;
  });
  afterAll(() => {
    sdk.ApiClient.instance.config.live_reload_config = false;
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });
  beforeEach(() => restart());
  afterEach(() => simulator.close());
}

/** Points the SDK at a new simulator with these options. The one before must be closed. */
export async function restart(options: Partial<SimulatorOptions> = {}): Promise<void> {
  simulator = await still(options);
  const { hostname, port } = new URL(simulator.apiUrl);
  sdk.ApiClient.instance.setGateway({ protocol: 'http', host: hostname, port: Number(port) });
  sdk.ApiClient.instance.setAccessToken(simulator.accessToken);
}

/** The refusal as the SDK reports it; status and headers show only in its extended responses. */
export async function refusal(request: () => Promise<unknown>): Promise<Refusal> {
  sdk.ApiClient.instance.setReturnExtendedResponses(true);
  try {
    await request();
  } catch (error) {
    return error as Refusal;
  } finally {
    sdk.ApiClient.instance.setReturnExtendedResponses(false);
  }
  throw new Error('This should have been refused');
}

/** A conversation that was begun and answered. */
export function connected(options: BeginOptions = {}): Begun {
  const begun = simulator.control.begin({ queue: 'Billing help', ...options });
  simulator.control.answer();
  return begun;
}
