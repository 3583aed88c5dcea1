import { describe, expect, it } from 'vitest';
import { climb, isLinkedOver, type OnAirWatch } from '../../../domain/present/still-sharing.ts';
import type { Rung } from '../../../domain/state.ts';

const quiet: OnAirWatch = {
  since: 0,
  minutes: [],
  callEndedAt: null,
  idleSince: null,
  lockedAt: null,
  asleepAt: null,
};

/** What is climbed, second by second: `0:08 toast callEnded`. */
function climbed(watch: OnAirWatch, seconds: number): string[] {
  let reached: Rung | null = null;
  const said: string[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    const { step } = climb(watch, second * 1000, reached);
    if (!step) continue;
    reached = step.rung;
    said.push(`${String(second)} s ${step.rung} ${step.reason}`);
  }
  return said;
}

describe('the ladder of a share that goes on', () => {
  it('stays on the ground where there is no reason to climb', () => {
    expect(climbed(quiet, 3600)).toEqual([]);
    expect(climb(quiet, 0, null)).toEqual({ step: null, nextAt: null });
  });

  it('climbs by minutes: the head first, then a toast, and it asks at the last of several', () => {
    expect(climbed({ ...quiet, minutes: [5, 15] }, 1000)).toEqual([
      '150 s pulse minutes',
      '300 s toast minutes',
      '900 s modal minutes',
    ]);
    expect(climbed({ ...quiet, minutes: [5] }, 3600)).toHaveLength(2);
  });

  it('reminds within ten seconds of the end of the call, and is at its end within two minutes', () => {
    expect(climbed({ ...quiet, callEndedAt: 10_000 }, 3600)).toEqual([
      '10 s pulse callEnded',
      '18 s toast callEnded',
      '100 s modal callEnded',
    ]);
  });

  it.each([
    ['lockedAt', ['0 s pulse locked', '5 s toast locked', '60 s modal locked']],
    ['asleepAt', ['0 s modal asleep']],
    ['idleSince', ['60 s pulse idle', '180 s toast idle', '600 s modal idle']],
  ] as const)('climbs by %s', (reason, wanted) => {
    expect(climbed({ ...quiet, [reason]: 0 }, 3600)).toEqual(wanted);
  });

  it('has each rung once, whatever reasons there are, and takes none back', () => {
    const watch = { ...quiet, minutes: [1, 2], callEndedAt: 0, idleSince: 0, lockedAt: 0 };
    expect(climbed(watch, 3600).map((said) => said.split(' ')[2])).toEqual(['pulse', 'toast', 'modal']);
    expect(climb(watch, 3_600_000, 'modal')).toEqual({ step: null, nextAt: null });
  });

  it('says when to look again', () => {
    expect(climb({ ...quiet, minutes: [5] }, 0, null).nextAt).toBe(150_000);
    expect(climb({ ...quiet, minutes: [5] }, 150_000, null).nextAt).toBe(300_000);
  });
});

it('what it belonged to is over once there was something and nothing is left', () => {
  expect(isLinkedOver({})).toBe(false);
  expect(isLinkedOver({ otherLegs: ['chats'] })).toBe(false);
  expect(isLinkedOver({ otherLegs: [] })).toBe(true);
});
