import { describe, expect, it } from 'vitest';
import { afterCallWorkOf, isSharing, isSettled, legStateOf } from '../../../domain/communication/phase.ts';
import { isUnclear, reduceConversation } from '../../../domain/communication/reducer.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { decodeConversation } from '../../../domain/model/decode.ts';
import type { Conversation, Participant } from '../../../domain/model/screenshare.ts';
import { model, reading } from './known.ts';
import { agentId, at, context, conversation, ended, fold, live, ms, one, read, type Told } from './wire.ts';

const sharing = { ...live, sharing: true, peerCount: 1 };
const stateOf = (communication: Communication | undefined): unknown =>
  communication && { state: legStateOf(communication), sharing: isSharing(communication) };

/** What the widget says first, and how many lines it has. */
function shown(communications: readonly Communication[], seconds = 40): readonly string[] {
  const { status } = reading(model(communications, { startedAt: ms(-100) }), seconds);
  return [status, ...status.others].map(({ title }) => title);
}

describe('an end is an end, though the leg still says that it is connected and shares', () => {
  it.each<readonly [string, Told]>([
    ['its participant left', { leg: sharing, agent: { endTime: at(8) } }],
    ['its participant is disconnected', { leg: sharing, agent: { state: 'disconnected' } }],
    ['its participant is terminated', { leg: sharing, agent: { state: 'terminated' } }],
    ['the conversation ended', { leg: sharing, conversation: { endTime: at(8) } }],
    ['both ended', { leg: sharing, agent: { endTime: at(8) }, conversation: { endTime: at(9) } }],
    ['the leg has reasons for a disconnect', { leg: { ...sharing, disconnectReasons: [{ type: 'Q.850' }] } }],
    [
      'its participant left and lists no legs',
      {
        agent: { endTime: at(8) },
        conversation: { participants: [{ id: 'participant-1', endTime: at(8) }] },
      },
    ],
  ])('where %s', (_what, end) => {
    const record = one({ leg: sharing }, end);
    expect(stateOf(record)).toEqual({ state: 'over', sharing: false });
    expect(record.onAir).toHaveLength(1);
    expect(record.onAir[0]?.to).toBeDefined();
    expect(afterCallWorkOf(record)).toBe('due');
    expect(shown([record])).toEqual(['Wrap up']);
    // And nothing that comes late brings it back.
    const [late] = reduceConversation([record], read(conversation({ leg: sharing })), context(50));
    expect(stateOf(late)).toEqual({ state: 'over', sharing: false });
    expect(late?.onAir).toEqual(record.onAir);
  });

  it('is dated by the first word for it', () => {
    const end: Told = { leg: sharing, agent: { endTime: at(8) }, conversation: { endTime: at(9) } };
    expect(one({ leg: sharing }, end).onAir).toEqual([{ from: at(0), to: at(8) }]);
    expect(one({ leg: sharing }, { ...end, agent: {} }, end).endTime).toBe(at(8));
  });

  it('also when all that comes is that the conversation ended', () => {
    const [record] = fold({ leg: sharing });
    const update = decodeConversation({ id: 'conversation-1', endTime: at(12) }, 'socket');
    if (!record || !update.ok) throw new Error('cannot be read');
    const [after] = reduceConversation([record], update.conversation, context(20));
    expect(stateOf(after)).toEqual({ state: 'over', sharing: false });
    expect(after?.onAir).toEqual([{ from: at(0), to: at(12) }]);
  });

  it('of the other side ends what they showed', () => {
    const shows = { screenshares: [{ id: 'leg-c', state: 'connected', sharing: true }] };
    expect(one({ leg: live, customer: shows }).peerSharing).toBe(true);
    expect(one({ leg: live, customer: { ...shows, endTime: at(3) } }).peerSharing).toBe(false);
  });

  it('of one that never answered is a missed alert', () => {
    const record = one(
      { leg: { state: 'alerting' } },
      { leg: { state: 'alerting' }, agent: { endTime: at(8) } },
    );
    expect(record.answered).toBe(false);
    expect(shown([record])).toEqual(['Missed screen share']);
  });

  it('in two events of one time is one prompt', () => {
    const first = { ...sharing, sharing: false, disconnectType: 'client', disconnectedTime: at(9) };
    const work = { startAcwTime: at(10) };
    const facts: readonly Told[] = [
      { leg: sharing, agent: { wrapupExpected: true } },
      { leg: { ...first, afterCallWork: { state: 'pending', startTime: at(10) } }, agent: work },
      {
        leg: { ...first, state: 'disconnected', afterCallWork: { state: 'pending', startTime: at(10) } },
        agent: { ...work, endTime: at(9) },
      },
    ];
    expect(shown([one(...facts.slice(0, 1))])).toEqual(['You are sharing']);
    expect(shown([one(...facts.slice(0, 2))])).toEqual(['Wrap up']);
    expect(shown([one(...facts)])).toEqual(['Wrap up']);
  });
});

describe('an update that leaves things out', () => {
  it('may name no participants at all: that says nothing about anybody', () => {
    const update = { id: 'conversation-1', recordingState: 'none' };
    for (const told of [update, { ...update, participants: null }]) {
      const decoded = decodeConversation(told, 'socket');
      if (!decoded.ok) throw new Error(decoded.reason);
      const known = fold({ leg: sharing });
      expect(reduceConversation(known, decoded.conversation, context(20))).toEqual([]);
      // A reading without them is none.
      expect(decodeConversation(told).ok).toBe(false);
    }
  });

  it('of a participant without legs still says how its after-call work went', () => {
    const end = { ...live, state: 'disconnected', disconnectType: 'client' };
    const wrapup = { code: 'code-1', endTime: at(20) };
    const bare = { id: 'participant-1', userId: agentId, endAcwTime: at(20), wrapup };
    const record = one({ leg: live }, { leg: end }, { ...conversation(), participants: [bare] });
    expect(afterCallWorkOf(record)).toBe('done');
    expect(record.participantWrapup).toEqual(wrapup);
  });

  it('of a participant that left says the same, though its leg never said that it ended', () => {
    const wrapup = { code: 'code-1', endTime: at(20) };
    const bare = { id: 'participant-1', userId: agentId, endTime: at(8), endAcwTime: at(20), wrapup };
    const left: Told = { leg: sharing, agent: { endTime: at(8) } };
    const record = one({ leg: sharing }, left, { ...conversation(), participants: [bare] });
    expect(afterCallWorkOf(record)).toBe('done');
    expect(record.screenshare.state).toBe('connected');
  });

  it('of a participant without legs brings the code that was chosen last', () => {
    const end = { ...live, state: 'disconnected', disconnectType: 'client' };
    const bare = { id: 'participant-1', userId: agentId, endAcwTime: at(20), wrapup: { code: 'code-2' } };
    const record = one(
      { leg: end, agent: { startAcwTime: at(15), wrapup: { code: 'code-1', provisional: true } } },
      { ...conversation(), participants: [bare] },
    );
    expect(record.participantWrapup?.code).toBe('code-2');
  });

  it('of another leg of its participant closes the after-call work of both', () => {
    const agent: Partial<Participant> = { ...conversation().participants[1], startAcwTime: at(15) };
    const both = [
      { id: 'leg-1', ...ended },
      { id: 'leg-2', ...ended },
    ];
    const told = (screenshares: Participant['screenshares'], over: object): Conversation => ({
      ...conversation(),
      participants: [{ ...agent, screenshares, ...over }],
    });
    const wrapup = { code: 'code-1', endTime: at(20) };
    const known = fold(told(both, {}), told(both.slice(1), { endAcwTime: at(20), wrapup }));
    expect(known.map(afterCallWorkOf)).toEqual(['done', 'done']);
  });

  it('of a participant without legs ends nothing that goes on', () => {
    const known = fold({ leg: sharing });
    const bare = read({ id: 'conversation-1', participants: [{ id: 'participant-1', userId: agentId }] });
    expect(reduceConversation(known, bare, context(20))).toEqual([]);
  });

  it('does not say whose participant it is, or calls them a user: the agent’s stay the agent’s', () => {
    const [record] = fold({ leg: sharing });
    const nameless = read({
      id: 'conversation-1',
      participants: [
        {
          id: 'participant-1',
          purpose: 'user',
          screenshares: [{ id: 'leg-1', state: 'connected', sharing: false }],
        },
      ],
    });
    if (!record) throw new Error('nothing was folded');
    const [after] = reduceConversation([record], nameless, context(20));
    expect(stateOf(after)).toEqual({ state: 'connected', sharing: false });
    expect(after?.peerSharing).toBe(false);
  });

  it('in which somebody shares, and the agent is not mentioned, is no whole answer', () => {
    const shares = read({
      id: 'conversation-1',
      participants: [{ id: 'c', purpose: 'customer', videos: [{ id: 'v', sharingScreen: true }] }],
    });
    expect(isUnclear([], shares, context(10))).toBe(true);
    expect(isUnclear(fold({ leg: live }), shares, context(10))).toBe(false);
  });
});

describe('an agent who is in one conversation several times', () => {
  const part = (id: string, leg: object, more: Partial<Participant> = {}): Participant => ({
    id,
    purpose: 'agent',
    userId: agentId,
    ...more,
    screenshares: [{ id: `leg-${id}`, ...leg }],
  });
  const missed = (id: string): Participant =>
    part(id, { state: 'terminated', disconnectType: 'system', disconnectedTime: at(-20) });
  const parts = (...participants: readonly Participant[]): Conversation =>
    read({ id: 'conversation-1', participants });
  const four = ['p1', 'p2', 'p3', 'p4'].map(missed);

  it.each<readonly [string, readonly Participant[], readonly string[]]>([
    ['rings', [...four, part('p5', { state: 'alerting' })], ['Incoming screen share']],
    ['is answered', [...four, part('p5', { ...live })], ['Connected']],
    ['shares', [...four, part('p5', { ...sharing })], ['You are sharing']],
    ['is missed for good', [...four, missed('p5')], ['Missed screen share']],
    ['rings, first in the list', [part('p5', { state: 'alerting' }), ...four], ['Incoming screen share']],
    [
      'shares, and the old alerts have no end of their own',
      [...['p1', 'p2'].map((id) => part(id, { state: 'alerting' })), part('p3', { ...sharing })],
      ['You are sharing'],
    ],
    [
      'has ended, and the old alerts have only their participants’ end',
      [
        ...['p1', 'p2'].map((id) => part(id, { state: 'alerting' }, { endTime: at(-20) })),
        part('p3', { ...live, state: 'disconnected', disconnectType: 'peer' }, { wrapupPrompt: 'mandatory' }),
      ],
      ['Wrap up'],
    ],
  ])('and %s has one line', (_what, participants, titles) => {
    const records = fold(parts(...participants));
    expect(records).toHaveLength(participants.length);
    expect(shown(records)).toEqual(titles);
  });

  it('has one line when each alert was heard of by itself', () => {
    const ringing = (id: string): Participant => part(id, { state: 'alerting' });
    const one = fold(parts(ringing('p1')), parts(missed('p1')));
    expect(shown(one)).toEqual(['Missed screen share']);
    const again = fold(parts(ringing('p1')), parts(missed('p1')), parts(ringing('p2')));
    expect(shown(again)).toEqual(['Incoming screen share']);
    const twice = fold(parts(ringing('p1')), parts(missed('p1')), parts(ringing('p2')), parts(missed('p2')));
    expect(shown(twice)).toEqual(['Missed screen share']);
  });

  it('still has one line where the latest alert is listed first', () => {
    const first = part('p1', { state: 'alerting' });
    const latest = part('p2', { state: 'alerting' });
    const records = fold(
      parts(first),
      parts(missed('p1')),
      parts(latest, missed('p1')),
      parts(missed('p2'), missed('p1')),
    );
    expect(shown(records)).toEqual(['Missed screen share']);
  });

  it('is on air whatever the state of that part says', () => {
    const records = fold(parts(part('p1', { state: 'alerting', sharing: true }), part('p2', live)));
    expect(shown(records)).toEqual(['You are sharing', 'Connected']);
  });

  it('hears of an alert that comes after a share has ended', () => {
    const ended = { state: 'disconnected', afterCallWork: { state: 'complete' } };
    const over = part('p1', { ...live, ...ended, connectedTime: at(-60) });
    expect(shown(fold(parts(over, missed('p2'))))).toContain('Missed screen share');
  });

  it('has each of them settled on its own', () => {
    const records = fold(parts(...four, part('p5', { ...live })));
    expect(records.map(isSettled)).toEqual([true, true, true, true, false]);
  });
});
