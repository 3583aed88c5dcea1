import type { Arrival, Person, Reading } from '../../../domain/feed.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { done, type Result } from '../../../domain/toolbox/result.ts';
import { createRecording, type Recording } from '../../../electron/tracker/recording.ts';
import type { PendingWrites } from '../../../electron/tracker/pending-writes.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { createTracker, type Tracker } from '../../../electron/tracker/tracker.ts';
import { model } from '../domain/known.ts';
import { agentId, at, ms } from '../domain/wire.ts';
import { createNotebook, type Notebook } from './notebook.ts';
import { stoppedAfterwards } from '../stores.ts';

export interface Rig {
  readonly tracker: Tracker;
  readonly store: StateStore;
  readonly recording: Recording;
  readonly notebook: Notebook;
  /** All that waits for an answer of the database has waited long enough. */
  readonly timePasses: () => void;
  readonly rereads: string[];
  /** What a reading brings; true for `read`, false for `failed`. */
  onReread: (conversationId: string) => boolean | Reading | Promise<boolean | Reading>;
  /** What a listing brings. */
  onRelist: () => Result | Promise<Result>;
  /** How many listings were asked for. */
  relists: number;
  readonly clock: Clock;
  readonly opened: Person[];
  readonly logged: string[];
  /** Seconds into the day. */
  now: number;
  /** Lets `seconds` pass, with every call that was planned for them. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Calls after `ms` of the rig's time. */
  readonly after: (ms: number, call: () => void) => () => void;
}

export function createRig(change: Partial<KnownState> = {}, pending?: PendingWrites): Rig {
  let now = 10;
  const planned = new Set<{ readonly at: number; readonly call: () => void }>();
  const clock = (): number => ms(now);
  const store = stoppedAfterwards(createStateStore(model([], change), clock, () => 0));
  /** What waits for time to pass, by what it is called with. */
  const timers = new Set<() => void>();
  const recording = createRecording(store, {
    clock: {
      after: (_ms, call) => {
        timers.add(call);
        return () => timers.delete(call);
      },
    },
    ...(pending ? { pending } : {}),
  });
  const notebook = createNotebook();
  recording.attach(notebook);
  const after: Rig['after'] = (milliseconds, call) => {
    const plan = { at: now + milliseconds / 1000, call };
    planned.add(plan);
    return () => void planned.delete(plan);
  };
  const rig: Rig = {
    after,
    store,
    recording,
    notebook,
    timePasses: () => {
      for (const call of timers) call();
      timers.clear();
    },
    rereads: [],
    onReread: () => true,
    onRelist: () => done,
    relists: 0,
    clock: { now: clock, after },
    opened: [],
    logged: [],
    get now() {
      return now;
    },
    set now(seconds) {
      now = seconds;
    },
    pass: async (seconds) => {
      const end = now + seconds;
      for (;;) {
        await settled();
        const [next] = [...planned].filter(({ at: due }) => due <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        planned.delete(next);
        now = Math.max(now, next.at);
        next.call();
      }
      now = end;
    },
    tracker: createTracker({
      store,
      recording,
      clock: { now: clock, after },
      reread: async (conversationId) => {
        rig.rereads.push(conversationId);
        const how = await rig.onReread(conversationId);
        return typeof how === 'string' ? how : how ? 'read' : 'failed';
      },
      relist: async () => {
        rig.relists += 1;
        return rig.onRelist();
      },
      random: () => 0.5,
      log: (line) => rig.logged.push(line),
      openDatabaseOf: (person) => {
        rig.opened.push(person);
        return Promise.resolve();
      },
    }),
  };
  return rig;
}

/** A fact as the feed hands it over. */
export function arrival(
  value: unknown,
  source: Arrival['source'] = 'rest',
  seconds = 10,
  askedAt?: string,
): Arrival {
  return {
    source,
    subject: source === 'rest' ? 'GET /api/v2/conversations' : `v2.users.${agentId}.conversations`,
    receivedAt: at(seconds),
    ...(askedAt === undefined ? {} : { askedAt }),
    body: JSON.stringify(value),
    content: { kind: 'conversation', value },
  };
}

/** Lets every promise that can go on do so. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
