import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { FactPage, KeptFact } from '../../../domain/review/record-detail.ts';
import { attempt } from '../../state/command.ts';

export interface FactsView {
  readonly facts: readonly KeptFact[];
  /** Number to go on after; null when all there were are here. */
  readonly next: number | null;
  readonly busy: boolean;
  /** Why they could not be read, in words; empty when they could. */
  readonly problem: string;
}

/** The received facts of one record, as many as somebody wants to see. */
export interface Facts {
  readonly store: Pick<StoreApi<FactsView>, 'getState' | 'subscribe'>;
  /** The next ones there are. Once at a time. */
  readonly more: () => Promise<void>;
  /** Others have been received since: there are more. */
  readonly grown: () => void;
  /** Nobody looks at them any more. */
  readonly leave: () => void;
}

export function createFacts(read: (after: number) => Promise<Reply<FactPage>>): Facts {
  const store = createStore<FactsView>(() => ({ facts: [], next: 0, busy: false, problem: '' }));
  let left = false;

  async function more(): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: true, problem: '' });
    await readSome();
    store.setState({ busy: false });
  }

  /** Up to the first ones: a long stretch of the journal may be about others only. */
  async function readSome(): Promise<void> {
    for (let { next } = store.getState(); next !== null && !left;) {
      const after = next;
      const reply = await attempt(() => read(after));
      if (!reply.ok) {
        store.setState({ problem: reply.reason });
        return;
      }
      const { facts } = reply.value;
      ({ next } = reply.value);
      store.setState((before) => ({ facts: [...before.facts, ...facts], next }));
      if (facts.length > 0) return;
    }
  }

  return {
    store,
    more,
    grown: () => {
      store.setState(({ next, facts }) => ({ next: next ?? facts.at(-1)?.number ?? 0 }));
    },
    leave: () => {
      left = true;
    },
  };
}
