import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { mergeConfig, type InlineConfig } from 'vite';
import type { BuildInfo } from '../../electron/build-info.ts';
import { noticesOf } from '../licences.ts';
import { compiledMessages } from './messages.ts';
import { nodeProgram } from './node.ts';

/** The Chromium and the Node of the oldest Electron we run on, the stand-in (`../runtime/stand-in.mjs`). */
const CHROMIUM = 'chrome130';
const ELECTRON_NODE = 'node20.18';

/** Every build of the product. The main bundle knows the digest of the store's thread, so it comes after it. */
export function allBuilds(root: string): InlineConfig[] {
  return [
    workerBuild(root),
    entryBuild(root),
    mainBuild(root, { kind: 'development', standIn: false, updates: null }),
    ...preloadBuilds(root),
    windowsBuild(root),
    simulatorBuild(root),
  ];
}

const ELECTRON = ['electron', 'electron/main', 'electron/common'];

/** The thread that owns the store. It is started from its text, so it can have no neighbour: it is not split. */
function workerBuild(root: string): InlineConfig {
  const entry = `${root}/electron/store/worker.ts`;
  const program = { entry, room: 'main', name: 'store-worker', target: ELECTRON_NODE, external: ELECTRON };
  return mergeConfig(nodeProgram(root, program), {
    // The engine is loaded by our own hand, see there; `libsql` leaves it to its loader when this is set.
    resolve: { alias: { '@neon-rs/load': `${root}/electron/store/load-engine.ts` } },
    define: { 'process.env.LIBSQL_JS_DEV': '"1"' },
  });
}

/** What is started, and loads the main process from beside it. */
export function entryBuild(root: string, outDir = `${root}/out/main`): InlineConfig {
  const entry = `${root}/electron/entry.ts`;
  const program = { entry, room: 'main', name: 'main', target: ELECTRON_NODE, external: ELECTRON };
  return mergeConfig(nodeProgram(root, program), { build: { outDir } });
}

/** The main process. `outDir`: somewhere else than `out/main`, where the worker and the engine are read from. */
export function mainBuild(
  root: string,
  made: Omit<BuildInfo, 'digests'>,
  outDir = `${root}/out/main`,
): InlineConfig {
  const entry = `${root}/electron/main.ts`;
  const program = {
    entry,
    room: 'main',
    name: 'program',
    target: ELECTRON_NODE,
    external: ELECTRON,
    split: true,
  };
  let atStart: ReadonlySet<string> | null = null;
  function inStart(id: string, modules: Modules): 'start' | null {
    atStart ??= neededAt(entry, modules);
    return atStart.has(id) ? 'start' : null;
  }
  const info = (): BuildInfo => ({
    ...made,
    digests: {
      worker: digestOf(`${root}/out/main/store-worker.cjs`),
      engine: digestOf(`${root}/out/main/engine.node`),
    },
  });
  return mergeConfig(nodeProgram(root, program), {
    // Signals are the browser engine's, see there.
    resolve: { alias: { 'when-exit': `${root}/electron/shell/when-exit.ts` } },
    build: {
      outDir,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              // In a file of its own: it is all in which the packed program differs, so the compiled code of the rest
              // serves there too.
              { name: 'build-info', test: /electron\/build-info\.ts$/, priority: 2 },
              // One file to read and to compile, whoever else uses parts of it later.
              { name: inStart, debugName: 'start' },
            ],
          },
        },
      },
    },
    // Asked for when this is built, not before: the worker is there by then.
    plugins: [
      { name: 'build-info', config: () => ({ define: { SHARELIGHT_BUILD: JSON.stringify(info()) } }) },
    ],
  });
}

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** What is evaluated with an entry, itself left out: its imports and theirs, but not what is imported when it is needed. */
function neededAt(entry: string, modules: Modules): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [entry];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  found.delete(entry);
  return found;
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
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
    plugins: [
      compiledMessages(root, { split: true }),
      svelte({ configFile: false, compilerOptions: { runes: true } }),
    ],
    build: {
      outDir: `${root}/out/renderer`,
      emptyOutDir: false,
      target: CHROMIUM,
      // The pages' policy allows neither inline scripts nor data: addresses.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      license: { fileName: noticesOf('windows') },
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
