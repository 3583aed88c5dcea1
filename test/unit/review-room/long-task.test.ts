import { describe, expect, it } from 'vitest';
import type { LongTask } from '../../../domain/state.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
import { createLongTasks, type Progress } from '../../../electron/review/long-task.ts';
import { model } from '../domain/known.ts';

function rig() {
  let now = 1_000;
  const clock = (): number => now;
  const store = createStateStore(model(), clock);
  const seen: (LongTask | null)[] = [];
  store.app.subscribe(({ review }, before) => {
    if (review !== before.review) seen.push(review.task);
  });
  return {
    work: createLongTasks(store, clock),
    shown: () => store.app.getState().review.task,
    seen,
    later: (ms: number) => (now += ms),
  };
}

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((resolveIt, rejectIt) => {
    resolve = resolveIt;
    reject = rejectIt;
  });
  return { promise, resolve, reject };
}

/** A task that goes on until it is told to end, or is stopped. */
function task() {
  const end = deferred<string>();
  const begun = deferred<Progress>();
  const run = (progress: Progress): Promise<string> => {
    progress.signal.addEventListener('abort', () => end.reject(new Error('put down')));
    begun.resolve(progress);
    return end.promise;
  };
  return { run, begun: begun.promise, ...end };
}

describe('long work', () => {
  it('is in sight from its beginning to its end, by the name of its file alone', async () => {
    const { work, shown } = rig();
    const { run, begun, resolve } = task();
    const ended = work.run('export', '/home/an agent/records.csv', run);
    const progress = await begun;
    expect(shown()).toEqual({ kind: 'export', file: 'records.csv', done: 0, total: null });
    progress.expect(12);
    expect(shown()).toMatchObject({ done: 0, total: 12 });
    resolve('all of it');
    expect(await ended).toEqual({ kind: 'done', value: 'all of it' });
    expect(shown()).toBeNull();
  });

  it('tells how far it is no more than four times a second', async () => {
    const { work, seen, later } = rig();
    const { run, begun, resolve } = task();
    const ended = work.run('import', 'records.ndjson', run);
    const { reached } = await begun;
    for (let done = 1; done <= 1_000; done += 1) {
      later(1);
      reached(done);
    }
    expect(seen.map((one) => one?.done)).toEqual([0, 250, 500, 750, 1_000]);
    resolve('');
    await ended;
  });

  it('is one at a time', async () => {
    const { work, shown } = rig();
    const first = task();
    const ended = work.run('export', 'first', first.run);
    await first.begun;
    const second = task();
    expect(await work.run('import', 'second', second.run)).toEqual({ kind: 'busy' });
    expect(shown()).toMatchObject({ file: 'first' });
    first.resolve('');
    await ended;
    const third = work.run('import', 'third', second.run);
    second.resolve('');
    expect(await third).toEqual({ kind: 'done', value: '' });
  });

  it('can be stopped, which is no failure, and is over when that is answered', async () => {
    const { work, shown } = rig();
    const { run, begun } = task();
    const ended = work.run('export', 'file', run);
    await begun;
    await work.stop();
    expect(shown()).toBeNull();
    expect(await ended).toEqual({ kind: 'stopped' });
    await work.stop();
  });

  it('says what went wrong, and makes room for the next', async () => {
    const { work, shown } = rig();
    const { run, begun, reject } = task();
    const ended = work.run('export', 'file', run);
    await begun;
    reject(new Error('the disk is full'));
    await expect(ended).rejects.toThrow('the disk is full');
    expect(shown()).toBeNull();
    expect(await work.run('export', 'file', () => Promise.resolve(1))).toEqual({ kind: 'done', value: 1 });
  });
});
