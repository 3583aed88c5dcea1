import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { at, context, conversation, ended, read } from '../domain/wire.ts';
import { createRig, settled } from './rig.ts';

const first = { ...ended, id: 'leg-1', disconnectedTime: at(8) };
const second = { ...ended, id: 'leg-2', connectedTime: at(10) };

function told(agent: object): ReturnType<typeof read> {
  const [customer, participant] = conversation().participants;
  const screenshares = [first, second];
  return read({
    id: 'conversation-1',
    participants: [customer, { ...participant, startAcwTime: at(15), ...agent, screenshares }],
  });
}

const due = reduceConversation([], told({}), context(16));
const keys = due.map(({ key }) => key);
const [one = '', two = ''] = keys;
const offline = { link: { kind: 'offline', reason: 'No network.', retryAt: null } } as const;

const isClosed = (known: readonly Communication[], wrapup: object): Communication[] =>
  reduceConversation(known, told({ endAcwTime: at(30), wrapup }), context(30));

describe('two shares in one call, wrapped up per participant', () => {
  it('decided out of contact are one submission, and end as one', async () => {
    const rig = createRig(due, offline);
    await rig.write(one, { notes: 'from the first' });
    await rig.write(two, { notes: 'from the second' });
    expect(Object.keys(rig.store.model.getState().drafts)).toEqual([two]);
    expect([...rig.notebook.drafts.keys()]).toEqual([two]);
    await rig.outbox.submit(one);
    await rig.outbox.submit(two);
    expect(rig.submissions()).toMatchObject([{ key: two, notes: 'from the second', state: 'waiting' }]);

    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(rig.sent).toHaveLength(1);
    const known = Object.values(rig.store.model.getState().communications);
    const wrapup = { code: 'code-1', name: 'Resolved', notes: 'from the second' };
    rig.store.update(() => ({
      communications: Object.fromEntries(isClosed(known, wrapup).map((leg) => [leg.key, leg])),
    }));
    await settled();
    expect(rig.states()).toEqual(['confirmed']);
    expect(rig.sent).toHaveLength(1);
  });

  it('take the words of the share they were begun in', async () => {
    const rig = createRig(due, offline);
    await rig.write(one, { notes: 'from the first' });
    await rig.outbox.submit(two);
    expect(rig.submissions()).toMatchObject([{ key: one, notes: 'from the first' }]);
    expect(rig.store.model.getState().drafts).toEqual({});
    expect(rig.notebook.drafts.size).toBe(0);
  });

  it('decided twice before an update are settled by the later decision', async () => {
    const rig = createRig(due, offline);
    await rig.write(one, { code: 'code-2', name: 'Callback' });
    await rig.outbox.submit(one);
    await rig.write(two);
    await rig.outbox.submit(two);
    await settled();
    expect(rig.states()).toEqual(['dropped', 'waiting']);
  });
});
