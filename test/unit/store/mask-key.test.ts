import { describe, expect, it } from 'vitest';
import type { MaskScope } from '../../../domain/database.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { fact, settled, temporaryFolder, testKey } from './examples.ts';
import { raw, workbench } from './workbench.ts';

const { opened, workerFile } = workbench();

const day = (number: number): string => `2025-03-0${number}T10:00:00.000Z`;
const ana = settled({ communicationId: 'one', alertedAt: day(1), peerName: 'Ana Lima' });
const bo = settled({ communicationId: 'two', alertedAt: day(2), peerName: 'Bo Chen' });
const cy = settled({ communicationId: 'three', alertedAt: day(3), peerName: 'Cy Young' });

const asked = (query: Partial<ReviewQuery> = {}): MaskScope => ({ query: { ...everything, ...query } });

async function keyOf(database: OpenedDatabase, scope: MaskScope): Promise<string> {
  return Buffer.from(await database.review.maskKey(scope)).toString('hex');
}

async function of(records: readonly (typeof ana)[], folder = temporaryFolder()): Promise<OpenedDatabase> {
  const database = await opened(folder);
  await database.commit(fact(), records);
  const behind = async () => (await database.review.find(everything, newestFirst, 0, 1)).behind;
  await expect.poll(behind, { timeout: 60_000 }).toBe(0);
  return database;
}

describe('the key of a masked export', () => {
  it('stays the same for the same records: another time, after a restart, beside the program', async () => {
    const folder = temporaryFolder();
    const first = await of([ana, bo, cy], folder);
    const [all, some] = [await keyOf(first, asked()), await keyOf(first, asked({ words: ['bo'] }))];
    expect(all).toMatch(/^[0-9a-f]{64}$/);
    expect(await keyOf(first, asked())).toBe(all);
    const beside = await openDatabase({ folder, key: testKey(), workerFile: workerFile(), readOnly: true });
    expect(await keyOf(beside, asked())).toBe(all);
    await beside.close();
    await first.close();
    const again = await opened(folder);
    expect(await keyOf(again, asked())).toBe(all);
    expect(await keyOf(again, asked({ words: ['bo'] }))).toBe(some);
  });

  it('is the same whichever way the same records are asked for', async () => {
    const database = await of([ana, bo, cy]);
    const second = { since: Date.parse(day(2)), until: Date.parse(day(3)) };
    const one = await keyOf(database, { key: bo.key });
    expect(await keyOf(database, asked(second))).toBe(one);
    expect(await keyOf(database, asked({ words: ['chen'] }))).toBe(one);
  });

  it('is another for other records, also for those that begin with the same', async () => {
    const database = await of([ana, bo]);
    const both = await keyOf(database, asked());
    const keys = new Set([
      both,
      await keyOf(database, { key: ana.key }),
      await keyOf(database, { key: bo.key }),
    ]);
    await database.commit(fact(), [cy]);
    keys.add(await keyOf(database, asked()));
    expect(await keyOf(database, asked({ until: Date.parse(day(3)) }))).toBe(both);
    await database.commit(fact(), [{ ...cy, revisions: cy.revisions + 1 }]);
    keys.add(await keyOf(database, asked()));
    expect(keys.size).toBe(5);
  });

  it('cannot be made by somebody who has the same records', async () => {
    const [ours, theirs] = [await of([ana]), await of([ana])];
    expect(await keyOf(ours, asked())).not.toBe(await keyOf(theirs, asked()));
  });

  it('rests on a secret whose damage is found, and mended by another', async () => {
    const folder = temporaryFolder();
    const before = await of([ana], folder);
    const key = await keyOf(before, asked());
    await before.close();
    raw(folder, (engine) => engine.run("UPDATE mask_secret SET secret = '00'"));
    const database = await opened(folder);
    expect((await database.verify()).derived).toEqual([expect.stringContaining('mask_secret')]);
    await expect(database.review.maskKey(asked())).rejects.toMatchObject({ code: 'damaged' });
    await database.rebuildDerived();
    expect((await database.verify()).derived).toEqual([]);
    expect(await keyOf(database, asked())).not.toBe(key);
  });

  it('looks at every record, however many', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => settled({ communicationId: `c${index}` }));
    const database = await of(many);
    const before = await keyOf(database, asked());
    await database.commit(fact(), [settled({ communicationId: 'c1000', peerName: 'Somebody else' })]);
    expect(await keyOf(database, asked())).not.toBe(before);
  });
});
