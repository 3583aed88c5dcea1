import { describe, expect, it } from 'vitest';
import { allCells } from '../../../build/words-table.ts';
import {
  afterCallWorkStates,
  communicationStates,
  disconnectTypes,
  wrapupPolicies,
} from '../../../domain/model/values.ts';
import { phases } from '../../../domain/state.ts';
import { explain, type Cell, type Explanation } from '../../../domain/words/explain.ts';

const policies = [undefined, ...wrapupPolicies, 'whenever'];
const everyCell: readonly Cell[] = policies.flatMap((policy) =>
  [true, false].flatMap((answered) => [...allCells({ answered, policy })]),
);
const everything: readonly (readonly [Cell, Explanation])[] = everyCell.map((cell) => [cell, explain(cell)]);

const nothing: Cell = {
  state: null,
  disconnectType: null,
  afterCallWorkState: null,
  sharing: false,
  answered: true,
};
const of = (cell: Partial<Cell>): Explanation => explain({ ...nothing, ...cell });
const isOver = ({ state, disconnectType }: Cell): boolean =>
  disconnectType !== null || state === 'disconnected' || state === 'terminated';

describe('every cell', () => {
  it('is there, known values and absent ones', () => {
    const one = [...allCells({ answered: true, policy: undefined })];
    const known = one.filter(
      ({ state, disconnectType, afterCallWorkState }) =>
        state !== null && disconnectType !== null && afterCallWorkState !== null,
    );
    expect(known).toHaveLength(1280);
    expect(one).toHaveLength(9 * 17 * 6 * 2);
    expect(new Set(one.map((cell) => JSON.stringify(cell))).size).toBe(one.length);
  });

  it('has words, a glyph and a next step, and none says "unknown"', () => {
    const wrong = everything.filter(
      ([, { words, glyph, nextStep }]) =>
        words.trim() === '' ||
        !/[.]$/.test(nextStep) ||
        !phases.includes(glyph) ||
        /unknown|undefined|null|\{|\}/i.test(`${words} ${nextStep}`),
    );
    expect(wrong).toEqual([]);
  });

  it('says different things where different things are to be done or drawn', () => {
    const said = new Map<string, Set<string>>();
    for (const [, { words, glyph, nextStep }] of everything) {
      said.set(words, (said.get(words) ?? new Set()).add(`${glyph}: ${nextStep}`));
    }
    expect([...said].filter(([, meant]) => meant.size > 1).map(([words]) => words)).toEqual([]);
  });

  it('tells sharing from not sharing, ended or not', () => {
    for (const [cell, { words }] of everything) {
      if (!cell.sharing) continue;
      expect(words).not.toBe(explain({ ...cell, sharing: false }).words);
    }
  });

  it('is on air exactly when the server says so and it has not ended', () => {
    for (const [cell, { glyph }] of everything) {
      expect(glyph === 'sharing').toBe(cell.sharing && !isOver(cell));
    }
  });

  it('that contradicts itself says both', () => {
    const live = ['alerting', 'dialing', 'contacting', 'offering', 'connected'];
    for (const [cell, { words }] of everything) {
      const contradicts = isOver(cell) && live.includes(cell.state ?? '');
      expect(words.includes('though it also says it ended')).toBe(contradicts);
    }
  });

  it('with another ending, after-call work or state is told apart, unless it means the same', () => {
    const distinct = (cells: readonly Cell[]): number =>
      new Set(cells.map((cell) => explain(cell).words)).size;
    const ended = { ...nothing, state: 'disconnected' };
    // A time limit and the system both mean: not answered in time.
    const missed = [...disconnectTypes, null].map((disconnectType) => ({
      ...ended,
      answered: false,
      disconnectType,
    }));
    expect(distinct(missed)).toBe(disconnectTypes.length);
    expect(distinct([...disconnectTypes, null].map((disconnectType) => ({ ...ended, disconnectType })))).toBe(
      disconnectTypes.length + 1,
    );
    expect(
      distinct(
        [...afterCallWorkStates, null].map((afterCallWorkState) => ({ ...ended, afterCallWorkState })),
      ),
    ).toBe(afterCallWorkStates.length + 1);
    const open = { ...ended, afterCallWorkState: 'pending' };
    expect(distinct(wrapupPolicies.map((policy) => ({ ...open, policy })))).toBe(wrapupPolicies.length);
  });
});

describe('a cell', () => {
  const missed = { state: 'disconnected', answered: false };
  const ended = { state: 'disconnected', disconnectType: 'peer' };
  const open = { ...ended, afterCallWorkState: 'pending' };

  it.each<[Partial<Cell>, Explanation['glyph'], string, string]>([
    [
      { state: 'alerting', answered: false },
      'alerting',
      'Screen share alerting · It waits for your answer',
      'Answer',
    ],
    [{ state: 'offering', answered: false }, 'alerting', 'It is offered to you', 'Answer'],
    [{ state: 'dialing', answered: false }, 'connecting', 'The other side is being called', 'Wait'],
    [{ state: 'contacting', answered: false }, 'connecting', 'The other side is being reached', 'Wait'],
    [{ state: 'none', answered: false }, 'connecting', 'It is not connected yet', 'Wait'],
    [{ state: null, answered: false }, 'connecting', 'It is not connected yet', 'Wait'],
    [{ state: 'connected' }, 'viewing', 'Viewing · Connected, and your screen is not shared', 'Help them'],
    [{ state: 'connected', answered: false }, 'viewing', 'Viewing · Connected', 'Help them'],
    [{ state: 'none' }, 'viewing', 'Viewing', 'Help them'],
    [{ state: 'connected', sharing: true }, 'sharing', 'You are sharing', 'Stop sharing when'],
    [{ sharing: true }, 'sharing', 'You are sharing', 'Stop sharing when'],
    [
      { state: 'alerting', sharing: true },
      'sharing',
      'You are sharing · Your screen is on air · The server also says: Alerting',
      'unless you mean',
    ],
    [
      { state: 'none', sharing: true, answered: false },
      'sharing',
      'also says: No connection',
      'unless you mean',
    ],
    [{ ...missed, disconnectType: 'client' }, 'missed', 'Missed alert · You declined it', 'Nothing more'],
    [{ ...missed, disconnectType: 'endpoint' }, 'missed', 'Declined on a device', 'Nothing more'],
    [{ ...missed, disconnectType: 'system' }, 'missed', 'Not answered in time', 'Not Responding'],
    [{ ...missed, disconnectType: 'timeout' }, 'missed', 'Not answered in time', 'Not Responding'],
    [{ ...missed, disconnectType: 'transfer' }, 'missed', 'Passed on before you answered', 'Somebody else'],
    [
      { ...missed, disconnectType: 'transfer.conference' },
      'missed',
      'Moved into a conference',
      'Somebody else',
    ],
    [{ ...missed, disconnectType: 'transfer.consult' }, 'missed', 'after a consultation', 'Somebody else'],
    [{ ...missed, disconnectType: 'transfer.forward' }, 'missed', 'Forwarded', 'Somebody else'],
    [
      { ...missed, disconnectType: 'transfer.noanswer' },
      'missed',
      'Not answered in time and passed on',
      'Not Responding',
    ],
    [
      { ...missed, disconnectType: 'transfer.notavailable' },
      'missed',
      'you were not available',
      'Check your status',
    ],
    [
      { ...missed, disconnectType: 'transport.failure' },
      'missed',
      'The connection failed',
      'Check your network',
    ],
    [{ ...missed, disconnectType: 'error' }, 'missed', 'An error ended it', 'Check your network'],
    [{ ...missed, disconnectType: 'peer' }, 'missed', 'The other side gave up', 'Call them back'],
    [{ ...missed, disconnectType: 'other' }, 'missed', 'for another reason', 'whether they still wait'],
    [{ ...missed, disconnectType: 'spam' }, 'missed', 'Taken away as spam', 'Nothing more'],
    [{ ...missed, disconnectType: 'uncallable' }, 'missed', 'It could not be connected', 'Check the address'],
    [missed, 'missed', 'It ended before you answered', 'whether they still wait'],
    [
      { ...missed, afterCallWorkState: 'pending' },
      'missed',
      'After-call work is said to be open, though you never answered',
      'write it there',
    ],
    [
      { ...missed, sharing: true },
      'missed',
      'It also says you were sharing, though you never answered',
      'whether they still wait',
    ],
    [open, 'wrapUp', 'Wrap up · Ended by the other side · After-call work is open', 'press Done'],
    [{ ...open, policy: 'optional' }, 'wrapUp', 'a code is not required', 'or press Skip'],
    [{ ...open, policy: 'timeout' }, 'wrapUp', 'time is limited', 'before the time is up'],
    [{ ...open, policy: 'forcedTimeout' }, 'wrapUp', 'until its time is up', 'press Save'],
    [{ ...open, policy: 'agentRequested' }, 'wrapUp', 'you requested', 'press Done'],
    [{ ...ended, policy: 'agentRequested' }, 'idle', 'No after-call work was requested', 'Nothing more'],
    [{ ...ended, policy: 'mandatory' }, 'wrapUp', 'a code is required', 'press Done'],
    [{ ...open, sharing: true }, 'wrapUp', 'You were sharing until it ended', 'press Done'],
    [{ ...ended, afterCallWorkState: 'complete' }, 'wrappedUp', 'After-call work is done', 'Nothing more'],
    [{ ...ended, afterCallWorkState: 'skipped' }, 'wrappedUp', 'was skipped', 'Nothing more'],
    [
      { ...ended, afterCallWorkState: 'notApplicable' },
      'idle',
      'There is no after-call work',
      'Nothing more',
    ],
    [
      { ...ended, afterCallWorkState: 'unknown' },
      'idle',
      'Nothing is said about after-call work',
      'Nothing more',
    ],
    [{ state: 'terminated', disconnectType: 'error' }, 'idle', 'Ended by an error', 'start a new share'],
    [
      { state: 'connected', disconnectType: 'peer' },
      'idle',
      'Connected, though it also says it ended: “Ended by the other side”',
      'Nothing more',
    ],
    [
      { state: 'alerting', disconnectType: 'system', answered: false },
      'missed',
      'Alerting, though it also says it ended: “Not answered in time”',
      'Not Responding',
    ],
    [
      { state: 'connected', afterCallWorkState: 'complete' },
      'viewing',
      'After-call work is said to be done before it ended',
      'Help them',
    ],
  ])('%j', (cell, glyph, words, nextStep) => {
    const explained = of(cell);
    expect(explained.glyph).toBe(glyph);
    expect(explained.words).toContain(words);
    expect(explained.nextStep).toContain(nextStep);
  });
});

describe('a word of a newer server', () => {
  it.each<[Partial<Cell>, string]>([
    [{ state: 'levitating' }, 'Server says: levitating'],
    [{ state: 'levitating', sharing: true }, 'Server says: levitating'],
    [{ state: 'levitating', disconnectType: 'peer' }, 'Server says: levitating'],
    [{ state: 'disconnected', disconnectType: 'boredom' }, 'Ended: boredom'],
    [{ state: 'disconnected', disconnectType: 'boredom', answered: false }, 'before you answered: boredom'],
    [{ state: 'connected', afterCallWorkState: 'dreaming' }, 'After-call work: dreaming'],
    [{ state: 'disconnected', afterCallWorkState: 'dreaming' }, 'After-call work: dreaming'],
    [{ state: 'disconnected', afterCallWorkState: 'pending', policy: 'whenever' }, '(whenever)'],
  ])('is shown as sent: %j', (cell, words) => {
    const explained = of(cell);
    expect(explained.words).toContain(words);
    expect(explained.nextStep).not.toBe('');
  });

  it('never ends a share by itself', () => {
    expect(of({ state: 'levitating', sharing: true }).glyph).toBe('sharing');
    expect(communicationStates).not.toContain('levitating');
  });
});
