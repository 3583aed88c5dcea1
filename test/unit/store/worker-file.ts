import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { nodeProgram } from '../../../build/vite/node.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Builds one program the way the product's are built, before the tests of the calling file, and removes it
 * after them. Below the project, because the program has to find `libsql`; not in `out/`, which a build may
 * empty meanwhile. Answers where it is, once built.
 */
export function builtProgram(entry: string, name: string): () => string {
  const outDir = path.join(root, 'node_modules/.cache/test-programs', `${process.pid}-${name}`);
  beforeAll(() => {
    const program = nodeProgram(root, {
      entry: path.join(root, entry),
      room: 'test',
      name,
      target: 'node20.18',
      external: ['electron', 'libsql'],
    });
    return build({ ...program, build: { ...program.build, outDir }, logLevel: 'error' });
  }, 60_000);
  afterAll(() => rmSync(outDir, { recursive: true, force: true }));
  return () => path.join(outDir, `${name}.cjs`);
}

export const builtWorker = (): (() => string) => builtProgram('electron/store/worker.ts', 'store-worker');
