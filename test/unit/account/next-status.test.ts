import type { StatusChoice } from '../../../domain/model/screenshare.ts';
import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../../domain/feed.ts';
import { newSubmission, type Submission } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { startNextStatus } from '../../../electron/account/next-status.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { draft, model } from '../domain/known.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';
import { createManualClock, settled } from '../outbox/rig.ts';
import { stoppedAfterwards } from '../stores.ts';

const choices: readonly StatusChoice[] = [
  { id: 'on-queue', name: 'On Queue' },
  { id: 'break', name: 'Break' },
];
const wrapUp = (state: string): Communication => one({ leg: { ...ended, afterCallWork: { state } } });
const due = wrapUp('pending');
const chosen = { id: 'break', name: 'Break', key: due.key };

interface Rig {
  readonly store: StateStore;
  readonly set: string[];
  /** What was asked to be kept: id of the submission, and of the status. */
  readonly noted: (readonly [string, string | null])[];
  readonly asked: () => number;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly show: (communication: Communication) => void;
}
function start(
  known: readonly Communication[],
  list: () => Promise<readonly StatusChoice[] | null> = () => Promise.resolve(choices),
  answer: SendResult = { kind: 'accepted' },
): Rig {
  const store = stoppedAfterwards(createStateStore(model(known), () => ms(20)));
  const clock = createManualClock(() => ms(20));
  const set: string[] = [];
  const noted: (readonly [string, string | null])[] = [];
  let asked = 0;
  startNextStatus({
    store,
    clock,
    note: (id, choice) => {
      noted.push([id, choice?.id ?? null]);
      store.update(({ submissions }) => ({
        submissions: submissions.map(({ nextStatus: _before, ...one }) =>
          one.id === id && choice ? { ...one, nextStatus: choice } : one,
        ),
      }));
      return Promise.resolve();
    },
    feed: () => ({
      statusChoices: () => {
        asked += 1;
        return list();
      },
      setStatus: (id) => {
        set.push(id);
        return Promise.resolve(answer);
      },
    }),
  });
  return {
    store,
    set,
    noted,
    clock,
    asked: () => asked,
    show: (communication) => {
      store.update(({ communications }) => ({
        communications: { ...communications, [communication.key]: communication },
      }));
    },
  };
}
const notices = ({ store }: Rig): string[] => store.app.getState().notices.map(({ text }) => text);

describe('the statuses of the organisation', () => {
  it('are asked for when somebody will wrap up, and once', async () => {
    const rig = start([]);
    expect(rig.asked()).toBe(0);
    rig.show(one({ leg: live }));
    rig.show(due);
    await settled();
    expect(rig.asked()).toBe(1);
    expect(rig.store.app.getState().prompt?.nextStatus).toEqual({ choices, chosen: null });
  });

  it('are offered to nobody who may not know them, silently and without asking again', async () => {
    const rig = start([due], () => Promise.resolve(null));
    await settled();
    rig.show({ ...due, revisions: 9 });
    await settled();
    expect(rig.asked()).toBe(1);
    expect(rig.store.app.getState().prompt?.nextStatus).toBe(null);
    expect(notices(rig)).toEqual([]);
  });

  it('are asked for again over the next connection where that failed', async () => {
    const rig = start([due], () => Promise.reject(new Error('No answer.')));
    await settled();
    rig.show({ ...due, revisions: 9 });
    await settled();
    expect(rig.asked()).toBe(1);
    rig.store.update(() => ({ link: { kind: 'live' } }));
    await settled();
    expect(rig.asked()).toBe(2);
  });
});

describe('the status that was chosen', () => {
  it('is set once, when that work has ended, and that is said for a while', async () => {
    const rig = start([due]);
    rig.store.update(() => ({ nextStatus: chosen }));
    await settled();
    expect(rig.set).toEqual([]);
    rig.show(wrapUp('complete'));
    rig.show({ ...wrapUp('complete'), revisions: 9 });
    await settled();
    expect(rig.set).toEqual(['break']);
    expect(notices(rig)).toEqual(['Your status is now Break.']);
    rig.clock.ring();
    expect(notices(rig)).toEqual([]);
  });

  it('is said to have failed until that is dismissed; a role that may not is offered nothing any more', async () => {
    const refused = { kind: 'refused', status: 403, code: '', reason: 'Not allowed.' } as const;
    const rig = start([due], undefined, refused);
    await settled();
    rig.store.update(() => ({ nextStatus: chosen }));
    rig.show(wrapUp('skipped'));
    await settled();
    expect(notices(rig)).toEqual(['Your status wasn’t set to Break: Not allowed.']);
    rig.clock.ring();
    expect(notices(rig)).toHaveLength(1);
    expect(rig.store.model.getState().statusChoices).toEqual([]);
  });
});

describe('the status that was chosen in an earlier run', () => {
  const words = { code: 'code-1', name: 'Resolved', notes: '', letters: undefined } as const;
  const outcome = { state: 'waiting', problem: null, theirs: null } as const;
  const nextStatus = { id: 'break', name: 'Break' };
  const kept = (seconds: number, change: Partial<Submission> = {}): Submission => ({
    ...newSubmission('submission-1', due, 'wrapUp', { ...words, ...outcome, nextStatus }, ms(seconds)),
    ...change,
  });

  it('is offered as chosen, set when that work ends, and kept no more before it is', async () => {
    const rig = start([due]);
    await settled();
    rig.store.update(() => ({ submissions: [kept(10)] }));
    expect(rig.store.model.getState().nextStatus).toEqual(chosen);
    expect(rig.noted).toEqual([]);
    rig.show(wrapUp('complete'));
    expect(rig.noted).toEqual([['submission-1', null]]);
    await settled();
    expect(rig.set).toEqual(['break']);
    rig.show({ ...wrapUp('complete'), revisions: 9 });
    await settled();
    expect(rig.set).toEqual(['break']);
  });

  it('is kept with what is only being written too', async () => {
    const rig = start([due]);
    await settled();
    const written = { ...draft(due), nextStatus };
    rig.store.update(() => ({ drafts: { [due.key]: { ...written, updatedAt: at(20 - 3601) } } }));
    expect(rig.store.model.getState().nextStatus).toBeNull();
    expect(notices(rig)).toEqual(['Your status wasn’t set to Break: it was chosen more than an hour ago.']);

    const other = start([due]);
    other.store.update(() => ({ drafts: { [due.key]: written } }));
    expect(other.store.model.getState().nextStatus).toEqual(chosen);
    // Changed by hand in this run, that counts.
    other.store.update(() => ({ nextStatus: null }));
    other.store.update(() => ({ drafts: { [due.key]: { ...written, revision: 9 } } }));
    expect(other.store.model.getState().nextStatus).toBeNull();
  });

  it('follows what is chosen after that, and goes with what is taken back', async () => {
    const rig = start([due]);
    rig.store.update(() => ({ submissions: [kept(10)], statusChoices: choices }));
    rig.store.update(() => ({ nextStatus: { id: 'on-queue', name: 'On Queue', key: due.key } }));
    expect(rig.noted).toEqual([['submission-1', 'on-queue']]);
    rig.store.update(() => ({ nextStatus: null }));
    expect(rig.noted).toEqual([
      ['submission-1', 'on-queue'],
      ['submission-1', null],
    ]);
    rig.store.update(() => ({ submissions: [kept(10, { id: 'submission-2', state: 'dropped' })] }));
    expect(rig.store.model.getState().nextStatus).toBeNull();
    rig.show(wrapUp('complete'));
    await settled();
    expect(rig.set).toEqual([]);
  });

  it('is not set when it was chosen more than an hour ago, which is said', async () => {
    const rig = start([due]);
    rig.store.update(() => ({ submissions: [kept(20 - 3601)] }));
    expect(rig.noted).toEqual([['submission-1', null]]);
    rig.show(wrapUp('complete'));
    await settled();
    expect(rig.set).toEqual([]);
    expect(notices(rig)).toEqual(['Your status wasn’t set to Break: it was chosen more than an hour ago.']);
  });
});
