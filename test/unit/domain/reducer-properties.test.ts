import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epoch } from '../../../domain/clocks/time.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { afterCallWorkOf, isOver, isSharing, legStateOf } from '../../../domain/communication/phase.ts';
import { afterCallWorkStates, communicationStates, disconnectTypes } from '../../../domain/model/values.ts';
import type { Conversation, Participant, Screenshare } from '../../../domain/model/screenshare.ts';
import { runs } from '../size.ts';
import { agentId, at, context, conversation, live } from './wire.ts';

const time = fc.integer({ min: 0, max: 100 }).map(at);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value);

/** Any leg a server could send, contradictions and all. */
const anyLeg: fc.Arbitrary<Screenshare> = fc.record(
  {
    id: fc.constantFrom('leg-1', 'leg-2'),
    state: maybe(fc.oneof(fc.constantFrom(...communicationStates), fc.constant('levitating'))),
    sharing: maybe(fc.boolean()),
    peerCount: maybe(fc.nat({ max: 3 })),
    disconnectType: maybe(fc.constantFrom(...disconnectTypes)),
    connectedTime: maybe(time),
    disconnectedTime: maybe(time),
    startAlertingTime: maybe(time),
    segments: maybe(fc.array(fc.record({ type: fc.constantFrom('Alert', 'Interact'), startTime: time }))),
    wrapup: maybe(fc.record({ code: fc.constantFrom('a', 'b'), notes: fc.string() })),
    afterCallWork: maybe(fc.record({ state: fc.constantFrom(...afterCallWorkStates), endTime: maybe(time) })),
  },
  { requiredKeys: ['id'] },
);

const anyParticipant: fc.Arbitrary<Participant> = fc.record(
  {
    id: fc.constantFrom('participant-1', 'participant-2'),
    userId: fc.constantFrom(agentId, 'agent-2'),
    screenshares: fc.array(anyLeg, { maxLength: 2 }),
    videos: fc.array(
      fc.tuple(anyLeg, fc.boolean()).map(([leg, sharingScreen]) => ({ ...leg, id: 'leg-3', sharingScreen })),
      { maxLength: 1 },
    ),
    wrapupSkipped: maybe(fc.boolean()),
    endAcwTime: maybe(time),
    wrapup: maybe(fc.record({ code: fc.constantFrom('a', 'b') })),
  },
  { requiredKeys: ['id', 'userId', 'screenshares'] },
);

const anyConversation: fc.Arbitrary<Conversation> = fc
  .array(anyParticipant, { minLength: 1, maxLength: 3 })
  .map((participants) => ({ id: 'conversation-1', participants }));

/** Facts as they arrive: the clock of this machine usually goes on, and sometimes jumps back. */
const anyDay = fc.array(fc.tuple(anyConversation, fc.integer({ min: -5, max: 20 })), { maxLength: 12 });

type Step = (was: ReadonlyMap<string, Communication>, is: ReadonlyMap<string, Communication>) => void;

function eachStep(day: readonly (readonly [Conversation, number])[], check: Step): void {
  let known = new Map<string, Communication>();
  let now = 0;
  for (const [snapshot, pause] of day) {
    now += pause;
    const changed = reduceConversation([...known.values()], snapshot, context(now));
    const after = new Map([...known, ...changed.map((one) => [one.key, one] as const)]);
    check(known, after);
    known = after;
  }
}

/** What never changes with a fact heard twice. */
function essence({ lastSeenAt: _seen, revisions: _revisions, ...rest }: Communication): unknown {
  return rest;
}

describe('whatever arrives', () => {
  it('a fact heard twice changes nothing but when it was last seen', () => {
    fc.assert(
      fc.property(anyDay, anyConversation, (day, snapshot) => {
        let known: Communication[] = [];
        eachStep(day, (_was, is) => (known = [...is.values()]));
        const once = reduceConversation(known, snapshot, context(500));
        const others = known.filter(({ key }) => !once.some((one) => one.key === key));
        const twice = reduceConversation([...others, ...once], snapshot, context(501));
        // Only a snapshot that names a leg twice can say two things at once.
        const keys = snapshot.participants.flatMap(({ id, screenshares }) =>
          (screenshares ?? []).map((leg) => `${id ?? ''}/${leg.id ?? ''}`),
        );
        fc.pre(new Set(keys).size === keys.length);
        fc.pre(new Set(snapshot.participants.map(({ id }) => id)).size === snapshot.participants.length);
        expect(twice.map(essence)).toEqual(once.map(essence));
      }),
      runs('ORDERS', 100),
    );
  });

  it('what is over stays over, keeps its end, and is never on air again', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        eachStep(day, (was, is) => {
          for (const [key, before] of was) {
            const after = is.get(key);
            if (!after || legStateOf(before) !== 'over') continue;
            expect(legStateOf(after)).toBe('over');
            expect(isOver(after.screenshare)).toBe(true);
            expect(isSharing(after)).toBe(false);
            expect(after.onAir).toEqual(before.onAir);
            expect(after.answered || !before.answered).toBe(true);
          }
        });
      }),
      runs('ORDERS', 100),
    );
  });

  it('nothing known is lost: a field that was there is there', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        eachStep(day, (was, is) => {
          for (const [key, before] of was) {
            const after = is.get(key);
            const there = (record: object): string[] =>
              Object.entries(record).flatMap(([name, value]) => ((value ?? null) === null ? [] : [name]));
            // Who shares is a word about now: it goes when the customer shares, or nobody does.
            const { sharers: _now, ...lasting } = before;
            expect(there(after ?? {})).toEqual(expect.arrayContaining(there(lasting)));
            expect(there(after?.screenshare ?? {})).toEqual(
              expect.arrayContaining(there(before.screenshare)),
            );
          }
        });
      }),
      runs('ORDERS', 100),
    );
  });

  it('spans on air are in order, apart, and closed when it is over; on air is what the last one says', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        eachStep(day, (_was, is) => {
          for (const communication of is.values()) {
            const edges = communication.onAir.flatMap(({ from, to }) => [
              from,
              ...(to === undefined ? [] : [to]),
            ]);
            const moments = edges.map((edge) => epoch(edge) ?? Number.NaN);
            expect(moments).toEqual([...moments].sort((a, b) => a - b));
            const open = communication.onAir.filter(({ to }) => to === undefined);
            expect(open).toEqual(isSharing(communication) ? communication.onAir.slice(-1) : []);
          }
        });
      }),
      runs('ORDERS', 100),
    );
  });

  it('on air is only ever an explicit fact about this very leg', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const shared = new Set<string>();
        for (const [{ participants }] of day)
          for (const participant of participants) {
            for (const leg of participant.screenshares ?? [])
              if (leg.sharing === true) shared.add(`conversation-1/${participant.id ?? ''}/${leg.id ?? ''}`);
            for (const leg of participant.videos ?? [])
              if (leg.sharingScreen === true)
                shared.add(`conversation-1/${participant.id ?? ''}/${leg.id ?? ''}`);
          }
        eachStep(day, (_was, is) => {
          for (const one of is.values()) if (isSharing(one)) expect(shared).toContain(one.key);
        });
      }),
      runs('ORDERS', 100),
    );
  });
});

describe('the events of one life, in any order', () => {
  const alerting = { state: 'alerting', startAlertingTime: at(0) };
  const ended = { ...live, state: 'disconnected', disconnectType: 'peer', disconnectedTime: at(60) };
  const pending = { state: 'pending', startTime: at(60) };
  const closed = {
    ...ended,
    afterCallWork: { state: 'complete', startTime: at(60), endTime: at(75) },
    wrapup: { code: 'b', notes: 'final', durationSeconds: 15 },
    segments: [
      { type: 'Alert', startTime: at(0), endTime: at(4) },
      { type: 'Interact', startTime: at(4), endTime: at(60) },
    ],
  };
  const life: readonly Conversation[] = [
    conversation({ leg: alerting, agent: { wrapupRequired: false } }),
    conversation({ leg: live }),
    conversation({ leg: { ...live, sharing: true, peerCount: 1 } }),
    conversation({ leg: { ...live, sharing: false, afterCallWork: { state: 'notApplicable' } } }),
    conversation({
      leg: { ...ended, afterCallWork: pending },
      agent: { startAcwTime: at(60), wrapupSkipped: false },
    }),
    conversation({
      leg: { ...ended, afterCallWork: pending, wrapup: { code: 'a', notes: 'first', provisional: true } },
    }),
    conversation({ leg: closed, agent: { endAcwTime: at(75) } }),
  ];

  it('come to the same end', () => {
    const order = fc.shuffledSubarray([...life], { minLength: life.length });
    const echoes = fc.array(fc.constantFrom(...life), { maxLength: 4 });
    fc.assert(
      fc.property(order, echoes, (snapshots, again) => {
        let known: Communication[] = [];
        [...snapshots, ...again].forEach((snapshot, index) => {
          known = reduceConversation(known, snapshot, context(index));
        });
        const [last] = known;
        expect(last).toMatchObject({ answered: true, startAcwTime: at(60), endAcwTime: at(75) });
        expect(last?.screenshare).toMatchObject({
          ...closed,
          startAlertingTime: at(0),
          sharing: false,
          wrapup: { code: 'b', notes: 'final', durationSeconds: 15 },
        });
        expect(last && afterCallWorkOf(last)).toBe('done');
      }),
      runs('ORDERS', 100),
    );
  });
});
