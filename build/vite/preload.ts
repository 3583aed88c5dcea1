import { existsSync, readdirSync } from 'node:fs';
import type { InlineConfig } from 'vite';
import { nodeProgram } from './node.ts';

/** Shared by the preloads; not a window's own. */
const PARTS = new Set(['bridge.ts']);

/** One preload per window: `electron/preload/<window>.ts` → `out/preload/<window>.cjs`. */
export function preloadBuilds(root: string): InlineConfig[] {
  const folder = `${root}/electron/preload`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !PARTS.has(file))
    .map((file) =>
      nodeProgram(root, {
        entry: `${folder}/${file}`,
        room: 'preload',
        name: file.slice(0, -'.ts'.length),
        target: 'chrome130',
        external: ['electron', 'electron/renderer'],
      }),
    );
}
