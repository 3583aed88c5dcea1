import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { createDrafts } from '../../../electron/outbox/draft-saving.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { submission, draft, freshSettings, model } from '../domain/known.ts';
import { at, ended, live, ms, one, type Told } from '../domain/wire.ts';
import { closedWith, createRig, settled, theirs } from './rig.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: ms(16), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** After-call work from second 15 to 75. */
const timed = (told: Told = {}): Communication =>
  one({
    ...told,
    leg: { ...ended, ...told.leg },
    agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 60_000, startAcwTime: at(15), ...told.agent },
  });
const due = timed();

interface Watched {
  readonly store: StateStore;
  readonly submitted: string[];
  readonly stop: () => void;
}
function watch(known: readonly Communication[], change: Partial<KnownState> = {}): Watched {
  const store = createStateStore(model(known, change), Date.now);
  const submitted: string[] = [];
  const submit = (key: string): void => {
    submitted.push(`${key.split('/')[0] ?? ''} at ${String((Date.now() - ms(0)) / 1000)}`);
    // As the outbox does: what is decided is no draft any more.
    store.update(({ drafts }) => ({
      drafts: Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== key)),
    }));
  };
  const drafts = createDrafts({
    model: store.model,
    update: store.update,
    attempt: () => Promise.resolve(null),
    clock: systemClock,
    submit,
    submitDefault: (key, { code }) => {
      submit(`${key.split('/')[0] ?? ''}: ${code ?? ''}/`);
    },
    conflict: () => undefined,
    offerLater: () => undefined,
  });
  drafts.start();
  return { store, submitted, stop: drafts.stop };
}
const drafts = (about: Communication, change: object = {}): Pick<KnownState, 'drafts'> => ({
  drafts: { [about.key]: draft(about, change) },
});

describe('a chosen code that was not saved', () => {
  it('is sent just before the server’s limit, once', () => {
    const { submitted } = watch([due], drafts(due));
    vi.advanceTimersByTime(56_000);
    expect(submitted).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(submitted).toEqual(['conversation-1 at 72.5']);
  });

  it('is sent by the server’s clock, whatever ours says', () => {
    const { submitted } = watch([due], { ...drafts(due), cloud: { offsetMs: 30_000, uncertaintyMs: 0 } });
    vi.advanceTimersByTime(60_000);
    expect(submitted).toEqual(['conversation-1 at 42.5']);
  });

  it('waits for the agent when its time ran out while nobody looked (restart, sleep)', () => {
    vi.setSystemTime(ms(500));
    const { submitted } = watch([due], drafts(due));
    vi.advanceTimersByTime(600_000);
    expect(submitted).toEqual([]);
  });

  it('is sent also when a busy machine comes to it a little late', () => {
    vi.setSystemTime(ms(76));
    expect(watch([due], drafts(due)).submitted).toEqual(['conversation-1 at 76']);
  });

  it('waits for the agent when it was chosen after the limit', () => {
    const { store, submitted } = watch([due]);
    for (const seconds of [75, 76, 500]) {
      vi.setSystemTime(ms(seconds));
      store.update(() => drafts(due, { updatedAt: at(seconds) }));
      vi.advanceTimersByTime(100_000);
    }
    expect(submitted).toEqual([]);
  });

  it('goes at once when it is chosen at the last moment', () => {
    const { store, submitted } = watch([due]);
    vi.setSystemTime(ms(74));
    store.update(() => drafts(due, { updatedAt: at(74) }));
    expect(submitted).toEqual(['conversation-1 at 74']);
  });

  it('is sent in time also when this machine’s clock jumps', () => {
    const { submitted } = watch([due], drafts(due));
    vi.setSystemTime(ms(70));
    vi.advanceTimersByTime(5000);
    expect(submitted).toEqual(['conversation-1 at 72.5']);
  });

  it.each<readonly [string, Communication, Partial<KnownState>]>([
    ['nothing was chosen', due, drafts(due, { code: null })],
    ['nothing was written', due, {}],
    ['the policy has no limit', timed({ agent: { wrapupPrompt: 'mandatory' } }), drafts(due)],
    [
      'it still lasts',
      one({ leg: live, agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 1000 } }),
      drafts(due),
    ],
    ['the server closed it', timed({ leg: { afterCallWork: { state: 'complete' } } }), drafts(due)],
    [
      'it is a choice between two versions',
      due,
      { ...drafts(due), submissions: [submission(due, { state: 'conflict' })] },
    ],
  ])('is not sent when %s', (_why, communication, change) => {
    const { submitted } = watch([communication], change);
    vi.advanceTimersByTime(600_000);
    expect(submitted).toEqual([]);
  });

  it.each(['confirmed', 'waiting', 'accepted', 'failed', 'dropped'] as const)(
    'is sent also when an earlier save is %s: it was chosen after it',
    (state) => {
      const { submitted } = watch([due], { ...drafts(due), submissions: [submission(due, { state })] });
      vi.advanceTimersByTime(60_000);
      expect(submitted).toHaveLength(1);
    },
  );

  it('of each of several goes at its own time', () => {
    const other = timed({ conversation: { id: 'conversation-2' }, agent: { startAcwTime: at(5) } });
    const both = { drafts: { ...drafts(due).drafts, ...drafts(other).drafts } };
    const { submitted } = watch([due, other], both);
    vi.advanceTimersByTime(60_000);
    expect(submitted).toEqual(['conversation-2 at 62.5', 'conversation-1 at 72.5']);
  });

  it('is left alone after the stop', () => {
    const { store, submitted, stop } = watch([due], drafts(due));
    stop();
    store.stop();
    vi.advanceTimersByTime(600_000);
    expect(submitted).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives way to the queue’s own code where none was chosen; the record says which it was', async () => {
    const codes = [{ id: 'code-9', name: 'No action' }];
    const settings = { ...freshSettings, defaultCodes: { Billing: 'No action' } };
    const queue = { ...due, queueName: 'Billing' };
    const rig = createRig([queue], {
      settings,
      codes: { [due.key]: { from: 'server', problem: '', codes } },
      ...drafts(due, { code: null, name: null }),
    });
    expect(rig.submissions()).toEqual([]);
    rig.now = 73;
    rig.store.update(() => ({ lastContactAt: ms(73) }));
    rig.store.update(() => ({ lastContactAt: ms(74) }));
    await settled();
    await settled();
    expect(rig.submissions()).toMatchObject([{ origin: 'default', code: 'code-9', notes: 'a note' }]);
    expect(rig.sent).toHaveLength(1);
    expect(rig.store.model.getState().drafts).toEqual({});

    const chosen = createRig([queue], { settings, ...drafts(due) });
    chosen.now = 73;
    chosen.store.update(() => ({ lastContactAt: ms(73) }));
    await settled();
    expect(chosen.submissions()).toMatchObject([{ origin: 'limit', code: 'code-1' }]);
  });

  it('is one submission, however often the state changes while it is put down', async () => {
    const rig = createRig([due], drafts(due));
    const release = rig.notebook.hold('decide');
    rig.now = 74;
    rig.store.update(() => ({ lastContactAt: ms(74) }));
    rig.store.update(() => ({ lastContactAt: ms(75) }));
    release();
    await settled();
    await settled();
    expect(rig.submissions()).toHaveLength(1);
    expect(rig.sent).toHaveLength(1);
  });
});

describe('words the server closed over', () => {
  it('become one conflict with both versions, in the database too', async () => {
    const rig = createRig([due], drafts(due));
    rig.fact(closedWith(theirs));
    rig.fact(closedWith(theirs), 31);
    await settled();
    expect(rig.submissions()).toMatchObject([{ state: 'conflict', code: 'code-1', notes: 'a note', theirs }]);
    expect(rig.notebook.submissions.size).toBe(1);
    expect(rig.store.model.getState().drafts).toEqual({});
    expect(rig.sent).toEqual([]);
  });
});
