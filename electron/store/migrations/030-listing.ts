import type { Migration } from './migration.ts';

/**
 * What a review needs: the line of every record, what is summed and sorted, and an index of its words. All of
 * it follows from the records; the thread makes it when it has nothing else to do, first of all for those
 * that are there already.
 */
export const listing: Migration = {
  version: 30,
  name: 'listing, and an index of words',
  sql: `
    -- id: when it happened in epoch ms, times 1024, and a number that tells those of one ms apart. So the
    -- order of the rows is the order of time, and a span of time is a range of rows.
    CREATE TABLE listing (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      json TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;

    -- Narrow rows: a chart reads all of them. Lengths in ms; peer, queue and code are rows of listing_names.
    CREATE TABLE listing_numbers (
      id INTEGER PRIMARY KEY,
      missed INTEGER NOT NULL,
      on_air INTEGER,
      work INTEGER,
      length INTEGER,
      peer INTEGER,
      queue INTEGER,
      code INTEGER
    ) STRICT;
    CREATE INDEX listing_by_on_air ON listing_numbers (on_air);
    CREATE INDEX listing_by_length ON listing_numbers (length);
    CREATE INDEX listing_by_peer ON listing_numbers (peer);
    -- With all that a chart sums.
    CREATE INDEX listing_by_queue ON listing_numbers (queue, id, missed, on_air, work);
    CREATE INDEX listing_by_code ON listing_numbers (code, id, missed, on_air, work);

    -- sort: the folded name, 1, the name itself. Bytes, for a name may hold anything.
    CREATE TABLE listing_names (
      id INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL,
      sort BLOB NOT NULL,
      UNIQUE (kind, sort)
    ) STRICT;

    -- Folded words. The prefixes are indexed that match too much to be put together from whole words while
    -- somebody types: measured at a million records.
    CREATE VIRTUAL TABLE listing_search USING fts5(
      peer, queue, code, notes, marks,
      tokenize = 'ascii', prefix = '1 2 3', detail = column, columnsize = 0
    );
    -- Words of a deleted record are taken out of the index at once, not when segments happen to be merged.
    INSERT INTO listing_search (listing_search, rank) VALUES ('secure-delete', 1);

    -- Counts the changes of the listing, so that a reader knows whether what it holds is still so.
    CREATE TABLE listing_state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
    INSERT INTO listing_state VALUES (1, 0);

    -- Keys of records whose line is behind.
    CREATE TABLE unlisted (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    INSERT INTO unlisted SELECT key FROM communications;
  `,
};
