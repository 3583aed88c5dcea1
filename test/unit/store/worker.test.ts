import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseProblem } from '../../../domain/database.ts';
import { openDatabase } from '../../../electron/store/client.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { communication, draft, fact, factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, workbench } from './workbench.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, opened, workerFile, written } = workbench();

describe('another process', () => {
  it('reads and verifies while this one writes', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    await database.commit(factOf(communication()), [communication()]);
    const reading = child(folder, 'read');
    let facts = 1;
    const finished = new AbortController();
    const done = reading.finally(() => finished.abort());
    while (!finished.signal.aborted)
      ({ facts } = await database.commit(factOf(communication()), [communication()]));
    const [said, end] = await done;
    expect(said).toMatchObject({ exported: 1, whole: true, problems: [] });
    expect(said?.['facts']).toBeLessThanOrEqual(facts);
    expect(end).toEqual({ closed: true });
    expect(await database.verify()).toMatchObject({ whole: true, facts });
  });

  it('that holds the file too long is said so, and the write can be repeated', async () => {
    const folder = await written();
    const database = await opened(folder);
    const holder = openEngine(databaseIn(folder), hexOf(testKey()), false);
    holder.exec('BEGIN IMMEDIATE');
    await expect(database.commit(fact(), [])).rejects.toMatchObject({ code: 'locked' });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await database.commit(fact(), [])).toMatchObject({ facts: 2 });
  });
});

describe('the worker', () => {
  it('that dies rejects what waits and what comes, with one problem, told once', async () => {
    const failures: DatabaseProblem[] = [];
    const dying = path.join(path.dirname(workerFile()), 'dying.cjs');
    // Opens, then dies in the middle of the next call, as a crash of the engine would.
    writeFileSync(
      dying,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ id, call }) => {
         if (call !== 'open') throw new Error('out of memory');
         parentPort.postMessage({ id, ok: true, value: null });
       });`,
    );
    const database = await openDatabase({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: dying,
      onFailure: (problem) => failures.push(problem),
    });
    const waiting = await Promise.allSettled([database.recollect(), database.saveDraft(draft())]);
    const later = await Promise.allSettled([database.codeUses(), database.close()]);
    const [problem] = failures;
    expect(failures).toHaveLength(1);
    expect(problem).toBeInstanceOf(DatabaseProblem);
    for (const result of [...waiting, ...later])
      expect(result).toEqual({ status: 'rejected', reason: problem });
  });

  it('that cannot start is one problem too', async () => {
    const failures: DatabaseProblem[] = [];
    const missing = openDatabase({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: path.join(temporaryFolder(), 'nowhere.cjs'),
      onFailure: (problem) => failures.push(problem),
    });
    await expect(missing).rejects.toMatchObject({ code: 'io' });
    expect(failures).toHaveLength(1);
  });

  it('answers what was sent before closing, and refuses what comes after', async () => {
    const database = await opened(await written());
    const before = database.recollect();
    const closing = database.close();
    await expect(database.recollect()).rejects.toMatchObject({ code: 'closed' });
    expect((await before).drafts).toEqual([draft()]);
    await closing;
    await database.close();
  });
});
