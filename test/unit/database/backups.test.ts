import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { dayMs } from '../../../domain/clocks/time.ts';
import type { DatabaseProblem } from '../../../domain/database.ts';
import type { OpenedDatabase } from '../../../electron/store/client.ts';
import { backupsOf, restoreDatabase } from '../../../electron/store/backups/run-task.ts';
import { backupsIn, isStale } from '../../../electron/store/backups/backup-files.ts';
import { keptName } from '../../../electron/store/backups/replace-database.ts';
import { dueAfterMs, createBackups, type Backups } from '../../../electron/database/backups.ts';
import { draft, factOf, settled, temporaryFolder, testKey } from '../store/examples.ts';
import { databaseIn, execute, raw, workbench } from '../store/workbench.ts';

// Each backup is a thread of its own; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { opened, workerFile, written } = workbench();

interface Rig {
  readonly backups: Backups;
  readonly damaged: DatabaseProblem[];
  readonly times: () => number[];
  /** This machine's clock. */
  now: number;
  /** False: the server has not told the time. */
  told: boolean;
  keepMs: number | null;
  /** Sweeps asked for. */
  sweeps: number;
  readonly problems: () => string;
}

function rigOf(folder: string, database: () => OpenedDatabase | null = () => null): Rig {
  const damaged: DatabaseProblem[] = [];
  const rig = { damaged, now: Date.now(), told: true, keepMs: null as number | null, sweeps: 0 };
  const backups = createBackups(
    { folder, key: testKey(), workerFile: workerFile() },
    {
      now: () => rig.now,
      agreedNow: () => (rig.told ? rig.now : null),
      rebuild: () => database()?.rebuildDerived() ?? Promise.resolve(),
      sweep: () => {
        rig.sweeps += 1;
        return Promise.resolve();
      },
      keepMs: () => rig.keepMs,
      damaged: (problem) => damaged.push(problem),
      log: () => undefined,
    },
  );
  onTestFinished(() => backups.stop());
  return Object.assign(rig, {
    backups,
    problems: backups.problem,
    times: () => backupsIn(folder).map(({ at }) => at),
  });
}

/** As if it had been written then. */
function changedAt(folder: string, ms: number): void {
  utimesSync(databaseIn(folder), ms / 1000, ms / 1000);
}

describe('backups of the database in use', () => {
  it('are made when the last one is old and something has changed since, not before', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    const start = rig.now;
    expect(rig.backups.lastAt()).toBeNull();
    await rig.backups.look();
    await rig.backups.look();
    expect(rig.times()).toEqual([start]);
    expect(rig.backups.lastAt()).toBe(start);

    rig.now = start + dueAfterMs;
    changedAt(folder, start - 1);
    await rig.backups.look();
    expect(rig.times()).toEqual([start]);
    changedAt(folder, start + 1);
    await rig.backups.look();
    expect(rig.times()).toEqual([rig.now, start]);
  });

  it('are none of a database that holds nothing yet', async () => {
    const folder = temporaryFolder();
    const rig = rigOf(folder);
    await rig.backups.look();
    expect(rig.times()).toEqual([]);
  });

  it('are made at the end, too, when one is due', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.backups.close();
    expect(rig.times()).toEqual([rig.now]);
    await rig.backups.look();
    expect(rig.times()).toHaveLength(1);
  });

  it('go for no age that only this machine tells of, and not for one beside the others either', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    const start = rig.now;
    for (let day = 0; day < 6; day += 1) {
      rig.now = start + day * dayMs;
      changedAt(folder, rig.now);
      await rig.backups.look();
    }
    const aside = path.join(folder, keptName('aside', start));
    mkdirSync(aside);
    expect(rig.times()).toHaveLength(6);
    await rig.backups.close();

    // The clock is a year ahead, and nobody has said that it is not.
    const next = rigOf(folder);
    next.told = false;
    next.keepMs = 30 * dayMs;
    next.now = rig.now + 365 * dayMs;
    changedAt(folder, next.now);
    await next.backups.look();
    expect(next.times()).toHaveLength(7);
    expect(existsSync(aside)).toBe(true);
    next.told = true;
    await next.backups.look();
    expect(next.times()).toHaveLength(1);
    expect(existsSync(aside)).toBe(false);
  });

  it('have nothing of what a person deleted, not even after a power cut in between', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.backups.look();
    const before = rig.times();
    rig.now += 1_000;
    const database = await opened(folder);
    const { problem } = await rig.backups.deleting(async ({ begins, removed }) => {
      begins();
      await database.saveDraft(draft({ revision: 2, notes: '' }));
      removed();
    });
    expect(problem).toBe('');
    expect(rig.sweeps).toBeGreaterThan(1);
    expect(rig.times()).toEqual([rig.now]);
    expect(rig.times()).not.toEqual(before);
    expect(isStale(folder)).toBe(false);

    // The power goes while it deletes: the next look makes up for it, however new the last backup is.
    const never = new Promise<never>(() => undefined);
    const begun = new Promise<void>((resolve) => {
      void rig.backups.deleting(({ begins }) => {
        begins();
        resolve();
        return never;
      });
    });
    await begun;
    expect(isStale(folder)).toBe(true);
    const next = rigOf(folder);
    next.now = rig.now + 1_000;
    await next.backups.look();
    expect(next.times()).toEqual([next.now]);
  });

  it('stay where nothing was deleted, or the deletion broke off before', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.backups.look();
    const before = rig.times();
    rig.now += 1_000;
    await rig.backups.deleting(({ begins }) => {
      begins();
      return Promise.resolve(0);
    });
    const broken = rig.backups.deleting(({ begins }) => {
      begins();
      return Promise.reject(new Error('no'));
    });
    await expect(broken).rejects.toThrow('no');
    expect(rig.times()).toEqual(before);
    expect(isStale(folder)).toBe(false);
  });

  it('made while more is deleted do not count as fresh: another takes their place', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    const database = await opened(folder);
    await rig.backups.look();
    rig.now += 1_000;
    const steps: string[] = [];
    let release = (): void => undefined;
    const second = new Promise<void>((resolve) => (release = resolve));
    const deleting = rig.backups.deleting(async ({ begins, removed }) => {
      begins();
      removed();
      await second;
      steps.push('second');
    });
    await rig.backups.deleting(({ begins, removed }) => {
      begins();
      removed();
      return Promise.resolve();
    });
    steps.push('first copied');
    // What the second deletes is still in that backup.
    expect(isStale(folder)).toBe(true);
    const made = rig.times();
    rig.now += 1_000;
    await database.saveDraft(draft({ revision: 2, notes: '' }));
    release();
    await deleting;
    expect(steps).toEqual(['first copied', 'second']);
    expect(rig.times()).toEqual([rig.now]);
    expect(rig.times()).not.toEqual(made);
    expect(isStale(folder)).toBe(false);
  });

  it('that could not be made anew after a deletion are told of', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.backups.look();
    const before = rig.times();
    const { problem } = await rig.backups.deleting(async ({ begins, removed }) => {
      begins();
      removed();
      // Its room is taken by something else.
      await execute('mv', [databaseIn(folder), `${databaseIn(folder)}.away`]);
    });
    expect(problem).not.toBe('');
    expect(isStale(folder)).toBe(true);
    expect(rig.times()).toEqual(before);
    expect(rig.damaged).toEqual([]);
  });

  it('are given up, without a word, when the database cannot be used any more', async () => {
    const folder = await written();
    raw(folder, (engine) => {
      engine.exec("UPDATE drafts SET json = replace(json, 'a note', 'another')");
    });
    const rig = rigOf(folder);
    const looking = rig.backups.look();
    await rig.backups.stop();
    await looking;
    expect(rig.times()).toEqual([]);
    expect(rig.damaged).toEqual([]);
    expect(rig.problems()).toBe('');
  });

  it('older than the records may get and a week are gone, whether or not a new one is made', async () => {
    const folder = await written();
    const rig = rigOf(folder);
    await rig.backups.look();
    changedAt(folder, rig.now - 1);
    rig.keepMs = 30 * dayMs;
    rig.now += 37 * dayMs;
    await rig.backups.look();
    expect(rig.times()).toHaveLength(1);
    rig.now += 1;
    await rig.backups.look();
    // The only one was too old; what is kept by now is in a new one.
    expect(rig.times()).toEqual([rig.now]);
  });

  it('are made although what follows from the records is damaged: that is made anew, and recording goes on', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    for (const index of [1, 2, 3]) {
      const made = settled({ communicationId: `c${index}` });
      await database.commit(factOf(made), [made]);
    }
    await database.cacheCodes('queue/1', { codes: [], fetchedAt: '2025-03-04T10:00:00.000Z' });
    await database.close();
    raw(folder, (engine) => {
      engine.exec(`UPDATE listing SET work = work + 1 WHERE id = (SELECT min(id) FROM listing);
        DELETE FROM listing WHERE id = (SELECT max(id) FROM listing);
        UPDATE codes SET json = json || ' '`);
    });
    const again = await opened(folder);
    expect(await again.cachedCodes('queue/1')).toBeNull();
    const rig = rigOf(folder, () => again);
    await rig.backups.look();
    expect(rig.damaged).toEqual([]);
    expect(rig.times()).toHaveLength(1);
    await again.close();
    const healed = await opened(folder);
    expect((await healed.verify()).problems).toEqual([]);
    // And its backup, which has the same fault, can be gone back to.
    await healed.close();
    const place = { folder, key: testKey(), workerFile: workerFile() };
    const [backup] = await backupsOf(place);
    await restoreDatabase(place, backup?.name ?? null, Date.now());
    expect(await (await opened(folder)).verify()).toMatchObject({ problems: [], records: 3 });
  });

  it('of a damaged database are none, and whoever asks the person is told', async () => {
    const folder = await written();
    raw(folder, (engine) => {
      engine.exec("UPDATE drafts SET json = replace(json, 'a note', 'another')");
    });
    const rig = rigOf(folder);
    await rig.backups.look();
    expect(rig.times()).toEqual([]);
    expect(rig.damaged).toMatchObject([{ code: 'damaged' }]);
    expect(rig.backups.problem()).toContain('is damaged');
  });
});
