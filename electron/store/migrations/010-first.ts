import { putMaskSecret } from '../review/mask-key.ts';
import type { Migration } from './migration.ts';

export const first: Migration = {
  version: 10,
  name: 'journal, records, drafts, submissions, codes, the listing and what goes to an archive',
  sql: `
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

    -- One row: running numbers, so that no commit has to count, and where the chain and the order stand.
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

    -- id: when it began to alert, or was first seen, see time-ids.ts: the order of the rows is the order of time.
    -- The key begins with the id of the conversation, so it serves as an index by conversation too.
    CREATE TABLE communications (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      -- Epoch ms; null while it lasts.
      ended_at INTEGER,
      settled INTEGER NOT NULL,
      -- Numbers of the facts that made it and changed it last; null for one read from an exported file.
      first_fact INTEGER,
      last_fact INTEGER,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
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

    -- Names of wrap-up codes by their ids, of every list that was ever loaded.
    CREATE TABLE code_names (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX code_names_by_name ON code_names (name);

    -- What a list is sorted by and a chart sums, by the ids of the records; lengths in ms. peer, queue, code: the
    -- folded name, 1, the name itself, as bytes, for a name may hold anything.
    CREATE TABLE listing (
      id INTEGER PRIMARY KEY,
      -- Of an hour, since 1970: days by any calendar are whole numbers of them.
      quarter INTEGER GENERATED ALWAYS AS (id / 921600000) STORED,
      missed INTEGER NOT NULL,
      timed_out INTEGER NOT NULL,
      on_air INTEGER,
      work INTEGER,
      length INTEGER,
      peer BLOB,
      queue BLOB,
      code BLOB
    ) STRICT;
    -- The first three with all that a chart sums, so that it reads nothing else.
    CREATE INDEX listing_by_time ON listing (quarter, id, missed, timed_out, on_air, work);
    CREATE INDEX listing_by_queue ON listing (queue, id DESC, missed, timed_out, on_air, work);
    CREATE INDEX listing_by_code ON listing (code, id DESC, missed, timed_out, on_air, work);
    CREATE INDEX listing_by_peer ON listing (peer, id DESC);
    CREATE INDEX listing_by_on_air ON listing (on_air, id DESC);
    CREATE INDEX listing_by_length ON listing (length, id DESC);

    -- Folded words and their ends, see word-index.ts. What begins with three letters matches too much to be put
    -- together while somebody types, so that is indexed.
    CREATE VIRTUAL TABLE listing_search USING fts5(
      peer, queue, code, notes, marks,
      tokenize = 'ascii', prefix = '3', detail = column, columnsize = 0
    );
    -- Words of a deleted record are taken out of the index at once, not when segments happen to be merged.
    INSERT INTO listing_search (listing_search, rank) VALUES ('secure-delete', 1);

    -- Records whose line is behind.
    CREATE TABLE listing_behind (id INTEGER PRIMARY KEY) STRICT;

    -- What goes to an organisation's archive: nothing is noted before one is connected. Here one row, from then on.
    CREATE TABLE archive_state (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      url TEXT NOT NULL,
      is_on INTEGER NOT NULL,
      -- How this desk is called there.
      device TEXT NOT NULL,
      -- Counts up whenever everything is offered again.
      generation INTEGER NOT NULL,
      -- Numbers of the last line, and of the last one the archive answered.
      seq INTEGER NOT NULL,
      answered INTEGER NOT NULL,
      -- Digest of who the archive said asks.
      identity TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    -- Records that changed since they were last looked at for it.
    CREATE TABLE archive_behind (id INTEGER PRIMARY KEY) STRICT;

    -- By the archive's key, a keyed digest: the latest revision that was queued, and what became of it. It outlives the
    -- record, so that the same one never comes as another. record: its key here, while it is here.
    CREATE TABLE archived (
      key TEXT PRIMARY KEY,
      record TEXT NOT NULL,
      generation INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      digest TEXT NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX archived_by_record ON archived (record) WHERE record <> '';
    CREATE INDEX archived_by_outcome ON archived (generation, outcome);

    -- Lines that wait for an answer. A line that was sent once is never changed: it may have arrived.
    CREATE TABLE archive_lines (
      seq INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      record TEXT NOT NULL,
      revision INTEGER NOT NULL,
      sent INTEGER NOT NULL,
      line TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX archive_lines_by_record ON archive_lines (record);

    -- One row: what the keys of masked exports are made with, see review/mask-key.ts.
    CREATE TABLE mask_secret (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      secret TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
  `,
  run: putMaskSecret,
};
