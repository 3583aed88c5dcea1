import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../domain/ipc/contract.ts';
import { attempt } from './command.ts';

export interface Answer<Question, Value> {
  /** What the value answers; null before the first answer. */
  readonly question: Question | null;
  readonly value: Value | null;
  readonly busy: boolean;
  /** Why the latest question has no answer, in words; empty when it has. */
  readonly problem: string;
}

export interface Latest<Question, Value> {
  readonly store: Pick<StoreApi<Answer<Question, Value>>, 'getState' | 'subscribe'>;
  /** Asks now, or as soon as the answer that is awaited has come; of several waiting the last is asked. */
  readonly ask: (question: Question) => void;
  /** Nothing is asked any more, and there is no answer. */
  readonly forget: () => void;
}

/**
 * Questions that follow each other faster than they are answered: one is under way at a time, and those
 * that were overtaken are never asked. The last answer stays until there is another, or none is to be had.
 */
export function latest<Question, Value>(
  run: (question: Question) => Promise<Reply<Value>>,
): Latest<Question, Value> {
  const nothing = { question: null, value: null, busy: false, problem: '' } as const;
  const store = createStore<Answer<Question, Value>>(() => nothing);
  let waiting: { readonly question: Question } | null = null;
  let round = 0;

  async function go(): Promise<void> {
    const mine = round;
    store.setState({ busy: true });
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
    ask: (question) => {
      waiting = { question };
      if (!store.getState().busy) void go();
    },
    forget: () => {
      round += 1;
      waiting = null;
      store.setState(nothing);
    },
  };
}
