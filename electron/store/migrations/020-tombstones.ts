import { createHash, randomBytes } from 'node:crypto';
import { digestOf, linked } from '../hash-chain.ts';
import { checksum, type Cell } from '../checksummed-table.ts';
import { asBytes, asNumber, bytesIn, numberIn, textIn } from '../columns.ts';
import type { Engine, Row } from '../engine.ts';
import { genesis } from '../totals.ts';
import type { Migration } from './migration.ts';

/**
 * A journal whose facts can be deleted and folded again. What was bad in the old chain stays bad in the new
 * one, and what differed from its checksum still does: a migration must not make evidence look whole.
 */

const pageSize = 500;

function* pages(engine: Engine, columns: readonly string[], table: string, id: string): Generator<Row> {
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const rows = engine.all(
      `SELECT ${asNumber(id)}, ${columns.join(', ')} FROM ${table} WHERE ${id} > ? ORDER BY ${table}.${id} LIMIT ?`,
      after,
      pageSize,
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = numberIn(last, id) ?? 0;
  }
}

/** The hash by the rules of migration 010. */
function formerly(previous: string, row: Row): string {
  const refusal = row['refusal'] === null ? null : textIn(row, 'refusal');
  const fields = [
    numberIn(row, 'seq'),
    ...['source', 'subject', 'received_at'].map((name) => textIn(row, name)),
  ];
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(JSON.stringify([...fields, refusal]))
    .update('\0')
    .update(bytesIn(row, 'body'))
    .digest('hex');
}

/** A hash that proves nothing, for a row that proved nothing before. */
const broken = (hash: string): string =>
  createHash('sha256').update('broken').update(hash, 'hex').digest('hex');

interface Ends {
  readonly before: string;
  readonly now: string;
}

/** Copies every fact into the new chain; answers the ends of both. */
function copyJournal(engine: Engine): Ends {
  let before = genesis;
  let now = genesis;
  const columns = ['source', 'subject', 'received_at', 'body', 'refusal', 'hash'].map(asBytes);
  for (const row of pages(engine, columns, 'journal_010', 'seq')) {
    const fact = {
      seq: numberIn(row, 'seq') ?? 0,
      source: textIn(row, 'source'),
      subject: textIn(row, 'subject'),
      receivedAt: textIn(row, 'received_at'),
      context: null,
      body: bytesIn(row, 'body'),
      refusal: row['refusal'] === null ? null : textIn(row, 'refusal'),
      salt: randomBytes(16),
    };
    const held = textIn(row, 'hash');
    const hash = linked(now, digestOf(fact));
    now = held === formerly(before, row) ? hash : broken(hash);
    before = held;
    engine.run(
      `INSERT INTO journal (seq, source, subject, received_at, body, refusal, salt, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      fact.seq,
      fact.source,
      fact.subject,
      fact.receivedAt,
      fact.body,
      fact.refusal,
      fact.salt,
      now,
    );
  }
  return { before, now };
}

/** As text where the old checksum took bytes: the engine is given only what it can give back. */
type Column = readonly [name: string, type: 'text' | 'number'];

const numbered = (row: Row, columns: readonly Column[]): Cell[] =>
  columns.map(([name, type]) => (type === 'number' ? numberIn(row, name) : bytesIn(row, name)));

const read = (columns: readonly Column[]): string[] =>
  columns.map(([name, type]) => (type === 'number' ? asNumber(name) : asBytes(name)));

/** The sum of the row as it is now, or, for one that differed from its sum, one it differs from still. */
function carried(row: Row, former: readonly Cell[], now: readonly Cell[]): string {
  const sum = textIn(row, 'sum');
  return sum === checksum(former) ? checksum(now) : sum;
}

const communicationColumns = [
  ['key', 'text'],
  ['at', 'number'],
  ['ended_at', 'number'],
  ['settled', 'number'],
  ['json', 'text'],
] as const;

function copyCommunications(engine: Engine): void {
  const columns = [...read(communicationColumns), asBytes('sum')];
  for (const row of pages(engine, columns, 'communications_010', 'rowid')) {
    const cells = numbered(row, communicationColumns);
    const [key = null, at = null, endedAt = null, settled = null, json = null] = cells;
    const sum = carried(row, cells, [key, at, endedAt, settled, null, null, json]);
    engine.run(
      `INSERT INTO communications (rowid, key, at, ended_at, settled, json, sum)
       VALUES (?, CAST(? AS TEXT), ?, ?, ?, CAST(? AS TEXT), ?)`,
      numberIn(row, 'rowid'),
      key,
      at,
      endedAt,
      settled,
      json,
      sum,
    );
  }
}

const totalsColumns = [
  ['id', 'number'],
  ['facts', 'number'],
  ['quarantined', 'number'],
  ['records', 'number'],
  ['submissions', 'number'],
  ['head', 'text'],
] as const;

function copyTotals(engine: Engine, ends: Ends): void {
  const row = engine.first(`SELECT ${[...read(totalsColumns), asBytes('sum')].join(', ')} FROM totals_010`);
  if (!row) return;
  const cells = numbered(row, totalsColumns);
  const [id = null, facts = null, quarantined = null, records = null, submissions = null] = cells;
  // An end that was not the journal's is none now either.
  const head = textIn(row, 'head') === ends.before ? ends.now : broken(ends.now);
  const sum = carried(row, cells, [id, facts, quarantined, records, submissions, 0, 0, head]);
  engine.run(
    `INSERT INTO totals (id, facts, quarantined, records, submissions, deleted, unswept, head, sum)
     VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)`,
    id,
    facts,
    quarantined,
    records,
    submissions,
    head,
    sum,
  );
}

export const tombstones: Migration = {
  version: 20,
  name: 'facts that can be deleted and folded again',
  sql: `
    DROP TRIGGER journal_keeps_rows;
    DROP TRIGGER journal_keeps_values;
    DROP TRIGGER journal_keeps_numbers;
    ALTER TABLE journal RENAME TO journal_010;
    DROP INDEX communications_by_time;
    DROP INDEX communications_by_end;
    DROP INDEX communications_unsettled;
    ALTER TABLE communications RENAME TO communications_010;
    ALTER TABLE totals RENAME TO totals_010;

    -- A fact has everything up to its hash. Of a deleted one there are its number and hash, and its digest,
    -- which links the chain; deleted says when and why, and sum covers that.
    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY,
      source TEXT,
      subject TEXT,
      received_at TEXT,
      context TEXT,
      refusal TEXT,
      salt BLOB,
      hash TEXT NOT NULL,
      digest TEXT,
      deleted TEXT,
      sum TEXT,
      body BLOB
    ) STRICT;

    CREATE TABLE communications (
      key TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      ended_at INTEGER,
      settled INTEGER NOT NULL,
      -- Numbers of the facts that made it and changed it last; null for a record older than this step.
      first_fact INTEGER,
      last_fact INTEGER,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    CREATE TABLE totals (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      facts INTEGER NOT NULL,
      quarantined INTEGER NOT NULL,
      records INTEGER NOT NULL,
      submissions INTEGER NOT NULL,
      -- How many of the facts are deleted, and whether what was deleted may still be in unused parts of pages.
      deleted INTEGER NOT NULL,
      unswept INTEGER NOT NULL,
      head TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
  `,
  run: (engine) => {
    const ends = copyJournal(engine);
    copyCommunications(engine);
    copyTotals(engine, ends);
    engine.exec(`
      DROP TABLE journal_010;
      DROP TABLE communications_010;
      DROP TABLE totals_010;

      CREATE INDEX communications_by_time ON communications (at, key);
      CREATE INDEX communications_by_end ON communications (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX communications_unsettled ON communications (key) WHERE settled = 0;

      CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
        BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
      -- The one change a fact may see.
      CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
        WHEN NOT (OLD.deleted IS NULL AND NEW.deleted IS NOT NULL AND NEW.digest IS NOT NULL
          AND NEW.sum IS NOT NULL AND NEW.seq = OLD.seq AND NEW.hash = OLD.hash
          AND NEW.source IS NULL AND NEW.subject IS NULL AND NEW.received_at IS NULL AND NEW.context IS NULL
          AND NEW.body IS NULL AND NEW.refusal IS NULL AND NEW.salt IS NULL)
        BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
      -- INSERT OR REPLACE deletes without firing the delete trigger.
      CREATE TRIGGER journal_keeps_numbers BEFORE INSERT ON journal
        WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
        BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
    `);
  },
  before: (engine) => {
    const [row] = engine.all('PRAGMA auto_vacuum');
    if (row?.['auto_vacuum'] === 2) return;
    engine.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  },
};
