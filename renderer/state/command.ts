import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';
import { rune } from './rune.ts';

export interface CommandView {
  readonly busy: boolean;
  /** Why the last try was refused, in words; empty when it was not. */
  readonly problem: string;
}

/** Its view is reactive: read it in a template or a `$derived`. */
export interface Command<Arguments extends unknown[]> extends CommandView {
  readonly store: Pick<StoreApi<CommandView>, 'getState' | 'subscribe'>;
  /** True when main accepted it. While one run is under way another is not started, and answers false. */
  readonly fire: (...args: Arguments) => Promise<boolean>;
  /** What was refused has been put right: its reason is no longer shown. */
  readonly clearProblem: () => void;
}

/**
 * Something a button does. Whether a click or a shortcut starts it, it runs once at a time, and its refusal stays to
 * be shown next to the button.
 *
 * @param problemOf what to say where it was accepted
 */
export function command<Arguments extends unknown[], Value>(
  run: (...args: Arguments) => Promise<Reply<Value>>,
  problemOf: (value: Value) => string = () => '',
): Command<Arguments> {
  const store = createStore<CommandView>(() => ({ busy: false, problem: '' }));
  const view = rune(store);

  async function fire(...args: Arguments): Promise<boolean> {
    if (store.getState().busy) return false;
    store.setState({ busy: true, problem: '' });
    const reply = await attempt(() => run(...args));
    store.setState({ busy: false, problem: reply.ok ? problemOf(reply.value) : reply.reason });
    return reply.ok;
  }

  return {
    store,
    fire,
    clearProblem: () => store.setState({ problem: '' }),
    get busy() {
      return view.current.busy;
    },
    get problem() {
      return view.current.problem;
    },
  };
}

/** The reply of a call; a call that breaks off (main is gone) is a refusal like any other. */
export async function attempt<Value>(call: () => Promise<Reply<Value>>): Promise<Reply<Value>> {
  try {
    return await call();
  } catch {
    return { ok: false, reason: say('ui.noAnswer') };
  }
}
