import type { Migration } from './migration.ts';

/**
 * What a line of the listing says has changed: of each length whether two clocks told it, and that a name which is
 * empty is none. The thread makes every line anew when it has nothing else to do; the old ones serve until then.
 */
export const listedAnew: Migration = {
  version: 60,
  name: 'every line of the listing is behind',
  sql: 'INSERT OR IGNORE INTO unlisted SELECT key FROM communications;',
};
