import type { Beat, BeginOptions, Script } from './acts.ts';
import type { Fault } from './faults.ts';
import { between, draw, pick } from './random.ts';
import { WRAPUP_PROMPTS } from './wire-types.ts';
import { plan, type World } from './world.ts';

interface Scenario {
  /** One line for `--list`. */
  description: string;
  /** How long it plays, simulated ms, for scenarios that should end at the present; the others start now. */
  lastsMs?: number;
  /** Writes the scenario into the agenda. */
  plan: (world: World, now: number) => void;
}

const seconds = (count: number): number => count * 1000;

const after = (s: number, act: Beat['act']): Beat => ({ afterMs: seconds(s), act });

export const BUSY_DAY_MS = 8 * 3_600_000;

/** A whole share: the agent views, then shares to one and two peers, stops, and the customer leaves. */
const wholeShare: readonly Beat[] = [
  after(2, { do: 'peerSharing', on: true }),
  after(12, { do: 'startSharing', peers: 1 }),
  after(18, { do: 'setPeers', peers: 2 }),
  after(28, { do: 'stopSharing' }),
  after(34, { do: 'disconnect', type: 'peer' }),
];

/** If nobody answers, the agent does on another device. */
const answeredAfter = (s: number): Beat[] => [after(s, { do: 'answer' })];

const shortShare: readonly Beat[] = [
  after(2, { do: 'startSharing', peers: 1 }),
  after(10, { do: 'stopSharing' }),
  after(12, { do: 'disconnect', type: 'peer' }),
];

function single(description: string, options: BeginOptions): Scenario {
  return { description, plan: (world, now) => plan(world, now, { do: 'begin', options }) };
}

function afterCallWork(description: string, options: BeginOptions, extra: readonly Beat[] = []): Scenario {
  const script = { alerting: answeredAfter(5), connected: [...shortShare, ...extra] };
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
      script: { alerting: answeredAfter(10), connected: [...wholeShare] },
    },
  ),
  'viewed-share': single('The customer shares, the agent only views', {
    policy: 'mandatory',
    script: {
      alerting: answeredAfter(10),
      connected: [
        after(2, { do: 'peerSharing', on: true }),
        after(30, { do: 'peerSharing', on: false }),
        after(34, { do: 'disconnect', type: 'peer' }),
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
    [after(9, { do: 'requestAcw', required: true })],
  ),
  'busy-day': {
    description: 'Eight hours with about sixty shares of every kind; use a high speed',
    lastsMs: BUSY_DAY_MS,
    plan: busyDay,
  },
  'two-at-once': {
    description: 'Two conversations overlap, and so do their wrap-ups',
    plan: (world, now) => {
      const connected = [...wholeShare];
      const first: BeginOptions = { policy: 'timeout', timeoutMs: seconds(90), queue: 'Billing help' };
      const second: BeginOptions = { policy: 'timeout', timeoutMs: seconds(60), queue: 'Online banking' };
      const script = { alerting: answeredAfter(6), connected };
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
  if (!isScenarioName(world.scenario)) throw new RangeError(`There is no scenario "${world.scenario}"`);
  SCENARIOS[world.scenario].plan(world, now);
}

/** How long before the present a scenario begins at this speed, so that it ends about now. */
export function headStartMs(name: ScenarioName, speed: number): number {
  const scenario: Scenario = SCENARIOS[name];
  return speed > 1 ? Math.round((scenario.lastsMs ?? 0) * (1 - 1 / speed)) : 0;
}

/** The guided demo's next case. */
export function nextCase(world: World): BeginOptions {
  const round = world.demoRound;
  world.demoRound += 1;
  return demoCase(world, round);
}

const viewThenShare: Beat[] = [
  after(2, { do: 'peerSharing', on: true }),
  after(8, { do: 'startSharing', peers: 1 }),
  after(14, { do: 'setPeers', peers: 2 }),
  after(22, { do: 'stopSharing' }),
  after(26, { do: 'disconnect', type: 'peer' }),
];

const viewOnly: Beat[] = [
  after(2, { do: 'peerSharing', on: true }),
  after(16, { do: 'peerSharing', on: false }),
  after(20, { do: 'disconnect', type: 'peer' }),
];

const shareTwice: Beat[] = [
  after(2, { do: 'startSharing', peers: 1 }),
  after(10, { do: 'stopSharing' }),
  after(14, { do: 'startSharing', peers: 1 }),
  after(22, { do: 'disconnect', type: 'peer' }),
];

const answered: Partial<Script> = { alerting: answeredAfter(10) };

/**
 * The first case shows the whole job within a minute; the others differ by policy and role. Something visible
 * happens at least every 20 s for as long as it is not the person's turn.
 */
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
function demoCase(world: World, round: number): BeginOptions {
  const chosen = CASES[round % CASES.length];
  if (!chosen) throw new RangeError(`No demo case for round ${round}`);
  const over: Beat[] = [{ afterMs: pick(world, PAUSES_MS), act: { do: 'nextCase' } }];
  return { ...chosen, script: { ...chosen.script, over } };
}

const CONTACTS = 60;
const NOTES = [
  '',
  'Walked through the form together.',
  'Customer will send the missing page.',
  'Settings checked, works now.',
  'Wants a call on Friday after 16:00.',
] as const;

/** Sixty contacts spread over the day. A contact that comes while the agent is busy waits its turn. */
function busyDay(world: World, now: number): void {
  const gap = BUSY_DAY_MS / CONTACTS;
  for (let contact = 0; contact < CONTACTS; contact += 1) {
    const at = now + Math.round(contact * gap + draw(world) * gap * 0.5);
    plan(world, at, { do: 'offer', options: oneContact(world) });
  }
}

function oneContact(world: World): BeginOptions {
  const policy = pick(world, WRAPUP_PROMPTS);
  const missed = draw(world) < 0.08;
  const alerting: Beat[] = missed ? [] : [{ afterMs: between(world, 1_500, 14_000), act: { do: 'answer' } }];
  const wrapUpAfter = between(world, 8_000, 70_000);
  return {
    policy,
    timeoutMs: between(world, 3, 9) * 10_000,
    alertingTimeoutMs: 20_000,
    media: draw(world) < 0.2 ? 'video' : 'screenshare',
    script: {
      alerting,
      connected: oneShare(world, policy === 'agentRequested'),
      // Most of the day is done by hand on another device; the rest meets its timer or, untimed, is left last.
      wrapUp:
        draw(world) < 0.85 || policy === 'mandatory' || policy === 'optional'
          ? [{ afterMs: wrapUpAfter, act: { do: 'wrapUp', notes: pick(world, NOTES) } }]
          : [],
    },
  };
}

function oneShare(world: World, mayRequest: boolean): Beat[] {
  const beats: Beat[] = [];
  let at = between(world, 2_000, 20_000);
  const add = (act: Beat['act'], lastsMs: number): void => {
    beats.push({ afterMs: at, act });
    at += lastsMs;
  };
  if (draw(world) < 0.7) add({ do: 'peerSharing', on: true }, between(world, 20_000, 120_000));
  if (draw(world) < 0.6) {
    add({ do: 'startSharing', peers: 1 }, between(world, 10_000, 60_000));
    if (draw(world) < 0.3) add({ do: 'setPeers', peers: 2 }, between(world, 10_000, 60_000));
    add({ do: 'stopSharing' }, between(world, 3_000, 30_000));
  }
  if (mayRequest && draw(world) < 0.6) add({ do: 'requestAcw', required: true }, 4_000);
  add(
    {
      do: 'disconnect',
      type: pick(world, ['peer', 'peer', 'peer', 'client', 'endpoint', 'transport.failure']),
    },
    0,
  );
  return beats;
}

const TOGGLES = 150;
const TOGGLE_MS = 130;
const CALM_AFTER_MS = TOGGLES * TOGGLE_MS + 4_000;

const WEATHER: Fault[] = [
  { on: 'event', kind: 'duplicate', probability: 0.2 },
  { on: 'event', kind: 'reorder', probability: 0.15 },
  { on: 'event', kind: 'delay', probability: 0.1, ms: 400 },
  { on: 'event', kind: 'garbage', probability: 0.03 },
];

/** Two conversations toggle fast under bad weather; the weather clears before they end, so the end is knowable. */
function storm(world: World, now: number): void {
  plan(world, now, { do: 'faults', faults: WEATHER });
  for (const offset of [0, 700]) {
    const script = {
      alerting: answeredAfter(1),
      connected: toggles(world),
    };
    plan(world, now + offset, { do: 'begin', options: { policy: 'timeout', timeoutMs: 30_000, script } });
  }
  plan(world, now + CALM_AFTER_MS, { do: 'faults', faults: [] });
}

function toggles(world: World): Beat[] {
  const beats: Beat[] = [];
  for (let count = 0; count < TOGGLES; count += 1) {
    const chance = draw(world);
    const act: Beat['act'] =
      chance < 0.35
        ? { do: 'startSharing', peers: between(world, 1, 3) }
        : chance < 0.7
          ? { do: 'stopSharing' }
          : chance < 0.85
            ? { do: 'peerSharing', on: draw(world) < 0.5 }
            : { do: 'setPeers', peers: between(world, 1, 4) };
    beats.push({ afterMs: count * TOGGLE_MS, act });
  }
  beats.push({ afterMs: CALM_AFTER_MS + 1_000, act: { do: 'disconnect', type: 'peer' } });
  return beats;
}
