import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';
import { nodeProgram } from '../../../build/vite/node.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Builds one program the way the product's are built, before the tests of the calling file, and removes it
 * after them. Inside the project, because the program has to find `libsql`. Answers where it is, once built.
 */
export function builtProgram(entry: string, name: string): () => string {
  const room = `test-${process.pid}-${name}`;
  beforeAll(() =>
    build({
      ...nodeProgram(root, {
        entry: path.join(root, entry),
        room,
        name,
        target: 'node20.18',
        external: ['electron', 'libsql'],
      }),
      logLevel: 'error',
    }),
  );
  afterAll(() => rmSync(path.join(root, 'out', room), { recursive: true, force: true }));
  return () => path.join(root, 'out', room, `${name}.cjs`);
}

export const builtWorker = (): (() => string) => builtProgram('electron/store/worker.ts', 'store-worker');
