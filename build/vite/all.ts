import type { InlineConfig } from 'vite';
import { mainBuilds } from './main.ts';
import { preloadBuilds } from './preload.ts';
import { rendererBuilds } from './renderer.ts';
import { simulatorBuilds } from './simulator.ts';

/** Every build of the product whose sources exist, in no particular order. `root` is absolute. */
export function allBuilds(root: string): InlineConfig[] {
  return [...mainBuilds(root), ...preloadBuilds(root), ...rendererBuilds(root), ...simulatorBuilds(root)];
}
