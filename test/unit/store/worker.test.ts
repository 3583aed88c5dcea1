import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MemoryProblem } from '../../../domain/database.ts';
import { openMemory } from '../../../electron/store/client.ts';
import { openDatabase } from '../../../electron/store/engine.ts';
import { communication, draft, fact, factOf, hexOf, temporaryFolder, testKey } from './examples.ts';
import { databaseIn, workbench } from './workbench.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, opened, workerFile, written } = workbench();

describe('another process', () => {
  it('reads and verifies while this one writes', async () => {
    const folder = temporaryFolder();
    const memory = await opened(folder);
    await memory.commit(factOf(communication()), [communication()]);
    const reading = child(folder, 'read');
    let facts = 1;
    const finished = new AbortController();
    const done = reading.finally(() => finished.abort());
    while (!finished.signal.aborted)
      ({ facts } = await memory.commit(factOf(communication()), [communication()]));
    const [said, end] = await done;
    expect(said).toMatchObject({ exported: 1, whole: true, problems: [] });
    expect(said?.['facts']).toBeLessThanOrEqual(facts);
    expect(end).toEqual({ closed: true });
    expect(await memory.verify()).toMatchObject({ whole: true, facts });
  });

  it('that holds the file too long is said so, and the write can be repeated', async () => {
    const folder = await written();
    const memory = await opened(folder);
    const holder = openDatabase(databaseIn(folder), hexOf(testKey()), false);
    holder.exec('BEGIN IMMEDIATE');
    await expect(memory.commit(fact(), [])).rejects.toMatchObject({ code: 'locked' });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await memory.commit(fact(), [])).toMatchObject({ facts: 2 });
  });
});

describe('the worker', () => {
  it('that dies rejects what waits and what comes, with one problem, told once', async () => {
    const failures: MemoryProblem[] = [];
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
    const memory = await openMemory({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: dying,
      onFailure: (problem) => failures.push(problem),
    });
    const waiting = await Promise.allSettled([memory.recollect(), memory.saveDraft(draft())]);
    const later = await Promise.allSettled([memory.codeUses(), memory.close()]);
    const [problem] = failures;
    expect(failures).toHaveLength(1);
    expect(problem).toBeInstanceOf(MemoryProblem);
    for (const result of [...waiting, ...later])
      expect(result).toEqual({ status: 'rejected', reason: problem });
  });

  it('that cannot start is one problem too', async () => {
    const failures: MemoryProblem[] = [];
    const missing = openMemory({
      folder: temporaryFolder(),
      key: testKey(),
      workerFile: path.join(temporaryFolder(), 'nowhere.cjs'),
      onFailure: (problem) => failures.push(problem),
    });
    await expect(missing).rejects.toMatchObject({ code: 'io' });
    expect(failures).toHaveLength(1);
  });

  it('answers what was sent before closing, and refuses what comes after', async () => {
    const memory = await opened(await written());
    const before = memory.recollect();
    const closing = memory.close();
    await expect(memory.recollect()).rejects.toMatchObject({ code: 'closed' });
    expect((await before).drafts).toEqual([draft()]);
    await closing;
    await memory.close();
  });
});
