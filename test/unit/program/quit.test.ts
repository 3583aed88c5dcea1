import { describe, expect, it, vi } from 'vitest';
import { say } from '../../../domain/words/say.ts';
import { createQuit, type OnAirAnswer, type Quit, type Unsaved } from '../../../electron/program/quit.ts';
import { settled } from '../tracker/rig.ts';

vi.mock('electron/main', () => ({ dialog: {} }));

const nothing: Unsaved = { wrapUps: 0, drafts: 0 };
const some: Unsaved = { wrapUps: 1, drafts: 0 };

function rigOf(unsaved: Unsaved, saveUnsaved: () => Promise<void> = () => Promise.resolve()) {
  const done: string[] = [];
  const timers = new Set<() => void>();
  let answer: (quits: boolean) => void = () => undefined;
  let answerOnAir: (answer: OnAirAnswer) => void = () => undefined;
  const rig = {
    unsaved,
    done,
    isOnAir: false,
    stops: true,
    answerOnAir: (given: OnAirAnswer) => {
      answerOnAir(given);
    },
    timePasses: () => {
      for (const call of timers) call();
    },
    answer: (quits: boolean) => {
      answer(quits);
    },
    isHurried: false,
    close: () => Promise.resolve(),
    quit: undefined as unknown as Quit,
  };
  rig.quit = createQuit({
    saveUnsaved: () => {
      done.push('try');
      return saveUnsaved();
    },
    unsaved: () => rig.unsaved,
    isOnAir: () => rig.isOnAir,
    askOnAir: (withdrawn) => {
      done.push('ask on air');
      return new Promise((resolve) => {
        answerOnAir = resolve;
        withdrawn.addEventListener('abort', () => {
          resolve('quit');
        });
      });
    },
    stopSharing: () => {
      done.push('stop');
      return Promise.resolve(rig.stops);
    },
    ask: (_unsaved, withdrawn) => {
      done.push('ask');
      return new Promise((resolve) => {
        answer = resolve;
        withdrawn.addEventListener('abort', () => {
          resolve(true);
        });
      });
    },
    stay: () => done.push('stay'),
    clock: {
      after: (_ms, call) => {
        timers.add(call);
        return () => timers.delete(call);
      },
    },
    close: () => rig.close(),
    exit: (isHurried) => {
      rig.isHurried = isHurried;
      done.push('end');
    },
  });
  return rig;
}

it('whoever quits with nothing held is not asked', async () => {
  const rig = rigOf(nothing);
  rig.quit(true);
  await settled();
  expect(rig.done).toEqual(['try', 'end']);
});

it.each([
  ['hangs', () => new Promise<void>(() => undefined)],
  ['fails', () => Promise.reject(new Error('disk'))],
])('the program ends also where something that is to be closed %s', async (_how, close) => {
  const rig = rigOf(nothing);
  rig.close = close;
  rig.quit(true);
  await settled();
  rig.timePasses();
  await settled();
  expect(rig.done).toEqual(['try', 'end']);
});

it('what the last try could write is not asked about', async () => {
  const rig = rigOf(some, () => {
    rig.unsaved = nothing;
    return Promise.resolve();
  });
  rig.quit(true);
  await settled();
  expect(rig.done).toEqual(['try', 'end']);
});

it('whoever quits is asked once about what would be lost, and can go on', async () => {
  const rig = rigOf(some);
  rig.quit(true);
  await settled();
  rig.quit(true);
  expect(rig.done).toEqual(['try', 'ask']);
  rig.answer(false);
  await settled();
  expect(rig.done).toEqual(['try', 'ask', 'stay']);
  rig.quit(true);
  await settled();
  rig.answer(true);
  await settled();
  expect(rig.done.slice(3)).toEqual(['try', 'ask', 'end']);
});

it('the end of the session asks nobody, and takes back a question that is there', async () => {
  const unasked = rigOf(some);
  unasked.quit(false);
  await settled();
  expect(unasked.done).toEqual(['try', 'end']);
  const asked = rigOf(some);
  asked.quit(true);
  await settled();
  asked.quit(false);
  await settled();
  expect(asked.done).toEqual(['try', 'ask', 'end']);
  // Nothing is installed that the system would break off.
  expect([unasked.isHurried, asked.isHurried]).toEqual([true, true]);
});

it('neither a database that hangs nor a question nobody answers holds it up for good', async () => {
  const rig = rigOf(some, () => new Promise(() => undefined));
  rig.quit(true);
  rig.timePasses();
  await settled();
  expect(rig.done).toEqual(['try', 'ask']);
  rig.timePasses();
  await settled();
  expect(rig.done).toEqual(['try', 'ask', 'end']);
});

describe('whoever quits while sharing', () => {
  function sharing() {
    const rig = rigOf(nothing);
    rig.isOnAir = true;
    rig.quit(true);
    return rig;
  }

  it.each<[OnAirAnswer, readonly string[]]>([
    ['stay', ['stay']],
    ['quit', ['end']],
    ['stopAndQuit', ['stop', 'end']],
  ])('is asked what is to become of the share: %s', async (given, then) => {
    const rig = sharing();
    await settled();
    expect(rig.done).toEqual(['try', 'ask on air']);
    rig.answerOnAir(given);
    await settled();
    expect(rig.done.slice(2)).toEqual(then);
  });

  it('does not leave a share behind that could not be stopped', async () => {
    const rig = sharing();
    rig.stops = false;
    await settled();
    rig.answerOnAir('stopAndQuit');
    await settled();
    expect(rig.done.slice(2)).toEqual(['stop', 'stay']);
  });

  it('holds up neither the end of the session nor itself for good', async () => {
    const unasked = rigOf(nothing);
    unasked.isOnAir = true;
    unasked.quit(false);
    await settled();
    expect(unasked.done).toEqual(['try', 'end']);
    for (const urge of [
      (rig: ReturnType<typeof sharing>) => rig.quit(false),
      (rig: ReturnType<typeof sharing>) => rig.timePasses(),
    ]) {
      const rig = sharing();
      await settled();
      urge(rig);
      await settled();
      expect(rig.done).toEqual(['try', 'ask on air', 'end']);
    }
  });
});

it('the question says what would be lost', () => {
  const words = (wrapUps: number, drafts: number): string => say('quit.held', { wrapUps, drafts });
  expect(words(1, 0)).toBe('1 wrap-up isn’t saved on this computer');
  expect(words(0, 1)).toBe('1 draft isn’t saved on this computer');
  expect(words(2, 1)).toBe('2 wrap-ups and 1 draft aren’t saved on this computer');
  expect(words(1, 3)).toBe('1 wrap-up and 3 drafts aren’t saved on this computer');
});
