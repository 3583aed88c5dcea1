import { existsSync } from 'node:fs';
import type { InlineConfig } from 'vite';
import { nodeProgram } from './node.ts';

/** The simulator on its own, for plain Node: no Electron in reach. */
export function simulatorBuilds(root: string): InlineConfig[] {
  const entry = `${root}/electron/feed/simulator/cli.ts`;
  if (!existsSync(entry)) return [];
  return [
    nodeProgram(root, { entry, room: 'simulator', name: 'simulator', target: 'node20.19', external: [] }),
  ];
}
