import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import type { Listing } from '../../../domain/review/record-listing.ts';
import { createReview } from '../../../renderer/review/review.ts';

/** Main with these records, newest first. */
function world(count: number) {
  const main = {
    keys: Array.from({ length: count }, (_, at) => `r${count - at}`),
    /** There, but no search finds it. */
    unfound: '',
    /** The list cannot be read. */
    refusing: false,
  };
  const reads: string[] = [];
  const ok = <Value>(value: Value): Promise<Reply<Value>> => Promise.resolve({ ok: true, value });
  const list = <Value>(value: Value): Promise<Reply<Value>> =>
    main.refusing ? Promise.resolve({ ok: false, reason: 'Paused.' }) : ok(value);
  const matching = ({ words }: { readonly words: readonly string[] }): string[] =>
    main.keys.filter((key) => key !== main.unfound && words.every((word) => key.startsWith(word)));
  const review = createReview(
    {
      findRecords: ({ query, from, count: most }) =>
        list({
          from,
          behind: 0,
          lines: matching(query)
            .slice(from, from + most)
            .map((key) => ({ key }) as Listing),
        }),
      countRecords: ({ query }) => list(matching(query).length),
      readSearchNames: () => ok({ queues: [], codes: [], recent: [] }),
      keepSearch: () => ok(null),
      readFigures: () => ok([]),
      readRecord: ({ key }) => {
        reads.push(key);
        return ok(main.keys.includes(key) ? ({ communication: { key } } as RecordDetail) : null);
      },
    },
    () => 0,
  );
  return { main, review, reads };
}

describe('the record that is looked at', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000);

  it('is the newest at first, and stays while a search still finds it', async () => {
    const { review, reads } = world(300);
    review.startOver('desk');
    await settled();
    expect(review.selection.getState()).toEqual({ row: 0, key: 'r300' });
    review.select(20);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 20, key: 'r280' });
    review.type('r28');
    await settled();
    expect(review.selection.getState()).toEqual({ row: 9, key: 'r280' });
    expect(reads).toEqual(['r300', 'r280']);
  });

  it('is the one a link leads to, wherever it stands, until another is chosen', async () => {
    const { review, reads } = world(300);
    review.startOver('desk');
    review.show('r7');
    await settled();
    expect(review.selection.getState()).toEqual({ row: null, key: 'r7' });
    expect(review.detail.store.getState().value).toMatchObject({ communication: { key: 'r7' } });
    // Among those that are shown first it is selected there.
    review.show('r290');
    await settled();
    expect(review.selection.getState()).toEqual({ row: 10, key: 'r290' });
    // Farther down too, so that one can step on from it.
    review.show('r130');
    await settled();
    expect(review.selection.getState()).toEqual({ row: 170, key: 'r130' });
    review.show('none');
    await settled();
    expect(review.detail.store.getState()).toMatchObject({ question: 'none', value: null });
    review.select(0);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 0, key: 'r300' });
    expect(reads).toEqual(['r7', 'r290', 'r130', 'none', 'r300']);
  });

  it('is another when the search no longer finds it, once the typing pauses', async () => {
    const { review, reads } = world(300);
    review.startOver('desk');
    await settled();
    for (const text of ['r1', 'r11', 'r111']) {
      review.type(text);
      await vi.advanceTimersByTimeAsync(20);
      expect(review.selection.getState().row).toBeNull();
    }
    await settled();
    expect(review.selection.getState()).toEqual({ row: 0, key: 'r111' });
    expect(reads).toEqual(['r300', 'r111']);
    review.type('none like it');
    await settled();
    expect(review.selection.getState()).toEqual({ row: null, key: null });
    expect(review.detail.store.getState().value).toBeNull();
  });

  it('is read as soon as its page is there', async () => {
    const { review } = world(300);
    review.startOver('desk');
    await settled();
    review.select(250);
    expect(review.selection.getState()).toEqual({ row: 250, key: null });
    review.records.want(245, 255);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 250, key: 'r50' });
    expect(review.detail.store.getState().question).toBe('r50');
  });

  it('keeps its place while records come before it, and tells how far the list has moved', async () => {
    const { review, main } = world(300);
    review.startOver('desk');
    await settled();
    review.records.want(150, 160);
    await settled();
    review.select(155);
    main.keys = ['new', ...main.keys];
    await expect(review.refresh({ key: 'r150', row: 150 })).resolves.toBe(1);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 156, key: 'r145' });
  });

  it('gives way to the next one when it is deleted', async () => {
    const { review, main } = world(3);
    review.startOver('desk');
    await settled();
    review.select(2);
    await settled();
    main.keys = ['r3', 'r2'];
    await review.refresh(null);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 1, key: 'r2' });
    main.keys = [];
    await review.refresh(null);
    await settled();
    expect(review.selection.getState()).toEqual({ row: null, key: null });
  });

  it('stays in sight when it is only no longer found', async () => {
    const { review, main } = world(3);
    review.startOver('desk');
    await settled();
    // Its wrap-up was sent, say, and the search was for those that wait.
    main.unfound = 'r3';
    await review.refresh(null);
    await settled();
    expect(review.selection.getState()).toEqual({ row: null, key: 'r3' });
    expect(review.detail.store.getState().value).not.toBeNull();
    main.unfound = '';
    await review.refresh(null);
    review.select(1);
    await settled();
    expect(review.selection.getState()).toEqual({ row: 1, key: 'r2' });
  });

  it('is read again with every change, also when a key was pressed meanwhile', async () => {
    const { review, main, reads } = world(300);
    review.startOver('desk');
    await settled();
    review.select(20);
    await settled();
    main.keys = ['new', ...main.keys];
    const refreshed = review.refresh({ key: 'r290', row: 10 });
    review.type('r28');
    await settled();
    // The list it stood in is gone: another search begins at the top.
    await expect(refreshed).resolves.toBe(0);
    expect(reads).toEqual(['r300', 'r280', 'r280']);
    expect(review.selection.getState()).toEqual({ row: 9, key: 'r280' });
  });

  it('is read again, and keeps its place, when the list cannot be', async () => {
    const { review, main, reads } = world(300);
    review.startOver('desk');
    await settled();
    review.select(20);
    await settled();
    main.refusing = true;
    await expect(review.refresh(null)).resolves.toBe(0);
    await settled();
    expect(reads).toEqual(['r300', 'r280', 'r280']);
    expect(review.selection.getState()).toEqual({ row: 20, key: 'r280' });
  });
});

describe('what is typed', () => {
  it('leaves the list as it is when it cannot be read, and says what is wrong', async () => {
    const { review } = world(3);
    review.type('r3');
    await vi.waitUntil(() => review.records.store.getState().counted);
    review.type('r3 role:nobody');
    expect(review.typed.getState().problem).toMatchObject({ from: 8, to: 14 });
    expect(review.records.store.getState()).toMatchObject({ rows: 1, search: 1 });
    review.type('r');
    await vi.waitUntil(() => review.records.store.getState().search === 2);
    expect(review.typed.getState().problem).toBeNull();
  });

  it('is what is sorted', async () => {
    const { review } = world(3);
    review.type('r2');
    review.sort({ by: 'peer', descending: false });
    await vi.waitUntil(() => review.records.store.getState().order.by === 'peer');
    expect(review.records.store.getState().query.words).toEqual(['r2']);
  });

  it('offers nothing instead of a search that cannot be read', async () => {
    const { review } = world(3);
    review.startOver('desk');
    review.type('r1 zzz');
    await vi.waitUntil(() => review.alternatives.getState().length > 0);
    expect(review.alternatives.getState()).toMatchObject([{ kind: 'without', part: 'zzz', records: 1 }]);
    review.type('r1 zzz is:nothing');
    expect(review.alternatives.getState()).toEqual([]);
  });
});
