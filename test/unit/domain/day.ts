import fc from 'fast-check';
import { at } from './wire.ts';
import { tell, type Dialect, type Truth } from './dialects.ts';

/** A random day at the server – what was true, one moment after the other – and what the wire makes of it. */

export interface Told {
  readonly dialect: Dialect;
  /** Which moment of the day it tells. */
  readonly moment: number;
  /** What the wire did to it on its way. */
  readonly flaw: 'none' | 'partial' | 'contradictory';
}

export interface Day {
  /** Each moment: every part of the agent in the conversation so far, missed alerts first. */
  readonly moments: readonly (readonly Truth[])[];
  readonly told: readonly Told[];
}

interface Plan {
  readonly media: Truth['media'];
  readonly missed: number;
  readonly live: readonly { readonly sharing: boolean; readonly peerCount: number }[];
  readonly disconnectType: string;
  readonly ending: 'complete' | 'skipped' | 'pending';
  readonly codes: readonly ('Resolved' | 'Transferred')[];
  /** How much of it has happened when the day ends; 1 for all. */
  readonly reached: number;
}

const alert = (second: number, to?: number): object =>
  to === undefined
    ? { type: 'Alert', startTime: at(second) }
    : { type: 'Alert', startTime: at(second), endTime: at(to) };

function missedAlert(number: number, media: Truth['media']): readonly [Truth, Truth] {
  const start = -100 + number * 10;
  const alerting: Truth = {
    participantId: `missed-${number}`,
    legId: `missed-leg-${number}`,
    media,
    state: 'alerting',
    sharing: false,
    peerCount: 0,
    startAlertingTime: at(start),
    segments: [alert(start)],
    wrapupSkipped: false,
  };
  const ended = { state: 'terminated', disconnectType: 'system', disconnectedTime: at(start + 8) };
  return [alerting, { ...alerting, ...ended, segments: [alert(start, start + 8)] }];
}

function answeredAlert({ media, live, disconnectType, ending, codes }: Plan): Truth[] {
  const alerting: Truth = {
    participantId: 'participant-1',
    legId: 'leg-1',
    media,
    state: 'alerting',
    sharing: false,
    peerCount: 0,
    startAlertingTime: at(0),
    segments: [alert(0)],
    wrapupSkipped: false,
  };
  const begun = { type: 'Interact', startTime: at(4) };
  const connected: Truth = {
    ...alerting,
    state: 'connected',
    connectedTime: at(4),
    segments: [alert(0, 4), begun],
    afterCallWork: { state: 'notApplicable' },
  };
  const pending: Truth = {
    ...connected,
    state: 'disconnected',
    disconnectType,
    disconnectedTime: at(60),
    segments: [alert(0, 4), { ...begun, endTime: at(60) }],
    afterCallWork: { state: 'pending', startTime: at(60) },
    startAcwTime: at(60),
  };
  const written = codes.map((name): Truth => {
    const wrapup = { id: `uuid-${name}`, name, notes: `about ${name}`, provisional: true };
    return { ...pending, wrapup };
  });
  const last = written.at(-1) ?? pending;
  const closed: Truth = {
    ...last,
    ...(last.wrapup ? { wrapup: { ...last.wrapup, provisional: false } } : {}),
    afterCallWork: {
      state: ending,
      startTime: at(60),
      ...(ending === 'complete' ? { endTime: at(75) } : {}),
    },
    endAcwTime: at(75),
    wrapupSkipped: ending === 'skipped',
  };
  const lived = live.map((change): Truth => ({ ...connected, ...change }));
  return [alerting, connected, ...lived, pending, ...written, ...(ending === 'pending' ? [] : [closed])];
}

function momentsOf(plan: Plan): Truth[][] {
  const moments: Truth[][] = [];
  let before: Truth[] = [];
  for (let number = 0; number < plan.missed; number += 1) {
    const [alerting, ended] = missedAlert(number, plan.media);
    moments.push([...before, alerting], [...before, ended]);
    before = [...before, ended];
  }
  for (const truth of answeredAlert(plan)) moments.push([...before, truth]);
  return moments.slice(0, Math.max(1, Math.ceil(moments.length * plan.reached)));
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  media: fc.constantFrom('screenshare', 'video'),
  missed: fc.nat({ max: 2 }),
  live: fc.array(fc.record({ sharing: fc.boolean(), peerCount: fc.nat({ max: 3 }) }), { maxLength: 4 }),
  disconnectType: fc.constantFrom('peer', 'client', 'system', 'transport.failure', 'levitation'),
  ending: fc.constantFrom('complete', 'skipped', 'pending'),
  codes: fc.array(fc.constantFrom('Resolved', 'Transferred'), { maxLength: 2 }),
  reached: fc.constantFrom(1, 1, 0.9, 0.7, 0.5, 0.2),
});

/** Any moment in any dialect, any number of times, in any order. */
export const anyDay: fc.Arbitrary<Day> = anyPlan.chain((plan) => {
  const moments = momentsOf(plan);
  // The flattened topic of screen shares never speaks of a video leg.
  const dialects: readonly Dialect[] =
    plan.media === 'video' ? ['rest', 'topic'] : ['flattened', 'rest', 'topic'];
  return fc.record({
    moments: fc.constant(moments),
    told: fc.array(
      fc.record({
        dialect: fc.constantFrom(...dialects),
        moment: fc.nat({ max: moments.length - 1 }),
        flaw: fc.constantFrom('none', 'none', 'none', 'partial', 'contradictory'),
      }),
      { maxLength: 12 },
    ),
  });
});

/**
 * - partial: only the latest participant, and nothing about its wrap-up and after-call work
 * - contradictory: an ended leg that still says it is connected and shares
 */
export function onTheWire({ moments }: Day, { dialect, moment, flaw }: Told): unknown {
  const truths = moments[moment] ?? [];
  const latest = truths.at(-1);
  if (flaw === 'none' || !latest) return tell(dialect, truths);
  if (flaw === 'contradictory') {
    const ended = latest.disconnectType !== undefined;
    return tell(dialect, ended ? [{ ...latest, state: 'connected', sharing: true }] : truths);
  }
  const { wrapup: _wrapup, afterCallWork: _acw, startAcwTime: _start, endAcwTime: _end, ...rest } = latest;
  return tell(dialect, [rest]);
}
