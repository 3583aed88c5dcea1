import { describe, expect, it } from 'vitest';
import { present } from '../../../domain/present/present.ts';
import { createCommunicationCommands } from '../../../electron/handlers/communication-commands.ts';
import { at, ms, one } from '../domain/wire.ts';
import { closedWith, createRig, settled, theirs, type Rig } from './rig.ts';

/** Changing a wrap-up that is over. */

const share = one(closedWith(theirs));
const { key } = share;

function commandsOf({ store }: Rig, seconds = 40) {
  return createCommunicationCommands({
    store,
    feed: () => null,
    ask: () => Promise.resolve(true),
    now: () => ms(seconds),
  });
}

describe('a correction', () => {
  it('opens with what the server has, goes to the server, and is confirmed', async () => {
    const rig = createRig([share]);
    rig.now = 40;
    expect(commandsOf(rig).correct(key)).toMatchObject({ ok: true });
    const { status, prompt } = rig.store.app.getState();
    expect(status.title).toBe('Correct the wrap-up');
    expect(prompt).toMatchObject({ key, draft: theirs, clock: null, actions: ['done', 'later'] });

    await rig.write(key);
    expect(rig.states()).toEqual([]);
    await rig.outbox.submit(key);
    await settled();
    expect(rig.sent.map(({ command }) => command)).toMatchObject([{ kind: 'wrapUp', code: 'code-1' }]);
    expect(rig.store.model.getState().correcting).toBe(null);
    expect(rig.store.app.getState().prompt).toBe(null);
    rig.fact(closedWith({ code: 'code-1', notes: 'a note' }), 50);
    await settled();
    expect(rig.states()).toEqual(['confirmed']);
  });

  it('that is put off is a choice between both versions; without new words it is nothing', async () => {
    const rig = createRig([share]);
    rig.now = 40;
    const commands = commandsOf(rig);
    commands.correct(key);
    commands.postpone(key);
    await settled();
    expect(rig.store.app.getState().prompt).toBe(null);
    expect(rig.states()).toEqual([]);

    commands.correct(key);
    await rig.write(key);
    commands.postpone(key);
    await settled();
    expect(rig.submissions()).toMatchObject([{ state: 'conflict', code: 'code-1', theirs }]);
  });

  it('can be taken back like any wrap-up, and is a correction again', async () => {
    const rig = createRig([share]);
    rig.now = 40;
    rig.holdMs = 5000;
    commandsOf(rig).correct(key);
    await rig.write(key);
    await rig.outbox.submit(key);
    await settled();
    expect(rig.sent).toEqual([]);
    await rig.outbox.undo(key);
    await settled();
    expect(rig.states()).toEqual(['dropped']);
    expect(rig.store.app.getState().prompt).toMatchObject({ key, conflict: null, draft: { code: 'code-1' } });
  });

  it('is offered where the server may take it; otherwise it is said who can', () => {
    const rig = createRig([{ ...share, lastSeenAt: at(30) }]);
    const { status } = present(rig.store.model.getState(), ms(31)).state;
    expect(status.actions).toEqual(['correct']);
    const others = { ok: false, reason: expect.stringContaining('A supervisor can change it') as unknown };
    expect(commandsOf(rig, 13 * 3600).correct(key)).toEqual(others);
    expect(commandsOf(rig).correct('conversation-9/participant/leg')).toEqual(others);
  });
});
