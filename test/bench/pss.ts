import { readdirSync, readFileSync } from 'node:fs';

/**
 * Proportional set size of a process and everything below it, in MB: memory shared by several processes
 * counts once in all. Linux only.
 */
export function treePss(pid: number): number {
  const kilobytes = treeOf(pid).map((each) => {
    const rollup = ofProcess(each, 'smaps_rollup');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    // The command, in brackets, may hold anything; the parent is the second field after it.
    const fields = ofProcess(Number(name), 'stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    parents.set(Number(name), Number(fields[1]));
  }
  const tree = [root];
  for (const each of tree) for (const [child, parent] of parents) if (parent === each) tree.push(child);
  return tree;
}

/** Nothing when the process has ended meanwhile. */
function ofProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
