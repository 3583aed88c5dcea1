import { describe, expect, it } from 'vitest';
import type { LocalDatabase } from '../../../domain/database.ts';
import { createPendingWrites } from '../../../electron/tracker/pending-writes.ts';
import { conversation, ended, live, type Told } from '../domain/wire.ts';
import { createNotebook, type Notebook } from './notebook.ts';
import { arrival, createRig, settled, type Rig } from './rig.ts';

const key = 'conversation-1/participant-1/leg-1';
const told = (seconds: number, change: Told = {}): ReturnType<typeof arrival> =>
  arrival(conversation({ leg: { ...live, sharing: true, peerCount: seconds }, ...change }), 'rest', seconds);
const bodies = (rig: Rig): string[] => rig.notebook.journal.map(({ receivedAt }) => receivedAt.slice(14, 19));
const health = (rig: Rig): string => rig.store.model.getState().database.health;
const shown = (rig: Rig): unknown => rig.store.model.getState().communications[key];

describe('while recording is paused', () => {
  it('facts wait, and are written in order with the first write that works, before it', async () => {
    const rig = createRig();
    await rig.tracker.arrived(told(10));
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived(told(20));
    await rig.tracker.arrived(told(30));
    expect(health(rig)).toBe('paused');
    expect(rig.notebook.journal).toHaveLength(1);
    rig.notebook.trouble = 'none';
    await rig.tracker.arrived(told(40));
    expect(bodies(rig)).toEqual(['00:10', '00:20', '00:30', '00:40']);
    expect(health(rig)).toBe('ok');
    expect(rig.notebook.communications.get(key)).toEqual(shown(rig));
    expect(rig.notebook.communications.get(key)).toMatchObject({ revisions: 4 });
  });

  it('another write that works brings them too, and does not go before them', async () => {
    const rig = createRig();
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived(told(20));
    expect(await rig.recording.attempt((database) => database.setFavourite('code-1', true))).toBeNull();
    expect(rig.notebook.calls).not.toContain('setFavourite');
    rig.notebook.trouble = 'none';
    await rig.recording.attempt((database) => database.setFavourite('code-1', true));
    expect(rig.notebook.calls.slice(-2)).toEqual(['commit', 'setFavourite']);
    expect(rig.notebook.communications.get(key)).toEqual(shown(rig));
  });

  it('facts from before the database was open are reduced on what it has', async () => {
    const earlier = createRig();
    await earlier.tracker.arrived(told(10));
    const rig = createRig();
    rig.recording.detach();
    await rig.tracker.arrived(told(50));
    expect(shown(rig)).toMatchObject({ revisions: 1 });
    rig.recording.attach(earlier.notebook);
    await rig.tracker.catchUp();
    expect(earlier.notebook.communications.get(key)).toMatchObject({ revisions: 2 });
    expect(shown(rig)).toEqual(earlier.notebook.communications.get(key));
  });

  it('what the first of several facts came to does not go before what is shown', async () => {
    const rig = createRig();
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived(told(10));
    await rig.tracker.arrived(told(20));
    rig.notebook.trouble = 'one more';
    await rig.tracker.catchUp();
    expect(bodies(rig)).toEqual(['00:10']);
    expect(shown(rig)).toMatchObject({ screenshare: { peerCount: 20 } });
    expect(health(rig)).toBe('paused');
    rig.notebook.trouble = 'none';
    await rig.tracker.catchUp();
    expect(bodies(rig)).toEqual(['00:10', '00:20']);
    expect(rig.notebook.communications.get(key)).toEqual(shown(rig));
    expect(health(rig)).toBe('ok');
  });

  describe('when another database takes the place of one that is being asked', () => {
    async function replaced(rig: Rig, release: () => void): Promise<Notebook> {
      await settled();
      const fresh = createNotebook();
      rig.recording.detach();
      rig.recording.attach(fresh, 0);
      release();
      await rig.tracker.catchUp();
      return fresh;
    }

    it('a commit to the first says nothing about what the second has', async () => {
      const rig = createRig();
      await rig.tracker.arrived(told(10));
      const release = rig.notebook.hold('commit');
      void rig.tracker.arrived(told(20));
      const fresh = await replaced(rig, release);
      await rig.tracker.arrived(told(30));
      expect(fresh.communications.get(key)).toMatchObject({ revisions: 1 });
    });

    it('a fact that was to be reduced on the first is reduced on the second', async () => {
      const rig = createRig();
      await rig.tracker.arrived(told(10));
      rig.recording.detach();
      rig.recording.attach(rig.notebook, 1);
      const release = rig.notebook.hold('communicationsOf');
      void rig.tracker.arrived(told(20));
      const fresh = await replaced(rig, release);
      expect(fresh.communications.get(key)).toMatchObject({ revisions: 1 });
      expect(rig.notebook.journal).toHaveLength(1);
    });

    it('a fact that waited is written into the second', async () => {
      const rig = createRig();
      await rig.tracker.arrived(told(10));
      rig.recording.detach();
      await rig.tracker.arrived(told(20));
      rig.recording.attach(rig.notebook, 1);
      const release = rig.notebook.hold('communicationsOf');
      void rig.tracker.catchUp();
      const fresh = await replaced(rig, release);
      expect(fresh.communications.get(key)).toMatchObject({ revisions: 1 });
      expect(rig.notebook.journal).toHaveLength(1);
    });
  });

  it('a database that was left says nothing any more about recording', async () => {
    const rig = createRig();
    await rig.tracker.arrived(told(10));
    const release = rig.notebook.hold('commit');
    const taken = rig.tracker.arrived(told(20));
    await settled();
    rig.recording.detach();
    rig.recording.attach(createNotebook(), 0);
    rig.notebook.trouble = 'gone';
    release();
    await taken;
    expect(health(rig)).toBe('ok');
  });

  it('a fact the database had written before its thread died is not written twice', async () => {
    const rig = createRig();
    await rig.tracker.arrived(told(10));
    rig.notebook.trouble = 'gone';
    await rig.tracker.arrived(told(20));
    await rig.tracker.arrived(told(30));
    rig.notebook.trouble = 'none';
    // As if the second had reached the disk.
    const [first] = rig.notebook.journal;
    if (first) rig.notebook.journal.push(first);
    rig.recording.detach();
    rig.recording.attach(rig.notebook, 2);
    await rig.tracker.catchUp();
    expect(bodies(rig)).toEqual(['00:10', '00:10', '00:30']);
  });

  it('a fact that is refused waits as well, and is counted', async () => {
    const rig = createRig();
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived({ ...told(10), content: { kind: 'unreadable', reason: 'not JSON' } });
    expect(rig.store.model.getState().database.quarantined).toBe(1);
    rig.notebook.trouble = 'none';
    await rig.tracker.arrived(told(20));
    expect(rig.notebook.journal.map(({ refusal }) => refusal)).toEqual(['not JSON', null]);
    expect(rig.store.model.getState().database.quarantined).toBe(1);
  });
});

describe('facts that find no room', () => {
  it('are made good by the records they came to, one entry for each conversation', async () => {
    const small = createRig({}, createPendingWrites({ facts: 2, size: 1 << 20 }));
    small.notebook.trouble = 'full';
    for (const seconds of [10, 20, 30, 40]) await small.tracker.arrived(told(seconds));
    const other = conversation({ conversation: { id: 'conversation-2' }, leg: ended });
    await small.tracker.arrived(arrival(other, 'rest', 50));
    small.notebook.trouble = 'none';
    await small.tracker.arrived(told(60));
    const { journal, communications } = small.notebook;
    expect(journal.map(({ source, refusal }) => [source, refusal === null])).toEqual([
      ['rest', true],
      ['rest', true],
      ['held', false],
      ['held', true],
      ['held', true],
      ['rest', true],
    ]);
    expect(journal[2]?.refusal).toMatch(/^3 updates/);
    expect(communications.get(key)).toMatchObject({ revisions: 5 });
    expect(communications.size).toBe(2);
    expect(communications.get(key)).toEqual(shown(small));
  });
});

describe('a deletion', () => {
  it('takes what is gone from sight at once; the line about the last share shows the newest left', async () => {
    const rig = createRig();
    const done = (id: string, seconds: number): ReturnType<typeof arrival> =>
      arrival(
        conversation({
          conversation: { id },
          leg: { ...ended, afterCallWork: { state: 'complete' }, segments: [] },
        }),
        'rest',
        seconds,
      );
    await rig.tracker.arrived(done('older', 10));
    await rig.tracker.arrived(done('newer', 20));
    const keyOf = (id: string): string => `${id}/participant-1/leg-1`;
    await rig.notebook.deleteRecords({ kind: 'one', key: keyOf('newer') }, rig.tracker.betweenFacts);
    expect(Object.keys(rig.store.model.getState().communications)).toEqual([keyOf('older')]);
  });

  it('leaves nothing to go on from: what comes after it makes another record', async () => {
    const rig = createRig();
    const closed = conversation({ leg: { ...ended, afterCallWork: { state: 'complete' }, segments: [] } });
    await rig.tracker.arrived(arrival(closed, 'rest', 10));
    await rig.notebook.deleteRecords({ kind: 'all' }, rig.tracker.betweenFacts);
    await rig.tracker.arrived(arrival(closed, 'socket', 20));
    expect(rig.notebook.communications.get(key)).toMatchObject({ revisions: 1 });
    expect(shown(rig)).toEqual(rig.notebook.communications.get(key));
  });

  it('does not run between reading a record and writing what it became', async () => {
    const rig = createRig();
    const closed = conversation({ leg: { ...ended, afterCallWork: { state: 'complete' }, segments: [] } });
    await rig.tracker.arrived(arrival(closed, 'rest', 10));
    const release = rig.notebook.hold('commit');
    const late = rig.tracker.arrived(arrival(closed, 'rest', 20));
    const forgetting = rig.notebook.deleteRecords({ kind: 'all' }, rig.tracker.betweenFacts);
    release();
    await Promise.all([late, forgetting]);
    expect(rig.notebook.communications.size).toBe(0);
    expect(rig.store.model.getState().communications).toEqual({});
  });

  it('is refused while facts wait: they would bring back what it takes', async () => {
    const rig = createRig();
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived(told(10));
    await expect(rig.notebook.deleteRecords({ kind: 'all' }, rig.tracker.betweenFacts)).rejects.toThrow(
      'full',
    );
  });
});

describe('a database that doesn’t answer', () => {
  /** Resolves when the database has been asked that in the course of the work, which goes on. */
  async function askedFor(
    call: keyof LocalDatabase,
    { notebook }: Rig,
    work: () => Promise<unknown>,
  ): Promise<{ work: Promise<unknown> }> {
    const before = notebook.calls.length;
    const under = work();
    while (!notebook.calls.slice(before).includes(call)) await settled();
    return { work: under };
  }

  /** A fact was received, the database was asked `call`, and the time for its answer is over. */
  async function stalled(call: 'commit' | 'communicationsOf'): Promise<{ rig: Rig; release: () => void }> {
    const rig = createRig();
    await rig.tracker.arrived(told(10));
    // Opened again, so that it is asked for what it has.
    rig.recording.detach();
    rig.recording.attach(rig.notebook, 1);
    const release = rig.notebook.hold(call);
    const { work: came } = await askedFor(call, rig, () => rig.tracker.arrived(told(20)));
    expect(shown(rig)).toMatchObject({ revisions: 1 });
    rig.timePasses();
    await came;
    return { rig, release };
  }

  it.each(['commit', 'communicationsOf'] as const)(
    'at %s holds up no fact: it is shown, waits, and is written once when the answer is there',
    async (call) => {
      const { rig, release } = await stalled(call);
      expect(shown(rig)).toMatchObject({ revisions: 2 });
      expect(health(rig)).toBe('paused');
      expect(rig.store.model.getState().database.detail).toContain('doesn’t answer');
      // It is not asked again: nothing that comes waits any more.
      const asked = rig.notebook.calls.length;
      await rig.tracker.arrived(told(30));
      expect(shown(rig)).toMatchObject({ revisions: 3 });
      expect(await rig.recording.attempt((database) => database.setFavourite('code-1', true))).toBeNull();
      expect(rig.notebook.calls).toHaveLength(asked);

      release();
      while (health(rig) !== 'ok') await settled();
      expect(bodies(rig)).toEqual(['00:10', '00:20', '00:30']);
      expect(rig.notebook.communications.get(key)).toEqual(shown(rig));
      await rig.tracker.arrived(told(40));
      expect(bodies(rig)).toEqual(['00:10', '00:20', '00:30', '00:40']);
    },
  );

  it('and says no in the end gets the fact again', async () => {
    const { rig, release } = await stalled('commit');
    rig.notebook.trouble = 'full';
    release();
    await settled();
    expect(health(rig)).toBe('paused');
    rig.notebook.trouble = 'none';
    await rig.tracker.arrived(told(30));
    expect(bodies(rig)).toEqual(['00:10', '00:20', '00:30']);
  });

  it('while what waited is written shows what that came to', async () => {
    const rig = createRig();
    rig.notebook.trouble = 'full';
    await rig.tracker.arrived(told(10));
    rig.notebook.trouble = 'none';
    const release = rig.notebook.hold('commit');
    const { work: came } = await askedFor('commit', rig, () => rig.tracker.arrived(told(20)));
    rig.timePasses();
    await came;
    release();
    while (health(rig) !== 'ok') await settled();
    expect(bodies(rig)).toEqual(['00:10', '00:20']);
    expect(rig.notebook.communications.get(key)).toEqual(shown(rig));
  });

  it('and whose thread is ended is asked no more; what it had written is not written twice', async () => {
    const { rig, release } = await stalled('commit');
    rig.recording.detach();
    release();
    await settled();
    expect(bodies(rig)).toEqual(['00:10', '00:20']);
    rig.recording.attach(rig.notebook, 2);
    await rig.tracker.catchUp();
    await rig.tracker.arrived(told(30));
    expect(bodies(rig)).toEqual(['00:10', '00:20', '00:30']);
  });

  it('holds up no deletion for good: that is told, and facts go on', async () => {
    const rig = createRig();
    await rig.tracker.arrived(told(10));
    const release = rig.notebook.hold('deleteRecords');
    const forgetting = rig.notebook.deleteRecords({ kind: 'all' }, rig.tracker.betweenFacts);
    const refused = expect(forgetting).rejects.toThrow('doesn’t answer');
    while (rig.notebook.calls.at(-1) !== 'deleteRecords') await settled();
    rig.timePasses();
    await refused;
    await rig.tracker.arrived(told(20));
    expect(shown(rig)).toMatchObject({ revisions: 2 });
    release();
    await settled();
  });
});
