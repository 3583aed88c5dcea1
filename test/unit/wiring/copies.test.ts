import { utimesSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { MemoryProblem } from '../../../domain/memory.ts';
import { copiesIn, isStale } from '../../../electron/store/copies/place.ts';
import { dueAfterMs, keepCopies, type Copies } from '../../../electron/wiring/copies.ts';
import { draft, temporaryFolder, testKey } from '../store/examples.ts';
import { databaseIn, raw, workbench } from '../store/workbench.ts';

// Each copy is a thread of its own; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { opened, workerFile, written } = workbench();
const dayMs = 86_400_000;

interface Rig {
  readonly copies: Copies;
  readonly damaged: MemoryProblem[];
  readonly times: () => number[];
  now: number;
  keepMs: number | null;
}

function rigOf(folder: string): Rig {
  const damaged: MemoryProblem[] = [];
  const rig = { damaged, now: Date.now(), keepMs: null as number | null };
  const copies = keepCopies(
    { folder, key: testKey(), workerFile: workerFile() },
    {
      clock: () => rig.now,
      keepMs: () => rig.keepMs,
      damaged: (problem) => damaged.push(problem),
      log: () => undefined,
    },
  );
  onTestFinished(() => copies.stop());
  return Object.assign(rig, { copies, times: () => copiesIn(folder).map(({ at }) => at) });
}

/** As if it had been written then. */
function changedAt(folder: string, ms: number): void {
  utimesSync(databaseIn(folder), ms / 1000, ms / 1000);
}

describe('copies of the memory in use', () => {
  it('are made when the last one is old and something has changed since, not before', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    const start = rig.now;
    expect(rig.copies.lastAt()).toBeNull();
    await rig.copies.look();
    await rig.copies.look();
    expect(rig.times()).toEqual([start]);
    expect(rig.copies.lastAt()).toBe(start);

    rig.now = start + dueAfterMs;
    changedAt(folder, start - 1);
    await rig.copies.look();
    expect(rig.times()).toEqual([start]);
    changedAt(folder, start + 1);
    await rig.copies.look();
    expect(rig.times()).toEqual([rig.now, start]);
  });

  it('are none of a memory that holds nothing yet', async () => {
    const folder = temporaryFolder();
    const rig = rigOf(folder);
    await rig.copies.look();
    expect(rig.times()).toEqual([]);
  });

  it('are made at the end, too, when one is due', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.copies.close();
    expect(rig.times()).toEqual([rig.now]);
    await rig.copies.look();
    expect(rig.times()).toHaveLength(1);
  });

  it('have nothing of what a person deleted, not even after a power cut in between', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.copies.look();
    const before = rig.times();
    rig.now += 1_000;
    const memory = await opened(folder);
    await rig.copies.without(() => memory.saveDraft(draft({ revision: 2, notes: '' })));
    expect(rig.times()).toEqual([rig.now]);
    expect(rig.times()).not.toEqual(before);
    expect(isStale(folder)).toBe(false);

    // The power goes while it deletes: the next look makes up for it, however new the last copy is.
    const never = new Promise<never>(() => undefined);
    void rig.copies.without(() => never);
    expect(isStale(folder)).toBe(true);
    const next = rigOf(folder);
    next.now = rig.now + 1_000;
    await next.copies.look();
    expect(next.times()).toEqual([next.now]);
  });

  it('older than the records may get and a week are gone, whether or not a new one is made', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.copies.look();
    changedAt(folder, rig.now - 1);
    rig.keepMs = 30 * dayMs;
    rig.now += 37 * dayMs;
    await rig.copies.look();
    expect(rig.times()).toHaveLength(1);
    rig.now += 1;
    await rig.copies.look();
    // The only one was too old; what is kept by now is in a new one.
    expect(rig.times()).toEqual([rig.now]);
  });

  it('of a damaged memory are none, and whoever asks the person is told', async () => {
    const folder = await written();
    raw(folder, (database) => {
      database.exec("UPDATE drafts SET json = replace(json, 'a note', 'another')");
    });
    const rig = rigOf(folder);
    await rig.copies.look();
    expect(rig.times()).toEqual([]);
    expect(rig.damaged).toMatchObject([{ code: 'damaged' }]);
    expect(rig.copies.problem()).toContain('is damaged');
  });
});
