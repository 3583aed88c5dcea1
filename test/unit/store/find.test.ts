import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Listing } from '../../../domain/review/record-listing.ts';
import type { ReviewOrder, ReviewQuery } from '../../../domain/review/query.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { decide } from '../../../electron/store/submissions.ts';
import { putDraft } from '../../../electron/store/drafts.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { communicationsTable, putCommunications } from '../../../electron/store/communications.ts';
import { count, idsOf } from '../../../electron/store/review/find.ts';
import { linesOf, listAll } from '../../../electron/store/review/listing.ts';
import { removeLine } from '../../../electron/store/review/listing-table.ts';
import { runs, size } from '../size.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { examples, found, likelyQueries, listed, ordered, orders, type Example } from './review-model.ts';

const usual = 10;

function made(): Engine {
  const engine = openEngine(path.join(temporaryFolder(), 'memory.db'), hexOf(testKey()), false);
  migrate(engine);
  return engine;
}

function write(engine: Engine, list: readonly Example[]): void {
  engine.transaction(() => {
    for (const { communication, draft, submission } of list) {
      putCommunications(engine, [communication]);
      if (draft) putDraft(engine, draft);
      if (submission) decide(engine, submission);
    }
    listAll(engine);
  });
}

const byKey = (lines: readonly Listing[]): Listing[] =>
  [...lines].sort((one, other) => (one.key < other.key ? -1 : 1));

function paged(engine: Engine, query: ReviewQuery, order: ReviewOrder, few: number): Listing[] {
  const lines: Listing[] = [];
  for (;;) {
    const ids = idsOf(engine, query, order, { from: lines.length, count: 7, few });
    lines.push(...linesOf(engine, ids));
    if (ids.length < 7) return lines;
  }
}

/** Both ways to come by a page of what words find. */
const ways: readonly (readonly [string, number])[] = [
  ['what is found is sorted', 1_000],
  ['the order is walked', 0],
];

describe('results', () => {
  it.each(ways)(
    'are what a plain look at every record finds, and after changes: %s',
    (_name, few) => {
      const asks = fc.array(fc.tuple(likelyQueries, orders), { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(examples, examples, asks, fc.nat(), (first, second, questions, cutAt) => {
          const engine = made();
          try {
            const now = new Map<string, Example>();
            const compare = (): void => {
              const lines = [...now.values()].map(listed);
              for (const [query, order] of questions) {
                const expected = found(lines, query, order);
                const shown = paged(engine, query, order, few);
                expect(byKey(shown)).toEqual(byKey(expected));
                expect(ordered(shown, order)).toEqual(ordered(expected, order));
                expect(count(engine, query, few)).toBe(expected.length);
              }
            };
            write(engine, first);
            for (const each of first) now.set(each.communication.key, each);
            compare();
            // Some of the same records, changed, and new ones: a few at a time.
            const fresh = second.filter(({ communication: { key } }) => !isDecided(now.get(key)));
            const cut = fresh.length === 0 ? 0 : cutAt % fresh.length;
            for (const part of [fresh.slice(0, cut), fresh.slice(cut)]) {
              write(engine, part);
              for (const each of part) now.set(each.communication.key, keptDraft(now, each));
              compare();
            }
            const [key] = now.keys();
            if (key === undefined) return;
            engine.transaction(() => {
              for (const { id } of communicationsTable.select(engine, 'WHERE key = ?', key))
                removeLine(engine, id ?? 0);
            });
            now.delete(key);
            compare();
          } finally {
            engine.close();
          }
        }),
        { ...runs('QUERIES', usual), endOnFailure: true },
      );
    },
    size('QUERIES', usual) * 10_000,
  );
});

/** A submission is not made twice. */
const isDecided = (example: Example | undefined): boolean => Boolean(example?.submission);

/** A draft stays with its record until something takes it away. */
function keptDraft(now: ReadonlyMap<string, Example>, example: Example): Example {
  return { ...example, draft: example.draft ?? now.get(example.communication.key)?.draft ?? null };
}
