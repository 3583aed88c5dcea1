import type { Beat, BeginOptions } from './acts.ts';
import { plan } from './agenda.ts';
import { busyDay, BUSY_DAY_MS } from './busy-day.ts';
import { demoCase } from './demo.ts';
import { between } from './random.ts';
import { storm } from './storm.ts';
import type { World } from './world.ts';

export interface Scenario {
  /** One line for `--list`. */
  description: string;
  /** How long it plays, simulated ms, for scenarios whose end should fall on the present; else it starts now. */
  lastsMs?: number;
  /** Writes the scenario into the agenda. */
  plan: (world: World, now: number) => void;
}

const seconds = (count: number): number => count * 1000;

/** A whole share: the agent views, then shares to one and two peers, stops, and the customer leaves. */
export const WHOLE_SHARE: readonly Beat[] = [
  { afterMs: seconds(2), act: { do: 'peerSharing', on: true } },
  { afterMs: seconds(12), act: { do: 'startSharing', peers: 1 } },
  { afterMs: seconds(18), act: { do: 'setPeers', peers: 2 } },
  { afterMs: seconds(28), act: { do: 'stopSharing' } },
  { afterMs: seconds(34), act: { do: 'disconnect', type: 'peer' } },
];

/** If nobody answers, the agent does on another device. */
export const answeredElsewhere = (afterMs: number): Beat[] => [{ afterMs, act: { do: 'answer' } }];

const shortShare: readonly Beat[] = [
  { afterMs: seconds(2), act: { do: 'startSharing', peers: 1 } },
  { afterMs: seconds(10), act: { do: 'stopSharing' } },
  { afterMs: seconds(12), act: { do: 'disconnect', type: 'peer' } },
];

function single(description: string, options: BeginOptions): Scenario {
  return { description, plan: (world, now) => plan(world, now, { do: 'begin', options }) };
}

function afterCallWork(description: string, options: BeginOptions, extra: readonly Beat[] = []): Scenario {
  const script = { alerting: answeredElsewhere(seconds(5)), connected: [...shortShare, ...extra] };
  return single(description, { ...options, script });
}

export const SCENARIOS = {
  demo: {
    description: 'Guided: the whole job within about a minute, again and again with other cases',
    plan: (world, now) => plan(world, now + seconds(2), { do: 'nextCase' }),
  },
  'first-share': single(
    'Alert, viewing, sharing to one and two peers, hang-up, timed after-call work of 120 s',
    {
      policy: 'timeout',
      timeoutMs: seconds(120),
      script: { alerting: answeredElsewhere(seconds(10)), connected: [...WHOLE_SHARE] },
    },
  ),
  'viewed-share': single('The customer shares, the agent only views', {
    policy: 'mandatory',
    script: {
      alerting: answeredElsewhere(seconds(10)),
      connected: [
        { afterMs: seconds(2), act: { do: 'peerSharing', on: true } },
        { afterMs: seconds(30), act: { do: 'peerSharing', on: false } },
        { afterMs: seconds(34), act: { do: 'disconnect', type: 'peer' } },
      ],
    },
  }),
  'missed-alert': single('Nobody answers: the alert times out, comes once more, and the customer gives up', {
    alertingTimeoutMs: seconds(15),
    script: { realerts: 1, realertAfterMs: seconds(5) },
  }),
  'acw-optional': afterCallWork('After-call work, Optional: a code may be left out', { policy: 'optional' }),
  'acw-mandatory': afterCallWork('After-call work, Mandatory Discretionary: until the agent ends it', {
    policy: 'mandatory',
  }),
  'acw-timeout': afterCallWork('After-call work, Mandatory Time-boxed: 60 s, may be finished early', {
    policy: 'timeout',
    timeoutMs: seconds(60),
  }),
  'acw-forcedTimeout': afterCallWork('After-call work, Time-boxed with no early exit: 45 s', {
    policy: 'forcedTimeout',
    timeoutMs: seconds(45),
  }),
  'acw-agentRequested': afterCallWork(
    'After-call work, Agent Requested: requested on another device if the agent does not',
    { policy: 'agentRequested', timeoutMs: seconds(60) },
    [{ afterMs: seconds(9), act: { do: 'requestAcw', required: true } }],
  ),
  'busy-day': {
    description: 'Eight hours with about sixty shares of every kind; use a high speed',
    lastsMs: BUSY_DAY_MS,
    plan: busyDay,
  },
  'two-at-once': {
    description: 'Two conversations overlap, and so do their wrap-ups',
    plan: (world, now) => {
      const connected = [...WHOLE_SHARE];
      const first: BeginOptions = { policy: 'timeout', timeoutMs: seconds(90), queue: 'Billing help' };
      const second: BeginOptions = { policy: 'timeout', timeoutMs: seconds(60), queue: 'Online banking' };
      const script = { alerting: answeredElsewhere(seconds(6)), connected };
      plan(world, now, { do: 'begin', options: { ...first, script } });
      plan(world, now + between(world, 8_000, 12_000), { do: 'begin', options: { ...second, script } });
    },
  },
  storm: {
    description: 'Hundreds of events in half a minute: fast toggles, duplicates, wrong order, delays',
    plan: storm,
  },
  idle: { description: 'Nothing happens by itself; whoever drives it decides', plan: () => undefined },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

export function planScenario(world: World, now: number): void {
  SCENARIOS[world.scenario].plan(world, now);
}

/** How long before the present a scenario begins at this speed, so that it ends about now. */
export function headStartMs(name: ScenarioName, speed: number): number {
  const scenario: Scenario = SCENARIOS[name];
  return speed > 1 ? Math.round((scenario.lastsMs ?? 0) * (1 - 1 / speed)) : 0;
}

/** The guided demo's next case. */
export function nextCase(world: World): BeginOptions {
  world.demoRound += 1;
  return demoCase(world, world.demoRound - 1);
}
