import { basename } from 'node:path';
import type { LongTask } from '../../domain/state.ts';
import type { StateStore } from '../tracker/state.ts';

/** How a task says how far it has come, and learns that nobody wants it any more. */
export interface Progress {
  readonly signal: AbortSignal;
  /** Records in total, once that is known. */
  readonly expect: (total: number) => void;
  /** Records so far. */
  readonly reached: (done: number) => void;
}

export type TaskEnd<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** Somebody stopped it; it has removed what it had begun. */
  | { readonly kind: 'stopped' }
  /** Another task is under way: this one was not begun. */
  | { readonly kind: 'busy' };

/** Long tasks over many records: one at a time, shown in every window, and stopped from any. */
export interface LongTasks {
  /** @throws what `task` throws, unless it was stopped */
  readonly run: <Value>(
    kind: LongTask['kind'],
    file: string,
    task: (progress: Progress) => Promise<Value>,
  ) => Promise<TaskEnd<Value>>;
  /** Resolves when what was under way has ended and removed what it had begun. */
  readonly stop: () => Promise<void>;
}

/** Progress is for eyes: more often than this, in ms, nobody learns more. */
const shownEveryMs = 250;

/** `now`: epoch ms. */
export function createLongTasks(store: StateStore, now: () => number): LongTasks {
  let current: { readonly stopping: AbortController; readonly ended: Promise<unknown> } | null = null;

  function show(task: LongTask | null): void {
    store.update(({ review }) => ({ review: { ...review, task } }));
  }

  function progressOf(kind: LongTask['kind'], file: string, signal: AbortSignal): Progress {
    let shown: LongTask = { kind, file: basename(file), done: 0, total: null };
    let shownAt = now();
    show(shown);
    return {
      signal,
      expect: (total) => {
        shown = { ...shown, total };
        show(shown);
      },
      reached: (done) => {
        shown = { ...shown, done };
        if (now() - shownAt < shownEveryMs) return;
        shownAt = now();
        show(shown);
      },
    };
  }

  async function begin<Value>(work: Promise<Value>, { signal }: AbortController): Promise<TaskEnd<Value>> {
    try {
      const value = await work;
      return { kind: 'done', value };
    } catch (error) {
      // Whatever it broke off with: it was meant to.
      if (signal.aborted) return { kind: 'stopped' };
      throw error;
    } finally {
      current = null;
      show(null);
    }
  }

  return {
    run: async (kind, file, task) => {
      if (current !== null) return { kind: 'busy' };
      const stopping = new AbortController();
      const ended = begin(task(progressOf(kind, file, stopping.signal)), stopping);
      current = { stopping, ended: ended.catch(() => undefined) };
      return ended;
    },
    stop: async () => {
      const was = current;
      was?.stopping.abort();
      await was?.ended;
    },
  };
}
