import { describe, expect, it } from 'vitest';
import { draftFor } from '../../../domain/present/known-state.ts';
import { ended, one } from '../domain/wire.ts';
import { closedWith, createRig, ours, settled, theirs, type Rig } from './rig.ts';

/** Taking a wrap-up back in the seconds before it is sent. */

const share = one({ leg: { ...ended, afterCallWork: { state: 'pending' } } });
const { key } = share;

async function held(change = {}): Promise<Rig> {
  const rig = createRig([share], change);
  rig.holdMs = 5000;
  await rig.write(key);
  await rig.outbox.submit(key);
  await settled();
  return rig;
}
const heldIds = ({ store }: Rig): string[] => Object.keys(store.model.getState().held);
const wordsOf = ({ store }: Rig) => {
  const draft = draftFor(store.model.getState(), key);
  return draft && { code: draft.code, name: draft.name, notes: draft.notes };
};

describe('a wrap-up that is held', () => {
  it('is in the database, is shown as held, and goes when its time has passed', async () => {
    const rig = await held();
    expect(rig.sent).toEqual([]);
    expect([...rig.notebook.submissions.values()].map(({ state }) => state)).toEqual(['waiting']);
    expect(heldIds(rig)).toEqual(['submission-1']);
    expect(rig.clock.waiting()).toContain(5000);
    rig.clock.ring();
    await settled();
    expect(rig.sent).toHaveLength(1);
    expect(heldIds(rig)).toEqual([]);
  });

  it('comes back with its code and notes, on the disk as well, and is never sent', async () => {
    const rig = await held();
    expect(await rig.outbox.undo(key)).toMatchObject({ ok: true });
    expect(wordsOf(rig)).toEqual(ours);
    expect(rig.store.app.getState().prompt).toMatchObject({ key, draft: ours });
    expect(rig.notebook.drafts.get(key)).toMatchObject(ours);
    // Nor does it say which codes the agent uses.
    expect(rig.store.model.getState().picks).toEqual([]);
    expect([...rig.notebook.submissions.values()].map(({ state }) => state)).toEqual(['dropped']);
    rig.clock.ring();
    await settled();
    expect(rig.sent).toEqual([]);

    // Pressed again it is a new one.
    await rig.outbox.submit(key);
    rig.clock.ring();
    await settled();
    expect(rig.sent.map(({ command }) => command)).toEqual([
      { kind: 'wrapUp', level: 'communication', code: ours.code, notes: ours.notes },
    ]);
  });

  it('keeps words written since, and takes back a skip with its notes', async () => {
    const forced = one({
      agent: { wrapupPrompt: 'optional' },
      leg: { ...ended, afterCallWork: { state: 'pending' } },
    });
    const rig = createRig([forced]);
    rig.holdMs = 5000;
    await rig.write(key, { code: null, name: null, notes: 'only notes' });
    await rig.outbox.skip(key);
    expect(rig.store.app.getState().outbox.held.map(({ words }) => words)).toEqual(['Wrap-up skipped']);
    await rig.outbox.undo(key);
    expect(wordsOf(rig)).toEqual({ code: null, name: null, notes: 'only notes' });

    await rig.write(key);
    await rig.outbox.submit(key);
    await rig.write(key, { notes: 'newer' });
    await rig.outbox.undo(key);
    expect(wordsOf(rig)).toEqual({ ...ours, notes: 'newer' });
  });

  it('goes at once when the program leaves, which waits for the answer', async () => {
    const rig = await held();
    let answer = (): void => undefined;
    rig.answers.push(
      new Promise((resolve) => {
        answer = () => resolve({ kind: 'accepted' });
      }),
    );
    let left = false;
    const leaving = rig.outbox.sendHeld().then(() => (left = true));
    await settled();
    expect(rig.sent).toHaveLength(1);
    expect(left).toBe(false);
    answer();
    await leaving;
    expect(rig.states()).toEqual(['accepted']);
    // Nothing is held: nothing is waited for.
    await rig.outbox.sendHeld();
  });

  it('holds up nobody who leaves without contact, or for an answer that never comes', async () => {
    const offline = await held({ link: { kind: 'offline', reason: '', retryAt: null } });
    await offline.outbox.sendHeld();
    expect(offline.sent).toEqual([]);

    const rig = await held();
    rig.answers.push(new Promise(() => undefined));
    const leaving = rig.outbox.sendHeld();
    await settled();
    rig.clock.ring();
    await leaving;
  });

  it('is sent by the next start when the program was ended in these seconds', async () => {
    const { notebook } = await held();
    const again = createRig([share], { submissions: [...notebook.submissions.values()] }, notebook);
    again.holdMs = 5000;
    await settled();
    expect(again.sent).toHaveLength(1);
  });

  it('gives way to what the server has closed meanwhile, and cannot be taken back once it is sent', async () => {
    const rig = await held();
    rig.fact(closedWith(theirs));
    await settled();
    expect(rig.states()).toEqual(['conflict']);
    expect(heldIds(rig)).toEqual([]);

    const sent = await held();
    sent.clock.ring();
    await settled();
    expect(await sent.outbox.undo(key)).toEqual({ ok: false, reason: 'It has been sent already.' });
    expect(sent.states()).toEqual(['accepted']);
  });

  it('is replaced by newer words, and only those are held', async () => {
    const rig = await held();
    await rig.write(key, { notes: 'better' });
    await rig.outbox.submit(key);
    await settled();
    expect(heldIds(rig)).toEqual(['submission-2']);
    expect(rig.states()).toEqual(['dropped', 'waiting']);
  });
});
