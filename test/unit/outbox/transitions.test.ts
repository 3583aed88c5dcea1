import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { SendResult } from '../../../domain/feed.ts';
import type { Wrapup } from '../../../domain/model/screenshare.ts';
import {
  laneOf,
  newProgress,
  nextInTurn,
  transition,
  type Activity,
  type Happening,
  type Known,
  type Progress,
  type Task,
} from '../../../domain/outbox/transitions.ts';
import type { Submission, SubmissionState } from '../../../domain/submissions.ts';
import { submission } from '../domain/known.ts';
import { at, ended, ms, one } from '../domain/wire.ts';
import { refused, unreachable } from './rig.ts';

/** The table alone: no database, no server, no timers. What they can do happens here in any order. */

const ours = { code: 'code-1', notes: 'a note' };
const acw = (state: string, wrapup?: Wrapup): Communication =>
  one({ leg: { ...ended, afterCallWork: { state }, ...(wrapup ? { wrapup } : {}) } });
const due = acw('pending');
const closed = acw('complete', ours);
const facts: readonly (Communication | undefined)[] = [
  undefined,
  due,
  closed,
  acw('complete'),
  acw('skipped'),
  acw('pending', ours),
  acw('complete', { code: 'code-1' }),
  acw('pending', { code: 'code-1' }),
  acw('complete', { code: 'code-2', notes: 'not mine' }),
];
const answers: readonly SendResult[] = [
  { kind: 'accepted' },
  refused,
  unreachable(true),
  unreachable(false),
  { kind: 'later', retryAfterMs: 1000, reason: 'Too often.' },
];
const known = (change: Partial<Known> = {}): Known => ({
  communication: due,
  submissions: [],
  live: true,
  now: at(60),
  holdMs: 5000,
  limit: null,
  ...change,
});
const statesOf: Readonly<Record<Activity, readonly SubmissionState[]>> = {
  placing: ['waiting', 'conflict', 'accepted', 'failed'],
  held: ['waiting'],
  ready: ['waiting', 'accepted'],
  sending: ['waiting'],
  checking: ['waiting', 'accepted'],
  checkingRefusal: ['waiting'],
  reading: ['waiting', 'accepted'],
  pausing: ['waiting', 'accepted'],
  choice: ['conflict', 'failed'],
  over: ['confirmed', 'dropped'],
};
const wordsOf = ({ id, key, kind, code, name, notes, createdAt }: Submission): unknown => [
  id,
  key,
  kind,
  code,
  name,
  notes,
  createdAt,
];

const anyProgress: fc.Arbitrary<Progress> = fc
  .record({
    activity: fc.constantFrom(...(Object.keys(statesOf) as Activity[])),
    state: fc.nat(),
    isSkip: fc.boolean(),
    attempts: fc.nat({ max: 12 }),
    mayHaveArrived: fc.option(fc.boolean(), { nil: undefined }),
    problem: fc.option(fc.constant('It waits.')),
    durable: fc.boolean(),
    restored: fc.boolean(),
    unread: fc.boolean(),
    failedReadings: fc.nat({ max: 2 }),
    emptyAnswers: fc.nat({ max: 5 }),
    revisionsAtFirst: fc.nat({ max: 2 }),
    tried: fc.option(fc.nat({ max: 3 })),
    heldFor: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ activity, state, isSkip, attempts, mayHaveArrived, problem, tried, heldFor, ...rest }) => {
    const states = statesOf[activity];
    const change = {
      state: states[state % states.length] ?? 'waiting',
      attempts,
      problem,
      ...(mayHaveArrived === undefined ? {} : { mayHaveArrived }),
      ...(isSkip ? ({ kind: 'skip', code: null, name: null, notes: '' } as const) : {}),
    };
    return {
      ...rest,
      activity,
      submission: submission(due, change),
      tried: activity === 'sending' ? Infinity : tried,
      heldUntil: activity === 'held' ? ms(60) + heldFor : null,
    };
  });
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>(
    { kind: 'submitted' },
    { kind: 'restored' },
    { kind: 'placed', stored: submission(due, { order: 7 }) },
    { kind: 'notKept' },
    { kind: 'turn' },
    { kind: 'factsChanged' },
    { kind: 'timerFired' },
    { kind: 'undone' },
    { kind: 'hurried' },
    { kind: 'superseded' },
    { kind: 'choseMine' },
    { kind: 'choseTheirs' },
  ),
  fc.constantFrom(...answers).map((result) => ({ kind: 'answered' as const, result, number: 4 })),
  fc.option(fc.nat({ max: 4 })).map((after) => ({ kind: 'wasRead' as const, after })),
  fc.boolean().map((ok) => ({ kind: 'readingEnded' as const, ok })),
);
const anyKnown: fc.Arbitrary<Known> = fc
  .record({
    communication: fc.constantFrom(...facts),
    revisions: fc.nat({ max: 2 }),
    live: fc.boolean(),
    holdMs: fc.constantFrom(0, 5000),
    limit: fc.option(fc.integer({ min: -10_000, max: 20_000 }).map((left) => ms(60) + left)),
  })
  .map(({ communication, revisions, ...rest }) =>
    known({ communication: communication && { ...communication, revisions }, ...rest }),
  );

/** The task that must be under way in an activity; null where something else is waited for. */
const taskOf: Readonly<Record<Activity, Task['kind'] | null>> = {
  placing: null,
  held: 'wait',
  ready: null,
  sending: 'send',
  checking: 'read',
  checkingRefusal: 'read',
  reading: 'read',
  pausing: 'wait',
  choice: null,
  over: null,
};

describe('whatever happens to a submission, whatever it is doing', () => {
  it('it goes on as what it is, with its words as they were', () => {
    fc.assert(
      fc.property(anyProgress, anyHappening, anyKnown, (before, happening, facts) => {
        const { progress } = transition(before, happening, facts);
        expect(statesOf[progress.activity]).toContain(progress.submission.state);
        expect(wordsOf(progress.submission)).toEqual(wordsOf(before.submission));
        expect(progress.submission.attempts).toBeGreaterThanOrEqual(before.submission.attempts);
      }),
      { numRuns: 3000 },
    );
  });

  it('what has to follow is begun, and begun once: nothing waits for what never comes', () => {
    fc.assert(
      fc.property(anyProgress, anyHappening, anyKnown, (before, happening, facts) => {
        const { progress, tasks } = transition(before, happening, facts);
        const begun = tasks
          .map(({ kind }) => kind)
          .filter((kind) => kind !== 'write' && kind !== 'offerLater');
        const isSame = progress.activity === before.activity && progress.heldUntil === before.heldUntil;
        const due = isSame ? null : taskOf[progress.activity];
        expect(begun).toEqual(due === null ? [] : [due]);
      }),
      { numRuns: 3000 },
    );
  });

  it('every change of what the database has is written; what it does not have waits for its place', () => {
    fc.assert(
      fc.property(anyProgress, anyHappening, anyKnown, (before, happening, facts) => {
        const { progress, tasks } = transition(before, happening, facts);
        const writes = tasks.filter(({ kind }) => kind === 'write').length;
        const isNew = before.activity === 'placing';
        if (happening.kind !== 'placed' && !isNew)
          expect(writes).toBe(before.durable && progress.submission !== before.submission ? 1 : 0);
        expect(tasks.some(({ kind }) => kind === 'offerLater')).toBe(happening.kind === 'notKept');
      }),
      { numRuns: 3000 },
    );
  });

  it('what is over stays over', () => {
    fc.assert(
      fc.property(anyProgress, anyHappening, anyKnown, (before, happening, facts) => {
        fc.pre(before.activity === 'over');
        const { progress } = transition(before, happening, facts);
        expect(progress.activity).toBe('over');
        expect({ ...progress.submission, order: 0 }).toEqual({ ...before.submission, order: 0 });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is held', () => {
  const held = (change: Partial<Progress> = {}): Progress => ({
    ...newProgress(submission(due), due, false),
    activity: 'held',
    durable: true,
    heldUntil: ms(65),
    ...change,
  });
  const timed = (left: number): Partial<Known> => ({ limit: ms(60) + left });

  it('can be taken back, and is never sent then; nothing that is on its way can', () => {
    fc.assert(
      fc.property(anyProgress, anyKnown, (before, facts) => {
        const { progress, tasks } = transition(before, { kind: 'undone' }, facts);
        expect(progress.activity === 'over').toBe(['held', 'over'].includes(before.activity));
        expect(tasks.some(({ kind }) => kind === 'send' || kind === 'read')).toBe(false);
        if (before.activity === 'held') expect(progress.submission.state).toBe('dropped');
        else expect(progress).toEqual(before);
      }),
    );
  });

  it('goes nowhere by itself: its time has to pass, the program to leave, or a fact to settle it', () => {
    const anyHeld = fc
      .tuple(anyProgress, fc.integer({ min: 1, max: 10_000 }))
      .map(([progress, left]) => held({ ...progress, ...held(), heldUntil: ms(60) + left }));
    fc.assert(
      fc.property(anyHeld, anyHappening, anyKnown, (before, happening, facts) => {
        const { progress } = transition(before, happening, facts);
        const ends = ['timerFired', 'hurried'].includes(happening.kind);
        if (ends) expect(progress.activity).toBe('ready');
        else if (progress.activity === 'ready') expect(happening.kind).toBe('factsChanged');
        expect(progress.heldUntil !== null).toBe(progress.activity === 'held');
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['five seconds without a limit', {}, 5000],
    ['five seconds where the limit is far', timed(60_000), 5000],
    ['for less where it is near', timed(6000), 3500],
    ['not at all at the last moment', timed(2500), null],
    ['not at all after the limit', timed(-1000), null],
    ['not at all where that is chosen', { holdMs: 0 }, null],
    ['as long as ever once the server has closed it', { ...timed(-1000), communication: closed }, 5000],
  ] as const)('is held %s', (_, facts, wanted) => {
    const { progress, tasks } = transition(
      newProgress(submission(due), due, false),
      { kind: 'placed', stored: submission(due) },
      known(facts),
    );
    expect(progress.activity).toBe(wanted === null ? 'ready' : 'held');
    expect(tasks).toEqual(wanted === null ? [] : [{ kind: 'wait', least: wanted, most: wanted }]);
  });

  it('of an earlier run goes at once: its agent saw it go', () => {
    const restored = newProgress(submission(due), due, true);
    expect(transition(restored, { kind: 'restored' }, known()).progress.activity).toBe('ready');
  });

  it('is held for less when a limit becomes known, and no longer because one goes away', () => {
    const changed = (facts: Partial<Known>): unknown => {
      const { progress, tasks } = transition(held(), { kind: 'factsChanged' }, known(facts));
      return [progress.activity, tasks.map((task) => (task.kind === 'wait' ? task.most : task.kind))];
    };
    expect(changed({})).toEqual(['held', []]);
    expect(changed(timed(4500))).toEqual(['held', [2000]]);
    expect(changed(timed(1000))).toEqual(['ready', []]);
  });
});

describe('what is sent after the server’s limit', () => {
  const sent = (progress: Partial<Progress>, facts: Partial<Known>): unknown =>
    transition(
      { ...newProgress(submission(due), due, false), activity: 'ready', ...progress },
      { kind: 'turn' },
      known(facts),
    ).progress.submission.afterLimit;

  it('says so, and what was in time never does', () => {
    expect(sent({}, { limit: ms(59) })).toBe(true);
    expect(sent({}, { limit: ms(61) })).toBe(undefined);
    expect(sent({}, {})).toBe(undefined);
    // Its first try was in time.
    expect(sent({ submission: submission(due, { attempts: 1 }) }, { limit: ms(59) })).toBe(undefined);
    expect(sent({ submission: submission(due, { attempts: 1, afterLimit: true }) }, {})).toBe(true);
  });
});

describe('turns', () => {
  const lanes = ['participant-1', 'participant-2'];
  const several = fc.array(
    fc.record({ progress: anyProgress, lane: fc.constantFrom(...lanes) }).map(({ progress, lane }) => ({
      ...progress,
      submission: { ...progress.submission, participantId: lane },
    })),
    { maxLength: 5 },
  );

  it('nobody waits for nothing: where one is ready another goes first, or holds it up while it is under way', () => {
    fc.assert(
      fc.property(several, (inOrder) => {
        const next = nextInTurn(inOrder, new Set());
        if (next) {
          expect(next.activity).toBe('ready');
          return;
        }
        inOrder.forEach((waiting, index) => {
          if (waiting.activity !== 'ready') return;
          const before = inOrder
            .slice(0, index)
            .filter((earlier) => laneOf(earlier.submission) === laneOf(waiting.submission));
          expect(
            before.some(({ activity, submission: { state } }) => state === 'waiting' && activity !== 'ready'),
          ).toBe(true);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('where something is under way nothing else begins, and others are not held up by it', () => {
    fc.assert(
      fc.property(several, fc.constantFrom(...lanes), (inOrder, lane) => {
        const busy = `${due.conversationId}/${lane}`;
        const next = nextInTurn(inOrder, new Set([busy]));
        if (next) expect(laneOf(next.submission)).not.toBe(busy);
        const others = inOrder.filter(({ submission: about }) => laneOf(about) !== busy);
        expect(next).toBe(nextInTurn(others, new Set()));
      }),
      { numRuns: 1000 },
    );
  });
});

/** One submission whose tasks end as the choices say, in an order a driver can bring about. */
function walk(choices: readonly number[], restored: boolean): void {
  let rest = [...choices];
  const choose = <Value>(values: readonly Value[]): Value => {
    const [first = 0, ...others] = rest;
    rest = others;
    return values[first % values.length] as Value;
  };
  let communication: Communication | undefined = due;
  let live = true;
  let progress = newProgress(
    submission(due, { state: restored ? choose(['waiting', 'accepted']) : 'waiting' }),
    due,
    restored,
  );
  const underWay = new Set<Task['kind']>();
  let tries = 0;
  let askedAfter = 0;
  /** The server may have it, and nobody has looked since. */
  let isUnread = restored;
  let failedReadings = 0;

  function happen(happening: Happening): void {
    const before = progress;
    const made = transition(progress, happening, known({ communication, live }));
    progress = made.progress;
    for (const { kind } of made.tasks) {
      if (kind === 'send') expect(isUnread).toBe(false);
      // One thing at a time: only a wait may be left behind, and a later one takes its place.
      if (kind === 'send' || kind === 'read')
        expect([underWay.has('send'), underWay.has('read')]).toEqual([false, false]);
      if (kind === 'read') askedAfter = tries;
      underWay.add(kind);
    }
    const task = taskOf[progress.activity];
    if (task !== null) expect(underWay.has(task)).toBe(true);
    if (before.activity === 'over') expect(progress.activity).toBe('over');
  }

  function answer(result: SendResult): void {
    underWay.delete('send');
    tries += 1;
    isUnread = result.kind === 'accepted' || (result.kind === 'unreachable' && result.mayHaveArrived);
    happen({ kind: 'answered', result, number: tries });
  }

  function endReading(ok: boolean): void {
    failedReadings = ok ? 0 : failedReadings + (live && progress.activity === 'reading' ? 1 : 0);
    if (ok || failedReadings === 3) {
      isUnread = false;
      failedReadings = 0;
    }
    if (ok) happen({ kind: 'wasRead', after: askedAfter });
    underWay.delete('read');
    happen({ kind: 'readingEnded', ok });
  }

  function happenNext(isWell: boolean): void {
    const isBusy = underWay.has('send') || underWay.has('read');
    const possible: (() => void)[] = [];
    if (progress.activity === 'ready' && live && !isBusy) possible.push(() => happen({ kind: 'turn' }));
    if (underWay.has('wait')) {
      possible.push(() => {
        underWay.delete('wait');
        happen({ kind: 'timerFired' });
      });
    }
    if (underWay.has('read')) possible.push(() => endReading(isWell || choose([true, false])));
    if (underWay.has('send')) {
      possible.push(() => {
        if (isWell) communication = { ...closed, revisions: (communication?.revisions ?? 0) + 1 };
        answer(isWell ? { kind: 'accepted' } : choose(answers));
      });
    }
    if (!isWell)
      possible.push(
        () => (live = !live),
        () => {
          communication = { ...(choose(facts) ?? due), revisions: choose([0, 1, 2]) };
          happen({ kind: 'factsChanged' });
        },
        () => happen({ kind: choose(['choseMine', 'hurried']) }),
        () => happen({ kind: choose(['notKept', 'notKept', 'notKept', 'superseded', 'choseTheirs']) }),
        () => {
          const after = choose([null, tries, tries - 1]);
          const isNow = after === null ? restored && tries === 0 : after === tries;
          if (isNow && !underWay.has('send')) isUnread = false;
          happen({ kind: 'wasRead', after });
        },
      );
    if (possible.length > 0) choose(possible)();
  }

  if (restored) happen({ kind: 'restored' });
  else {
    happen({ kind: 'submitted' });
    happen(choose<Happening>([{ kind: 'placed', stored: progress.submission }, { kind: 'notKept' }]));
  }
  while (rest.length > 0) happenNext(false);
  live = true;
  for (let step = 0; step < 60; step += 1) happenNext(true);
  expect(['choice', 'over']).toContain(progress.activity);
}

it('nothing is sent twice unless it was read in between, and in the end it is over or the agent’s choice', () => {
  fc.assert(fc.property(fc.array(fc.nat(), { minLength: 40, maxLength: 80 }), fc.boolean(), walk), {
    numRuns: 1500,
  });
});

describe('waits', () => {
  const waitAfter = (change: Partial<Submission>, result: SendResult): unknown =>
    transition(
      { ...newProgress(submission(due, change), due, false), activity: 'sending', tried: Infinity },
      { kind: 'answered', result, number: 1 },
      known(),
    ).tasks.at(-1);

  it.each([
    [1, 2250],
    [2, 4250],
    [5, 32_250],
    [6, 60_250],
    [40, 60_250],
  ])('before try %i last a random time that doubles up to a minute', (attempts, most) => {
    expect(waitAfter({ attempts: attempts - 1 }, unreachable(false))).toEqual({
      kind: 'wait',
      least: 250,
      most,
    });
  });

  it('last as long as the server asks', () => {
    const result: SendResult = { kind: 'later', retryAfterMs: 7000, reason: 'Too often.' };
    expect(waitAfter({}, result)).toEqual({ kind: 'wait', least: 7000, most: 7000 });
  });

  it.each([
    [1, 5000],
    [3, 15_000],
    [40, 60_000],
  ])('after a 202 to try %i end with a question to the server', (attempts, ms) => {
    const accepted = submission(due, { state: 'accepted', attempts });
    const checking: Progress = { ...newProgress(accepted, due, false), activity: 'checking', tried: 1 };
    expect(transition(checking, { kind: 'readingEnded', ok: true }, known()).tasks).toEqual([
      { kind: 'wait', least: ms, most: ms },
    ]);
  });
});
