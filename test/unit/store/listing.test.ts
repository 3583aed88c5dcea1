import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Superseded } from '../../../domain/database.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { putCommunications } from '../../../electron/store/communications.ts';
import { listAll, verifyListing } from '../../../electron/store/review/listing.ts';
import { communication, draft, factOf, hexOf, settled, temporaryFolder, testKey } from './examples.ts';
import { share } from './shares.ts';
import { watched } from './watched.ts';
import { raw, workbench } from './workbench.ts';

const { workerFile } = workbench();

const about = (...words: readonly string[]): ReviewQuery => ({ ...everything, words });

async function keys(database: OpenedDatabase, query: ReviewQuery = everything): Promise<string[]> {
  const { lines } = await database.review.find(query, newestFirst, 0, 100);
  return lines.map(({ key }) => key.split('/')[0] ?? '');
}

async function commit(database: OpenedDatabase, ...steps: ReturnType<typeof share>): Promise<void> {
  for (const { entry, changed } of steps) await database.commit(entry, changed);
}

function made(): Engine {
  const file = path.join(temporaryFolder(), 'memory.db');
  const engine = openEngine(file, hexOf(testKey()), false);
  migrate(engine);
  return engine;
}

const findAll = (engine: Engine, from = 0, count = 5_000): { lines: { key: string }[] } =>
  runCall(engine, 'find', [everything, newestFirst, from, count]) as { lines: { key: string }[] };

describe('the listing', () => {
  it('takes up after a crash what was committed and not listed any more', async () => {
    const folder = temporaryFolder();
    await (await openDatabase({ folder, key: testKey(), workerFile: workerFile() })).close();
    // As a crash leaves it: nobody had the time to list.
    raw(folder, (engine) => {
      runCall(engine, 'commit', [factOf(settled()), [settled({ peerName: 'Niamh Quill' })]]);
      expect(runCall(engine, 'count', [everything])).toBe(0);
    });
    const { database, until } = await watched(folder, workerFile());
    await until(async () => (await database.review.count(about('quill'))) === 1);
  });

  it('moves a record whose time turns out to be another', async () => {
    const { database, until } = await watched(temporaryFolder(), workerFile());
    const at = (minute: number): string => `2025-03-04T10:0${minute}:00.000Z`;
    const first = settled({ conversationId: 'first', alertedAt: at(1) });
    const second = settled({ conversationId: 'second', alertedAt: at(2) });
    await database.commit(factOf(first), [first]);
    await database.commit(factOf(second), [second]);
    await until(async () => (await keys(database)).join() === 'second,first');
    const later = { ...first, alertedAt: at(3) };
    await database.commit(factOf(later), [later]);
    await until(async () => (await keys(database)).join() === 'first,second');
    const since = Date.parse(at(3));
    expect(await keys(database, { ...everything, since })).toEqual(['first']);
    expect(await keys(database, { ...everything, until: since })).toEqual(['second']);
    expect((await database.verify()).problems.filter((problem) => problem.startsWith('listing'))).toEqual([]);
  });

  it('finds what the agent is still writing, and not what they no longer write', async () => {
    const { database, until } = await watched(temporaryFolder(), workerFile());
    await database.commit(factOf(communication()), [communication()]);
    await database.saveDraft(draft({ notes: 'first thought', revision: 1 }));
    await until(async () => (await database.review.count(about('first'))) === 1);
    await database.saveDraft(draft({ notes: 'second thought', revision: 2 }));
    await until(async () => (await database.review.count(about('second'))) === 1);
    expect(await database.review.count(about('first'))).toBe(0);
    expect(await database.review.count({ ...everything, wrapup: 'draft' })).toBe(1);
  });

  it('takes an empty name for none: records with one stand beside those without', () => {
    const engine = made();
    const screenshare = { state: 'disconnected' };
    const without = settled({ conversationId: 'without', screenshare });
    const empty = settled({ conversationId: 'empty', screenshare, peerName: '', queueName: '' });
    for (const each of [without, empty]) runCall(engine, 'commit', [factOf(each), [each]]);
    runCall(engine, 'saveDraft', [draft({ key: empty.key, code: '', name: '' })]);
    engine.transaction(() => listAll(engine));
    expect(runCall(engine, 'figures', [everything, 'code'])).toHaveLength(1);
    expect(runCall(engine, 'figures', [everything, 'queue'])).toHaveLength(2);
    engine.close();
  });

  it('has a place for more records of one moment than a moment has numbers', () => {
    const engine = made();
    const many = 1_100;
    engine.transaction(() => {
      for (let number = 0; number < many; number += 1) {
        putCommunications(engine, [settled({ communicationId: `c${number}` })]);
      }
      listAll(engine);
    });
    // That is no damage.
    expect(verifyListing(engine)).toEqual([]);
    const pages = [findAll(engine, 0, 600), findAll(engine, 600, 600)];
    expect(new Set(pages.flatMap(({ lines }) => lines.map(({ key }) => key))).size).toBe(many);
    engine.close();
  });

  it('is made again for every record once a migration, or a repair, says that all are behind', async () => {
    const folder = temporaryFolder();
    const { database, until } = await watched(folder, workerFile());
    await commit(database, ...share({ id: 'old', words: 'Quill' }));
    await until(async () => (await database.review.count(everything)) === 1);
    await database.close();
    raw(folder, (engine) => {
      engine.exec(`
        DELETE FROM listing; DELETE FROM listing_search;
        INSERT INTO listing_behind SELECT id FROM communications`);
    });
    const again = await watched(folder, workerFile());
    await again.until(async () => (await again.database.review.count(about('quill'))) > 0);
    expect(await again.database.review.count(about('quill'))).toBe(1);
  });

  it('is looked at by verification: a number, a word, or a line that is not what its record says', () => {
    const damage: readonly [sql: string, problem: RegExp][] = [
      ['UPDATE listing SET work = 1', /^list: the line for record "one\//],
      ["UPDATE listing SET peer = x'01'", /^list: the line for record "one\//],
      ["UPDATE listing_search_content SET c3 = 'others'", /^list: the line for record "one\//],
      ['DELETE FROM listing', /^list: the line for record "one\//],
      [
        'INSERT INTO listing (id, missed, timed_out) VALUES (5, 0, 0)',
        /^list: there should be 1 lines, but there are 2/,
      ],
      ["UPDATE listing_search_data SET block = x'00' WHERE id > 100", /^file: .*listing_search/],
    ];
    for (const [sql, problem] of damage) {
      const engine = made();
      for (const { entry, changed } of share({ id: 'one' })) runCall(engine, 'commit', [entry, changed]);
      engine.transaction(() => listAll(engine));
      expect(runCall(engine, 'verify', [])).toMatchObject({ whole: true });
      engine.exec(sql);
      const verification = runCall(engine, 'verify', []) as { problems: string[] };
      expect(verification.problems, sql).toEqual(
        expect.arrayContaining([expect.stringMatching(problem)]) as string[],
      );
      engine.close();
    }
  });

  it('leaves out a record that is damaged, and shows all others', () => {
    const engine = made();
    for (const [at, id] of ['one', 'two', 'three'].entries()) {
      const steps = share({ id, start: at * 1_000 });
      for (const { entry, changed } of steps) runCall(engine, 'commit', [entry, changed]);
    }
    engine.transaction(() => listAll(engine));
    const before = findAll(engine).lines;
    engine.exec("UPDATE communications SET json = replace(json, 'told', 'sold') WHERE key LIKE 'two/%'");
    expect(findAll(engine).lines).toEqual(before.filter(({ key }) => !key.startsWith('two/')));
    engine.close();
  });

  it.each([
    'UPDATE listing SET work = 1',
    "UPDATE listing SET peer = x'01'",
    "UPDATE listing_search_content SET c3 = 'others'",
    'DELETE FROM listing',
    'INSERT INTO listing (id, missed, timed_out) VALUES (5, 0, 0)',
    "UPDATE listing_search_data SET block = x'00' WHERE id > 100",
    "INSERT INTO listing_search (rowid, peer) VALUES (5, 'nobody')",
  ])('is whole again after a repair: %s', async (damage) => {
    const folder = temporaryFolder();
    const first = await watched(folder, workerFile());
    await commit(first.database, ...share({ id: 'one', words: 'Quill' }));
    await commit(first.database, ...share({ id: 'other', start: 1_000 }));
    await first.until(
      async () => (await first.database.review.find(everything, newestFirst, 0, 1)).behind === 0,
    );
    const { lines } = await first.database.review.find(everything, newestFirst, 0, 100);
    await first.database.close();
    raw(folder, (engine) => engine.exec(damage));
    const { database, until } = await watched(folder, workerFile());
    const broken = await database.verify();
    expect(broken.derived.length).toBeGreaterThan(0);
    expect(broken.problems).toEqual(broken.derived);
    await database.rebuildDerived();
    await until(async () => (await database.review.find(everything, newestFirst, 0, 1)).behind === 0);
    expect(await database.verify()).toMatchObject({ whole: true, problems: [] });
    expect(await database.review.count(about('quill'))).toBe(1);
    expect((await database.review.find(everything, newestFirst, 0, 100)).lines).toEqual(lines);
  });

  it('keeps no word of a record that is deleted, on no page of the file', async () => {
    const folder = temporaryFolder();
    const { database, until } = await watched(folder, workerFile());
    await commit(database, ...share({ id: 'gone', words: 'Zürichsee' }));
    await commit(database, ...share({ id: 'kept', start: 500, words: 'Bodensee' }));
    await until(async () => (await database.review.count(about('zurichsee'))) === 1);
    const [key = ''] = (await database.review.find(about('zurichsee'), newestFirst, 0, 1)).lines.map(
      (line) => line.key,
    );
    expect(await database.deleteRecords({ kind: 'one', key })).toMatchObject({ records: 1 });
    await database.sweep();
    expect(await database.review.count(about('zurichsee'))).toBe(0);
    expect(await database.review.count(about('bodensee'))).toBe(1);
    await database.close();
    raw(folder, (engine) => {
      // The pages as they are once the cipher is taken away, the index of words included.
      const pages = engine
        .all('SELECT data FROM sqlite_dbpage')
        .map(({ data }) => Buffer.from(data as ArrayBuffer));
      const pagesWith = (word: string): number => pages.filter((page) => page.includes(word)).length;
      expect(pagesWith('bodensee')).toBeGreaterThan(0);
      for (const word of ['Zürichsee', 'zurichsee', 'urichse', 'gone/']) expect(pagesWith(word)).toBe(0);
    });
  });
});

describe('the thread for looking back', () => {
  it('leaves out questions nobody waits for any more, and none about the same', async () => {
    const { database, until } = await watched(temporaryFolder(), workerFile());
    await commit(database, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await database.review.count(everything)) === 1);
    const { review } = database;
    const find = (word: string, from: number, asker = 'window') =>
      review.find(about(word), newestFirst, from, 10, asker);
    const first = find('q', 0);
    const second = find('qu', 0);
    const secondPage = find('qu', 10);
    const counted = review.count(about('qu'), 'window');
    const others = find('qu', 0, 'another window');
    const third = find('qui', 0);
    const thirdPage = find('qui', 10);
    await expect(second).rejects.toBeInstanceOf(Superseded);
    await expect(secondPage).rejects.toBeInstanceOf(Superseded);
    // The first had begun.
    expect((await first).lines).toHaveLength(1);
    expect(await counted).toBe(1);
    expect((await others).lines).toHaveLength(1);
    expect((await third).lines).toHaveLength(1);
    expect((await thirdPage).lines).toHaveLength(0);
  });

  it('answers whoever has no search of their own, and takes nothing from those who have', async () => {
    const { database, until } = await watched(temporaryFolder(), workerFile());
    await commit(database, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await database.review.count(everything)) === 1);
    const { review } = database;
    const begun = review.count(everything);
    // An export counts while somebody types, before them and after them.
    const early = review.count(about('q'));
    const typed = review.count(about('qu'), 'window');
    const late = review.count(everything);
    expect(await Promise.all([begun, early, typed, late])).toEqual([1, 1, 1, 1]);
    const before = review.count(about('qu'));
    const drawn = review.figures(everything, 'day', 'window');
    const again = review.count(everything, 'window');
    const last = review.count(about('nobody'), 'window');
    await expect(again).rejects.toBeInstanceOf(Superseded);
    expect(await Promise.all([before, last])).toEqual([1, 0]);
    expect(await drawn).toHaveLength(1);
  });

  it('does not hold up a fact, however long it takes', async () => {
    const { database } = await watched(temporaryFolder(), workerFile());
    for (let hundred = 0; hundred < 10; hundred += 1) {
      const records = Array.from({ length: 100 }, (_, number) =>
        settled({ communicationId: `c${hundred}-${number}` }),
      );
      await database.commit(factOf(...records), records);
    }
    const done: string[] = [];
    const verifying = database.verify().then(() => done.push('verified'));
    await database.commit(factOf(settled()), [settled()]).then(() => done.push('committed'));
    await verifying;
    expect(done).toEqual(['committed', 'verified']);
  });

  it('answers also where the database is only read', async () => {
    const folder = temporaryFolder();
    const { database, until } = await watched(folder, workerFile());
    await commit(database, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await database.review.count(everything)) === 1);
    await database.close();
    const reading = await openDatabase({ folder, key: testKey(), workerFile: workerFile(), readOnly: true });
    expect(await keys(reading, about('quill'))).toEqual(['one']);
    await reading.close();
    await expect(reading.review.count(everything)).rejects.toMatchObject({ code: 'closed' });
  });

  it('reads a record with the facts about its conversation, page by page', async () => {
    const { database, until } = await watched(temporaryFolder(), workerFile());
    const one = share({ id: 'one' });
    const other = share({ id: 'other', start: 1 });
    for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
      await commit(database, ...one.slice(at, at + 1), ...other.slice(at, at + 1));
    }
    for (let more = 0; more < 60; more += 1) await commit(database, ...one.slice(-1));
    await until(async () => (await database.review.count(everything)) === 2);
    const key = one[0]?.changed[0]?.key ?? '';
    const detail = await database.review.record(key);
    expect(detail?.communication).toEqual(one.at(-1)?.changed[0]);
    const bodies: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof database.review.facts>> = await database.review.facts(key, after);
      bodies.push(...page.facts.map(({ body }) => body));
      after = page.next;
    }
    const expected = [...one, ...Array.from({ length: 60 }, () => one.at(-1))];
    expect(bodies).toEqual(expected.map((step) => step?.entry.body));
    expect(detail?.facts).toBe(expected.length);
    // Its place in the chain, which the facts of the other one share.
    const last = one.length + other.length + 60;
    const zero = '0'.repeat(64);
    expect(detail?.chain).toMatchObject({ first: 1, last, before: zero });
    expect(detail?.chain?.end).toMatch(/^[0-9a-f]{64}$/);
    const second = await database.review.record(other[0]?.changed[0]?.key ?? '');
    expect(second?.chain?.first).toBe(2);
    expect(second?.chain?.before).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set([zero, detail?.chain?.end, second?.chain?.before, second?.chain?.end]).size).toBe(4);
    expect(await database.review.record('nobody')).toBeNull();
    expect(await database.review.facts('nobody', 0)).toEqual({ facts: [], next: null });
  });
});
