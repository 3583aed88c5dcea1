import { describe, expect, it } from 'vitest';
import type { Recollection } from '../../../domain/database.ts';
import { submission, draft } from '../domain/known.ts';
import { at, conversation, ended, live, ms, one } from '../domain/wire.ts';
import { createNotebook } from './notebook.ts';
import { arrival, createRig, type Rig } from './rig.ts';

const key = 'conversation-1/participant-1/leg-1';
const closed = conversation({ leg: { ...ended, afterCallWork: { state: 'complete', endTime: at(30) } } });
const known = (rig: Rig): string[] => Object.keys(rig.store.model.getState().communications);
const statusOf = (rig: Rig): string => rig.store.app.getState().status.title;

describe('going on where the program stopped', () => {
  const share = one({ leg: { ...live, sharing: true } });
  const last = one({ leg: ended, conversation: { id: 'conversation-0' } });
  const recollection: Recollection = {
    open: [share],
    drafts: [draft(share)],
    submissions: [submission(share, { id: 'open', order: 3 })],
    last,
    lastSubmission: submission(last, { id: 'ended', order: 7, state: 'confirmed' }),
    summary: { records: 2, facts: 9, quarantined: 1 },
  };

  it('takes up communications, drafts, submissions and counts', () => {
    const rig = createRig({ link: { kind: 'connecting', attempt: 0 }, everLive: false });
    rig.tracker.recollect(recollection);
    const state = rig.store.model.getState();
    expect(known(rig).sort()).toEqual([last.key, key].sort());
    expect(state.drafts[key]).toEqual(draft(share));
    expect(state.submissions.map(({ id }) => id)).toEqual(['open', 'ended']);
    expect(state.database.quarantined).toBe(1);
    expect(statusOf(rig)).toBe('Sharing – not confirmed');
  });

  it('twice (the database came back) doubles nothing, and what is newer here stays', () => {
    const rig = createRig();
    rig.tracker.recollect(recollection);
    rig.store.update(({ submissions, drafts }) => ({
      submissions: submissions.map((one_) =>
        one_.id === 'open' ? { ...one_, state: 'confirmed' as const } : one_,
      ),
      drafts: { ...drafts, [key]: draft(share, { revision: 9, notes: 'newer' }) },
    }));
    rig.tracker.recollect(recollection);
    const { submissions, drafts } = rig.store.model.getState();
    expect(submissions.map(({ id, state }) => [id, state])).toEqual([
      ['open', 'confirmed'],
      ['ended', 'confirmed'],
    ]);
    expect(drafts[key]?.notes).toBe('newer');
  });

  it('in a database that was begun anew: what is read once more is a fact for that one', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(closed));
    const fresh = createNotebook();
    rig.recording.detach();
    rig.recording.attach(fresh, 0);
    rig.tracker.recollect(await fresh.recollect());
    await rig.tracker.arrived(arrival(closed));
    await rig.tracker.arrived(arrival(closed));
    expect(fresh.journal).toHaveLength(1);
    expect(fresh.communications.get(key)).toEqual(rig.store.model.getState().communications[key]);
  });

  it('forgets only what is done: words and submissions hold their communication', async () => {
    const rig = createRig();
    rig.tracker.recollect({ ...recollection, open: [share, last], drafts: [draft(last)], submissions: [] });
    for (let count = 0; count < 12; count += 1)
      await rig.tracker.arrived(arrival({ ...closed, id: `done-${count}` }, 'rest', 50 + count));
    expect(known(rig)).toEqual(expect.arrayContaining([key, last.key, 'done-11/participant-1/leg-1']));
    expect(known(rig)).not.toContain('done-0/participant-1/leg-1');
    expect(known(rig)).toHaveLength(10);
  });
});

describe('what the feed reports besides', () => {
  it('the person, whose database is opened before anything comes', async () => {
    const rig = createRig({ person: null });
    await rig.tracker.identified({ id: 'agent-2', name: 'Somebody' });
    expect(rig.opened).toEqual([{ id: 'agent-2', name: 'Somebody' }]);
    expect(rig.store.app.getState().source.agent).toBe('Somebody');
  });

  it('contact, to the second; also after this machine’s clock was set back', () => {
    const rig = createRig({ lastContactAt: null });
    const last = (): number | null => rig.store.model.getState().lastContactAt;
    rig.tracker.contact(ms(10));
    rig.tracker.contact(ms(10) + 400);
    expect(last()).toBe(ms(10));
    rig.tracker.contact(ms(11));
    expect(last()).toBe(ms(11));
    rig.tracker.contact(ms(-3600));
    expect(last()).toBe(ms(-3600));
  });

  it('no contact while nothing is confirmed by it: an answer to something else is none', () => {
    const rig = createRig({ link: { kind: 'connecting', attempt: 1 }, lastContactAt: ms(1) });
    const last = (): number | null => rig.store.model.getState().lastContactAt;
    rig.tracker.contact(ms(10));
    rig.tracker.link({ kind: 'offline', reason: 'A listing in an unexpected form.', retryAt: null });
    rig.tracker.contact(ms(11));
    expect(last()).toBe(ms(1));
    rig.now = 12;
    rig.tracker.link({ kind: 'live' });
    expect(last()).toBe(ms(12));
    rig.tracker.link({ kind: 'stale' });
    rig.tracker.contact(ms(13));
    expect(last()).toBe(ms(12));
  });

  it('that it was live once', () => {
    const rig = createRig({ link: { kind: 'connecting', attempt: 0 }, everLive: false });
    rig.tracker.link({ kind: 'offline', reason: 'No network.', retryAt: null });
    expect(rig.store.model.getState().everLive).toBe(false);
    rig.tracker.link({ kind: 'live' });
    rig.tracker.link({ kind: 'stale' });
    expect(rig.store.model.getState()).toMatchObject({ everLive: true, link: { kind: 'stale' } });
  });
});
