import { existsSync, readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig } from 'vite';

/** All windows in one build, so that what they share is one file: `out/renderer/<window>/index.html`. */
export function rendererBuilds(root: string): InlineConfig[] {
  const folder = `${root}/renderer`;
  if (!existsSync(folder)) return [];
  const pages = readdirSync(folder)
    .map((window) => [window, `${folder}/${window}/index.html`] as const)
    .filter(([, page]) => existsSync(page));
  if (pages.length === 0) return [];
  return [
    {
      root: folder,
      base: './',
      configFile: false,
      publicDir: false,
      plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
      build: {
        outDir: `${root}/out/renderer`,
        emptyOutDir: false,
        target: 'chrome130',
        // The pages' policy allows neither inline scripts nor data: addresses.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        reportCompressedSize: false,
        rolldownOptions: { input: Object.fromEntries(pages) },
      },
    },
  ];
}
