import { describe, expect, it } from 'vitest';
import { ActRefused, type Act, type BeginOptions } from '../../../electron/feed/simulator/acts.ts';
import { patchParticipant } from '../../../electron/feed/simulator/commands.ts';
import { queueByName, TIMEOUT_CODE } from '../../../electron/feed/simulator/directory.ts';
import { WireError } from '../../../electron/feed/simulator/errors.ts';
import type { WrapupPrompt } from '../../../electron/feed/simulator/wire-types.ts';
import { restConversation } from '../../../electron/feed/simulator/rest-shapes.ts';
import { runAgenda, step } from '../../../electron/feed/simulator/step.ts';
import {
  agentOf,
  newWorld,
  type SimConversation,
  type World,
} from '../../../electron/feed/simulator/world.ts';

/** The five after-call-work policies, without any network: acts and commands on a world, time by hand. */

const START = Date.UTC(2026, 2, 2, 9, 0, 0);
const CODE = queueByName('Billing help')?.codes[0]?.id ?? '';

interface Stage {
  world: World;
  conversation: SimConversation;
  now: number;
  act: (act: Act) => void;
  /** Sends what a client would PATCH to its own participant. */
  patch: (body: unknown) => void;
  wait: (ms: number) => void;
  agent: () => NonNullable<ReturnType<typeof restConversation>['participants'][number]>;
  leg: () => Record<string, unknown>;
}

function stage(options: BeginOptions): Stage {
  const world = newWorld('idle', 1, START);
  const { conversation } = step(
    world,
    { do: 'begin', options: { queue: 'Billing help', ...options } },
    START,
  );
  if (!conversation) throw new Error('nothing began');
  const it: Stage = {
    world,
    conversation,
    now: START,
    act: (act) => void step(world, act, it.now),
    patch: (body) =>
      void patchParticipant(world, { conversation, party: agentOf(conversation) }, body, it.now),
    wait: (ms) => {
      it.now += ms;
      runAgenda(world, it.now, () => undefined);
    },
    agent: () => {
      const agent = restConversation(conversation).participants.at(-1);
      if (!agent) throw new Error('no agent');
      return agent;
    },
    leg: () => ({ ...it.agent().screenshares?.[0] }),
  };
  return it;
}

/** Answered, a minute of conversation, ended by the customer. */
function ended(options: BeginOptions): Stage {
  const it = stage(options);
  it.wait(4_000);
  it.act({ do: 'answer' });
  it.wait(60_000);
  it.act({ do: 'disconnect', type: 'peer' });
  return it;
}

const iso = (time: number): string => new Date(time).toISOString();

/** The wire's error code with which the action is refused. */
function refusalCode(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  throw new Error('This should have been refused');
}

describe.each<[WrapupPrompt, { required: boolean; timed: boolean }]>([
  ['optional', { required: false, timed: false }],
  ['mandatory', { required: true, timed: false }],
  ['timeout', { required: true, timed: true }],
  ['forcedTimeout', { required: true, timed: true }],
])('%s', (policy, { required, timed }) => {
  it('pends from the end of the interaction and shows its terms', () => {
    const it = ended({ policy });
    expect(it.conversation.phase).toBe('wrapUp');
    expect(it.agent()).toMatchObject({
      wrapupPrompt: policy,
      wrapupRequired: required,
      startAcwTime: iso(it.now),
    });
    expect(it.agent().endAcwTime).toBeUndefined();
    expect(it.agent().wrapupTimeoutMs).toBe(timed ? 120_000 : undefined);
    expect(it.leg()).toMatchObject({
      state: 'disconnected',
      afterCallWork: { state: 'pending', startTime: iso(it.now) },
    });
  });

  it(required ? 'refuses to be skipped' : 'may be skipped', () => {
    const it = ended({ policy });
    if (required) {
      expect(refusalCode(() => it.patch({ wrapupSkipped: true }))).toBe(
        'conversation.error.wrapup.code.required',
      );
      expect(it.conversation.phase).toBe('wrapUp');
    } else {
      it.patch({ wrapupSkipped: true });
      expect(it.conversation.phase).toBe('over');
      expect(it.leg()).toMatchObject({
        state: 'terminated',
        afterCallWork: { state: 'complete' },
        wrapup: { code: 'ININ-WRAP-UP-SKIPPED' },
      });
    }
  });

  it('a code may be chosen while still connected', () => {
    const it = stage({ policy });
    it.act({ do: 'answer' });
    it.patch({ wrapup: { code: CODE, notes: 'early' } });
    it.act({ do: 'disconnect', type: 'peer' });
    expect(it.conversation.phase).toBe(policy === 'forcedTimeout' ? 'wrapUp' : 'over');
    expect(it.agent().wrapup).toMatchObject({ code: CODE, notes: 'early' });
  });
});

describe('finishing', () => {
  it.each(['optional', 'mandatory', 'timeout'] as const)('%s ends when the wrap-up arrives', (policy) => {
    const it = ended({ policy });
    it.wait(14_000);
    it.patch({ wrapup: { code: CODE, notes: 'n', tags: ['t'] } });
    expect(it.conversation.phase).toBe('over');
    expect(it.agent()).toMatchObject({
      endAcwTime: iso(it.now),
      wrapup: {
        code: CODE,
        name: 'Invoice explained',
        notes: 'n',
        tags: ['t'],
        durationSeconds: 14,
        provisional: false,
      },
    });
    expect(it.leg()).toMatchObject({
      state: 'terminated',
      afterCallWork: { state: 'complete', endTime: iso(it.now) },
    });
  });

  it('forcedTimeout takes the wrap-up, and another, but ends only at zero', () => {
    const it = ended({ policy: 'forcedTimeout', timeoutMs: 30_000 });
    it.patch({ wrapup: { code: CODE } });
    it.wait(10_000);
    it.patch({ wrapup: { code: CODE, notes: 'again' } });
    it.wait(19_999);
    expect(it.conversation.phase).toBe('wrapUp');
    it.wait(1);
    expect(it.conversation.phase).toBe('over');
    expect(it.agent().wrapup).toMatchObject({ notes: 'again', durationSeconds: 30 });
    expect(it.world.wrapups.map(({ by }) => by)).toEqual(['client', 'client']);
  });

  it('mandatory waits for ever', () => {
    const it = ended({ policy: 'mandatory' });
    it.wait(12 * 3_600_000);
    expect(it.conversation.phase).toBe('wrapUp');
  });
});

describe('time is up', () => {
  it.each(['timeout', 'forcedTimeout'] as const)('%s without a code gets the system’s', (policy) => {
    const it = ended({ policy, timeoutMs: 30_000 });
    it.wait(30_000);
    expect(it.agent().wrapup).toMatchObject({ code: TIMEOUT_CODE, name: TIMEOUT_CODE, durationSeconds: 30 });
    expect(it.world.wrapups).toEqual([expect.objectContaining({ by: 'system', skipped: false })]);
  });

  it('a code chosen but not saved is kept', () => {
    const it = ended({ policy: 'timeout', timeoutMs: 30_000 });
    it.patch({ wrapup: { code: CODE, notes: 'half', provisional: true } });
    expect(it.conversation.phase).toBe('wrapUp');
    expect(it.world.wrapups).toEqual([]);
    it.wait(30_000);
    expect(it.agent().wrapup).toMatchObject({ code: CODE, notes: 'half', provisional: false });
  });

  it('a later correction replaces the system’s code', () => {
    const it = ended({ policy: 'timeout', timeoutMs: 30_000 });
    it.wait(45_000);
    it.patch({ wrapup: { code: CODE, disableEndTimeUpdates: true } });
    expect(it.agent().wrapup).toMatchObject({
      code: CODE,
      durationSeconds: 30,
      endTime: iso(it.now - 15_000),
    });
  });
});

describe('agentRequested', () => {
  it('without the request there is no after-call work and no code', () => {
    const it = stage({ policy: 'agentRequested' });
    it.act({ do: 'answer' });
    expect(it.leg()['afterCallWorkRequired']).toBe(false);
    it.patch({ wrapup: { code: CODE } });
    it.act({ do: 'disconnect', type: 'peer' });
    expect(it.conversation.phase).toBe('over');
    expect(it.agent().wrapup).toBeUndefined();
    expect(it.leg()['afterCallWork']).toEqual({ state: 'notApplicable' });
    expect(refusalCode(() => it.patch({ wrapup: { code: CODE } }))).toBe('bad.request');
  });

  it('with the request it pends, is required, and a timer counts if there is one', () => {
    const it = stage({ policy: 'agentRequested', timeoutMs: 20_000 });
    it.act({ do: 'answer' });
    it.act({ do: 'requestAcw', required: true });
    it.act({ do: 'disconnect', type: 'peer' });
    expect(it.agent().wrapupRequired).toBe(true);
    it.wait(20_000);
    expect(it.agent().wrapup?.code).toBe(TIMEOUT_CODE);
  });

  it('a request can be taken back', () => {
    const it = stage({ policy: 'agentRequested' });
    it.act({ do: 'answer' });
    it.act({ do: 'requestAcw', required: true });
    it.act({ do: 'requestAcw', required: false });
    it.act({ do: 'disconnect', type: 'peer' });
    expect(it.conversation.phase).toBe('over');
  });

  it('is refused where the queue is set otherwise', () => {
    const it = stage({ policy: 'mandatory' });
    it.act({ do: 'answer' });
    expect(() => it.act({ do: 'requestAcw', required: true })).toThrow(ActRefused);
  });
});

describe('what a PATCH may not do', () => {
  it('nothing of an over-full body takes effect when a part of it is refused', () => {
    const it = ended({ policy: 'mandatory' });
    expect(refusalCode(() => it.patch({ wrapup: { code: CODE }, state: 'disconnected' }))).toBe(
      'not.authorized',
    );
    expect(it.conversation.phase).toBe('wrapUp');
    expect(it.world.wrapups).toEqual([]);
  });

  it.each([
    [{}, 'bad.request'],
    [{ state: 'asleep' }, 'invalid.value'],
    [{ muted: true }, 'invalid.value'],
    [{ wrapup: { code: 7 } }, 'bad.request'],
    [{ wrapup: { code: TIMEOUT_CODE } }, 'invalid.value'],
    ['text', 'bad.request'],
    [null, 'bad.request'],
  ])('%j → %s', (body, code) => {
    const it = stage({ policy: 'mandatory' });
    it.act({ do: 'answer' });
    expect(refusalCode(() => it.patch(body))).toBe(code);
  });

  it('wrap up what was never connected', () => {
    const it = stage({ alertingTimeoutMs: 5_000 });
    it.wait(5_000);
    expect(refusalCode(() => it.patch({ wrapup: { code: CODE } }))).toBe(
      'conversation.error.participant.no.active.conversations',
    );
  });

  it('act for another participant', () => {
    const it = stage({});
    const [customer] = it.conversation.parties;
    if (!customer) throw new Error('no customer');
    const place = { conversation: it.conversation, party: customer };
    expect(refusalCode(() => void patchParticipant(it.world, place, { state: 'disconnected' }, it.now))).toBe(
      'not.authorized',
    );
  });
});
