import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../domain/ipc/contract.ts';
import { done } from '../../domain/toolbox/result.ts';
import { attempt } from './command.ts';
import { rune } from './rune.ts';

export interface Answer<Asked, Value> {
  /** What the value answers; null before the first answer. */
  readonly question: Asked | null;
  readonly value: Value | null;
  readonly busy: boolean;
  /** Why the latest question has no answer, in words; empty when it has. */
  readonly problem: string;
}

export interface Question<Asked, Value> {
  readonly store: Pick<StoreApi<Answer<Asked, Value>>, 'getState' | 'subscribe'>;
  /** The same, reactive: read it in a template or a `$derived`. */
  readonly current: Answer<Asked, Value>;
  /** Asks now, or as soon as the answer that is awaited has come; of several waiting only the latest is asked. */
  readonly ask: (question: Asked) => void;
  /** Drops the answer, also one that is still awaited. */
  readonly forget: () => void;
}

/**
 * A question to main whose answer is shown. The latest wins: one is under way at a time, and those that were
 * overtaken are never asked.
 *
 * @param clears the last answer goes when the question is asked again, not when the new answer comes
 */
export function createQuestion<Asked = void, Value = unknown>(
  run: (question: Asked) => Promise<Reply<Value>>,
  { clears = false } = {},
): Question<Asked, Value> {
  const nothing = { question: null, value: null, busy: false, problem: '' } as const;
  const store = createStore<Answer<Asked, Value>>(() => nothing);
  const view = rune(store);
  let waiting: { readonly question: Asked } | null = null;
  let round = 0;

  async function askAll(): Promise<void> {
    const mine = round;
    store.setState({ busy: true, ...(clears ? { value: null, problem: '' } : {}) });
    for (let next = waiting; next !== null; next = waiting) {
      waiting = null;
      const { question } = next;
      const reply = await attempt(() => run(question));
      if (round !== mine) return;
      store.setState(
        reply.ok
          ? { question, value: reply.value, problem: '' }
          : { question, value: null, problem: reply.reason },
      );
    }
    store.setState({ busy: false });
  }

  return {
    store,
    get current() {
      return view.current;
    },
    ask: (question) => {
      waiting = { question };
      if (!store.getState().busy) void askAll();
    },
    forget: () => {
      round += 1;
      waiting = null;
      store.setState(nothing);
    },
  };
}

/** For changes that come in floods: runs at once, then at most once per pause, and once more after the last change. */
export function createRefresh(run: () => Promise<void>, pauseMs = 250): () => void {
  const refresh = createQuestion(async () => {
    await run();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return done;
  });
  return refresh.ask;
}
