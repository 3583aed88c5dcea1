import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { ExportedRecord } from '../../../domain/exported-record.ts';
import { everything, type ReviewQuery } from '../../../domain/review/query.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { communication, submission, factOf, settled, temporaryFolder, testKey } from './examples.ts';
import { watched } from './watched.ts';
import { raw, workbench } from './workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What an export reads: one moment, and nothing that is damaged. */

const { opened, workerFile } = workbench();

/** More than are read at once. */
const many = Array.from({ length: 1_203 }, (_, index) =>
  settled({
    conversationId: `c${index}`,
    communicationId: `leg-${index}`,
    alertedAt: new Date(Date.parse('2025-03-04T10:00:00.000Z') + index * 1_000).toISOString(),
  }),
);
const numberOf = ({ conversationId }: ExportedRecord): number => Number(conversationId.slice(1));

async function filled(folder: string): Promise<OpenedDatabase> {
  const database = await opened(folder);
  await database.commit(factOf(...many), many);
  return database;
}

/** One goes before what was read already, one changes, one comes, one is deleted. */
async function disturb(database: OpenedDatabase): Promise<void> {
  const [moved, changed, deleted] = [many[1_200], many[1_100], many[1_000]] as Communication[];
  if (!moved || !changed || !deleted) throw new Error('There are that many');
  const commit = (record: Communication) => database.commit(factOf(record), [record]);
  await commit({ ...moved, alertedAt: '2025-03-01T10:00:00.000Z' });
  await commit({ ...changed, peerName: 'somebody else' });
  await commit(
    settled({ conversationId: 'c9999', communicationId: 'late', alertedAt: '2025-03-05T10:00:00.000Z' }),
  );
  await database.decide(submission({ key: changed.key, notes: 'decided since', state: 'confirmed' }));
  await database.deleteRecords({ kind: 'one', key: deleted.key });
}

async function readWhile(records: AsyncIterable<ExportedRecord>, meanwhile: () => Promise<void>) {
  const read: ExportedRecord[] = [];
  for await (const record of records) {
    if (read.length === 0) await meanwhile();
    read.push(record);
  }
  return read;
}

function expectOneMoment(read: readonly ExportedRecord[]): void {
  expect(read.map(numberOf)).toEqual(many.map((_, index) => index));
  expect(read[1_100]).toMatchObject({ peerName: 'Ana Lima', wrapup: { notes: 'all well' } });
}

describe('what an export reads while records come, move, change and go', () => {
  it('is what there was at its beginning, each record once', async () => {
    const database = await filled(temporaryFolder());
    expectOneMoment(await readWhile(database.review.records(everything), () => disturb(database)));
    const after = await readWhile(database.review.records(everything), () => Promise.resolve());
    expect(after.map(numberOf)).toEqual(
      [1200, ...many.keys(), 9999].filter((each, at) => each !== 1000 && (at === 0 || each !== 1200)),
    );
    // Nobody reads any more: the log is moved into the file and the file is sealed, as ever.
    await database.close();
  });

  it('is that too on the command line, beside the program that writes', async () => {
    const folder = temporaryFolder();
    const database = await filled(folder);
    const beside = await openDatabase({ folder, key: testKey(), workerFile: workerFile(), readOnly: true });
    onTestFinished(() => beside.close());
    expectOneMoment(await readWhile(beside.records({}), () => disturb(database)));
    const again = await readWhile(beside.records({}), () => Promise.resolve());
    expect(again).toHaveLength(many.length);
    expect(again.map(numberOf)).toContain(9999);
  });

  it('is that too of a search', async () => {
    const folder = temporaryFolder();
    const { database, until } = await watched(folder, workerFile());
    await database.commit(factOf(...many), many);
    const lima: ReviewQuery = { ...everything, words: ['lima'] };
    await until(async () => (await database.review.count(lima)) === many.length);
    const read = await readWhile(database.review.records(lima), async () => {
      await disturb(database);
      await until(async () => (await database.review.count(lima)) === many.length - 1);
    });
    expectOneMoment(read);
  });

  it('ends with an error when the database is closed, and holds nothing up', async () => {
    const database = await filled(temporaryFolder());
    const reading = readWhile(database.review.records(everything), () => database.close());
    await expect(reading).rejects.toMatchObject({ code: 'closed' });
    await expect(
      readWhile(database.review.records(everything), () => Promise.resolve()),
    ).rejects.toMatchObject({
      code: 'closed',
    });
  });
});

describe('damaged records', () => {
  const damages: readonly (readonly [string, string])[] = [
    ['the record', "UPDATE communications SET json = replace(json, 'Ana', 'Eve') WHERE key LIKE 'c5/%'"],
    ['its place', "UPDATE communications SET id = 9000000000000000 WHERE key LIKE 'c499/%'"],
    ['its draft', "INSERT INTO drafts SELECT key, 1, '{}', 'x' FROM communications WHERE key LIKE 'c5/%'"],
    [
      'a whole page of them and more',
      "UPDATE communications SET sum = 'x' WHERE id < (SELECT id FROM communications ORDER BY id LIMIT 1 OFFSET 700)",
    ],
  ];

  it.each(damages)('are left out and counted, and the others are read: %s', async (_name, sql) => {
    const folder = temporaryFolder();
    await (await filled(folder)).close();
    raw(folder, (engine) => {
      engine.exec(sql);
    });
    const database = await openDatabase({ folder, key: testKey(), workerFile: workerFile(), readOnly: true });
    onTestFinished(() => database.close());
    let unread = 0;
    const records = database.records({}, (more) => {
      unread += more;
    });
    const read = await readWhile(records, () => Promise.resolve());
    expect(unread).toBe(sql.includes('OFFSET') ? 700 : 1);
    expect(read).toHaveLength(many.length - unread);
    expect(new Set(read.map(numberOf)).size).toBe(read.length);
    // Who is not told must not take what is left for all there is.
    await expect(readWhile(database.records({}), () => Promise.resolve())).rejects.toMatchObject({
      code: 'damaged',
    });
  });

  it('are left out and counted of a search too', async () => {
    const folder = temporaryFolder();
    const { database, until } = await watched(folder, workerFile());
    const [one, two] = [communication(), settled({ conversationId: 'c2' })];
    for (const record of [one, two]) await database.commit(factOf(record), [record]);
    const lima: ReviewQuery = { ...everything, words: ['lima'] };
    await until(async () => (await database.review.count(lima)) === 2);
    await database.close();
    raw(folder, (engine) => {
      engine.exec("UPDATE communications SET sum = 'x' WHERE key LIKE 'c2/%'");
    });
    const again = await opened(folder);
    let unread = 0;
    const records = again.review.records(lima, (more) => {
      unread += more;
    });
    expect(await readWhile(records, () => Promise.resolve())).toMatchObject([
      { conversationId: one.conversationId },
    ]);
    expect(unread).toBe(1);
  });
});
