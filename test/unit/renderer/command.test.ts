import { describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import { command } from '../../../renderer/state/command.ts';

const done: Reply<null> = { ok: true, value: null };

describe('command', () => {
  it('runs once however often it is fired meanwhile', async () => {
    let finish = (_reply: Reply<null>): void => undefined;
    const run = vi.fn((_key: string) => new Promise<Reply<null>>((resolve) => (finish = resolve)));
    const { fire, store } = command(run);
    const first = fire('a');
    await expect(fire('b')).resolves.toBe(false);
    expect(store.getState().busy).toBe(true);
    finish(done);
    await expect(first).resolves.toBe(true);
    expect(run.mock.calls).toEqual([['a']]);
    expect(store.getState()).toEqual({ busy: false, problem: '' });
  });

  it('keeps the reason of a refusal until the next try', async () => {
    const replies: Reply<null>[] = [{ ok: false, reason: 'Not now.' }, done];
    const { fire, store } = command(() => Promise.resolve(replies.shift() ?? done));
    await expect(fire()).resolves.toBe(false);
    expect(store.getState()).toEqual({ busy: false, problem: 'Not now.' });
    await fire();
    expect(store.getState().problem).toBe('');
  });

  it('shows a refusal no longer once it was put right', async () => {
    const { fire, clearProblem, store } = command(() =>
      Promise.resolve<Reply<null>>({ ok: false, reason: 'No code.' }),
    );
    await fire();
    clearProblem();
    expect(store.getState()).toEqual({ busy: false, problem: '' });
  });

  it('can be fired again after a call that broke off', async () => {
    const { fire, store } = command(() => Promise.reject<Reply<null>>(new Error('gone')));
    await expect(fire()).resolves.toBe(false);
    expect(store.getState()).toEqual({ busy: false, problem: 'Sharelight didn’t answer. Try again.' });
  });
});
