import { epoch } from '../../../domain/clocks/time.ts';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import {
  afterCallWorkOf,
  codeRequired,
  isSettled,
  isSharing,
  serverWrapup,
  legStateOf,
  type AfterCallWorkProgress,
} from '../../../domain/communication/phase.ts';
import { alertDeadline, acwDeadline } from '../../../domain/communication/moments.ts';
import { promptActions } from '../../../domain/present/prompt.ts';
import {
  afterCallWorkStates,
  communicationStates,
  disconnectTypes,
  wrapupPolicies,
} from '../../../domain/model/values.ts';
import { at, ended, live, ms, one, type Told } from './wire.ts';

const over = (told: Told = {}): Communication =>
  one({ ...told, leg: { ...ended, ...told.leg }, agent: { ...told.agent } });

describe('stage', () => {
  it.each([
    ['alerting', 'alerting'],
    ['offering', 'alerting'],
    ['dialing', 'connecting'],
    ['contacting', 'connecting'],
    ['connected', 'connected'],
    ['disconnected', 'over'],
    ['terminated', 'over'],
    ['none', 'connecting'],
    ['levitating', 'connecting'],
  ] as const)('of state %s is %s', (state, stage) => {
    expect(legStateOf(one({ leg: { state } }))).toBe(stage);
  });

  it.each(communicationStates)('of state %s is over as soon as any field says so', (state) => {
    for (const disconnectType of [...disconnectTypes, 'boredom'])
      expect(legStateOf(one({ leg: { state, disconnectType } }))).toBe('over');
    expect(legStateOf(one({ leg: { state, disconnectedTime: at(9) } }))).toBe('over');
  });

  it.each([undefined, 'none', 'levitating'])('of state %s is connected when facts show contact', (state) => {
    const said = state === undefined ? {} : { state };
    expect(legStateOf(one({ leg: { ...said, connectedTime: at(4) } }))).toBe('connected');
    expect(legStateOf(one({ leg: { ...said, sharing: true } }))).toBe('connected');
    expect(legStateOf(one({ leg: { ...said, sharing: false, peerCount: 0 } }))).toBe('connecting');
  });
});

describe('after-call work', () => {
  type Case = readonly [what: string, told: Told, stage: AfterCallWorkProgress];
  const acw = (state: string): Told => ({ leg: { afterCallWork: { state } } });
  const bare = { wrapupPrompt: null, wrapupRequired: null };

  const cases: readonly Case[] = [
    // Communication level says for sure.
    ['pending', acw('pending'), 'due'],
    ['complete', acw('complete'), 'done'],
    ['skipped', acw('skipped'), 'skipped'],
    ['notApplicable', acw('notApplicable'), 'none'],
    [
      'complete, though the participant level has not ended',
      { ...acw('complete'), agent: { startAcwTime: at(16) } },
      'done',
    ],
    ['pending, though nothing is required', { ...acw('pending'), agent: { wrapupRequired: false } }, 'due'],
    // It leaves it to the participant level.
    ['unknown', acw('unknown'), 'due'],
    ['unknown and ended', { ...acw('unknown'), agent: { endAcwTime: at(30) } }, 'done'],
    ['a newer word', acw('dreaming'), 'due'],
    // Participant level.
    ['required', { agent: { ...bare, wrapupRequired: true } }, 'due'],
    ['expected (topic)', { agent: { ...bare, wrapupExpected: true } }, 'due'],
    ['begun', { agent: { ...bare, startAcwTime: at(16) } }, 'due'],
    ['begun and ended', { agent: { ...bare, startAcwTime: at(16), endAcwTime: at(30) } }, 'done'],
    [
      'begun, though not required',
      { agent: { ...bare, wrapupRequired: false, startAcwTime: at(16) } },
      'due',
    ],
    ['not required', { agent: { wrapupRequired: false } }, 'none'],
    ['never heard of', { agent: bare }, 'none'],
    ['skipped by the agent', { agent: { wrapupSkipped: true } }, 'skipped'],
    ['saved and closed', { agent: { wrapup: { code: 'a', endTime: at(30) } } }, 'done'],
    ['saved, level without times', { agent: { wrapup: { code: 'a' } } }, 'done'],
    ['saved, still running', { agent: { startAcwTime: at(16), wrapup: { code: 'a' } } }, 'due'],
    ['saved for now', { agent: { wrapup: { code: 'a', provisional: true } } }, 'due'],
    [
      'saved for now with an end',
      { agent: { wrapup: { code: 'a', provisional: true, endTime: at(30) } } },
      'due',
    ],
    // Agent Requested: only when it was asked for.
    ['agentRequested, not asked', { agent: { wrapupPrompt: 'agentRequested' } }, 'none'],
    [
      'agentRequested, declined',
      { agent: { wrapupPrompt: 'agentRequested' }, leg: { afterCallWorkRequired: false } },
      'none',
    ],
    [
      'agentRequested, asked',
      { agent: { wrapupPrompt: 'agentRequested' }, leg: { afterCallWorkRequired: true } },
      'due',
    ],
  ];
  it.each(cases)('%s', (_what, told, stage) => {
    expect(afterCallWorkOf(over(told))).toBe(stage);
    expect(isSettled(over(told))).toBe(stage !== 'due');
  });

  it.each(wrapupPolicies.flatMap((policy) => afterCallWorkStates.map((state) => [policy, state] as const)))(
    'under %s with state %s follows the state wherever it says something',
    (policy, state) => {
      const expected = {
        pending: 'due',
        complete: 'done',
        skipped: 'skipped',
        notApplicable: 'none',
      } as const;
      const atParticipant = policy === 'agentRequested' ? 'none' : 'due';
      expect(afterCallWorkOf(over({ ...acw(state), agent: { wrapupPrompt: policy } }))).toBe(
        state === 'unknown' ? atParticipant : expected[state],
      );
    },
  );

  it('is none while it lasts, when it was never answered, and when the server no longer has it', () => {
    expect(afterCallWorkOf(one({ leg: { ...live, afterCallWork: { state: 'pending' } } }))).toBe('none');
    expect(afterCallWorkOf(one({ leg: { state: 'terminated', disconnectType: 'timeout' } }))).toBe('none');
    expect(afterCallWorkOf({ ...over(), gone: true })).toBe('none');
  });

  it('is answered also when only the timeline shows that it was connected', () => {
    const leg = { state: 'terminated', segments: [{ type: 'Interact' }] };
    expect(afterCallWorkOf(one({ leg }))).toBe('due');
  });
});

describe('the saved wrap-up', () => {
  it('is read from the level that has one', () => {
    const own = { code: 'own' };
    const shared = { code: 'shared' };
    expect(serverWrapup(over({ leg: { wrapup: own }, agent: { wrapup: shared } }))).toEqual(own);
    expect(serverWrapup(over({ leg: { wrapup: { notes: 'no code' } }, agent: { wrapup: shared } }))).toEqual(
      shared,
    );
    expect(serverWrapup(over({ leg: { wrapup: { code: '' } } }))).toBeUndefined();
  });
});

describe('policies', () => {
  it.each([
    ['optional', false, false, ['done', 'skip', 'later']],
    ['mandatory', true, false, ['done', 'later']],
    ['timeout', true, true, ['done', 'later']],
    ['forcedTimeout', true, true, ['save', 'later']],
    ['agentRequested', true, true, ['done', 'later']],
    ['a newer one', true, true, ['done', 'later']],
  ] as const)('%s: code required %s, timed %s, buttons %j', (wrapupPrompt, required, timed, actions) => {
    const communication = over({ agent: { wrapupPrompt, wrapupTimeoutMs: 60_000, startAcwTime: at(20) } });
    expect(codeRequired(communication)).toBe(required);
    expect(acwDeadline(communication)).toBe(timed ? ms(80) : null);
    expect(promptActions(communication)).toEqual(actions);
    expect(promptActions(one({ leg: live, agent: { wrapupPrompt } }))).toEqual(['later']);
  });
});

describe('deadlines', () => {
  const timed = (told: Told = {}): Communication =>
    over({ ...told, agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 60_000, ...told.agent } });

  it('run from the communication’s own start, else the participant’s, else the disconnect', () => {
    const own = { afterCallWork: { state: 'pending', startTime: at(30) } };
    expect(acwDeadline(timed({ leg: own, agent: { startAcwTime: at(20) } }))).toBe(ms(90));
    expect(acwDeadline(timed({ agent: { startAcwTime: at(20) } }))).toBe(ms(80));
    expect(acwDeadline(timed())).toBe(ms(75));
  });

  it('skip a time that is none', () => {
    const own = { afterCallWork: { state: 'pending', startTime: 'soon' } };
    expect(acwDeadline(timed({ leg: own, agent: { startAcwTime: at(20) } }))).toBe(ms(80));
    expect(acwDeadline(timed({ agent: { wrapupTimeoutMs: 0 } }))).toBeNull();
  });

  it('of an alert run from its beginning', () => {
    const alert = (agent: object): Communication =>
      one({ leg: { state: 'alerting', startAlertingTime: at(2) }, agent });
    expect(alertDeadline(alert({ alertingTimeoutMs: 8000 }))).toBe(ms(10));
    expect(alertDeadline(alert({}))).toBeNull();
  });

  it('are read only from times a calendar has', () => {
    expect(epoch(at(3))).toBe(ms(3));
    for (const odd of [null, undefined, '', 'soon', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z'])
      expect(epoch(odd)).toBeNull();
  });
});

describe('on air', () => {
  it.each(communicationStates)('in state %s is what `sharing` says, unless it is over', (state) => {
    const isLive = state !== 'disconnected' && state !== 'terminated';
    expect(isSharing(one({ leg: { state, sharing: true } }))).toBe(isLive);
    expect(isSharing(one({ leg: { state, sharing: false } }))).toBe(false);
    expect(isSharing(one({ leg: { state } }))).toBe(false);
  });
});
