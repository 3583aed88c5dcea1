import type { Migration } from './migration.ts';

/** Of `json` and of names: any of the letters that are folded since. */
const hasThem = "GLOB '*[łŁøØđĐðÐþÞßẞæÆœŒıħĦŧŦ]*'";

/**
 * Letters that no rule takes apart are folded (`domain/words/search-words.ts`): "lukasz" finds "Łukasz". What has one of
 * them is taken out of the listing, and made anew when the thread has nothing else to do; the rest is as it was.
 */
export const letters: Migration = {
  version: 70,
  name: 'words with letters of their own, folded',
  sql: `
    INSERT OR IGNORE INTO unlisted SELECT key FROM listing WHERE json ${hasThem};
    DELETE FROM listing_search WHERE rowid IN (SELECT id FROM listing WHERE json ${hasThem});
    DELETE FROM listing_numbers WHERE id IN (SELECT id FROM listing WHERE json ${hasThem});
    DELETE FROM listing WHERE json ${hasThem};
    DELETE FROM listing_names WHERE CAST(sort AS TEXT) ${hasThem};
    UPDATE listing_state SET revision = revision + 1;
  `,
};
