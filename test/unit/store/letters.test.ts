import { describe, expect, it } from 'vitest';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { searchWords } from '../../../domain/words/search-words.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { migrate, versionOf } from '../../../electron/store/migrations/migrate.ts';
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

const count = (engine: Engine, text: string): unknown =>
  runCall(engine, 'count', [{ ...everything, words: [text] }]);

function filled(): Engine {
  const engine = made();
  for (const [index, peerName] of [...names.map(([name]) => name), 'Ana Lima'].entries()) {
    const record = settled({ conversationId: `c${index}`, peerName });
    commit(engine, factOf(record), [record]);
  }
  engine.transaction(() => listNoted(engine));
  return engine;
}

describe('a letter of its own', () => {
  it.each(names)('is folded: %s', (name, plain) => {
    expect(searchWords(name).join(' ')).toBe(plain);
    expect(searchWords(plain).join(' ')).toBe(plain);
  });

  it('is found without it, and with it', () => {
    const engine = filled();
    for (const [name, plain] of names)
      for (const word of [...searchWords(plain), ...name.split(/[ ,]+/)])
        expect(count(engine, word), word).toBe(1);
    engine.close();
  });

  it('is found in what was listed before it was folded; what has none stays as it is', () => {
    const engine = filled();
    // As the version before that step left it.
    engine.exec(`
      UPDATE listing_search SET peer = 'łukasz' WHERE peer = 'lukasz';
      UPDATE listing_search SET peer = 'søren østergård' WHERE peer = 'soren ostergard';
      UPDATE listing_names SET sort = CAST('łukasz' || char(1) || 'Łukasz' AS BLOB)
        WHERE CAST(sort AS TEXT) LIKE 'lukasz%';
      PRAGMA user_version = 60`);
    expect(count(engine, 'lukasz')).toBe(0);
    migrate(engine, undefined, () => undefined);
    expect(versionOf(engine)).toBeGreaterThanOrEqual(70);
    expect(count(engine, 'lima')).toBe(1);
    expect(verify(engine).problems).toEqual([]);
    engine.transaction(() => listNoted(engine));
    for (const word of ['lukasz', 'Łukasz', 'soren', 'østergård']) expect(count(engine, word), word).toBe(1);
    expect(runCall(engine, 'count', [everything])).toBe(names.length + 1);
    const { lines } = runCall(engine, 'find', [
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
    expect(verify(engine).problems).toEqual([]);
    engine.close();
  });
});
