import { Worker } from 'node:worker_threads';

/** The store's threads. Loading one takes longer than anything else before a database is open. */

let warm: { readonly workerFile: string; readonly thread: Worker } | null = null;

function start(workerFile: string): Worker {
  // No inherited flags: an inspector or a loader of the main thread is none of this thread's business.
  return new Worker(workerFile, { name: 'store', execArgv: [] });
}

/** Starts a thread ahead of time, for whoever asks for the first one. */
export function warmThread(workerFile: string): void {
  if (warm) return;
  const thread = start(workerFile);
  const gone = (): void => {
    if (warm?.thread === thread) warm = null;
  };
  // What is wrong is told by the next one, to whoever needs it.
  thread.on('error', gone);
  thread.on('exit', gone);
  warm = { workerFile, thread };
}

export function takeThread(workerFile: string): Worker {
  const ready = warm?.workerFile === workerFile ? warm.thread : null;
  if (!ready) return start(workerFile);
  warm = null;
  return ready;
}
