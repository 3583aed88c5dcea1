import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';
import { afterAll } from 'vitest';
import { nodeProgram } from '../../../build/vite/node.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Builds one file of the store the way the product's worker is built, and answers where it is. Inside the
 * project, because the program has to find `libsql`. Removed when the test file is done.
 */
export async function builtProgram(entry: string, name: string): Promise<string> {
  const room = `test-${process.pid}-${name}`;
  afterAll(() => rmSync(path.join(root, 'out', room), { recursive: true, force: true }));
  await build({
    ...nodeProgram(root, {
      entry: path.join(root, entry),
      room,
      name,
      target: 'node20.18',
      external: ['electron', 'libsql'],
    }),
    logLevel: 'error',
  });
  return path.join(root, 'out', room, `${name}.cjs`);
}

export const builtWorker = (): Promise<string> => builtProgram('electron/store/worker.ts', 'store-worker');
