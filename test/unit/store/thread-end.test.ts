import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DatabaseProblem } from '../../../domain/database.ts';
import { StoreThread } from '../../../electron/store/store-thread.ts';
import { temporaryFolder } from './examples.ts';

/** A thread that answers what is asked, but for one call: that it never comes back from, as from a disk that hangs. */
function hangingAt(call: string): { thread: StoreThread; failures: DatabaseProblem[] } {
  const file = path.join(temporaryFolder(), 'worker.cjs');
  writeFileSync(
    file,
    `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, call }) => {
      if (call !== ${JSON.stringify(call)}) parentPort.postMessage({ id, ok: true, value: call });
    });`,
  );
  const failures: DatabaseProblem[] = [];
  return { thread: new StoreThread(file, (problem) => failures.push(problem)), failures };
}

afterEach(() => void vi.useRealTimers());

describe('a thread of the store that hangs', () => {
  it.each(['commit', 'close'])('at %s keeps nobody waiting who wants to close it', async (call) => {
    const { thread, failures } = hangingAt(call);
    expect(await thread.send('summary', [])).toBe('summary');
    vi.useFakeTimers();
    const asked = call === 'commit' ? thread.send(call, []) : Promise.resolve();
    const outcome = Promise.allSettled([asked, thread.end()]);
    if (call === 'close') await vi.advanceTimersToNextTimerAsync();
    const [unanswered, closed] = await outcome;
    if (call === 'commit') expect(unanswered).toMatchObject({ reason: { code: 'closed' } });
    else expect(closed).toMatchObject({ reason: { code: 'io' } });
    // It was ended on purpose: nobody is told of a failure.
    expect(failures).toEqual([]);
  });
});
