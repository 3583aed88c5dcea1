import type { Migration } from './migration.ts';

/**
 * Which rows of the listing the last few changes were about, so that whoever has a long list of ids in hand
 * can put it right instead of gathering it anew.
 */
export const changes: Migration = {
  version: 40,
  name: 'the last changes of the listing',
  sql: `
    CREATE TABLE listing_changes (
      revision INTEGER NOT NULL,
      id INTEGER NOT NULL,
      PRIMARY KEY (revision, id)
    ) STRICT, WITHOUT ROWID;
  `,
};
