import { describe, expect, it } from 'vitest';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { foldedWords } from '../../../domain/words/search-words.ts';
import { runCall } from '../../../electron/store/calls.ts';
import type { Database } from '../../../electron/store/engine.ts';
import { migrate, versionOf } from '../../../electron/store/migrations/index.ts';
import { listNoted } from '../../../electron/store/review/catch-up.ts';
import { verify } from '../../../electron/store/verify.ts';
import { factOf, settled } from './examples.ts';
import { commit, made } from './made.ts';

/** Letters that Unicode does not take apart are found by the plain ones, and the other way round. */

const names: readonly (readonly [string, string])[] = [
  ['Łukasz', 'lukasz'],
  ['Søren Østergård', 'soren ostergard'],
  ['Đorđe', 'dorde'],
  ['Straße, STRAẞE', 'strasse strasse'],
  ['Æsa Lœuillet', 'aesa loeuillet'],
  ['Yıldız İnci', 'yildiz inci'],
  ['Þórður', 'thordur'],
];

const count = (database: Database, text: string): unknown =>
  runCall(database, 'count', [{ ...everything, words: [text] }]);

function filled(): Database {
  const database = made();
  for (const [index, peerName] of [...names.map(([name]) => name), 'Ana Lima'].entries()) {
    const record = settled({ conversationId: `c${index}`, peerName });
    commit(database, factOf(record), [record]);
  }
  database.transaction(() => listNoted(database));
  return database;
}

describe('a letter of its own', () => {
  it.each(names)('is folded: %s', (name, plain) => {
    expect(foldedWords(name).join(' ')).toBe(plain);
    expect(foldedWords(plain).join(' ')).toBe(plain);
  });

  it('is found without it, and with it', () => {
    const database = filled();
    for (const [name, plain] of names)
      for (const word of [...foldedWords(plain), ...name.split(/[ ,]+/)])
        expect(count(database, word), word).toBe(1);
    database.close();
  });

  it('is found in what was listed before it was folded; what has none stays as it is', () => {
    const database = filled();
    // As the version before that step left it.
    database.exec(`
      UPDATE listing_search SET peer = 'łukasz' WHERE peer = 'lukasz';
      UPDATE listing_search SET peer = 'søren østergård' WHERE peer = 'soren ostergard';
      UPDATE listing_names SET sort = CAST('łukasz' || char(1) || 'Łukasz' AS BLOB)
        WHERE CAST(sort AS TEXT) LIKE 'lukasz%';
      PRAGMA user_version = 60`);
    expect(count(database, 'lukasz')).toBe(0);
    migrate(database, undefined, () => undefined);
    expect(versionOf(database)).toBeGreaterThanOrEqual(70);
    expect(count(database, 'lima')).toBe(1);
    expect(verify(database).problems).toEqual([]);
    database.transaction(() => listNoted(database));
    for (const word of ['lukasz', 'Łukasz', 'soren', 'østergård'])
      expect(count(database, word), word).toBe(1);
    expect(runCall(database, 'count', [everything])).toBe(names.length + 1);
    const { lines } = runCall(database, 'find', [
      everything,
      { ...newestFirst, by: 'peer', descending: false },
      0,
      10,
    ]) as { lines: { peer: string }[] };
    expect(lines.map(({ peer }) => peer)).toEqual([
      'Æsa Lœuillet',
      'Ana Lima',
      'Đorđe',
      'Łukasz',
      'Søren Østergård',
      'Straße, STRAẞE',
      'Þórður',
      'Yıldız İnci',
    ]);
    expect(verify(database).problems).toEqual([]);
    database.close();
  });
});
