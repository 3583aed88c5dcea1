import { describe, expect, it } from 'vitest';
import { done, refused } from '../../../domain/toolbox/result.ts';
import { say } from '../../../domain/words/say.ts';
import { submission, draft, reading } from '../domain/known.ts';
import { at, ended, live, one } from '../domain/wire.ts';
import { createNotebook } from '../tracker/notebook.ts';
import { closedWith, createRig, ours, settled, theirs, type Rig } from './rig.ts';

const due = one({ leg: ended });
const forced = one({ leg: ended, agent: { wrapupPrompt: 'forcedTimeout', startAcwTime: at(15) } });
const optional = one({ leg: ended, agent: { wrapupPrompt: 'optional' } });
const key = due.key;
const offline = { link: { kind: 'offline', reason: 'No network.', retryAt: null } } as const;

async function submitted(rig: Rig): Promise<void> {
  expect(await rig.write(key)).toMatchObject({ ok: true, value: { durable: true } });
  expect(await rig.outbox.submit(key)).toEqual(done);
  await settled();
}

describe('a draft', () => {
  it('is in the database when it is said to be saved', async () => {
    const rig = createRig([due]);
    const release = rig.notebook.hold('saveDraft');
    let said = false;
    const saving = rig.write(key).then((refusal) => {
      said = true;
      return refusal;
    });
    await settled();
    expect(said).toBe(false);
    release();
    expect(await saving).toEqual({ ok: true, value: { revision: 1, durable: true, reason: '' } });
    expect(rig.notebook.drafts.get(key)).toMatchObject({
      code: 'code-1',
      notes: 'a note',
      revision: 1,
      updatedAt: at(20),
    });
  });

  it('has the status chosen for afterwards beside its words, and what is chosen later too', async () => {
    const rig = createRig([due]);
    const status = (name: string) => ({ id: name, name });
    rig.store.update(() => ({ nextStatus: { ...status('Break'), key: due.key } }));
    await rig.write(due.key);
    expect(rig.notebook.drafts.get(due.key)?.nextStatus).toEqual(status('Break'));
    rig.store.update(() => ({ nextStatus: { ...status('On Queue'), key: due.key } }));
    await settled();
    expect(rig.notebook.drafts.get(due.key)).toMatchObject({ ...ours, nextStatus: status('On Queue') });
    rig.store.update(() => ({ nextStatus: null }));
    await settled();
    expect(rig.notebook.drafts.get(due.key)).not.toHaveProperty('nextStatus');
  });

  it('that is older than the one at hand changes nothing', async () => {
    const rig = createRig([due], { drafts: { [key]: draft(due, { revision: 7, notes: 'newer' }) } });
    const older = { key, code: null, name: null, notes: 'older', revision: 6 };
    expect(await rig.outbox.saveDraft(older)).toMatchObject({ ok: true });
    expect(rig.store.model.getState().drafts[key]?.notes).toBe('newer');
  });

  it('of a communication this account does not have is refused, and stored nowhere', async () => {
    const rig = createRig([due]);
    const words = { key: 'somebody/else/s', code: null, name: null, notes: 'not ours', revision: 1 };
    expect(await rig.outbox.saveDraft(words)).toEqual(refused(say('refusal.unknown')));
    expect(rig.store.model.getState().drafts).toEqual({});
    expect(rig.notebook.calls).not.toContain('saveDraft');
  });

  it('that comes after the end is refused', async () => {
    const rig = createRig([due]);
    rig.outbox.stop();
    expect(await rig.write(key)).toEqual(refused(say('refusal.unknown')));
    expect(await rig.outbox.submit(key)).toEqual(refused(say('refusal.unknown')));
    expect(rig.notebook.calls).toEqual([]);
  });

  it.each(['saveDraft', 'decide'] as const)(
    'and what was on its way to the database (%s) is not written into the next account’s',
    async (call) => {
      const rig = createRig([due], { drafts: { [key]: draft(due) } });
      rig.notebook.trouble = 'full';
      if (call === 'saveDraft') await rig.write(key, { notes: 'more' });
      else await rig.outbox.submit(key);
      rig.store.update(() => ({ communications: {}, drafts: {}, submissions: [] }));
      rig.notebook.trouble = 'none';
      rig.clock.ring();
      await settled();
      expect([rig.notebook.drafts.size, rig.notebook.submissions.size]).toEqual([0, 0]);
      expect(rig.outbox.unsaved()).toEqual({ wrapUps: 0, drafts: 0 });
    },
  );

  it('that is erased is gone, here and in the database', async () => {
    const rig = createRig([due]);
    await rig.write(key);
    expect(await rig.write(key, { code: null, name: null, notes: '' })).toMatchObject({ ok: true });
    expect([rig.store.model.getState().drafts, rig.notebook.drafts.size]).toEqual([{}, 0]);
  });

  it('that was erased while recording was paused is removed when that is possible again', async () => {
    const rig = createRig([due]);
    await rig.write(key);
    rig.notebook.trouble = 'full';
    await rig.write(key, { code: null, name: null, notes: '' });
    expect([rig.notebook.drafts.size, rig.outbox.unsaved().drafts]).toEqual([1, 0]);
    rig.notebook.trouble = 'none';
    rig.clock.ring();
    await settled();
    expect(rig.notebook.drafts.size).toBe(0);
  });

  it('that is begun again meanwhile replaces what was erased', async () => {
    const rig = createRig([due]);
    await rig.write(key);
    await rig.write(key);
    rig.notebook.trouble = 'full';
    await rig.write(key, { code: null, name: null, notes: '' });
    rig.notebook.trouble = 'none';
    await rig.write(key, { notes: 'begun again' });
    expect(rig.notebook.drafts.get(key)).toMatchObject({ notes: 'begun again', revision: 1 });
  });

  it.each([
    ['blank, from an earlier run', { code: null, name: null, notes: '' }, due],
    ['of just what the server has', {}, one({ leg: ended }, closedWith(ours))],
  ])('%s is no draft any more', async (_what, words, communication) => {
    const written = draft(communication, words);
    const notebook = createNotebook();
    notebook.drafts.set(key, written);
    const rig = createRig([communication], { drafts: { [key]: written } }, notebook);
    await settled();
    expect([rig.store.model.getState().drafts, rig.notebook.drafts.size]).toEqual([{}, 0]);
    expect(rig.submissions()).toEqual([]);
  });

  it('that could not be saved says so each time it is asked for, and is saved when that is possible again', async () => {
    const rig = createRig([due]);
    rig.notebook.trouble = 'full';
    const words = { key, code: null, name: null, notes: 'a note', revision: 1 };
    for (let time = 0; time < 2; time += 1)
      expect(await rig.outbox.saveDraft(words)).toMatchObject({
        ok: true,
        value: { durable: false, reason: expect.stringMatching(/^Not saved on this computer/) as string },
      });
    expect(reading(rig.store.model.getState(), 20).database.health).toBe('paused');
    rig.notebook.trouble = 'none';
    rig.clock.ring();
    await settled();
    expect(rig.notebook.drafts.get(key)?.notes).toBe('a note');
  });
});

describe('a submission', () => {
  it('is in the database before it is accepted and before it is sent, and takes its draft along', async () => {
    const rig = createRig([due]);
    await rig.write(key);
    const release = rig.notebook.hold('decide');
    let said = false;
    const submitting = rig.outbox.submit(key).then(() => (said = true));
    await settled();
    expect([said, rig.sent, rig.submissions(), rig.notebook.submissions.size]).toEqual([false, [], [], 0]);
    release();
    await submitting;
    expect(rig.notebook.submissions.get('submission-1')).toMatchObject({
      code: 'code-1',
      name: 'Resolved',
      notes: 'a note',
      kind: 'wrapUp',
    });
    expect(rig.notebook.drafts.size).toBe(0);
    expect(rig.store.model.getState().drafts).toEqual({});
    expect(rig.sent).toHaveLength(1);
    expect(rig.store.model.getState().uses).toMatchObject([{ code: 'code-1', uses: 1 }]);
  });

  it('is refused in words when it cannot be made', async () => {
    const rig = createRig([
      due,
      { ...one({ leg: live, conversation: { id: 'live' } }) },
      { ...optional, key: 'optional' },
    ]);
    expect(await rig.outbox.submit('gone/gone/gone')).toEqual(
      refused('Sharelight no longer knows this screen share.'),
    );
    expect(await rig.outbox.submit('live/participant-1/leg-1')).toEqual(
      refused(say('refusal.stillConnected')),
    );
    expect(await rig.outbox.submit(key)).toEqual(refused('Choose a wrap-up code first.'));
    expect(await rig.outbox.submit('optional')).toEqual(refused('Choose a wrap-up code, or press Skip.'));
    expect(await rig.outbox.skip(key)).toEqual(refused('Choose a wrap-up code first.'));
    expect(await rig.outbox.skip('gone/gone/gone')).toEqual(
      refused('Sharelight no longer knows this screen share.'),
    );
    expect(await rig.outbox.sendMine(key)).toEqual(refused('There’s nothing left to choose.'));
    expect(await rig.outbox.keepTheirs(key)).toEqual(refused('There’s nothing left to choose.'));
    expect(rig.submissions()).toEqual([]);
  });

  it('to skip is sent as such', async () => {
    const rig = createRig([optional]);
    expect(await rig.outbox.skip(optional.key)).toEqual(done);
    expect(rig.sent.map(({ command }) => command)).toEqual([{ kind: 'skip' }]);
    rig.fact({ leg: ended, agent: { wrapupSkipped: true } });
    expect(rig.states()).toEqual(['confirmed']);
  });

  it('made twice in a moment is one, and made again without new words is none', async () => {
    const rig = createRig([due]);
    await rig.write(key);
    expect(await Promise.all([rig.outbox.submit(key), rig.outbox.submit(key)])).toEqual([done, done]);
    await settled();
    expect(await rig.outbox.submit(key)).toEqual(done);
    expect(rig.submissions()).toHaveLength(1);
    expect(rig.sent).toHaveLength(1);
    rig.fact(closedWith({ code: 'code-1', notes: 'a note' }));
    expect(await rig.outbox.submit(key)).toEqual(done);
    expect(rig.submissions()).toHaveLength(1);
  });

  it('replaces an earlier one only when it is itself in the memory', async () => {
    const rig = createRig([forced], offline);
    await submitted(rig);
    await rig.write(key, { code: 'code-2', name: 'Callback' });
    const release = rig.notebook.hold('decide');
    const again = rig.outbox.submit(key);
    await settled();
    expect(rig.notebook.submissions.get('submission-1')?.state).toBe('waiting');
    release();
    await again;
    await settled();
    expect(rig.states()).toEqual(['dropped', 'waiting']);
    expect([...rig.notebook.submissions.values()].map(({ state }) => state)).toEqual(['dropped', 'waiting']);
  });

  it('leaves alone what was written while it was made', async () => {
    const rig = createRig([forced]);
    await rig.write(key);
    const release = rig.notebook.hold('decide');
    const submitting = rig.outbox.submit(key);
    await rig.write(key, { notes: 'more' });
    release();
    await submitting;
    expect(rig.submissions()).toMatchObject([{ notes: 'a note' }]);
    expect(rig.store.model.getState().drafts[key]?.notes).toBe('more');
  });

  it('that only this program has is counted, and gets its place with a last try', async () => {
    const rig = createRig([due], offline);
    rig.notebook.trouble = 'full';
    await rig.write(key);
    expect(rig.outbox.unsaved()).toEqual({ wrapUps: 0, drafts: 1 });
    expect(await rig.outbox.submit(key)).toEqual(done);
    expect(rig.outbox.unsaved()).toEqual({ wrapUps: 1, drafts: 0 });
    await rig.outbox.lastTry();
    expect(rig.outbox.unsaved()).toEqual({ wrapUps: 1, drafts: 0 });
    rig.notebook.trouble = 'none';
    await rig.outbox.lastTry();
    expect(rig.outbox.unsaved()).toEqual({ wrapUps: 0, drafts: 0 });
    expect([...rig.notebook.submissions.values()]).toMatchObject([{ key, notes: 'a note' }]);
  });

  it('goes out also while recording is paused, and gets its place in the database later, as it stands by then', async () => {
    const rig = createRig([due]);
    rig.notebook.trouble = 'full';
    await rig.write(key);
    expect(await rig.outbox.submit(key)).toEqual(done);
    await settled();
    expect(rig.sent).toHaveLength(1);
    expect(rig.states()).toEqual(['accepted']);
    rig.notebook.trouble = 'none';
    const release = rig.notebook.hold('decide');
    const offered = rig.outbox.lastTry();
    await settled();
    rig.fact(closedWith({ code: 'code-1', notes: 'a note' }));
    release();
    await offered;
    await settled();
    expect(rig.states()).toEqual(['confirmed']);
    expect(rig.notebook.submissions.get('submission-1')).toMatchObject({ state: 'confirmed', order: 1 });
    expect(rig.store.model.getState().database.health).toBe('ok');
    expect(rig.submissions()[0]?.order).toBe(1);
  });

  it('never gets its place in the database before an earlier one that waits for its own', async () => {
    const rig = createRig([due]);
    rig.notebook.trouble = 'full';
    await rig.write(key);
    await rig.outbox.submit(key);
    rig.notebook.trouble = 'none';
    await rig.write(key, { code: 'code-2' });
    await rig.outbox.submit(key);
    await settled();
    const inMemory = [...rig.notebook.submissions.values()].map(({ code, order }) => [code, order]);
    expect(inMemory).toEqual([
      ['code-1', 1],
      ['code-2', 2],
    ]);
    expect(rig.submissions().map(({ code, order }) => [code, order])).toEqual(inMemory);
  });

  it('closes its prompt: opened and put off are forgotten', async () => {
    const rig = createRig([due], { opened: key, postponed: [key] });
    await submitted(rig);
    expect(rig.store.model.getState()).toMatchObject({ opened: null, postponed: [] });
  });
});

describe('a conflict', () => {
  async function inConflict(): Promise<Rig> {
    const rig = createRig([due], offline);
    await submitted(rig);
    rig.fact(closedWith(theirs));
    expect(rig.states()).toEqual(['conflict']);
    await settled();
    return rig;
  }

  it('is kept, with both versions, and nothing more is sent', async () => {
    const rig = await inConflict();
    expect(rig.notebook.submissions.get('submission-1')).toMatchObject({
      state: 'conflict',
      theirs,
      code: 'code-1',
    });
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(rig.sent).toEqual([]);
  });

  it('can end with ours, though the same facts come again', async () => {
    const rig = await inConflict();
    rig.store.update(() => ({ link: { kind: 'live' } }));
    expect(await rig.outbox.sendMine(key)).toEqual(done);
    await settled();
    rig.fact(closedWith(theirs), 31);
    expect(rig.sent).toHaveLength(1);
    expect(rig.states()).toEqual(['accepted']);
    rig.fact(closedWith({ code: 'code-1', name: 'Resolved', notes: 'a note' }), 32);
    expect(rig.states()).toEqual(['confirmed']);
  });

  it('can end with theirs', async () => {
    const rig = await inConflict();
    expect(await rig.outbox.keepTheirs(key)).toEqual(done);
    expect(rig.states()).toEqual(['dropped']);
    expect(rig.notebook.submissions.get('submission-1')?.state).toBe('dropped');
    expect(await rig.outbox.keepTheirs(key)).toEqual(refused('There’s nothing left to choose.'));
  });

  it('over a skip can end with the skip', async () => {
    const skip = submission(optional, {
      kind: 'skip',
      code: null,
      name: null,
      notes: '',
      state: 'conflict',
      theirs,
    });
    const rig = createRig([one({ leg: ended, agent: { wrapupPrompt: 'optional' } }, closedWith(theirs))], {
      submissions: [skip],
    });
    rig.notebook.submissions.set(skip.id, skip);
    expect(await rig.outbox.sendMine(optional.key)).toEqual(done);
    await settled();
    expect(rig.sent.map(({ command }) => command.kind)).toEqual(['skip']);
  });

  it('over words without a code has nothing to send', async () => {
    const rig = createRig([due], { drafts: { [key]: draft(due, { code: null, name: null }) } });
    rig.fact(closedWith(theirs));
    await settled();
    expect(rig.states()).toEqual(['conflict']);
    expect(await rig.outbox.sendMine(key)).toEqual(refused(say('refusal.noCodeToSend')));
    expect(await rig.outbox.keepTheirs(key)).toEqual(done);
    expect(rig.sent).toEqual([]);
  });
});
