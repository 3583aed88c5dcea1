import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import type { InlineConfig } from 'vite';

/** The archive in one file beside its own packages, which stay as they are. */
export function archiveBuild(root: string): InlineConfig {
  const file = readFileSync(`${root}/archive/package.json`, 'utf8');
  const { dependencies } = JSON.parse(file) as { dependencies: Record<string, string> };
  return {
    root,
    configFile: false,
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      outDir: `${root}/archive/out`,
      emptyOutDir: true,
      copyPublicDir: false,
      ssr: true,
      target: 'node20.19',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { archive: `${root}/archive/main.ts` },
        external: [...builtinModules, /^node:/, ...Object.keys(dependencies)],
        output: { format: 'es', entryFileNames: '[name].mjs', codeSplitting: false },
      },
    },
  };
}
