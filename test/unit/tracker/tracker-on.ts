import type { LocalDatabase } from '../../../domain/database.ts';
import { refused } from '../../../domain/toolbox/result.ts';
import { createRecording } from '../../../electron/tracker/recording.ts';
import { createStateStore, emptyModel } from '../../../electron/tracker/state.ts';
import { createTracker, type Tracker } from '../../../electron/tracker/tracker.ts';
import { freshSettings } from '../domain/known.ts';

/**
 * The product's tracker, to fill a database with; what it shows is put into nobody's words.
 *
 * @param clock epoch ms
 */
export function trackerOn(database: LocalDatabase, clock: () => number): Tracker {
  const source = { kind: 'genesys', demo: false } as const;
  const store = createStateStore(
    emptyModel(source, { theme: 'system', language: 'en', locale: 'en' }, freshSettings),
    clock,
  );
  // The reading in words, with its timers, is not wanted here.
  store.stop();
  const recording = createRecording(store);
  recording.attach(database);
  return createTracker({
    store,
    recording,
    clock: { now: clock, after: () => () => undefined },
    reread: () => Promise.resolve('failed'),
    relist: () => Promise.resolve(refused('not asked')),
    random: Math.random,
    log: () => undefined,
    openDatabaseOf: () => Promise.resolve(),
  });
}
