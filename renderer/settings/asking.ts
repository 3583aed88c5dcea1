import { createStore } from 'zustand/vanilla';
import type { Reply } from '../../domain/ipc/contract.ts';
import { attempt } from '../state/command.ts';
import { rune, type Rune } from '../state/rune.ts';

export interface Answer<Value> {
  readonly busy: boolean;
  /** The last answer; null before the first, and, unless it is to stay, while another is awaited. */
  readonly value: Value | null;
  /** Why there is none, in words; empty when all is well. */
  readonly problem: string;
}

export interface Asking<Value> {
  readonly now: Rune<Answer<Value>>;
  /** Asks, unless an answer is awaited already. */
  readonly ask: () => void;
}

/** A question to main whose answer is shown; `stays`: until there is another. */
export function asking<Value>(run: () => Promise<Reply<Value>>, stays = false): Asking<Value> {
  const store = createStore<Answer<Value>>(() => ({ busy: false, value: null, problem: '' }));

  async function ask(): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: true, problem: '', ...(stays ? {} : { value: null }) });
    const reply = await attempt(run);
    store.setState({
      busy: false,
      ...(reply.ok ? { value: reply.value } : { value: null, problem: reply.reason }),
    });
  }

  return { now: rune(store), ask: () => void ask() };
}
