import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';

export interface CommandView {
  readonly busy: boolean;
  /** Why the last try was refused, in words; empty when it was not. */
  readonly problem: string;
}

export interface Command<Arguments extends unknown[]> {
  readonly store: Pick<StoreApi<CommandView>, 'getState' | 'subscribe'>;
  /** True when main accepted it. While one run is under way another is not started, and answers false. */
  readonly fire: (...args: Arguments) => Promise<boolean>;
  /** What was refused has been put right: its reason is not shown any longer. */
  readonly forgive: () => void;
}

/**
 * Something a button does. Whatever starts it, a click or a shortcut, it runs once at a time and its refusal
 * is kept to be shown next to the button.
 */
export function command<Arguments extends unknown[]>(
  run: (...args: Arguments) => Promise<Reply<unknown>>,
): Command<Arguments> {
  const store = createStore<CommandView>(() => ({ busy: false, problem: '' }));

  async function fire(...args: Arguments): Promise<boolean> {
    if (store.getState().busy) return false;
    store.setState({ busy: true, problem: '' });
    const reply = await attempt(() => run(...args));
    store.setState({ busy: false, problem: reply.ok ? '' : reply.reason });
    return reply.ok;
  }

  return { store, fire, forgive: () => store.setState({ problem: '' }) };
}

/** The reply of a call; a call that breaks off (main is gone) is a refusal like any other. */
export async function attempt<Value>(call: () => Promise<Reply<Value>>): Promise<Reply<Value>> {
  try {
    return await call();
  } catch {
    return { ok: false, reason: say('ui.noAnswer') };
  }
}
