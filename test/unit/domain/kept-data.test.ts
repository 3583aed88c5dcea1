import { expect, it } from 'vitest';
import { keptData } from '../../../domain/kept-data.ts';

it('says of everything what it is, where, why, for how long and how it is protected', () => {
  const kept = keptData({ dataFolder: '/data', keepDays: 90, key: 'passphrase' });
  for (const thing of kept)
    for (const words of [thing.what, thing.where, thing.why, thing.howLong, thing.protection])
      expect(words.length).toBeGreaterThan(2);
  const of = (kind: string) => kept.find((thing) => thing.kind === kind);
  expect(of('records')).toMatchObject({
    where: '/data/memory/…/memory.db',
    howLong: '90 days, then deleted for good; open ones stay until they’re closed',
  });
  expect(of('key')?.protection).toBe('Not stored: you type your passphrase at each start');
  expect(of('engine')?.where).toBe('/data');
});

it('goes by what is set, and by how this system writes paths', () => {
  const [records] = keptData({ dataFolder: 'C:\\Users\\ana', keepDays: null, key: null });
  expect(records).toMatchObject({
    where: 'C:\\Users\\ana\\memory\\…\\memory.db',
    howLong: 'Until you delete them',
  });
});
