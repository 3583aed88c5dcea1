import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { ROOT } from '../../build/paths.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the programs are that tests build and start; removed after the run. */
    testPrograms: string;
  }
}

/** Run once, before any test. */
export default function setup(project: TestProject): () => void {
  // Below the project, because the programs have to find `libsql`; not in `out/`, which a build may empty meanwhile.
  const folder = path.join(ROOT, 'node_modules/.cache/test-programs', String(process.pid));
  project.provide('testPrograms', folder);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
