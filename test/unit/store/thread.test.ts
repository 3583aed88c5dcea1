import { once } from 'node:events';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { takeThread, warmThread } from '../../../electron/store/store-thread.ts';
import { temporaryFolder } from './examples.ts';
import { builtWorker } from './worker-file.ts';

const worker = builtWorker();
const taken: ReturnType<typeof takeThread>[] = [];

function take(workerFile: string): ReturnType<typeof takeThread> {
  const thread = takeThread(workerFile);
  taken.push(thread);
  return thread;
}

afterEach(async () => {
  for (const thread of taken.splice(0)) await thread.terminate();
});

/** Resolves when it has answered. */
async function answers(thread: ReturnType<typeof takeThread>): Promise<unknown> {
  thread.postMessage({ id: 1, call: 'close', args: [] });
  const [reply] = (await once(thread, 'message')) as [unknown];
  return reply;
}

it('a thread that was started ahead of time is the first one given, and given once', async () => {
  warmThread(worker());
  const before = taken.length;
  const first = take(worker());
  const second = take(worker());
  expect(taken).toHaveLength(before + 2);
  expect(second).not.toBe(first);
  expect(await answers(first)).toMatchObject({ id: 1, ok: true });
  expect(await answers(second)).toMatchObject({ id: 1, ok: true });
});

it('one of another file is not', async () => {
  const missing = path.join(temporaryFolder(), 'none.cjs');
  warmThread(missing);
  const thread = take(worker());
  expect(await answers(thread)).toMatchObject({ ok: true });
});

it('one that could not be loaded breaks nothing; who needs it is told by its own', async () => {
  const missing = path.join(temporaryFolder(), 'none.cjs');
  warmThread(missing);
  const warm = take(missing);
  await once(warm, 'error');
  warmThread(missing);
  // Gone before anybody asked.
  const [error] = (await once(take(missing), 'error')) as [Error];
  expect(error.message).toContain('none.cjs');
});
