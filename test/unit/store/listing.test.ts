import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Superseded } from '../../../domain/database.ts';
import { listingOf } from '../../../domain/review/listing-of.ts';
import { everything, newestFirst, type ReviewQuery } from '../../../domain/review/query.ts';
import { runCall } from '../../../electron/store/calls.ts';
import { openMemory, type OpenedMemory } from '../../../electron/store/client.ts';
import { openDatabase, type Database } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/index.ts';
import { putCommunications } from '../../../electron/store/communications.ts';
import { listNoted } from '../../../electron/store/review/catch-up.ts';
import { putLine } from '../../../electron/store/review/listing.ts';
import { verifyListing } from '../../../electron/store/review/verify.ts';
import { communication, draft, factOf, hexOf, settled, temporaryFolder, testKey } from './examples.ts';
import { share } from './shares.ts';
import { watched } from './watched.ts';
import { raw, workbench } from './workbench.ts';

const { workerFile } = workbench();

const about = (...words: readonly string[]): ReviewQuery => ({ ...everything, words });

async function keys(memory: OpenedMemory, query: ReviewQuery = everything): Promise<string[]> {
  const { lines } = await memory.review.find(query, newestFirst, 0, 100);
  return lines.map(({ key }) => key.split('/')[0] ?? '');
}

async function commit(memory: OpenedMemory, ...steps: ReturnType<typeof share>): Promise<void> {
  for (const { entry, changed } of steps) await memory.commit(entry, changed);
}

function made(): Database {
  const file = path.join(temporaryFolder(), 'memory.db');
  const database = openDatabase(file, hexOf(testKey()), false);
  migrate(database);
  return database;
}

const findAll = (database: Database, from = 0, count = 5_000): { lines: { key: string }[] } =>
  runCall(database, 'find', [everything, newestFirst, from, count]) as { lines: { key: string }[] };

describe('the listing', () => {
  it('takes up after a crash what was committed and not listed any more', async () => {
    const folder = temporaryFolder();
    await (await openMemory({ folder, key: testKey(), workerFile: workerFile() })).close();
    // As a crash leaves it: nobody had the time to list.
    raw(folder, (database) => {
      runCall(database, 'commit', [factOf(settled()), [settled({ peerName: 'Niamh Quill' })]]);
      expect(runCall(database, 'count', [everything])).toBe(0);
    });
    const { memory, until } = await watched(folder, workerFile());
    await until(async () => (await memory.review.count(about('quill'))) === 1);
  });

  it('moves a record whose time turns out to be another', async () => {
    const { memory, until } = await watched(temporaryFolder(), workerFile());
    const at = (minute: number): string => `2025-03-04T10:0${minute}:00.000Z`;
    const first = settled({ conversationId: 'first', alertedAt: at(1) });
    const second = settled({ conversationId: 'second', alertedAt: at(2) });
    await memory.commit(factOf(first), [first]);
    await memory.commit(factOf(second), [second]);
    await until(async () => (await keys(memory)).join() === 'second,first');
    const later = { ...first, alertedAt: at(3) };
    await memory.commit(factOf(later), [later]);
    await until(async () => (await keys(memory)).join() === 'first,second');
    const since = Date.parse(at(3));
    expect(await keys(memory, { ...everything, since })).toEqual(['first']);
    expect(await keys(memory, { ...everything, until: since })).toEqual(['second']);
    expect((await memory.verify()).problems.filter((problem) => problem.startsWith('listing'))).toEqual([]);
  });

  it('finds what the agent is still writing, and not what they no longer write', async () => {
    const { memory, until } = await watched(temporaryFolder(), workerFile());
    await memory.commit(factOf(communication()), [communication()]);
    await memory.saveDraft(draft({ notes: 'first thought', revision: 1 }));
    await until(async () => (await memory.review.count(about('first'))) === 1);
    await memory.saveDraft(draft({ notes: 'second thought', revision: 2 }));
    await until(async () => (await memory.review.count(about('second'))) === 1);
    expect(await memory.review.count(about('first'))).toBe(0);
    expect(await memory.review.count({ ...everything, wrapup: 'draft' })).toBe(1);
  });

  it('has a place for more records of one moment than a moment has numbers', () => {
    const database = made();
    const many = 1_100;
    database.transaction(() => {
      for (let number = 0; number < many; number += 1) {
        const record = settled({ communicationId: `c${number}` });
        putCommunications(database, [record]);
        putLine(database, listingOf(record, undefined, undefined));
      }
      database.run('DELETE FROM unlisted');
    });
    // That is no damage.
    expect(verifyListing(database)).toEqual([]);
    const pages = [findAll(database, 0, 600), findAll(database, 600, 600)];
    expect(new Set(pages.flatMap(({ lines }) => lines.map(({ key }) => key))).size).toBe(many);
    database.close();
  });

  it('is made for the records of a memory from before there was one', async () => {
    const folder = temporaryFolder();
    const { memory, until } = await watched(folder, workerFile());
    await commit(memory, ...share({ id: 'old', words: 'Quill' }));
    await until(async () => (await memory.review.count(everything)) === 1);
    await memory.close();
    raw(folder, (database) => {
      database.exec(`
        DELETE FROM listing; DELETE FROM listing_numbers; DELETE FROM listing_names;
        DELETE FROM listing_search; INSERT INTO unlisted SELECT key FROM communications`);
    });
    const again = await watched(folder, workerFile());
    await again.until(async () => (await again.memory.review.count(about('quill'))) === 1);
  });

  it('is looked at by verification: a number, a word, or a line that is not what its record says', () => {
    const damage: readonly [sql: string, problem: RegExp][] = [
      ['UPDATE listing_numbers SET work = 1', /^listing: the line of record "one\//],
      ["UPDATE listing_names SET sort = x'01'", /^listing: the line of record "one\//],
      ["UPDATE listing_search_content SET c3 = 'others'", /^listing: the line of record "one\//],
      ['DELETE FROM listing_numbers', /^listing: the line of record "one\//],
      ["UPDATE listing SET json = replace(json, 'told', 'sold')", /^listing .*: the row differs/],
      ['DELETE FROM listing', /^listing: there should be 1 lines, there are 0/],
      ["UPDATE listing_search_data SET block = x'00' WHERE id > 100", /^file: .*listing_search/],
    ];
    for (const [sql, problem] of damage) {
      const database = made();
      for (const { entry, changed } of share({ id: 'one' })) runCall(database, 'commit', [entry, changed]);
      database.transaction(() => listNoted(database));
      expect(runCall(database, 'verify', [])).toMatchObject({ whole: true });
      database.exec(sql);
      const verification = runCall(database, 'verify', []) as { problems: string[] };
      expect(verification.problems, sql).toEqual(
        expect.arrayContaining([expect.stringMatching(problem)]) as string[],
      );
      database.close();
    }
  });

  it('shows a damaged line as its record says, and leaves out one whose record is not known', () => {
    const database = made();
    for (const [at, id] of ['one', 'two', 'three'].entries()) {
      const steps = share({ id, start: at * 1_000 });
      for (const { entry, changed } of steps) runCall(database, 'commit', [entry, changed]);
    }
    database.transaction(() => listNoted(database));
    const before = findAll(database).lines;
    database.exec("UPDATE listing SET json = replace(json, 'told', 'sold') WHERE key LIKE 'one/%'");
    database.exec("UPDATE listing SET json = '[]' WHERE key LIKE 'three/%'");
    expect(findAll(database).lines).toEqual(before);
    database.exec("UPDATE listing SET key = 'nobody' WHERE key LIKE 'two/%'");
    expect(findAll(database).lines).toEqual(before.filter(({ key }) => !key.startsWith('two/')));
    database.close();
  });

  it.each([
    "UPDATE listing SET json = replace(json, 'told', 'sold')",
    "UPDATE listing SET key = 'nobody ' || id",
    "UPDATE listing SET sum = ''",
    'DELETE FROM listing',
  ])('makes a damaged line anew once somebody has come by it: %s', async (damage) => {
    const folder = temporaryFolder();
    const first = await watched(folder, workerFile());
    await commit(first.memory, ...share({ id: 'one', words: 'Quill' }));
    await commit(first.memory, ...share({ id: 'other', start: 1_000 }));
    await first.until(async () => (await first.memory.review.count(everything)) === 2);
    const { lines } = await first.memory.review.find(everything, newestFirst, 0, 100);
    await first.memory.close();
    raw(folder, (database) => database.exec(damage));
    const { memory, until } = await watched(folder, workerFile());
    await until(async () => {
      await memory.review.find(everything, newestFirst, 0, 100);
      return (await memory.verify()).whole && (await memory.review.count(about('quill'))) === 1;
    });
    expect((await memory.review.find(everything, newestFirst, 0, 100)).lines).toEqual(lines);
  });

  it('keeps no word of a record that is deleted, on no page of the file', async () => {
    const folder = temporaryFolder();
    const { memory, until } = await watched(folder, workerFile());
    await commit(memory, ...share({ id: 'gone', words: 'Zürichsee' }));
    await commit(memory, ...share({ id: 'kept', start: 500, words: 'Bodensee' }));
    await until(async () => (await memory.review.count(about('zurichsee'))) === 1);
    const [key = ''] = (await memory.review.find(about('zurichsee'), newestFirst, 0, 1)).lines.map(
      (line) => line.key,
    );
    expect(await memory.forget({ kind: 'one', key })).toMatchObject({ records: 1 });
    await memory.sweep();
    expect(await memory.review.count(about('zurichsee'))).toBe(0);
    expect(await memory.review.count(about('bodensee'))).toBe(1);
    await memory.close();
    raw(folder, (database) => {
      // The pages as they are once the cipher is taken away, the index of words included.
      const pages = database
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
    const { memory, until } = await watched(temporaryFolder(), workerFile());
    await commit(memory, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await memory.review.count(everything)) === 1);
    const { review } = memory;
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
    const { memory, until } = await watched(temporaryFolder(), workerFile());
    await commit(memory, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await memory.review.count(everything)) === 1);
    const { review } = memory;
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
    const { memory } = await watched(temporaryFolder(), workerFile());
    for (let hundred = 0; hundred < 10; hundred += 1) {
      const records = Array.from({ length: 100 }, (_, number) =>
        settled({ communicationId: `c${hundred}-${number}` }),
      );
      await memory.commit(factOf(...records), records);
    }
    const done: string[] = [];
    const verifying = memory.verify().then(() => done.push('verified'));
    await memory.commit(factOf(settled()), [settled()]).then(() => done.push('committed'));
    await verifying;
    expect(done).toEqual(['committed', 'verified']);
  });

  it('answers also where the memory is only read', async () => {
    const folder = temporaryFolder();
    const { memory, until } = await watched(folder, workerFile());
    await commit(memory, ...share({ id: 'one', words: 'Quill' }));
    await until(async () => (await memory.review.count(everything)) === 1);
    await memory.close();
    const reading = await openMemory({ folder, key: testKey(), workerFile: workerFile(), readOnly: true });
    expect(await keys(reading, about('quill'))).toEqual(['one']);
    await reading.close();
    await expect(reading.review.count(everything)).rejects.toMatchObject({ code: 'closed' });
  });

  it('reads a record with the facts about its conversation, page by page', async () => {
    const { memory, until } = await watched(temporaryFolder(), workerFile());
    const one = share({ id: 'one' });
    const other = share({ id: 'other', start: 1 });
    for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
      await commit(memory, ...one.slice(at, at + 1), ...other.slice(at, at + 1));
    }
    for (let more = 0; more < 60; more += 1) await commit(memory, ...one.slice(-1));
    await until(async () => (await memory.review.count(everything)) === 2);
    const key = one[0]?.changed[0]?.key ?? '';
    const detail = await memory.review.record(key);
    expect(detail?.communication).toEqual(one.at(-1)?.changed[0]);
    const bodies: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Awaited<ReturnType<typeof memory.review.facts>> = await memory.review.facts(key, after);
      bodies.push(...page.facts.map(({ body }) => body));
      after = page.next;
    }
    const expected = [...one, ...Array.from({ length: 60 }, () => one.at(-1))];
    expect(bodies).toEqual(expected.map((step) => step?.entry.body));
    expect(detail?.facts).toBe(expected.length);
    expect(await memory.review.record('nobody')).toBeNull();
    expect(await memory.review.facts('nobody', 0)).toEqual({ facts: [], next: null });
  });
});
