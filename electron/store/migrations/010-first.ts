import type { Migration } from './migration.ts';

export const first: Migration = {
  version: 10,
  name: 'journal, communications, drafts, submissions, codes',
  sql: `
    CREATE TABLE journal (
      seq INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      subject TEXT NOT NULL,
      received_at TEXT NOT NULL,
      body BLOB NOT NULL,
      refusal TEXT,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal
      BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal
      BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
    -- INSERT OR REPLACE deletes without firing the delete trigger.
    CREATE TRIGGER journal_keeps_numbers BEFORE INSERT ON journal
      WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
      BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

    -- One row: running numbers, so that no commit has to count, and where the chain and the order stand.
    CREATE TABLE totals (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      facts INTEGER NOT NULL,
      quarantined INTEGER NOT NULL,
      records INTEGER NOT NULL,
      submissions INTEGER NOT NULL,
      head TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    -- The key begins with the id of the conversation, so it serves as an index by conversation too.
    -- Times are epoch ms. at: began to alert, or first seen. ended_at: null while it lasts.
    CREATE TABLE communications (
      key TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      ended_at INTEGER,
      settled INTEGER NOT NULL,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX communications_by_time ON communications (at, key);
    CREATE INDEX communications_by_end ON communications (ended_at) WHERE ended_at IS NOT NULL;
    CREATE INDEX communications_unsettled ON communications (key) WHERE settled = 0;

    CREATE TABLE drafts (
      key TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    CREATE TABLE submissions (
      id TEXT PRIMARY KEY,
      ord INTEGER NOT NULL UNIQUE,
      key TEXT NOT NULL,
      unfinished INTEGER NOT NULL,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX submissions_by_communication ON submissions (key, ord);
    CREATE INDEX submissions_unfinished ON submissions (ord) WHERE unfinished = 1;

    CREATE TABLE codes (
      scope TEXT PRIMARY KEY,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    CREATE TABLE code_uses (
      code TEXT PRIMARY KEY,
      uses INTEGER NOT NULL,
      last_used_at TEXT NOT NULL,
      favourite INTEGER NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
  `,
};
