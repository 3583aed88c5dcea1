import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation, isUnclear } from '../../../domain/communication/reducer.ts';
import { isUnidentified } from '../../../domain/communication/match.ts';
import { isSharing, legStateOf } from '../../../domain/communication/phase.ts';
import { decodeConversation } from '../../../domain/model/decode.ts';
import { communicationStates, disconnectTypes } from '../../../domain/model/values.ts';
import type { Conversation } from '../../../domain/model/screenshare.ts';
import { extrasOf, restLeg, tell, whole, type Dialect, type Truth } from './dialects.ts';
import { agentId, at, context, read } from './wire.ts';

const orders: readonly (readonly Dialect[])[] = [
  ['rest', 'topic', 'flattened'],
  ['rest', 'flattened', 'topic'],
  ['topic', 'rest', 'flattened'],
  ['topic', 'flattened', 'rest'],
  ['flattened', 'rest', 'topic'],
  ['flattened', 'topic', 'rest'],
];

function foldAll(snapshots: readonly Conversation[]): Communication[] {
  const known = new Map<string, Communication>();
  for (const snapshot of snapshots)
    for (const one of reduceConversation([...known.values()], snapshot, context(80))) known.set(one.key, one);
  return [...known.values()];
}

function told(dialects: readonly Dialect[], truth: Truth = whole): Communication {
  const [one, ...others] = foldAll(dialects.map((dialect) => read(tell(dialect, [truth]))));
  expect(others).toEqual([]);
  if (!one) throw new Error('nothing was folded');
  return one;
}

const active: Truth = {
  participantId: 'participant-1',
  legId: 'leg-1',
  media: 'screenshare',
  state: 'connected',
  sharing: true,
  peerCount: 1,
  startAlertingTime: at(0),
  connectedTime: at(4),
  segments: [{ type: 'Alert', startTime: at(0), endTime: at(4) }],
  wrapupSkipped: false,
};

describe.each([
  ['that goes on', active],
  ['that is over', whole],
])('a share %s, told in three dialects', (_what, truth) => {
  const { key: _key, ...record } = told(['rest', 'topic', 'flattened'], truth);

  it.each(orders)('is one record: %s, %s, %s', (...order) => {
    const { key, ...rest } = told(order, truth);
    expect(rest).toEqual(record);
    // The name it was first known by stays its name.
    const first = order[0] === 'flattened' ? 'participant-1' : 'leg-1';
    expect(key).toBe(`conversation-1/participant-1/${first}`);
  });

  it('is the same as a video leg where no screenshare exists', () => {
    // A video is no share before somebody in it shares a screen.
    const after = (media: Truth['media']): unknown => {
      const facts = [tell('topic', [{ ...active, media }]), tell('rest', [{ ...truth, media }])];
      return foldAll(facts.map(read))[0];
    };
    expect(after('video')).toEqual({ ...(after('screenshare') as object), media: 'video' });
  });
});

describe('what the dialects tell differently', () => {
  const all = (order: readonly Dialect[]): Communication => told(order);

  it.each(orders)('%s, %s, %s: where the screen share is', (...order) => {
    expect(all(order).screenshare).toEqual({
      ...(JSON.parse(JSON.stringify(restLeg(whole))) as object),
      sharing: false,
      ...extrasOf(new Set(order)),
    });
  });

  it.each(orders)('%s, %s, %s: its id, which the flattened topic never says', (...order) => {
    expect(all(order).communicationId).toBe('leg-1');
    expect(all(order).screenshare.id).toBe('leg-1');
  });

  it.each(orders)('%s, %s, %s: when it began to alert, and its segments', (...order) => {
    expect(all(order).alertedAt).toBe(at(0));
    expect(all(order).screenshare).toMatchObject({
      startAlertingTime: whole.startAlertingTime,
      segments: whole.segments,
    });
  });

  it('of the alerting only: the flattened topic has its participant’s start', () => {
    const { disconnectType: _end, disconnectedTime: _time, ...before } = whole;
    const alerting = { ...before, state: 'alerting', startAlertingTime: at(70) };
    expect(told(['flattened'], alerting).alertedAt).toBe(at(70));
    expect(told(['topic'], alerting).alertedAt).toBe(at(80));
  });

  it.each(orders)('%s, %s, %s: the extras of one are kept beside the others', (...order) => {
    expect(all(order).screenshare).toMatchObject({
      self: { name: 'An Agent' },
      scriptId: 'script-1',
      queueMediaSettings: { alertingTimeoutSeconds: 8 },
      wrapup: { name: 'Resolved', provisional: false },
    });
  });

  it.each(orders)('%s, %s, %s: whose it is, and the queue', (...order) => {
    expect(all(order)).toMatchObject({ queueId: 'queue-1', queueName: 'Billing', peerName: 'Ana Lima' });
  });

  it('the expectation of a wrap-up gives way to what is required, whichever came first', () => {
    const agent = (said: object): Conversation =>
      read({
        id: 'c',
        participants: [
          { id: 'p', userId: agentId, ...said, screenshares: [{ id: 'l', state: 'connected' }] },
        ],
      });
    const [expected, required] = [agent({ wrapupExpected: true }), agent({ wrapupRequired: false })];
    expect(foldAll([expected])[0]?.wrapupRequired).toBe(true);
    expect(foldAll([expected, required])[0]?.wrapupRequired).toBe(false);
    expect(foldAll([required, expected])[0]?.wrapupRequired).toBe(false);
  });

  it.each(orders)('%s, %s, %s: that after-call work was skipped', (...order) => {
    expect(told(order, { ...whole, wrapupSkipped: true }).wrapupSkipped).toBe(true);
  });

  it.each(orders)(
    '%s, %s, %s: after-call work, of which the flattened topic has only the times',
    (...order) => {
      expect(all(order)).toMatchObject({ startAcwTime: at(60), endAcwTime: at(75) });
      expect(all(order).screenshare).toMatchObject({
        afterCallWork: whole.afterCallWork ?? {},
        afterCallWorkRequired: true,
      });
    },
  );

  it.each(orders)('%s, %s, %s: the wrap-up code by id or by name', (...order) => {
    const code = { code: 'uuid-1', name: 'Resolved', notes: 'a note' };
    expect(all(order).screenshare.wrapup).toMatchObject(code);
    expect(all(order).participantWrapup).toMatchObject(code);
  });

  it('the name of one code is never told of another', () => {
    const changed = { id: 'uuid-2', name: 'Transferred', notes: 'a note', provisional: false };
    const facts = [tell('rest', [whole]), tell('topic', [{ ...whole, wrapup: changed }])];
    const [one] = foldAll(facts.map(read));
    expect(one?.screenshare.wrapup).toMatchObject({ code: 'Transferred' });
    expect(one?.screenshare.wrapup).not.toHaveProperty('name');
    const [healed] = foldAll([...facts, tell('rest', [{ ...whole, wrapup: changed }])].map(read));
    expect(healed?.screenshare.wrapup).toMatchObject({ code: 'uuid-2', name: 'Transferred' });
  });

  it.each(['topic', 'flattened'] as const)(
    'a policy that is a word of the %s’s own is kept as sent',
    (dialect) => {
      const event = JSON.parse(
        JSON.stringify(tell(dialect, [active])).replace('mandatory', 'whenever'),
      ) as unknown;
      expect(foldAll([read(tell('rest', [active])), read(event)])[0]?.policy).toBe('whenever');
    },
  );

  it.each(['endpoint.dnd', 'transfer.dnd', 'endpoint.donotdisturb'])(
    'the disconnect type %s ends it in the topic too',
    (disconnectType) => {
      const one = told(['topic'], { ...whole, disconnectType });
      expect(one.screenshare.disconnectType).toBe(disconnectType);
      expect(legStateOf(one)).toBe('over');
    },
  );

  it.each([
    ['rest', { recordingState: 'NONE' }, {}],
    ['topic', { recordingState: 'none', recentTransfers: [], securePause: false }, {}],
    [
      'flattened',
      { recordingState: 'none' },
      {
        conversationRoutingData: { priority: 1, skills: [{ id: 'skill-1' }] },
        errorInfo: { code: 'error.ininedgecontrol.session.inactive', messageParams: {} },
        script: { id: 'script-1' },
        parkTime: at(10),
        resumeTime: at(20),
        team: { id: 'team-1' },
      },
    ],
  ] as const)(
    'what only the %s says of conversation and participant is read, and kept as sent',
    (dialect, of, beside) => {
      const said = tell(dialect, [whole]) as { participants: object[] };
      const participants = said.participants.map((each, index) =>
        index === 0 ? each : { ...each, ...beside },
      );
      const decoded = decodeConversation({ ...said, ...of, participants });
      expect(decoded).toMatchObject({ ok: true, problems: [], conversation: of });
      if (!decoded.ok) throw new Error(decoded.reason);
      expect(decoded.conversation.participants[1]).toMatchObject(beside);
      expect(foldAll([decoded.conversation])).toHaveLength(1);
    },
  );

  it.each(['inactivity', 'session.expired', 'takeover'])(
    'the disconnect type %s is no word of REST, and ends it all the same',
    (disconnectType) => {
      expect(disconnectTypes).not.toContain(disconnectType);
      const one = told(['flattened'], { ...whole, disconnectType });
      expect(one.screenshare.disconnectType).toBe(disconnectType);
      expect(legStateOf(one)).toBe('over');
    },
  );

  it.each(['converting', 'uploading', 'transmitting', 'scheduled', 'parked'])(
    'the state %s is no word of REST, and ends nothing',
    (state) => {
      expect(communicationStates).not.toContain(state);
      const [one] = foldAll([read(tell('rest', [active])), read(tell('flattened', [{ ...active, state }]))]);
      expect(one?.screenshare.state).toBe(state);
      expect(one && isSharing(one)).toBe(true);
      expect(one && legStateOf(one)).toBe('connected');
    },
  );
});

describe('the flattened topic alone', () => {
  it('is on air, under the participant’s id until its own arrives', () => {
    const [one] = foldAll([read(tell('flattened', [active]))]);
    expect(one).toMatchObject({
      key: 'conversation-1/participant-1/participant-1',
      communicationId: 'participant-1',
      policy: 'mandatory',
      onAir: [{ from: at(80) }],
    });
    expect(one && isUnidentified(one)).toBe(true);
    expect(one && isSharing(one)).toBe(true);
  });

  it('is read through snake_case too', () => {
    const spelled = JSON.stringify(tell('flattened', [whole]))
      .replace('"disconnectType"', '"disconnect_type"')
      .replace('"wrapupSkipped"', '"wrapup_skipped"')
      .replace('"peerCount"', '"peer_count"');
    expect(read(JSON.parse(spelled))).toEqual(read(tell('flattened', [whole])));
  });

  it('is not a phone call, whose participants have a state of their own', () => {
    const call = { id: 'p', userId: agentId, state: 'connected', calls: [{ state: 'connected' }] };
    expect(foldAll([read({ id: 'c', participants: [call] })])).toEqual([]);
  });

  it('refuses a sharing that is neither true nor false', () => {
    const odd = {
      id: 'c',
      participants: [{ id: 'p', user: { id: agentId }, state: 'connected', sharing: 'yes' }],
    };
    expect(() => read(odd)).toThrow('participants.0.screenshares.0.sharing');
  });

  it('ends no share of a participant with two legs: which of them is not said', () => {
    const both = read({
      id: 'conversation-1',
      participants: [
        {
          id: 'participant-1',
          userId: agentId,
          screenshares: [
            { id: 'leg-1', state: 'disconnected' },
            { id: 'leg-2', state: 'connected', sharing: true },
          ],
        },
      ],
    });
    const flat = read(tell('flattened', [whole]));
    const known = foldAll([both]);
    expect(reduceConversation(known, flat, context(90))).toEqual([]);
    expect(isUnclear(known, flat, context(90))).toBe(true);
    expect(isUnclear(foldAll([read(tell('rest', [whole]))]), flat, context(90))).toBe(false);
  });

  it('known as live becomes the living one of two ids that arrive at once', () => {
    const legs = [
      { id: 'leg-1', state: 'connected', sharing: true },
      { id: 'leg-0', state: 'disconnected' },
    ];
    const reading = read({
      id: 'conversation-1',
      participants: [{ id: 'participant-1', userId: agentId, screenshares: legs }],
    });
    const records = foldAll([read(tell('flattened', [active])), reading]);
    expect(records.map(({ communicationId }) => communicationId)).toEqual(['leg-1', 'leg-0']);
    expect(records.map(({ screenshare }) => screenshare.state)).toEqual(['connected', 'disconnected']);
  });
});
