import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

/** Where things are. `out` is the built program, `assets` what it ships beside it, `data` all of its state. */
export interface Paths {
  readonly out: string;
  readonly assets: string;
  readonly data: string;
  /** Why nothing can be written in `data`, in words; `null` when all is well. */
  readonly dataProblem: string | null;
}

export const demoAccount = 'demo';

/** @param data as `settleDataFolder` found it */
export function pathsOf(
  appPath: string,
  data: { readonly path: string; readonly problem: string | null },
): Paths {
  return {
    out: join(appPath, 'out'),
    assets: join(appPath, 'assets'),
    data: data.path,
    dataProblem: data.problem,
  };
}

/** The folder of an account's database. Invented records live apart from any real account's. */
export function databaseFolder(data: string, account: string): string {
  // Ids come from a server: one that is no plain name becomes a digest, never a path.
  const plain = /^[A-Za-z0-9-]{1,64}$/.test(account);
  return join(
    data,
    'memory',
    plain ? account : createHash('sha256').update(account).digest('hex').slice(0, 32),
  );
}

/** The store's thread; read and checked before it is started, so it may lie inside the archive. */
export function workerFile(out: string): string {
  return join(out, 'main', 'store-worker.cjs');
}

/** The database engine beside that thread. Native code cannot be loaded from inside the archive. */
export function engineFile(workerFile: string): string {
  return join(dirname(workerFile), 'engine.node').replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}
