import path from 'node:path';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { JournalEntry } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/calls.ts';
import { openDatabase, type Database } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/index.ts';
import { hexOf, temporaryFolder, testKey } from './examples.ts';
import { share, type Share } from './shares.ts';

/** A memory without its thread, filled with facts. */
export function made(file = path.join(temporaryFolder(), 'memory.db')): Database {
  const database = openDatabase(file, hexOf(testKey()), false);
  migrate(database);
  return database;
}

export function commit(database: Database, entry: JournalEntry, changed: readonly Communication[]): void {
  runCall(database, 'commit', [entry, changed]);
}

/** Shares that go on at the same time: their facts take turns. */
export function interleaved(database: Database, ...shares: readonly Share[]): void {
  const all = shares.map(share);
  for (let turn = 0; turn < 5; turn += 1)
    for (const steps of all) {
      const step = steps[turn];
      if (step) commit(database, step.entry, step.changed);
    }
}

export const usual: readonly Share[] = [
  { id: 'one' },
  { id: 'two', start: 3 },
  { id: 'three', start: 5, until: 'due' },
  { id: 'four', until: 'missing' },
];
