import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { isSameWork } from '../../../domain/communication/shared-work.ts';
import type { Participant, Screenshare, Wrapup } from '../../../domain/model/screenshare.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { draft, model, reading, submission } from './known.ts';
import { at, conversation, ended, fold, live } from './wire.ts';

/** Two shares in one call: the first ended long before the second. */
const first = { ...ended, id: 'leg-1', disconnectedTime: at(8) };
const second = { ...ended, id: 'leg-2', connectedTime: at(10), disconnectedTime: at(15) };

function legs(agent: Partial<Participant>, ...screenshares: readonly Screenshare[]): Communication[] {
  const [customer, participant] = conversation().participants;
  if (!customer || !participant) throw new Error('Nobody is there.');
  const shares = screenshares.map((leg) => ({ ...leg }));
  return fold({
    id: 'conversation-1',
    participants: [customer, { ...participant, ...agent, screenshares: shares }],
  });
}

const due = legs({ startAcwTime: at(15), endTime: at(15) }, first, second);
const closed = (wrapup: Wrapup): Communication[] =>
  legs({ startAcwTime: at(15), endTime: at(15), endAcwTime: at(25), wrapup }, first, {
    ...second,
    afterCallWork: { state: 'complete', startTime: at(15), endTime: at(25) },
  });
const [one, two] = due;
if (!one || !two) throw new Error('There are not two legs.');

const shown = (known: readonly Communication[], change: Partial<KnownState> = {}, seconds = 20) =>
  reading(model(known, change), seconds);

describe('two shares in one call, wrapped up per participant', () => {
  it('are one prompt', () => {
    const { status, prompt } = shown(due);
    expect(status).toMatchObject({ phase: 'wrapUp', key: two.key, others: [] });
    expect(prompt).toMatchObject({ key: two.key, behind: 0 });
    // Its time runs from the end of the call, not of the first share.
    expect(prompt?.clock).toMatchObject({ mode: 'since' });
  });

  it('count down once, from the end of the last', () => {
    const timed = legs({ wrapupPrompt: 'timeout', wrapupTimeoutMs: 30_000 }, first, second);
    expect(shown(timed).prompt?.clock).toMatchObject({ mode: 'until', at: Date.parse(at(45)) });
  });

  it('have one draft, whichever share it was begun in', () => {
    const { prompt } = shown(due, { drafts: { [one.key]: draft(one, { notes: 'from the first' }) } });
    expect(prompt).toMatchObject({ key: one.key, draft: { notes: 'from the first', revision: 3 } });
    const both = {
      [one.key]: draft(one, { notes: 'earlier' }),
      [two.key]: draft(two, { notes: 'later', updatedAt: at(19) }),
    };
    expect(shown(due, { drafts: both }).prompt).toMatchObject({ key: two.key, draft: { notes: 'later' } });
  });

  it('are decided together, also where the other share is no longer in the state', () => {
    const submissions = [submission(one)];
    expect(shown(due, { submissions }).status).toMatchObject({
      phase: 'wrappedUp',
      detail: expect.stringContaining('Resolved · waiting to send') as string,
      others: [],
    });
    expect(shown([two], { submissions }).status).toMatchObject({ phase: 'wrappedUp' });
  });

  it('are put off and opened together', () => {
    expect(shown(due, { postponed: [one.key] }).prompt).toBeNull();
    expect(shown(due, { postponed: [one.key], opened: one.key }).prompt?.key).toBe(two.key);
  });

  it('have one conflict', () => {
    const theirs = { code: 'code-2', name: 'Callback', notes: '' };
    const submissions = [submission(one, { state: 'conflict', theirs })];
    const { status, prompt } = shown(closed(theirs), { submissions });
    expect(status).toMatchObject({ phase: 'conflict', key: one.key, others: [] });
    expect(prompt?.conflict).toEqual({ mine: 'Resolved · “a note”', theirs: 'Callback' });
  });

  it('end with one outcome', () => {
    const { status } = shown(closed({ code: 'code-1', name: 'Resolved', notes: '' }), {}, 5);
    expect(status.others).toEqual([]);
    expect(status.detail).toContain('Resolved · from Genesys');
  });
});

describe('legs with after-call work of their own', () => {
  const own = (state: string) => ({ afterCallWork: { state, startTime: at(15) } });

  it('are two prompts', () => {
    const [a, b] = legs({}, { ...first, ...own('pending') }, { ...second, ...own('pending') });
    if (!a || !b) throw new Error('There are not two legs.');
    expect(isSameWork(a, b)).toBe(false);
    expect(shown([a, b]).prompt?.behind).toBe(1);
  });

  it('beside times of the participant are its work all the same', () => {
    const [a, b] = legs(
      { startAcwTime: at(15) },
      { ...first, ...own('pending') },
      { ...second, ...own('pending') },
    );
    if (!a || !b) throw new Error('There are not two legs.');
    expect(isSameWork(a, b)).toBe(true);
  });

  it('are done when the participant is, whatever the leg still says', () => {
    const over = legs({ startAcwTime: at(15), endAcwTime: at(19) }, { ...second, ...own('pending') });
    expect(shown(over, {}, 5).status.phase).toBe('wrappedUp');
  });
});

describe('while another share of the call goes on', () => {
  it('nothing is due, and its prompt has what was written before', () => {
    const known = legs({}, first, { ...live, id: 'leg-2', connectedTime: at(10) });
    const key = known[1]?.key ?? '';
    const drafts = { [one.key]: draft(one) };
    expect(shown(known, { drafts }).prompt).toBeNull();
    expect(shown(known, { drafts, opened: key }).prompt).toMatchObject({ key, draft: { notes: 'a note' } });
  });
});
