import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Listing } from '../../../domain/review/record-listing.ts';
import { everything, newestFirst, type ReviewOrder, type ReviewQuery } from '../../../domain/review/query.ts';
import { putCommunications } from '../../../electron/store/communications.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { decide } from '../../../electron/store/submissions.ts';
import { putDraft } from '../../../electron/store/drafts.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { listBatch } from '../../../electron/store/review/catch-up.ts';
import { changedSince, countChange, revisionOf } from '../../../electron/store/review/changes.ts';
import { forgetListing, linesOf } from '../../../electron/store/review/listing.ts';
import { Results, type Limits } from '../../../electron/store/review/results.ts';
import { runs, size } from '../size.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { examples, found, likelyQueries, listed, orders, type Example } from './review-model.ts';

const usual = 25;

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
  });
  for (let key: string | null = ''; key !== null;) key = listBatch(engine, key);
}

const byKey = (lines: readonly Listing[]): Listing[] =>
  [...lines].sort((one, other) => (one.key < other.key ? -1 : 1));

/** What has an order: lines that are alike in it, and of one ms, have none among themselves. */
const ordered = (lines: readonly Listing[], order: ReviewOrder): string[] =>
  lines.map((line) => {
    const { at, peer, queue, code, codeName, onAirMs, connectedMs } = line;
    const value = { time: at, peer, queue, code: codeName ?? code, sharing: onAirMs, length: connectedMs };
    return JSON.stringify([at, value[order.by]]);
  });

function paged(engine: Engine, results: Results, query: ReviewQuery, order: ReviewOrder): Listing[] {
  const lines: Listing[] = [];
  for (;;) {
    const ids = engine.snapshot(() => results.span(query, order, lines.length, 7));
    lines.push(...linesOf(engine, ids, () => expect.unreachable()));
    if (ids.length < 7) return lines;
  }
}

/** Every way there is to come by a page. */
const ways: Readonly<Record<string, Limits>> = {
  'as they are asked for': { shallow: 1_000, many: 1_000, looked: 1_000 },
  'along the order': { shallow: 1_000, many: 0, looked: 1_000 },
  'along the order, not far enough': { shallow: 10, many: 2, looked: 1 },
  'all at once': { shallow: 0, many: 0, looked: 0 },
};

describe('results', () => {
  it.each(Object.entries(ways))(
    'are the same however they are come by, and after changes: %s',
    (_name, limits) => {
      const asks = fc.array(fc.tuple(likelyQueries, orders), { minLength: 4, maxLength: 4 });
      fc.assert(
        fc.property(examples, examples, asks, fc.nat(), (first, second, questions, many) => {
          const engine = made();
          try {
            const results = new Results(engine, limits);
            const now = new Map<string, Example>();
            const compare = (): void => {
              const lines = [...now.values()].map(listed);
              for (const [query, order] of questions) {
                const expected = found(lines, query, order);
                const shown = paged(engine, results, query, order);
                expect(byKey(shown)).toEqual(byKey(expected));
                expect(ordered(shown, order)).toEqual(ordered(expected, order));
                expect(engine.snapshot(() => results.count(query))).toBe(expected.length);
              }
            };
            write(engine, first);
            for (const each of first) now.set(each.communication.key, each);
            compare();
            // Some of the same records, changed, and new ones: a few at a time.
            const fresh = second.filter(({ communication: { key } }) => !isDecided(now.get(key)));
            const cut = fresh.length === 0 ? 0 : many % fresh.length;
            for (const part of [fresh.slice(0, cut), fresh.slice(cut)]) {
              write(engine, part);
              for (const each of part) now.set(each.communication.key, keptDraft(now, each));
              compare();
            }
            const [key] = now.keys();
            if (key === undefined) return;
            engine.transaction(() => forgetListing(engine, [key]));
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

describe('the last changes of the listing', () => {
  it('are known for a while, and of what was deleted nothing is', () => {
    const engine = made();
    const change = (...ids: number[]): void => engine.transaction(() => countChange(engine, ids));
    const since = (revision: number): readonly number[] | null =>
      changedSince(engine, revision, revisionOf(engine));
    const start = revisionOf(engine);
    change(1, 2);
    change(2, 3);
    expect(since(start)).toEqual([1, 2, 3]);
    expect(since(start + 2)).toEqual([]);
    engine.transaction(() => forgetListing(engine, []));
    expect(since(start + 1)).toBeNull();
    expect(engine.all('SELECT * FROM listing_changes')).toEqual([]);
    const later = revisionOf(engine);
    for (let turn = 0; turn < 100; turn += 1) change(turn);
    expect(since(later)).toBeNull();
    expect(since(later + 98)).toEqual([98, 99]);
    change(...Array.from({ length: 1_000 }, (_, id) => id));
    expect(since(later + 98)).toBeNull();
    expect(engine.snapshot(() => new Results(engine).span(everything, newestFirst, 0, 10))).toEqual([]);
    engine.close();
  });
});
