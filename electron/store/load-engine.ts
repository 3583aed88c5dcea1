import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workerData } from 'node:worker_threads';

/**
 * In a build this file takes the place of `@neon-rs/load`, by which `libsql` finds its engine: one known file,
 * looked for nowhere else and compared with its digest before any of it runs.
 */

/** Where the engine lies; `sha256` (hex) is null for a program that does not know it. */
export interface EngineFile {
  readonly file: string;
  readonly sha256: string | null;
}

/** The `code` of the error a thread ends with when the engine is not the one it should be. */
export const tamperedCode = 'SHARELIGHT_TAMPERED';

/** @throws an error with `tamperedCode` */
export function loadEngine({ file, sha256 }: EngineFile): unknown {
  const descriptor = openSync(file, 'r');
  try {
    if (sha256 !== null && digestOf(descriptor) !== sha256)
      throw Object.assign(new Error(`${file} is not the file that was built`), { code: tamperedCode });
    const engine = { exports: {} };
    // On Linux what is loaded is the very file that was checked, whatever has taken its name since.
    process.dlopen(engine, process.platform === 'linux' ? `/proc/self/fd/${String(descriptor)}` : file);
    return engine.exports;
  } finally {
    closeSync(descriptor);
  }
}

function digestOf(descriptor: number): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk))
    hash.update(chunk.subarray(0, read));
  return hash.digest('hex');
}

/** Called by `libsql`. Whoever starts the thread says where the engine is; tools of development leave it out. */
export function load(): unknown {
  const { engine } = (workerData ?? {}) as { engine?: EngineFile };
  return loadEngine(engine ?? { file: join(dirname(__filename), 'engine.node'), sha256: null });
}
