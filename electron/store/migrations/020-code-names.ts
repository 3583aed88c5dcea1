import { fillCodeNames } from '../codes.ts';
import { settleAgain } from '../communications.ts';
import type { Migration } from './migration.ts';

/**
 * Names of wrap-up codes by their ids. What a record is listed and charted by names its code by them, and says what
 * was decided about the after-call work it shares with others.
 */
export const codeNames: Migration = {
  version: 20,
  name: 'code names',
  sql: `
    CREATE TABLE code_names (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      sum TEXT NOT NULL
    ) STRICT;
    CREATE INDEX code_names_by_name ON code_names (name);
    INSERT OR IGNORE INTO listing_behind SELECT id FROM communications;
  `,
  run: (engine) => {
    fillCodeNames(engine);
    settleAgain(engine);
  },
};
