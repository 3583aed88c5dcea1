import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from '../../build/say.mjs';

/** Memory of process trees, as Linux accounts for it in `/proc`. */

const LOOK_AGAIN_MS = 1_000;

/**
 * Proportional set size of a process and everything below it, in MB: memory shared by several processes
 * counts once in all.
 */
export function treePss(pid: number): number {
  const kilobytes = treeOf(pid).map((each) => {
    const rollup = ofProcess(each, 'smaps_rollup');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/**
 * Resolves when no process runs this program. Another one would share its code with ours and be counted for a
 * part of it: a tree of 250 MB reads as 170 MB then.
 */
export async function untilNobodyRuns(executable: string): Promise<void> {
  if (!runs(executable)) return;
  say('Another Electron is running and would share its memory with ours: waiting until it has ended.');
  while (runs(executable)) await wait(LOOK_AGAIN_MS);
}

/** Whether a process outside the tree of `pid` runs the same program. */
export function runsElsewhere(executable: string, pid: number): boolean {
  return runs(executable, new Set(treeOf(pid)));
}

function runs(executable: string, known: ReadonlySet<number> = new Set()): boolean {
  return processes().some((pid) => !known.has(pid) && programOf(pid) === executable);
}

export function treeOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const pid of processes()) {
    // The command, in brackets, may hold anything; the parent is the second field after it.
    const fields = ofProcess(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    parents.set(pid, Number(fields[1]));
  }
  const tree = [root];
  for (const each of tree) for (const [child, parent] of parents) if (parent === each) tree.push(child);
  return tree;
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Nothing when it has ended, or belongs to somebody else. */
function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

/** Nothing when the process has ended meanwhile; any other failure would make the sum too small. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
