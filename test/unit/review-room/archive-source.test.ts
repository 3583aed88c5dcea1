import { expect, it } from 'vitest';
import type { ArchivedReview } from '../../../electron/archive/archived-review.ts';
import { createArchiveSource } from '../../../electron/review/archive-source.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
import { model } from '../domain/known.ts';

const known = {
  host: 'archive.example',
  counts: null,
  wait: null,
  problem: '',
  missing: 0,
  clockOffsetMs: 0,
  supervisor: false,
};

it('is looked at until somebody goes back, or there is no archive any more', () => {
  const store = createStateStore(model(), Date.now);
  const events: string[] = [];
  let looks = 0;
  const look = (): ArchivedReview => {
    looks += 1;
    const name = `look ${looks}`;
    return { close: () => events.push(`${name} closed`) } as unknown as ArchivedReview;
  };
  let isConnected = false;
  const source = createArchiveSource(store, () => (isConnected ? { look } : null));
  const isShown = (): boolean => store.app.getState().review.archive;

  expect(source.open()).toBe(false);
  expect(isShown()).toBe(false);
  isConnected = true;
  store.update(() => ({ archive: known }));
  expect(source.open()).toBe(true);
  expect(isShown()).toBe(true);
  const first = source.review();
  source.open();
  expect(source.review()).not.toBe(first);
  expect(events).toEqual(['look 1 closed']);
  source.close();
  expect([isShown(), source.review()]).toEqual([false, null]);
  source.open();
  store.update(() => ({ archive: null }));
  expect([isShown(), source.review()]).toEqual([false, null]);
  expect(events).toEqual(['look 1 closed', 'look 2 closed', 'look 3 closed']);
});
