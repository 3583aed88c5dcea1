import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../../domain/feed.ts';
import { done } from '../../../domain/toolbox/result.ts';
import { submission } from '../domain/known.ts';
import { at, ended, one } from '../domain/wire.ts';
import { closedWith, createRig, ours, refused, settled, theirs, unreachable, type Rig } from './rig.ts';

const due = one({ leg: ended });
const key = due.key;
const offline = { link: { kind: 'offline', reason: 'No network.', retryAt: null } } as const;
const isLive = { link: { kind: 'live' } } as const;

async function submitted(rig: Rig): Promise<void> {
  await rig.write(key);
  await rig.outbox.submit(key);
  await settled();
}

describe('sending', () => {
  it('waits for contact, and begins by itself when there is some', async () => {
    const rig = createRig([due], offline);
    await submitted(rig);
    expect([rig.sent, rig.states()]).toEqual([[], ['waiting']]);
    rig.store.update(() => isLive);
    await settled();
    expect(rig.sent).toMatchObject([
      {
        target: {
          conversationId: 'conversation-1',
          participantId: 'participant-1',
          communicationId: 'leg-1',
        },
        command: { kind: 'wrapUp', level: 'participant', code: 'code-1', notes: 'a note' },
      },
    ]);
  });

  it('uses the level the organisation keeps its after-call work at', async () => {
    const own = one({ leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } } });
    const rig = createRig([own]);
    await submitted(rig);
    expect(rig.sent[0]?.command).toMatchObject({ level: 'communication' });
  });

  it.each(['complete', 'skipped'])('and keeps to it for a code that comes when it is %s', async (state) => {
    const own = one({ leg: { ...ended, afterCallWork: { state, startTime: at(15), endTime: at(18) } } });
    const rig = createRig([own]);
    await submitted(rig);
    if (state === 'skipped') await rig.outbox.sendMine(key);
    await settled();
    expect(rig.sent[0]?.command).toMatchObject({ level: 'communication' });
  });

  it('where the participant has the time of the work, it is kept there', async () => {
    const shared = one({
      agent: { startAcwTime: at(15) },
      leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } },
    });
    const rig = createRig([shared]);
    await submitted(rig);
    expect(rig.sent[0]?.command).toMatchObject({ level: 'participant' });
  });

  it('names the communication by the id that became known after the submission', async () => {
    const nameless = { ...due, communicationId: due.participantId };
    const rig = createRig([nameless], offline);
    await submitted(rig);
    rig.store.update(() => ({ ...isLive, communications: { [key]: due } }));
    await settled();
    expect(rig.sent).toMatchObject([{ target: { communicationId: 'leg-1' } }]);
  });

  it('a 202 is not success: only a fact confirms', async () => {
    const rig = createRig([due]);
    await submitted(rig);
    expect([rig.states(), rig.rereads]).toEqual([['accepted'], ['conversation-1']]);
    rig.fact(closedWith(ours));
    await settled();
    expect(rig.states()).toEqual(['confirmed']);
    expect(rig.notebook.submissions.get('submission-1')?.state).toBe('confirmed');
  });

  it('a 202 that leaves no trace is asked about, then said again', async () => {
    const rig = createRig([due]);
    await submitted(rig);
    rig.onReread = () => false;
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 1]);
    rig.onReread = () => true;
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 2]);
    expect(rig.submissions()[0]?.attempts).toBe(2);
  });

  it('a 202 is asked about though other news of its share comes meanwhile', async () => {
    const rig = createRig([due]);
    await submitted(rig);
    rig.onReread = () => {
      rig.fact({ leg: { ...ended, peerCount: rig.rereads.length } });
      return true;
    };
    for (let turn = 0; turn < 3; turn += 1) {
      rig.clock.ring();
      await settled();
    }
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 4]);
  });

  it('a 202 that never has an effect is told, and not said for ever', async () => {
    const rig = createRig([due]);
    await submitted(rig);
    for (let turn = 0; turn < 9; turn += 1) {
      rig.clock.ring();
      await settled();
    }
    expect([rig.states(), rig.sent.length]).toEqual([['failed'], 5]);
    expect(rig.submissions()[0]?.problem).toContain('accepted it 5 times');
    expect(await rig.outbox.sendMine(key)).toEqual(done);
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 6]);
  });

  it('a 202 over work that was closed without a code is a choice for the agent', async () => {
    const rig = createRig([due]);
    await submitted(rig);
    rig.onReread = () => {
      rig.fact({ leg: { ...ended, afterCallWork: { state: 'complete', endTime: at(30) } } });
      return true;
    };
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['conflict'], 1]);
    expect(rig.submissions()[0]?.theirs).toEqual({ code: null, name: null, notes: null });
  });

  it('a fact that overtakes the answer settles it', async () => {
    const rig = createRig([due]);
    let answer: (result: SendResult) => void = () => undefined;
    rig.answers.push(new Promise((resolve) => (answer = resolve)));
    await submitted(rig);
    rig.fact(closedWith(ours));
    expect(rig.states()).toEqual(['confirmed']);
    answer(unreachable(true));
    await settled();
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['confirmed'], 1]);
  });
});

describe('without an answer', () => {
  it('nothing is said twice before the server was read', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(true));
    rig.onReread = () => false;
    await submitted(rig);
    expect([rig.states(), rig.sent.length, rig.rereads.length]).toEqual([['waiting'], 1, 1]);
    expect(rig.submissions()[0]?.problem).toBe('It cannot be reached.');
    // The next try finds no server either: it is read first, and nothing is sent.
    rig.clock.ring();
    await settled();
    expect([rig.sent.length, rig.rereads.length]).toEqual([1, 2]);
    // Then the reading shows that it had taken effect.
    rig.onReread = () => {
      rig.fact(closedWith(ours));
      return true;
    };
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['confirmed'], 1]);
  });

  it('it is said again when the reading shows nothing', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(true));
    await submitted(rig);
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 2]);
  });

  it('it is sent where its conversation does not let itself be read', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(true));
    rig.onReread = () => false;
    await submitted(rig);
    for (let turn = 0; turn < 3; turn += 1) {
      rig.clock.ring();
      await settled();
    }
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 2]);
  });

  it('out of contact a reading that fails says nothing: it is not sent blindly', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(true));
    rig.onReread = () => {
      rig.store.update(() => offline);
      return false;
    };
    await submitted(rig);
    for (let turn = 0; turn < 9; turn += 1) {
      rig.store.update(() => isLive);
      rig.clock.ring();
      await settled();
    }
    expect([rig.states(), rig.sent.length]).toEqual([['waiting'], 1]);
  });

  it('that never arrived it needs no reading', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(false));
    await submitted(rig);
    expect(rig.rereads).toEqual([]);
    rig.clock.ring();
    await settled();
    expect(rig.sent).toHaveLength(2);
  });

  it('a try that breaks inside is one without an answer, not a loop', async () => {
    const rig = createRig([due]);
    rig.answers.push(() => {
      throw new Error('broken');
    });
    await submitted(rig);
    expect([rig.states(), rig.sent.length]).toEqual([['waiting'], 1]);
    expect(rig.clock.waiting()).toHaveLength(1);
    rig.clock.ring();
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 2]);
  });

  it('it waits as long as the server asks', async () => {
    const rig = createRig([due]);
    rig.answers.push({ kind: 'later', retryAfterMs: 7000, reason: 'Too often.' });
    await submitted(rig);
    rig.store.update(() => ({ lastContactAt: 1 }));
    rig.fact({ leg: ended });
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['waiting'], 1]);
    expect(rig.submissions()[0]?.problem).toBe('Too often.');
    rig.clock.ring();
    await settled();
    expect(rig.sent).toHaveLength(2);
  });

  it('the card is not woken by every try: only what changed the submission dates it', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(false));
    await rig.write(key);
    await rig.outbox.submit(key);
    await settled();
    rig.now = 60;
    rig.answers.push(unreachable(true));
    rig.clock.ring();
    await settled();
    expect(rig.submissions()[0]).toMatchObject({ attempts: 2, updatedAt: at(20) });
  });
});

describe('a refusal', () => {
  it('is final, visible, and can be tried again', async () => {
    const rig = createRig([due]);
    rig.answers.push(refused);
    await submitted(rig);
    expect(rig.states()).toEqual(['failed']);
    expect(rig.submissions()[0]?.problem).toBe('Not allowed.');
    rig.clock.ring();
    await settled();
    expect(rig.sent).toHaveLength(1);
    expect(await rig.outbox.sendMine(key)).toEqual(done);
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 2]);
  });

  it.each([
    ['what the server has is ours', ours, 'confirmed'],
    ['what the server has is not ours', theirs, 'conflict'],
  ])('is looked into: %s', async (_what, wrapup, state) => {
    const rig = createRig([due]);
    rig.answers.push(refused);
    rig.onReread = () => {
      rig.fact(closedWith(wrapup));
      return true;
    };
    await submitted(rig);
    expect(rig.states()).toEqual([state]);
  });
});

describe('what is known already', () => {
  it('answers a second try at once, here and in the memory', async () => {
    const rig = createRig([due]);
    rig.answers.push(refused);
    await submitted(rig);
    rig.fact(closedWith(theirs));
    expect(await rig.outbox.sendMine(key)).toEqual(done);
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['conflict'], 1]);
    expect(rig.notebook.submissions.get('submission-1')?.state).toBe('conflict');
  });
});

describe('several', () => {
  const other = one({ leg: ended, conversation: { id: 'conversation-2' } });
  /** With after-call work of its own. */
  const sibling = one({ leg: { ...ended, id: 'leg-2', afterCallWork: { state: 'pending' } } });

  it('one that cannot be sent holds up nobody else', async () => {
    const rig = createRig([due, other]);
    rig.answers.push(unreachable(false));
    await submitted(rig);
    await rig.write(other.key);
    await rig.outbox.submit(other.key);
    await settled();
    expect(rig.states()).toEqual(['waiting', 'accepted']);
  });

  it('of one conversation go in the order they were made', async () => {
    const rig = createRig([due, sibling]);
    rig.answers.push(unreachable(false));
    await submitted(rig);
    await rig.write(sibling.key);
    await rig.outbox.submit(sibling.key);
    await settled();
    expect(rig.sent.map(({ target }) => target.communicationId)).toEqual(['leg-1']);
    rig.clock.ring();
    await settled();
    expect(rig.sent.map(({ target }) => target.communicationId)).toEqual(['leg-1', 'leg-1', 'leg-2']);
  });

  it('one the server cannot take holds up no other participant of its conversation', async () => {
    const again = one({ agent: { id: 'participant-2' }, leg: { ...ended, id: 'leg-2' } });
    const rig = createRig([due, again]);
    rig.answers.push(unreachable(true));
    await submitted(rig);
    await rig.write(again.key);
    await rig.outbox.submit(again.key);
    await settled();
    expect(rig.states()).toEqual(['waiting', 'accepted']);
  });

  it('one the server can never take lets those behind it pass in the end', async () => {
    const rig = createRig([due, sibling]);
    for (let tries = 0; tries < 5; tries += 1) rig.answers.push(unreachable(true));
    await submitted(rig);
    await rig.write(sibling.key);
    await rig.outbox.submit(sibling.key);
    for (let turn = 0; turn < 4; turn += 1) {
      expect(rig.sent.every(({ target }) => target.communicationId === 'leg-1')).toBe(true);
      rig.clock.ring();
      await settled();
    }
    expect(rig.sent.map(({ target }) => target.communicationId).at(-1)).toBe('leg-2');
    expect(rig.states()).toEqual(['waiting', 'accepted']);
  });

  it('of one conversation are never under way together', async () => {
    const rig = createRig([due, sibling], offline);
    await submitted(rig);
    await rig.write(sibling.key);
    await rig.outbox.submit(sibling.key);
    rig.answers.push(new Promise(() => undefined));
    rig.store.update(() => isLive);
    await settled();
    rig.fact({ leg: ended });
    await settled();
    expect(rig.sent).toHaveLength(1);
  });
});

describe('after a restart', () => {
  it('what waited is sent', async () => {
    const rig = createRig([due], { submissions: [submission(due)] });
    rig.notebook.submissions.set('submission-1', submission(due));
    await settled();
    expect([rig.states(), rig.sent.length]).toEqual([['accepted'], 1]);
  });

  it('what had taken effect is only confirmed', async () => {
    const closed = one({ leg: ended }, closedWith(ours));
    const rig = createRig([closed], {
      submissions: [submission(due, { attempts: 1, mayHaveArrived: true })],
    });
    await settled();
    expect([rig.states(), rig.sent]).toEqual([['confirmed'], []]);
  });

  it('what was accepted is asked about again', async () => {
    const rig = createRig([due], {
      submissions: [submission(due, { state: 'accepted', attempts: 1, mayHaveArrived: true })],
    });
    rig.notebook.submissions.set('submission-1', submission(due));
    await settled();
    expect(rig.sent).toEqual([]);
    rig.clock.ring();
    await settled();
    expect([rig.rereads.length > 0, rig.sent.length, rig.states()]).toEqual([true, 1, ['accepted']]);
  });

  it('an earlier word on the same communication is not sent any more', async () => {
    const earlier = submission(due, { code: 'code-0' });
    const later = submission(due, { id: 'submission-2', order: 2 });
    const rig = createRig([due], { submissions: [earlier, later] });
    await settled();
    expect(rig.sent.map(({ command }) => command)).toMatchObject([{ code: 'code-1' }]);
    expect(rig.states()).toEqual(['dropped', 'accepted']);
  });

  it('stopped, nothing more is sent or waited for', async () => {
    const rig = createRig([due]);
    rig.answers.push(unreachable(false));
    await submitted(rig);
    rig.outbox.stop();
    expect(rig.clock.waiting()).toEqual([]);
    rig.fact({ leg: ended });
    await settled();
    expect(rig.sent).toHaveLength(1);
  });
});
