import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatabaseProblem } from '../../../domain/database.ts';
import { loadEngine, tamperedCode } from '../../../electron/store/load-engine.ts';
import { startWorker } from '../../../electron/store/store-thread.ts';
import { temporaryFolder } from './examples.ts';
import { builtWorker } from './worker-file.ts';

const worker = builtWorker();
const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The engine as npm brought it for this machine. */
const ofLibsql = createRequire(createRequire(import.meta.url).resolve('libsql'));
const { currentTarget } = ofLibsql('@neon-rs/load') as { currentTarget: () => string };
const engine = ofLibsql.resolve(`@libsql/${currentTarget()}`);

describe('the thread’s script', () => {
  it('runs when it is the one that was built', async () => {
    const thread = startWorker(worker(), { worker: digestOf(worker()), engine: '' });
    thread.postMessage({ id: 1, call: 'close', args: [] });
    expect(await once(thread, 'message')).toMatchObject([{ id: 1, ok: true }]);
    await thread.terminate();
  });

  it('does not when one byte was added, or it is missing', () => {
    const changed = path.join(temporaryFolder(), 'store-worker.cjs');
    copyFileSync(worker(), changed);
    appendFileSync(changed, '\n');
    for (const file of [changed, path.join(temporaryFolder(), 'none.cjs')]) {
      const start = (): unknown => startWorker(file, { worker: digestOf(worker()), engine: '' });
      expect(start).toThrow(DatabaseProblem);
      expect(start).toThrow(/changed since it was installed/);
    }
  });
});

describe('the engine', () => {
  it('is loaded when it is the one that was built', () => {
    const loaded = loadEngine({ file: engine, sha256: digestOf(engine) }) as Record<string, unknown>;
    expect(loaded['databaseOpen']).toBeTypeOf('function');
  });

  it('is not when its last byte is another: nothing of it runs', () => {
    const changed = path.join(temporaryFolder(), 'engine.node');
    copyFileSync(engine, changed);
    appendFileSync(changed, 'x');
    expect(() => loadEngine({ file: changed, sha256: digestOf(engine) })).toThrow(
      expect.objectContaining({ code: tamperedCode }),
    );
  });
});
