import { describe, expect, it } from 'vitest';
import { roleOf, type Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { isSharing, legStateOf } from '../../../domain/communication/phase.ts';
import type { Conversation } from '../../../domain/model/screenshare.ts';
import { agentId, at, context, conversation, ended, fold, live, one, read, type Told } from './wire.ts';

describe('a snapshot', () => {
  it('becomes one communication of the local agent, with what participant and conversation say', () => {
    const communication = one({
      agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 60_000, alertingTimeoutMs: 8000 },
      leg: { state: 'alerting', startAlertingTime: at(-3) },
    });
    expect(communication).toMatchObject({
      key: 'conversation-1/participant-1/leg-1',
      media: 'screenshare',
      queueId: 'queue-1',
      queueName: 'Billing',
      peerName: 'Ana Lima',
      peerSharing: false,
      policy: 'timeout',
      wrapupRequired: true,
      wrapupTimeoutMs: 60_000,
      alertingTimeoutMs: 8000,
      alertedAt: at(-3),
      answered: false,
      onAir: [],
      peers: [],
      gone: false,
      firstSeenAt: at(0),
      lastSeenAt: at(0),
      revisions: 1,
    });
  });

  it('says nothing about other people, and nothing without legs', () => {
    expect(fold(conversation({ agent: { userId: 'somebody-else' }, leg: live }))).toEqual([]);
    expect(fold({ id: 'c', participants: [{ userId: agentId }, { userId: agentId, videos: [] }] })).toEqual(
      [],
    );
  });

  it('with an entry that is only noise invents no communication', () => {
    const noise = [{}, { additionalProperties: {} }, { id: null, state: null }];
    expect(fold({ id: 'c', participants: [{ userId: agentId, screenshares: noise }] })).toEqual([]);
  });

  it('keeps every participant of the same user apart: missed alerts, then the one that was answered', () => {
    const alert = (id: string, leg: object): object => ({
      id,
      userId: agentId,
      screenshares: [{ id: 'leg-1', ...leg }],
    });
    const communications = fold(
      read({
        id: 'c',
        participants: [
          alert('p1', { state: 'terminated', disconnectType: 'system' }),
          alert('p2', { state: 'terminated', disconnectType: 'system' }),
          alert('p3', { state: 'connected' }),
        ],
      }),
    );
    expect(communications.map(({ key, answered }) => [key, answered])).toEqual([
      ['c/p1/leg-1', false],
      ['c/p2/leg-1', false],
      ['c/p3/leg-1', true],
    ]);
  });

  it('that names a communication twice keeps its end', () => {
    const twice = (...legs: object[]): Conversation =>
      read({ id: 'c', participants: [{ id: 'p', userId: agentId, screenshares: legs }] });
    const end = { id: 'leg-1', ...ended };
    const go = { id: 'leg-1', ...live };
    expect(legStateOf(one(twice(go), twice(end, go)))).toBe('over');
    expect(legStateOf(one(twice(go), twice(go, end)))).toBe('over');
  });

  it('that contradicts itself is kept as sent and is over: any field that says so counts', () => {
    const communication = one({
      leg: { ...live, sharing: true, disconnectType: 'peer', disconnectedTime: at(3) },
    });
    expect(communication.screenshare.state).toBe('connected');
    expect(legStateOf(communication)).toBe('over');
    expect(isSharing(communication)).toBe(false);
    expect(communication.onAir).toEqual([]);
  });
});

describe('sharing', () => {
  it('begins and ends with explicit facts only; a span for each time on air', () => {
    const communication = one(
      { leg: live },
      { leg: { ...live, sharing: true } },
      { leg: { id: 'leg-1', state: 'connected' } },
      { leg: live },
      { leg: { ...live, sharing: true } },
    );
    expect(communication.onAir).toEqual([{ from: at(10), to: at(30) }, { from: at(40) }]);
    expect(isSharing(communication)).toBe(true);
    expect(roleOf(communication)).toBe('sharing');
  });

  it('ends by a fact that says no more than that', () => {
    const communication = one({ leg: { ...live, sharing: true } }, { leg: { sharing: false } });
    expect(isSharing(communication)).toBe(false);
    expect(communication.onAir).toEqual([{ from: at(0), to: at(10) }]);
    expect(legStateOf(communication)).toBe('connected');
  });

  it('ends by a fact whose state is a word of a newer server', () => {
    const communication = one(
      { leg: { ...live, sharing: true } },
      { leg: { state: 'parked', sharing: false } },
    );
    expect(isSharing(communication)).toBe(false);
    expect(communication.screenshare.state).toBe('parked');
    expect(legStateOf(communication)).toBe('connected');
  });

  it('ends where the server dates the end inside the span, else when we heard of it', () => {
    const share = { leg: { ...live, sharing: true } };
    const end = (disconnectedTime: string): readonly object[] =>
      one(share, { leg: { ...ended, sharing: true, disconnectedTime } }).onAir;
    expect(end(at(7))).toEqual([{ from: at(0), to: at(7) }]);
    // The provider's clock may be ahead, behind, or broken.
    expect(end(at(99))).toEqual([{ from: at(0), to: at(10) }]);
    expect(end(at(-99))).toEqual([{ from: at(0), to: at(10) }]);
    expect(end('yesterday')).toEqual([{ from: at(0), to: at(10) }]);
  });

  it('of a peer is somebody else’s: the agent only views', () => {
    const peer = { screenshares: [{ id: 'leg-c', state: 'connected', sharing: true }] };
    const communication = one({ leg: live, customer: peer });
    expect(communication.peerSharing).toBe(true);
    expect(isSharing(communication)).toBe(false);
    expect(roleOf(communication)).toBe('viewing');
    const gone = [{ id: 'leg-c', state: 'disconnected', sharing: true }];
    expect(one({ leg: live, customer: { screenshares: gone } }).peerSharing).toBe(false);
  });

  it('spans stay in order when this machine’s clock is set back', () => {
    let known: Communication[] = [];
    const facts: readonly (readonly [number, boolean])[] = [
      [100, true],
      [50, false],
      [20, true],
      [10, false],
    ];
    for (const [seconds, sharing] of facts)
      known = reduceConversation(known, conversation({ leg: { ...live, sharing } }), context(seconds));
    expect(known[0]?.onAir).toEqual([
      { from: at(100), to: at(100) },
      { from: at(100), to: at(100) },
    ]);
  });
});

describe('a later fact', () => {
  it('without a field erases nothing: the topic has no segments and no alerting time, REST has both', () => {
    const segments = [{ type: 'Alert', startTime: at(0), endTime: at(4) }];
    const communication = one(
      {
        leg: { ...live, startAlertingTime: at(0), segments, peerId: 'leg-c' },
        agent: { wrapupSkipped: false },
      },
      {
        leg: { id: 'leg-1', state: 'connected', peerId: null },
        agent: { queueName: null, wrapupPrompt: null, wrapupRequired: null },
        customer: { name: null },
      },
    );
    expect(communication.screenshare).toMatchObject({ startAlertingTime: at(0), segments, peerId: 'leg-c' });
    expect(communication).toMatchObject({
      alertedAt: at(0),
      queueName: 'Billing',
      policy: 'mandatory',
      peerName: 'Ana Lima',
    });
  });

  it('from an earlier time fills gaps, but never the state: connected stays connected, over stays as it ended', () => {
    const alerting: Told = { leg: { state: 'alerting', startAlertingTime: at(0), connectedTime: at(9) } };
    const connected = one({ leg: { connectedTime: at(4) } }, alerting, alerting);
    expect(legStateOf(connected)).toBe('connected');
    expect(connected.screenshare).toEqual({
      id: 'leg-1',
      connectedTime: at(4),
      startAlertingTime: at(0),
    });
    const over = one({ leg: { disconnectType: 'peer' } }, alerting);
    expect(over.screenshare.state ?? null).toBeNull();
  });

  it('with fewer segments does not shorten the timeline', () => {
    const segments = [{ type: 'Alert' }, { type: 'Interact' }];
    const communication = one({ leg: { ...live, segments } }, { leg: { ...live, segments: [] } });
    expect(communication.screenshare.segments).toEqual(segments);
  });

  it('stamps alerting by the receipt when nothing else says when', () => {
    expect(one({ leg: { state: 'alerting' } }, { leg: live }).alertedAt).toBe(at(0));
    expect(one({ leg: { state: 'alerting' }, agent: { startTime: at(-2) } }).alertedAt).toBe(at(-2));
    expect(
      one({ leg: { state: 'alerting' } }, { leg: { ...live, startAlertingTime: at(-5) } }).alertedAt,
    ).toBe(at(-5));
    expect(one({ leg: live }).alertedAt).toBeUndefined();
  });

  it('counts revisions and moves the last sight, not the first', () => {
    expect(one({ leg: live }, { leg: live }, { leg: live })).toMatchObject({
      firstSeenAt: at(0),
      lastSeenAt: at(20),
      revisions: 3,
    });
  });

  it('adds to the history of peers only what changed', () => {
    const peers = (peerCount: number | null): Told => ({ leg: { ...live, peerCount } });
    expect(one(peers(1), peers(1), peers(null), peers(2), peers(0)).peers).toEqual([
      { at: at(0), count: 1 },
      { at: at(30), count: 2 },
      { at: at(40), count: 0 },
    ]);
  });

  it('may name a wrap-up code where an earlier one gave its id; the id is kept', () => {
    const wrapup = { code: 'uuid-1', name: 'Resolved', notes: 'n' };
    const communication = one(
      { leg: { ...ended, wrapup } },
      { leg: { ...ended, wrapup: { code: 'Resolved', notes: 'n' } } },
    );
    expect(communication.screenshare.wrapup).toEqual(wrapup);
  });
});
