import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortenedListing, type Listing } from '../../../domain/review/record-listing.ts';
import { figureKinds } from '../../../domain/review/chart-figures.ts';
import { everything, newestFirst, type ReviewOrder, type ReviewQuery } from '../../../domain/review/query.ts';
import type { OpenedDatabase } from '../../../electron/store/client.ts';
import { runs, size } from '../size.ts';
import { factOf, temporaryFolder } from './examples.ts';
import {
  examples,
  figures,
  found,
  likelyQueries,
  listed,
  ordered,
  orders,
  type Example,
} from './review-model.ts';
import { watched } from './watched.ts';
import { workbench } from './workbench.ts';

const { workerFile } = workbench();
const usual = 4;

async function write(database: OpenedDatabase, { communication, draft, submission }: Example): Promise<void> {
  await database.commit(factOf(communication), [communication]);
  if (draft) await database.saveDraft(draft);
  if (submission) await database.decide(submission);
}

const byKey = (lines: readonly Listing[]): Listing[] =>
  [...lines].sort((one, other) => (one.key < other.key ? -1 : 1));

/** Filled, and its listing caught up. */
async function filled(folder: string, list: readonly Example[]): Promise<OpenedDatabase> {
  const { database, until } = await watched(folder, workerFile());
  for (const example of list) await write(database, example);
  await until(async () => {
    const { lines, behind } = await database.review.find(everything, newestFirst, 0, 1_000);
    return behind === 0 && lines.length === list.length;
  });
  return database;
}

/** Positions of pages that cover the whole, of any sizes. */
async function paged(
  database: OpenedDatabase,
  query: ReviewQuery,
  order: ReviewOrder,
  sizes: readonly number[],
): Promise<Listing[]> {
  const lines: Listing[] = [];
  for (let turn = 0; ; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const page = await database.review.find(query, order, lines.length, size);
    expect(page.from).toBe(lines.length);
    lines.push(...page.lines);
    if (page.lines.length < size) return lines;
  }
}

describe('finding', () => {
  it(
    'answers as a plain look at every record would: rows, order, count and sums',
    async () => {
      const asks = fc.array(fc.tuple(likelyQueries, orders, fc.constantFrom(...figureKinds)), {
        minLength: 10,
        maxLength: 10,
      });
      const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(examples, asks, sizes, async (list, questions, pageSizes) => {
          const database = await filled(temporaryFolder(), list);
          try {
            for (const [query, order, by] of questions) {
              const expected = found(list.map(listed), query, order).map(shortenedListing);
              const lines = await paged(database, query, order, pageSizes);
              expect(byKey(lines)).toEqual(byKey(expected));
              expect(ordered(lines, order)).toEqual(ordered(expected, order));
              expect(await database.review.count(query)).toBe(expected.length);
              expect(await database.review.figures(query, by)).toEqual(figures(list.map(listed), query, by));
              const keys: string[] = [];
              for await (const record of database.review.records(query))
                keys.push(record.screenshare.id ?? '');
              expect(keys).toHaveLength(expected.length);
            }
            const { problems } = await database.verify();
            expect(problems.filter((problem) => /^(listing|file)/.test(problem))).toEqual([]);
          } finally {
            await database.close();
          }
        }),
        // Shrinking would take longer than the test may.
        { ...runs('QUERIES', usual), endOnFailure: true },
      );
    },
    size('QUERIES', usual) * 30_000,
  );
});
