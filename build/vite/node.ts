import { builtinModules } from 'node:module';
import type { InlineConfig } from 'vite';
import { noticesOf } from '../licences.ts';
import { compiledMessages } from './messages.ts';

/** What a program that runs outside a page may leave to be found at run time. */
const NODE_BUILTINS = [...builtinModules, /^node:/];

export interface NodeProgram {
  /** Absolute path of the entry. */
  readonly entry: string;
  /** Folder below `out/`. */
  readonly room: string;
  /** File name without `.cjs`. */
  readonly name: string;
  readonly target: string;
  /** Packages left to `require` at run time; everything else is bundled. */
  readonly external: readonly string[];
  /** What is imported when it is needed goes into files of its own, and costs nothing before. */
  readonly split?: boolean;
}

/**
 * One self-contained CommonJS file, unless it may be split. CommonJS because a sandboxed preload and Electron's earliest start-up
 * know nothing else; one file because a sandboxed preload cannot require a neighbour, and because a worker
 * started from inside the archive must not need one.
 */
export function nodeProgram(root: string, program: NodeProgram): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    plugins: [compiledMessages(root, { split: program.split ?? false })],
    ssr: { noExternal: true, target: 'node' },
    build: {
      outDir: `${root}/out/${program.room}`,
      emptyOutDir: false,
      copyPublicDir: false,
      ssr: true,
      target: program.target,
      // With names as they are, and maps beside the files: traces end up in a log an agent sends us, and stay readable.
      minify: 'oxc',
      sourcemap: 'hidden',
      reportCompressedSize: false,
      license: { fileName: noticesOf(program.name) },
      rolldownOptions: {
        input: { [program.name]: program.entry },
        external: [...NODE_BUILTINS, ...program.external],
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: `${program.name}-[name].cjs`,
          codeSplitting: program.split ?? false,
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
          sourcemapExcludeSources: true,
        },
      },
    },
  };
}
