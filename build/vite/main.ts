import { existsSync } from 'node:fs';
import type { InlineConfig } from 'vite';
import { nodeProgram } from './node.ts';

/** The Node of the oldest Electron we run on (the fallback runtime). */
const TARGET = 'node20.18';

/** The main process and the thread that owns the store. */
export function mainBuilds(root: string): InlineConfig[] {
  return [
    { name: 'main', entry: `${root}/electron/main.ts`, split: true },
    // A thread started from inside the archive must not need a neighbour.
    { name: 'store-worker', entry: `${root}/electron/store/worker.ts`, split: false },
  ]
    .filter(({ entry }) => existsSync(entry))
    .map((program) =>
      nodeProgram(root, {
        ...program,
        room: 'main',
        target: TARGET,
        external: ['electron', 'electron/main', 'electron/common', 'libsql'],
      }),
    );
}
