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
    expect(known).toHaveLength(1440);
    expect(one).toHaveLength(9 * 19 * 6 * 2);
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
      expect(words.includes('Genesys says both')).toBe(contradicts);
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
      'Incoming screen share · Waiting for your answer',
      'Answer',
    ],
    [{ state: 'offering', answered: false }, 'alerting', 'Offered to you', 'Answer'],
    [{ state: 'dialing', answered: false }, 'connecting', 'Calling the customer', 'Wait'],
    [{ state: 'contacting', answered: false }, 'connecting', 'Contacting the customer', 'Wait'],
    [{ state: 'none', answered: false }, 'connecting', 'Not connected yet', 'Wait'],
    [{ state: null, answered: false }, 'connecting', 'Not connected yet', 'Wait'],
    [{ state: 'connected' }, 'viewing', 'Connected · Your screen isn’t shared', 'Help the customer'],
    [
      { state: 'connected', answered: false },
      'viewing',
      'Connected · Your screen isn’t shared',
      'Help the customer',
    ],
    [{ state: 'none' }, 'viewing', 'Connected', 'Help the customer'],
    [{ state: 'connected', sharing: true }, 'sharing', 'You are sharing', 'Stop sharing when'],
    [{ sharing: true }, 'sharing', 'You are sharing', 'Stop sharing when'],
    [
      { state: 'alerting', sharing: true },
      'sharing',
      'You are sharing · Genesys also says: Alerting',
      'unless you mean',
    ],
    [
      { state: 'none', sharing: true, answered: false },
      'sharing',
      'also says: No connection',
      'unless you mean',
    ],
    [
      { ...missed, disconnectType: 'client' },
      'missed',
      'Missed screen share · You declined it',
      'Nothing more',
    ],
    [{ ...missed, disconnectType: 'endpoint' }, 'missed', 'Declined on a device', 'Nothing more'],
    [{ ...missed, disconnectType: 'system' }, 'missed', 'Not answered in time', 'Not Responding'],
    [{ ...missed, disconnectType: 'timeout' }, 'missed', 'Not answered in time', 'Not Responding'],
    [{ ...missed, disconnectType: 'transfer' }, 'missed', 'Transferred before you answered', 'Someone else'],
    [{ ...missed, disconnectType: 'transfer.conference' }, 'missed', 'Moved to a conference', 'Someone else'],
    [{ ...missed, disconnectType: 'transfer.consult' }, 'missed', 'after a consult', 'Someone else'],
    [{ ...missed, disconnectType: 'transfer.forward' }, 'missed', 'Forwarded', 'Someone else'],
    [
      { ...missed, disconnectType: 'transfer.noanswer' },
      'missed',
      'Not answered in time and sent on',
      'Not Responding',
    ],
    [
      { ...missed, disconnectType: 'transfer.notavailable' },
      'missed',
      'you weren’t available',
      'Check your status',
    ],
    [{ ...missed, disconnectType: 'transport.failure' }, 'missed', 'Connection failed', 'Check your network'],
    [{ ...missed, disconnectType: 'error' }, 'missed', 'Ended by an error', 'Check your network'],
    [
      { ...missed, disconnectType: 'peer' },
      'missed',
      'Customer hung up before you answered',
      'Call the customer back',
    ],
    [{ ...missed, disconnectType: 'other' }, 'missed', 'for another reason', 'is still waiting'],
    [{ ...missed, disconnectType: 'spam' }, 'missed', 'Removed as spam', 'Nothing more'],
    [{ ...missed, disconnectType: 'uncallable' }, 'missed', 'Couldn’t be connected', 'Check the address'],
    [missed, 'missed', 'Ended before you answered', 'is still waiting'],
    [
      { ...missed, afterCallWorkState: 'pending' },
      'missed',
      'Genesys says after-call work is open',
      'enter it there',
    ],
    [
      { ...missed, disconnectType: 'client', afterCallWorkState: 'pending' },
      'missed',
      'You declined it',
      'If Genesys Cloud asks for a wrap-up',
    ],
    [
      { ...missed, sharing: true },
      'missed',
      'Genesys says you were sharing, but you never answered',
      'is still waiting',
    ],
    [open, 'wrapUp', 'Wrap up · Customer left · After-call work is open', 'press Done'],
    [{ ...open, policy: 'optional' }, 'wrapUp', 'code optional', 'or press Skip'],
    [{ ...open, policy: 'timeout' }, 'wrapUp', 'time limited', 'before time is up'],
    [{ ...open, policy: 'forcedTimeout' }, 'wrapUp', 'until time is up', 'press Save'],
    [{ ...open, policy: 'agentRequested' }, 'wrapUp', 'you requested', 'press Done'],
    [{ ...ended, policy: 'agentRequested' }, 'idle', 'After-call work wasn’t requested', 'Nothing more'],
    [{ ...ended, policy: 'mandatory' }, 'wrapUp', 'code required', 'press Done'],
    [{ ...open, sharing: true }, 'wrapUp', 'You were sharing until it ended', 'press Done'],
    [{ ...ended, afterCallWorkState: 'complete' }, 'wrappedUp', 'After-call work is done', 'Nothing more'],
    [{ ...ended, afterCallWorkState: 'skipped' }, 'wrappedUp', 'was skipped', 'Nothing more'],
    [{ ...ended, afterCallWorkState: 'notApplicable' }, 'idle', 'No after-call work', 'Nothing more'],
    [{ ...ended, afterCallWorkState: 'unknown' }, 'idle', 'After-call work not reported', 'Nothing more'],
    [{ state: 'terminated', disconnectType: 'error' }, 'idle', 'Ended by an error', 'start a new share'],
    [
      { state: 'connected', disconnectType: 'peer' },
      'idle',
      'Genesys says both “Connected” and “Customer left”',
      'Nothing more',
    ],
    [
      { state: 'alerting', disconnectType: 'system', answered: false },
      'missed',
      'Genesys says both “Alerting” and “Not answered in time”',
      'Not Responding',
    ],
    [
      { state: 'connected', afterCallWorkState: 'complete' },
      'viewing',
      'Genesys says after-call work is already done',
      'Help the customer',
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
    [{ state: 'levitating' }, 'Genesys says: levitating'],
    [{ state: 'levitating', sharing: true }, 'Genesys says: levitating'],
    [{ state: 'levitating', disconnectType: 'peer' }, 'Genesys says: levitating'],
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
