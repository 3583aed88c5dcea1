import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListingPage } from '../../../domain/review/record-listing.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { migrate, migrations } from '../../../electron/store/migrations/migrate.ts';
import { listNoted } from '../../../electron/store/review/catch-up.ts';
import { listingTable } from '../../../electron/store/review/lines.ts';
import { verify } from '../../../electron/store/verify.ts';
import { draft, factOf, hexOf, settled, temporaryFolder, testKey } from './examples.ts';

const share = settled({
  onAir: [{ from: '2025-03-04T10:00:10.000Z', to: '2025-03-04T10:05:00.000Z' }],
});

/** As the version before that step left it: the last value of a line told of one length whether it is approximate. */
function asBefore(): Engine {
  const engine = openEngine(path.join(temporaryFolder(), 'memory.db'), hexOf(testKey()), false);
  migrate(
    engine,
    migrations.filter(({ version }) => version < 60),
  );
  runCall(engine, 'commit', [factOf(share), [share]]);
  engine.transaction(() => listNoted(engine));
  const [row] = listingTable.select(engine, 'WHERE key = ?', share.key);
  if (!row) throw new Error('it is not listed');
  const values = JSON.parse(row.json) as unknown[];
  listingTable.put(engine, { ...row, json: JSON.stringify([...values.slice(0, -1), true]) });
  return engine;
}

const found = (engine: Engine): ListingPage =>
  runCall(engine, 'find', [everything, newestFirst, 0, 10]) as ListingPage;

describe('a listing from before each length told whether it is approximate', () => {
  it('serves as it is, and is made anew without anybody asking', () => {
    const engine = asBefore();
    migrate(engine, migrations, () => undefined);
    expect(found(engine)).toMatchObject({
      lines: [{ approximate: { alerting: false, connected: true, onAir: false } }],
      behind: 1,
    });
    // It is known to be behind, and no fault.
    expect(verify(engine)).toMatchObject({ whole: true, problems: [] });
    engine.transaction(() => listNoted(engine));
    expect(found(engine)).toMatchObject({
      lines: [{ approximate: { alerting: false, connected: true, onAir: true } }],
      behind: 0,
    });
    expect(verify(engine)).toMatchObject({ whole: true, problems: [] });
    expect(typeof (JSON.parse(listingTable.select(engine, '')[0]?.json ?? '[]') as unknown[]).at(-1)).toBe(
      'number',
    );
    engine.close();
  });
});

describe('names of the listing', () => {
  it('that are empty are none: records with one stand beside those without', () => {
    const engine = openEngine(path.join(temporaryFolder(), 'memory.db'), hexOf(testKey()), false);
    migrate(engine);
    const screenshare = { state: 'disconnected' };
    const without = settled({ conversationId: 'without', screenshare });
    const empty = settled({ conversationId: 'empty', screenshare, peerName: '', queueName: '' });
    for (const each of [without, empty]) runCall(engine, 'commit', [factOf(each), [each]]);
    runCall(engine, 'saveDraft', [draft({ key: empty.key, code: '', name: '' })]);
    engine.transaction(() => listNoted(engine));
    expect(runCall(engine, 'figures', [everything, 'code'])).toHaveLength(1);
    expect(verify(engine).problems).toEqual([]);
    engine.close();
  });
});
