import { describe, expect, it } from 'vitest';
import { createStateStore, noFacts, type StateStore } from '../../../electron/tracker/state.ts';
import { startQuarantineNotice } from '../../../electron/program/notices.ts';
import { model } from '../domain/known.ts';
import { ms } from '../domain/wire.ts';

function told(): StateStore {
  const store = createStateStore(model(), () => ms(16));
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
    expect(texts(store)).toEqual(['1 message could not be read and was set aside.']);
    setAside(store, 3);
    expect(texts(store)).toEqual(['3 messages could not be read and were set aside.']);
    store.update(() => ({ notices: [] }));
    store.update(() => ({ lastContactAt: ms(20) }));
    expect(texts(store)).toEqual([]);
    setAside(store, 4);
    expect(texts(store)).toEqual(['1 message could not be read and was set aside.']);
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
