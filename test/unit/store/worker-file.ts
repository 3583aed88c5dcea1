import path from 'node:path';
import process from 'node:process';
import { build } from 'vite';
import { beforeAll, inject } from 'vitest';
import { nodeProgram } from '../../../build/vite/node.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const outDir = path.join(inject('testPrograms'), String(process.pid));

/** What this process has built, or is building, for the test files that share it. */
const built = new Map<string, Promise<unknown>>();

async function buildProgram(entry: string, name: string): Promise<void> {
  const program = nodeProgram(root, {
    entry: path.join(root, entry),
    room: 'test',
    name,
    target: 'node20.18',
    external: ['electron', 'libsql'],
  });
  await build({ ...program, build: { ...program.build, outDir }, logLevel: 'error' });
}

/**
 * Builds one program the way the product's are built, before the tests of the calling file, once for each process
 * of the runner. Answers where it is, once built.
 */
export function builtProgram(entry: string, name: string): () => string {
  beforeAll(async () => {
    const building = built.get(name) ?? buildProgram(entry, name);
    built.set(name, building);
    await building;
  });
  return () => path.join(outDir, `${name}.cjs`);
}

export const builtWorker = (): (() => string) => builtProgram('electron/store/worker.ts', 'store-worker');
