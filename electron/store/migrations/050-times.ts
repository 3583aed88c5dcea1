import { firstEpoch } from '../../../domain/clocks/time.ts';
import { happenedAt } from '../../../domain/communication/moments.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { communicationsTable, parseCommunication } from '../communications.ts';
import type { Engine } from '../engine.ts';
import { noteUnlisted } from '../review/unlisted.ts';
import type { Migration } from './migration.ts';

const pageSize = 500;

/** Null for one that cannot be read: that is left as it is, so that it shows. */
function recordIn(row: Readonly<Record<'key' | 'json', string>>): Communication | null {
  try {
    return parseCommunication(row);
  } catch {
    return null;
  }
}

/**
 * A record that never rang happened when it was connected, not when it was first heard of. Only a row that says
 * what the rule before this one made of it is corrected; any other is damaged, or was changed on purpose.
 */
function correctTimes(engine: Engine): void {
  let after = 0;
  for (;;) {
    const found = communicationsTable.find(engine, after, pageSize);
    for (const { position, row, fault } of found) {
      after = position;
      const record = fault === null ? recordIn(row) : null;
      if (!record || row.at !== firstEpoch(record.alertedAt, record.firstSeenAt)) continue;
      const at = happenedAt(record);
      if (at === row.at) continue;
      communicationsTable.put(engine, { ...row, at });
      noteUnlisted(engine, row.key);
    }
    if (found.length < pageSize) return;
  }
}

export const times: Migration = { version: 50, name: 'when records happened', sql: '', run: correctTimes };
