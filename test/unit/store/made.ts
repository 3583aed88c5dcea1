import path from 'node:path';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { JournalEntry } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { share, type Share } from './shares.ts';

/** A database without its thread, filled with facts. */
export function made(file = path.join(temporaryFolder(), 'memory.db')): Engine {
  const engine = openEngine(file, hexOf(testKey()), false);
  migrate(engine);
  return engine;
}

export function commit(engine: Engine, entry: JournalEntry, changed: readonly Communication[]): void {
  runCall(engine, 'commit', [entry, changed]);
}

/** Shares that go on at the same time: their facts take turns. */
export function interleaved(engine: Engine, ...shares: readonly Share[]): void {
  const all = shares.map(share);
  for (let turn = 0; turn < 5; turn += 1)
    for (const steps of all) {
      const step = steps[turn];
      if (step) commit(engine, step.entry, step.changed);
    }
}

export const usual: readonly Share[] = [
  { id: 'one' },
  { id: 'two', start: 3 },
  { id: 'three', start: 5, until: 'due' },
  { id: 'four', until: 'missing' },
];
