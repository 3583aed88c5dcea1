import { existsSync, readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig } from 'vite';
import { nodeProgram } from './node.ts';

/** The Chromium and the Node of the oldest Electron we run on, the stand-in (`../runtime/stand-in.mjs`). */
const CHROMIUM = 'chrome130';
const ELECTRON_NODE = 'node20.18';

/** Every build of the product, in no particular order. `root` is absolute. */
export function allBuilds(root: string): InlineConfig[] {
  return [...mainBuilds(root), ...preloadBuilds(root), windowsBuild(root), simulatorBuild(root)];
}

/** The main process, and the thread that owns the store. */
function mainBuilds(root: string): InlineConfig[] {
  const shared = {
    room: 'main',
    target: ELECTRON_NODE,
    external: ['electron', 'electron/main', 'electron/common', 'libsql'],
  };
  return [
    nodeProgram(root, { ...shared, name: 'main', entry: `${root}/electron/main.ts`, split: true }),
    // A thread started from inside the archive must not need a neighbour: it is not split.
    nodeProgram(root, { ...shared, name: 'store-worker', entry: `${root}/electron/store/worker.ts` }),
  ];
}

/** One preload per window: `electron/preload/<window>.ts` → `out/preload/<window>.cjs`. */
function preloadBuilds(root: string): InlineConfig[] {
  const folder = `${root}/electron/preload`;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'bridge.ts')
    .map((file) =>
      nodeProgram(root, {
        entry: `${folder}/${file}`,
        room: 'preload',
        name: file.slice(0, -'.ts'.length),
        target: CHROMIUM,
        external: ['electron', 'electron/renderer'],
      }),
    );
}

/** All windows in one build, so that what they share is one file: `out/renderer/<window>/index.html`. */
function windowsBuild(root: string): InlineConfig {
  const folder = `${root}/renderer`;
  const pages = readdirSync(folder)
    .map((window) => [window, `${folder}/${window}/index.html`] as const)
    .filter(([, page]) => existsSync(page));
  return {
    root: folder,
    base: './',
    configFile: false,
    publicDir: false,
    plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
    build: {
      outDir: `${root}/out/renderer`,
      emptyOutDir: false,
      target: CHROMIUM,
      // The pages' policy allows neither inline scripts nor data: addresses.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { input: Object.fromEntries(pages) },
    },
  };
}

/** The simulator on its own, for plain Node: no Electron in reach. */
export function simulatorBuild(root: string): InlineConfig {
  const entry = `${root}/electron/feed/simulator/cli.ts`;
  return nodeProgram(root, {
    entry,
    room: 'simulator',
    name: 'simulator',
    target: 'node20.19',
    external: [],
  });
}
