import { describe, expect, it } from 'vitest';
import { importedAtOnce } from '../../bench/eager.ts';
import { conversationIn, factsOfADay, reduceAll, reduceOurWay } from '../../bench/reduce.ts';
import { reduceWithImmer } from '../../bench/immer-reducer.ts';
import { addedTo } from '../../bench/size.ts';

describe('what the product is measured against', () => {
  it('reduces a day with immer to the same records', async () => {
    const facts = await factsOfADay();
    expect(facts.length).toBeGreaterThan(100);
    const read = ({ body }: (typeof facts)[number]) => conversationIn(body);
    expect(reduceAll(facts, read, reduceWithImmer)).toEqual(reduceAll(facts, read, reduceOurWay));
  });

  it('imports everything at once', () => {
    const code = 'const { open } = await import(\'./room.ts\');\nconst next = () => import( "ws" );';
    expect(importedAtOnce(code)).toBe(
      [
        'import * as importedAtOnce0 from "./room.ts";',
        'import * as importedAtOnce1 from "ws";',
        'const { open } = await Promise.resolve(importedAtOnce0);',
        'const next = () => Promise.resolve(importedAtOnce1);',
      ].join('\n'),
    );
    expect(importedAtOnce("import fs from 'node:fs';")).toBeNull();
  });

  it('is the bare runtime, of which nothing left out is set off', () => {
    const bare = new Map([
      ['electron', 100],
      ['de.pak', 50],
      ['icudtl.dat', 10],
    ]);
    const ours = new Map([
      ['sharelight', 101],
      ['icudtl.dat', 10],
      ['app.asar', 7],
    ]);
    expect(addedTo(bare, ours)).toBe(8);
  });
});
