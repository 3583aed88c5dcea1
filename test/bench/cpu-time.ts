import { readdirSync, readFileSync } from 'node:fs';
import { treeOf } from './pss.ts';

/**
 * CPU time a process and everything below it have used, ms. To the nanosecond, from every thread's own account: by the
 * system's ticks of 10 ms a program at rest uses nothing. Threads that ended meanwhile are missing.
 */
export function treeCpu(pid: number): number {
  return treeOf(pid)
    .flatMap((each) => threadsOf(each).map((thread) => runTime(`/proc/${each}/task/${thread}/schedstat`)))
    .reduce((sum, ms) => sum + ms, 0);
}

function threadsOf(pid: number): string[] {
  return unlessEnded(() => readdirSync(`/proc/${pid}/task`)) ?? [];
}

function runTime(file: string): number {
  const text = unlessEnded(() => readFileSync(file, 'utf8')) ?? '0';
  return Number(text.split(' ')[0]) / 1e6;
}

function unlessEnded<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}
