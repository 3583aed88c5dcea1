import { describe, expect, it } from 'vitest';
import {
  headStartMs,
  SCENARIO_NAMES,
  SCENARIOS,
  type ScenarioName,
} from '../../../electron/feed/simulator/scenarios.ts';
import {
  agentOf,
  isLive,
  isOver,
  newWorld,
  nextDue,
  type World,
} from '../../../electron/feed/simulator/world.ts';
import { runAgenda, someoneListens, step, type Change } from '../../../electron/feed/simulator/step.ts';
import { conversationEvent } from '../../../electron/feed/simulator/topic-shapes.ts';

const START = Date.UTC(2026, 2, 2, 9, 0, 0);

interface Seen {
  at: number;
  /** What a client would be told. */
  told: string;
  phase: string;
}

interface Play {
  world: World;
  seen: Seen[];
  /** Runs item by item until nothing is planned, or the time is up. */
  until: (end: number) => void;
}

function play(scenario: ScenarioName, seed = 1): Play {
  const world = newWorld(scenario, seed, START);
  const seen: Seen[] = [];
  someoneListens(world, START);
  let now = START;
  const watch = ({ conversation }: Change): void => {
    if (!conversation) return;
    const told = JSON.stringify(conversationEvent(conversation, world.settings));
    seen.push({ at: now, told, phase: conversation.phase });
  };
  return {
    world,
    seen,
    until: (end) => {
      for (let due = nextDue(world); due !== null && due <= end; due = nextDue(world)) {
        now = due;
        runAgenda(world, now, watch);
      }
    },
  };
}

/** The order of phases without repetition. */
const phases = (seen: Seen[]): string[] =>
  seen.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);

const HOUR = 3_600_000;

describe.each(SCENARIO_NAMES)('%s', (name) => {
  it('tells the same story for the same seed, and another one for another', () => {
    const stories = [1, 1, 2].map((seed) => {
      const { seen, until } = play(name, seed);
      until(START + HOUR);
      return JSON.stringify(seen);
    });
    expect(stories[0]).toBe(stories[1]);
    if (name !== 'idle') expect(stories[0]).not.toBe(stories[2]);
  });

  it('survives being saved and read back at any moment', () => {
    const whole = play(name);
    whole.until(START + 200_000);
    const world = JSON.parse(JSON.stringify(play(name).world)) as World;
    for (let now = START; now <= START + 200_000; now += 500) {
      runAgenda(world, now, () => undefined);
      Object.assign(world, JSON.parse(JSON.stringify(world)));
    }
    expect(world.conversations).toEqual(whole.world.conversations);
  });

  it('has one line that describes it', () => {
    expect(SCENARIOS[name].description).toMatch(/^.{10,100}$/);
  });
});

describe('unattended', () => {
  it.each([
    ['first-share', ['alerting', 'connected', 'wrapUp', 'over']],
    ['missed-alert', ['alerting', 'queued', 'alerting', 'over']],
    ['acw-timeout', ['alerting', 'connected', 'wrapUp', 'over']],
    ['acw-forcedTimeout', ['alerting', 'connected', 'wrapUp', 'over']],
    ['acw-agentRequested', ['alerting', 'connected', 'wrapUp', 'over']],
  ] as const)('%s comes to its end: %j', (name, expected) => {
    const { world, seen, until } = play(name);
    until(START + HOUR);
    expect(phases(seen)).toEqual(expected);
    expect(isOver(world)).toBe(true);
  });

  it.each(['viewed-share', 'acw-mandatory', 'acw-optional'] as const)('%s waits for the wrap-up', (name) => {
    const { world, seen, until } = play(name);
    until(START + HOUR);
    expect(phases(seen)).toEqual(['alerting', 'connected', 'wrapUp']);
    expect(isOver(world)).toBe(false);
    step(world, { do: 'wrapUp' }, START + HOUR);
    expect(isOver(world)).toBe(true);
  });

  it('first-share is viewed, then shared with one and two peers', () => {
    const { seen, until } = play('first-share');
    until(START + HOUR);
    const views = seen.map(({ told }) => {
      const event = JSON.parse(told) as {
        participants: { screenshares: { sharing: boolean; peerCount: number }[] }[];
      };
      const [customer, , agent] = event.participants.map(({ screenshares }) => screenshares[0]);
      return agent?.sharing ? `shares to ${agent.peerCount}` : customer?.sharing ? 'views' : 'neither';
    });
    expect(views.filter((view, index) => view !== views[index - 1])).toEqual([
      'neither',
      'views',
      'shares to 1',
      'shares to 2',
      'neither',
    ]);
  });

  it('two-at-once has two live at the same time, and two wrap-ups pending', () => {
    const { world, until } = play('two-at-once');
    let most = 0;
    let mostPending = 0;
    for (let now = START; now < START + 200_000; now += 250) {
      until(now);
      most = Math.max(most, world.conversations.filter(isLive).length);
      mostPending = Math.max(
        mostPending,
        world.conversations.filter(({ phase }) => phase === 'wrapUp').length,
      );
    }
    expect([most, mostPending]).toEqual([2, 2]);
    expect(isOver(world)).toBe(true);
  });

  it('storm has hundreds of events, and its weather clears before the end', () => {
    const { world, seen, until } = play('storm');
    until(START + 1_000);
    expect(world.faults.map(({ kind }) => kind)).toEqual(['duplicate', 'reorder', 'delay', 'garbage']);
    until(START + HOUR);
    expect(seen.length).toBeGreaterThan(200);
    expect(world.faults).toEqual([]);
    expect(isOver(world)).toBe(true);
  });

  it('busy-day has sixty shares of every policy within eight hours, some missed', () => {
    const { world, until } = play('busy-day');
    until(START + 8.25 * HOUR);
    expect(isOver(world)).toBe(true);
    expect(world.conversations).toHaveLength(60);
    expect(new Set(world.conversations.map(({ policy }) => policy)).size).toBe(5);
    const missed = world.conversations.filter((one) => agentOf(one).leg.connectedTime === null);
    expect(missed.length).toBeGreaterThan(0);
    expect(missed.length).toBeLessThan(15);
    expect(Math.max(...world.conversations.map(({ endTime }) => endTime ?? Infinity))).toBeLessThan(
      START + 8.25 * HOUR,
    );
  });

  it('a fast busy day lies in the past, so that it ends about now', () => {
    expect(headStartMs('busy-day', 1)).toBe(0);
    expect(headStartMs('busy-day', 480)).toBe(8 * HOUR - 60_000);
    expect(headStartMs('first-share', 480)).toBe(0);
  });
});

describe('demo', () => {
  /** The person does what is theirs to do: wraps up two seconds after being asked. */
  function attended(rounds: number): Play & { longestSilence: number } {
    const it = play('demo');
    let now = START;
    while (it.world.demoRound <= rounds) {
      now += 500;
      it.until(now);
      const pending = it.world.conversations.find(({ phase }) => phase === 'wrapUp');
      if (!pending || pending.policy === 'forcedTimeout') continue;
      const since = pending.parties.at(-1)?.endTime ?? now;
      if (now - since >= 2_000) step(it.world, { do: 'wrapUp', conversationId: pending.id }, now);
    }
    const gaps = it.seen.map(({ at }, index) => at - (it.seen[index - 1]?.at ?? START));
    return { ...it, longestSilence: Math.max(...gaps) };
  }

  it('tells every policy and both media, and never leaves a person waiting more than twenty seconds', () => {
    const { world, longestSilence } = attended(7);
    const told = world.conversations.map(({ policy, media }) => `${policy} ${media}`);
    expect(new Set(told).size).toBeGreaterThanOrEqual(6);
    expect(longestSilence).toBeLessThanOrEqual(20_000);
  });

  it('tells the whole job within about a minute', () => {
    const { world } = attended(1);
    const [first] = world.conversations;
    expect(first?.phase).toBe('over');
    expect((first?.endTime ?? Infinity) - START).toBeLessThan(70_000);
  });

  it('goes on after a decline, an early end and a stop', () => {
    const { world, until } = play('demo');
    until(START + 3_000);
    step(world, { do: 'decline' }, START + 3_500);
    until(START + 20_000);
    expect(world.conversations).toHaveLength(2);
    step(world, { do: 'answer' }, START + 20_000);
    step(world, { do: 'disconnect', type: 'client' }, START + 21_000);
    step(world, { do: 'wrapUp' }, START + 22_000);
    const leftovers = world.agenda.filter(({ act }) => act.do !== 'nextCase');
    expect(leftovers).toEqual([]);
    until(START + 40_000);
    expect(world.conversations).toHaveLength(3);
  });
});
