import type { Command, SendResult, Target } from '../../../domain/feed.ts';
import type { Submission, Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import type { Wrapup } from '../../../domain/model/screenshare.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import type { Outbox } from '../../../electron/outbox/contract.ts';
import { createOutbox } from '../../../electron/outbox/outbox.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { createRecording } from '../../../electron/tracker/recording.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';
import { at, context, conversation, ended, ms, read, type Told } from '../domain/wire.ts';
import { createNotebook, type Notebook } from '../tracker/notebook.ts';
import { stoppedAfterwards } from '../stores.ts';

/** Time that only goes on when told to. */
export interface ManualClock extends Clock {
  /** How long each pending wait was asked for, in ms. */
  readonly waiting: () => readonly number[];
  /** Ends every wait there is. */
  readonly ring: () => void;
}

export function createManualClock(now: () => number): ManualClock {
  const waits = new Map<() => void, number>();
  return {
    now,
    after: (ms, then) => {
      const wait = (): void => {
        then();
      };
      waits.set(wait, ms);
      return () => waits.delete(wait);
    },
    waiting: () => [...waits.values()],
    ring: () => {
      for (const wait of [...waits.keys()]) if (waits.delete(wait)) wait();
    },
  };
}

/** Lets every promise that can go on do so. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export interface Rig {
  readonly outbox: Outbox;
  readonly store: StateStore;
  readonly notebook: Notebook;
  readonly clock: ManualClock;
  readonly sent: { readonly target: Target; readonly command: Command }[];
  readonly rereads: string[];
  /** What the server answers, in order; `accepted` when there is nothing left. */
  readonly answers: (SendResult | Promise<SendResult> | (() => SendResult))[];
  /** What a reading does, besides being counted; true when it was made. */
  onReread: (conversationId: string) => boolean;
  /** Seconds into the day. */
  now: number;
  /** How long wrap-ups are held: only where that is what is tested. */
  holdMs: number;
  readonly fact: (told: Told, seconds?: number) => void;
  readonly submissions: () => readonly Submission[];
  readonly states: () => string[];
  readonly write: (key: string, words?: Partial<Draft>) => ReturnType<Outbox['saveDraft']>;
}

export function createRig(
  known: readonly Communication[],
  change: Partial<KnownState> = {},
  notebook = createNotebook(),
): Rig {
  const store = stoppedAfterwards(createStateStore(model(known, change), () => ms(20)));
  const recording = createRecording(store);
  recording.attach(notebook);
  const clock = createManualClock(() => ms(rig.now));
  let id = notebook.submissions.size;
  const rig: Rig = {
    store,
    notebook,
    clock,
    sent: [],
    rereads: [],
    answers: [],
    onReread: () => true,
    now: 20,
    holdMs: 0,
    outbox: createOutbox({
      model: store.model,
      update: store.update,
      attempt: recording.attempt,
      send: async (target, command) => {
        rig.sent.push({ target, command });
        const answer = rig.answers.shift() ?? { kind: 'accepted' };
        return typeof answer === 'function' ? answer() : await answer;
      },
      reread: (conversationId) => {
        rig.rereads.push(conversationId);
        return Promise.resolve(rig.onReread(conversationId));
      },
      clock,
      random: () => 0.5,
      holdMs: () => rig.holdMs,
      newId: () => `submission-${++id}`,
    }),
    fact: (told, seconds = 30) => {
      const before = Object.values(store.model.getState().communications);
      const changed = reduceConversation(before, read(conversation(told)), context(seconds));
      store.update(({ communications }) => ({
        communications: { ...communications, ...Object.fromEntries(changed.map((one) => [one.key, one])) },
      }));
    },
    submissions: () => store.model.getState().submissions,
    states: () => rig.submissions().map(({ state }) => state),
    write: (key, words = {}) => {
      const revision = (store.model.getState().drafts[key]?.revision ?? 0) + 1;
      const { code = 'code-1', name = 'Resolved', notes = 'a note' } = words;
      return rig.outbox.saveDraft({ key, code, name, notes, revision });
    },
  };
  rig.outbox.start();
  return rig;
}

export const ours = { code: 'code-1', name: 'Resolved', notes: 'a note' };
export const theirs = { code: 'code-2', name: 'Callback', notes: 'not mine' };

/** The server closed the after-call work with this wrap-up. */
export function closedWith(wrapup: Wrapup, of: Told = {}): Told {
  return { ...of, leg: { ...ended, afterCallWork: { state: 'complete', endTime: at(30) }, wrapup } };
}
export const unreachable = (mayHaveArrived: boolean): SendResult => ({
  kind: 'unreachable',
  reason: 'It cannot be reached.',
  mayHaveArrived,
});
export const refused: SendResult = {
  kind: 'refused',
  status: 403,
  code: 'not.authorized',
  reason: 'Not allowed.',
};
