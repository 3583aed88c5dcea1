import { basename } from 'node:path';
import type { Work } from '../../domain/state.ts';
import type { StateStore } from '../tracker/state.ts';

/** How work tells how far it has come, and learns that nobody wants it any more. */
export interface Progress {
  readonly signal: AbortSignal;
  /** Records altogether, once that is known. */
  readonly of: (total: number) => void;
  /** Records so far. */
  readonly reached: (done: number) => void;
}

export type WorkEnd<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** Somebody stopped it; it has cleared up behind itself. */
  | { readonly kind: 'stopped' }
  /** There is other work under way: this was not begun. */
  | { readonly kind: 'busy' };

/** Long work over many records: one at a time, in sight of every window, and to be stopped from any. */
export interface WorkKeeper {
  /** @throws what `task` throws, unless it was stopped */
  readonly run: <Value>(
    kind: Work['kind'],
    file: string,
    task: (progress: Progress) => Promise<Value>,
  ) => Promise<WorkEnd<Value>>;
  /** Resolves when what was under way has cleared up behind itself. */
  readonly stop: () => Promise<void>;
}

/** Progress is for eyes: more often than this, in ms, nobody learns more. */
const toldEveryMs = 250;

/** `clock`: epoch ms. */
export function createWorkKeeper(store: StateStore, clock: () => number): WorkKeeper {
  let current: { readonly stopping: AbortController; readonly ended: Promise<unknown> } | null = null;

  function show(work: Work | null): void {
    store.update(({ review }) => ({ review: { ...review, work } }));
  }

  function progressOf(kind: Work['kind'], file: string, signal: AbortSignal): Progress {
    let shown: Work = { kind, file: basename(file), done: 0, total: null };
    let toldAt = clock();
    show(shown);
    return {
      signal,
      of: (total) => {
        shown = { ...shown, total };
        show(shown);
      },
      reached: (done) => {
        shown = { ...shown, done };
        if (clock() - toldAt < toldEveryMs) return;
        toldAt = clock();
        show(shown);
      },
    };
  }

  async function begin<Value>(work: Promise<Value>, { signal }: AbortController): Promise<WorkEnd<Value>> {
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
