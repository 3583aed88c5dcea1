import { describe, expect, it } from 'vitest';
import { createStateStore, noFacts, type StateStore } from '../../../electron/tracker/state.ts';
import { startQuarantineNotice } from '../../../electron/program/notices.ts';
import { model } from '../domain/known.ts';
import { ms } from '../domain/wire.ts';
import { stoppedAfterwards } from '../stores.ts';

function told(): StateStore {
  const store = stoppedAfterwards(createStateStore(model(), () => ms(16)));
  startQuarantineNotice(store);
  return store;
}
function setAside(store: StateStore, quarantined: number): void {
  store.update(({ database }) => ({ database: { ...database, quarantined } }));
}
const texts = (store: StateStore): string[] => store.app.getState().notices.map(({ text }) => text);

describe('messages that could not be read', () => {
  it('are told of as they come, together until they are dismissed', () => {
    const store = told();
    setAside(store, 1);
    expect(texts(store)).toEqual(['1 update couldn’t be read. It is counted under Settings › Data.']);
    setAside(store, 3);
    expect(texts(store)).toEqual(['3 updates couldn’t be read. They are counted under Settings › Data.']);
    store.update(() => ({ notices: [] }));
    store.update(() => ({ lastContactAt: ms(20) }));
    expect(texts(store)).toEqual([]);
    setAside(store, 4);
    expect(texts(store)).toEqual(['1 update couldn’t be read. It is counted under Settings › Data.']);
  });

  it('of earlier runs are not told of again', () => {
    const store = told();
    store.update(() => noFacts());
    store.update(({ database }) => ({ communications: {}, database: { ...database, quarantined: 7 } }));
    store.update(({ database }) => ({ database: { ...database, health: 'ok' } }));
    expect(texts(store)).toEqual([]);
    // A database that waited for its key.
    store.update(({ database }) => ({ database: { ...database, health: 'paused', quarantined: 0 } }));
    store.update(({ database }) => ({ communications: {}, database: { ...database, quarantined: 7 } }));
    expect(texts(store)).toEqual([]);
  });
});
