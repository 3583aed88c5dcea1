import type { Beat, BeginOptions, Script } from './acts.ts';
import { pick } from './random.ts';
import type { World } from './world.ts';

/**
 * The guided demo's cases. The first tells the whole job within a minute; the others differ by policy and role.
 * Something visible happens at least every 20 s for as long as it is not the person's turn.
 */

const seconds = (count: number): number => count * 1000;

const viewThenShare: Beat[] = [
  { afterMs: seconds(2), act: { do: 'peerSharing', on: true } },
  { afterMs: seconds(8), act: { do: 'startSharing', peers: 1 } },
  { afterMs: seconds(14), act: { do: 'setPeers', peers: 2 } },
  { afterMs: seconds(22), act: { do: 'stopSharing' } },
  { afterMs: seconds(26), act: { do: 'disconnect', type: 'peer' } },
];

const viewOnly: Beat[] = [
  { afterMs: seconds(2), act: { do: 'peerSharing', on: true } },
  { afterMs: seconds(16), act: { do: 'peerSharing', on: false } },
  { afterMs: seconds(20), act: { do: 'disconnect', type: 'peer' } },
];

const shareTwice: Beat[] = [
  { afterMs: seconds(2), act: { do: 'startSharing', peers: 1 } },
  { afterMs: seconds(10), act: { do: 'stopSharing' } },
  { afterMs: seconds(14), act: { do: 'startSharing', peers: 1 } },
  { afterMs: seconds(22), act: { do: 'disconnect', type: 'peer' } },
];

const answered: Partial<Script> = { alerting: [{ afterMs: seconds(10), act: { do: 'answer' } }] };

const CASES: readonly BeginOptions[] = [
  { policy: 'timeout', timeoutMs: seconds(30), script: { ...answered, connected: viewThenShare } },
  { policy: 'mandatory', script: { ...answered, connected: viewOnly } },
  { policy: 'optional', script: { ...answered, connected: shareTwice } },
  { policy: 'mandatory', alertingTimeoutMs: seconds(15), script: { realerts: 1, connected: viewThenShare } },
  { policy: 'agentRequested', timeoutMs: seconds(60), script: { ...answered, connected: viewThenShare } },
  { policy: 'forcedTimeout', timeoutMs: seconds(20), script: { ...answered, connected: shareTwice } },
  {
    policy: 'timeout',
    timeoutMs: seconds(60),
    media: 'video',
    script: { ...answered, connected: viewThenShare },
  },
];

const PAUSES_MS = [seconds(5), seconds(7), seconds(9)] as const;

/** The case of a round, counted from 0; the cases repeat, with other customers and queues. */
export function demoCase(world: World, round: number): BeginOptions {
  const told = CASES[round % CASES.length];
  if (!told) throw new RangeError(`No demo case for round ${round}`);
  const over: Beat[] = [{ afterMs: pick(world, PAUSES_MS), act: { do: 'nextCase' } }];
  return { ...told, script: { ...told.script, over } };
}
