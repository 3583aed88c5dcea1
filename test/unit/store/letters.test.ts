import { describe, expect, it } from 'vitest';
import { everything } from '../../../domain/review/query.ts';
import { searchWords } from '../../../domain/words/search-words.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import type { Engine } from '../../../electron/store/engine.ts';
import { listAll } from '../../../electron/store/review/listing.ts';
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
  engine.transaction(() => listAll(engine));
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

  it.each([
    ['uillf', 'Quillfeather', 1],
    // So are the others: their queue is Billing.
    ['ill', 'Quillfeather', 9],
    ['quillfeather', 'Quillfeather', 1],
    ['feather', 'Quillfeather', 1],
    ['illfea', 'Quillfeather', 1],
    ['quifea', 'Quillfeather', 0],
    ['llquill', 'Quillfeather', 0],
    ['illfea', 'Quill Feather', 0],
    ['ill fea', 'Quill Feather', 1],
    // One or two letters begin a word.
    ['q', 'Quillfeather', 1],
    ['il', 'Quillfeather', 0],
    ['fe', 'Quill Feather', 1],
    ['😀', 'Quillfeather', 8],
    ['𝔸𝔹ℂ', 'xabcx', 1],
    ['太', '田中 太郎', 1],
    ['田中太', '田中 太郎', 1],
  ])('%j in %j: %i found', (asked, peerName, expected) => {
    const engine = filled();
    const record = settled({ conversationId: 'c9', peerName, queueName: 'zz' });
    commit(engine, factOf(record), [record]);
    engine.transaction(() => listAll(engine));
    const words = asked.split(' ');
    const others = asked === '😀' ? 1 : 0;
    expect(runCall(engine, 'count', [{ ...everything, words }])).toBe(expected + others);
    engine.close();
  });
});
