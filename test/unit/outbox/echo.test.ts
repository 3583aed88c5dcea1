import { describe, expect, it } from 'vitest';
import { submission } from '../domain/known.ts';
import { ended, one } from '../domain/wire.ts';
import { closedWith, createRig, ours, settled, theirs, unreachable, type Rig } from './rig.ts';

/** Events arrive late: what an earlier submission of the agent brought about says nothing about a later one. */

const due = one({ leg: ended });
const key = due.key;
const other = { code: 'code-2', name: 'Callback', notes: 'a note' };

/** Two saves reached the server, of which no reading and no event was seen. */
async function savedTwice(): Promise<Rig> {
  const rig = createRig([due]);
  rig.onReread = () => false;
  await save(rig, ours);
  await save(rig, other);
  expect([rig.states(), rig.sent.length]).toEqual([['dropped', 'accepted'], 2]);
  return rig;
}

async function save(rig: Rig, words: typeof ours): Promise<void> {
  await rig.write(key, words);
  await rig.outbox.submit(key);
  await settled();
}

describe('an event that tells of an earlier save', () => {
  it('is no conflict with the later one: the server is read', async () => {
    const rig = await savedTwice();
    rig.fact(closedWith(ours));
    await settled();
    expect(rig.states()).toEqual(['dropped', 'accepted']);
    rig.onReread = () => {
      rig.fact(closedWith(other));
      return true;
    };
    rig.clock.ring();
    await settled();
    expect(rig.states()).toEqual(['dropped', 'confirmed']);
  });

  it('is one when the server, read after the later one was sent, still has it', async () => {
    const rig = await savedTwice();
    rig.onReread = () => {
      rig.fact(closedWith(ours));
      return true;
    };
    rig.clock.ring();
    await settled();
    expect(rig.submissions().at(-1)).toMatchObject({ state: 'conflict', theirs: { code: 'code-1' } });
  });

  it('does not confirm a third of the same words, which is sent', async () => {
    const rig = await savedTwice();
    rig.fact(closedWith(ours));
    await save(rig, ours);
    rig.fact(closedWith(ours));
    await settled();
    expect(rig.sent.map(({ command }) => 'code' in command && command.code)).toEqual([
      'code-1',
      'code-2',
      'code-1',
    ]);
    expect(rig.states().at(-1)).toBe('accepted');
    rig.onReread = () => true;
    rig.clock.ring();
    await settled();
    expect(rig.states().at(-1)).toBe('confirmed');
  });

  it('and was kept does not confirm what is decided after a restart', async () => {
    const saved = { ...ended, afterCallWork: { state: 'pending' }, wrapup: ours };
    const rig = createRig([one({ leg: saved })]);
    await save(rig, ours);
    expect(rig.sent).toHaveLength(1);
  });
});

describe('a submission from before the start', () => {
  const waiting = submission(due, ours);

  it('is sent only when the server was read: the end may have come between sending and answer', async () => {
    const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
    rig.onReread = () => false;
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    rig.clock.ring();
    await settled();
    expect([rig.sent, rig.states()]).toEqual([[], ['waiting']]);
    rig.onReread = () => true;
    rig.clock.ring();
    await settled();
    expect([rig.sent.length, rig.states()]).toEqual([1, ['accepted']]);
  });

  it('is confirmed by that reading, and conflicts by it', async () => {
    for (const [words, state] of [
      [ours, 'confirmed'],
      [theirs, 'conflict'],
    ] as const) {
      const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
      rig.onReread = () => {
        rig.fact(closedWith(words));
        return true;
      };
      rig.store.update(() => ({ link: { kind: 'live' } }));
      await settled();
      expect([rig.sent, rig.states()]).toEqual([[], [state]]);
    }
  });

  it('is read for once: after an answer it goes on like any other', async () => {
    const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
    rig.answers.push(unreachable(false));
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect([rig.rereads.length, rig.sent.length]).toEqual([1, 1]);
    rig.clock.ring();
    await settled();
    expect([rig.rereads.length, rig.sent.length]).toEqual([2, 2]);
  });

  it('says why it waits while the server cannot be read, and is sent in the end', async () => {
    const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
    rig.notebook.submissions.set(waiting.id, waiting);
    rig.onReread = () => false;
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(rig.submissions()[0]?.problem).toContain('Not sure it arrived');
    for (let turn = 0; turn < 2; turn += 1) {
      rig.clock.ring();
      await settled();
    }
    expect([rig.sent.length, rig.states()]).toEqual([1, ['accepted']]);
  });

  it('needs no reading of its own where the listing told of its conversation', async () => {
    const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
    rig.onReread = () => false;
    rig.outbox.wasRead(due.conversationId);
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect([rig.sent.length, rig.states()]).toEqual([1, ['accepted']]);
  });

  it('is confirmed by the listing, without another word', async () => {
    const rig = createRig([due], { submissions: [waiting], link: { kind: 'stale' } });
    rig.fact(closedWith(ours));
    rig.outbox.wasRead(due.conversationId);
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect([rig.sent, rig.states()]).toEqual([[], ['confirmed']]);
  });
});

describe('the same code without our notes', () => {
  const { code, name } = ours;

  it.each([
    ['tries that never left this machine', unreachable(false)],
    ['a try that was lost', unreachable(true)],
  ])('by another client, after %s, confirms nothing', async (_what, answer) => {
    const rig = createRig([due]);
    rig.answers.push(answer);
    await save(rig, ours);
    rig.onReread = () => {
      rig.fact(closedWith({ code, name }));
      return true;
    };
    rig.fact(closedWith({ code, name }));
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['conflict'], 1]);
  });

  it('in an event that overtakes the answer is no conflict: the reading has the notes', async () => {
    const rig = createRig([due]);
    rig.onReread = () => {
      rig.fact(closedWith(ours));
      return true;
    };
    rig.answers.push(() => {
      rig.fact(closedWith({ code }));
      return { kind: 'accepted' };
    });
    await save(rig, ours);
    expect([rig.states(), rig.sent.length]).toEqual([['confirmed'], 1]);
  });

  it('confirms what was accepted where no reading is to be had', async () => {
    const rig = createRig([due]);
    rig.onReread = () => false;
    await save(rig, ours);
    rig.fact(closedWith({ code, name }));
    for (let turn = 0; turn < 3; turn += 1) {
      rig.clock.ring();
      await settled();
    }
    expect([rig.states(), rig.sent.length]).toEqual([['confirmed'], 1]);
  });
});
