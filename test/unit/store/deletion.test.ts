import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Deletion } from '../../../domain/review/deletion.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import type { DeletionCursor, DeletionStep } from '../../../electron/store/deletion/deletion-step.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { unusedIn } from '../../../electron/store/deletion/free-space.ts';
import { readTotals } from '../../../electron/store/totals.ts';
import { verify } from '../../../electron/store/verify.ts';
import { ms } from '../domain/wire.ts';
import { submission, draft, fact, hexOf, temporaryFolder, testKey } from './examples.ts';
import { share, type Share, type Step } from './shares.ts';
import { databaseIn, raw, workbench } from './workbench.ts';

// Files are filled, swept and read through; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const keyHex = hexOf(testKey());

function made(): Engine {
  const engine = openEngine(path.join(temporaryFolder(), 'memory.db'), keyHex, false);
  migrate(engine);
  return engine;
}

function commit(engine: Engine, steps: readonly Step[]): void {
  for (const { entry, changed } of steps) runCall(engine, 'commit', [entry, changed]);
}

function shared(engine: Engine, ...shares: readonly Share[]): string[] {
  return shares.map((one) => {
    const steps = share(one);
    commit(engine, steps);
    return steps[0]?.changed[0]?.key ?? '';
  });
}

function deleteRecords(
  engine: Engine,
  what: Deletion,
  now: number | null = null,
): { records: number; facts: number; staying: number } {
  let after: DeletionCursor | null = null;
  const sum = { records: 0, facts: 0, staying: 0 };
  do {
    const step = runCall(engine, 'deletionStep', [what, after, now]) as DeletionStep;
    sum.records += step.keys.length;
    sum.facts += step.facts;
    sum.staying += step.staying;
    after = step.next;
  } while (after !== null);
  return sum;
}

function sweep(engine: Engine): void {
  let after: number | null = 0;
  while (after !== null) after = runCall(engine, 'sweepStep', [after]) as number | null;
}

const conversations = (engine: Engine): string[] =>
  engine.all('SELECT CAST(key AS BLOB) AS key FROM communications ORDER BY communications.key').map(
    ({ key }) =>
      Buffer.from(key as ArrayBuffer)
        .toString('utf8')
        .split('/')[0] ?? '',
  );

/** Pages of the file, of any kind, that hold these bytes. */
function pagesWith(engine: Engine, words: string): number {
  return engine
    .all('SELECT data FROM sqlite_dbpage')
    .filter(({ data }) => Buffer.from(data as ArrayBuffer).includes(words)).length;
}

const expectWhole = (engine: Engine): void => {
  expect(verify(engine)).toMatchObject({ whole: true, problems: [] });
};

describe('deleting one record', () => {
  it('takes its facts, its submissions and what was refused about it; everything else stays whole', () => {
    const engine = made();
    const [first = '', second = ''] = shared(engine, { id: 'first' }, { id: 'second', start: 500 });
    runCall(engine, 'commit', [fact({ body: '<html>about first</html>', refusal: 'not JSON' }), []]);
    runCall(engine, 'commit', [fact({ body: '<html>about second</html>', refusal: 'not JSON' }), []]);
    runCall(engine, 'decide', [submission({ id: 'd1', key: first, state: 'confirmed' })]);
    runCall(engine, 'decide', [submission({ id: 'd2', key: second, state: 'confirmed' })]);

    expect(deleteRecords(engine, { kind: 'one', key: first })).toEqual({ records: 1, facts: 5, staying: 0 });
    expect(conversations(engine)).toEqual(['second']);
    expect(runCall(engine, 'summary', [])).toEqual({ records: 1, facts: 10, quarantined: 1 });
    expect(readTotals(engine)).toMatchObject({ deleted: 5, submissions: 2 });
    expect(engine.first('SELECT count(*) AS left FROM submissions')).toEqual({ left: 1 });
    expectWhole(engine);
    shared(engine, { id: 'third', start: 900 });
    expectWhole(engine);
    engine.close();
  });

  it('takes the other communications of its conversation with it, and facts from before any of them', () => {
    const engine = made();
    const before = share({ id: 'together', until: 'alerting' })[0]?.entry ?? fact();
    runCall(engine, 'commit', [{ ...before, body: '{"id":"together","participants":[]}' }, []]);
    const [key = ''] = shared(engine, { id: 'together' });
    expect(deleteRecords(engine, { kind: 'one', key })).toEqual({ records: 1, facts: 5, staying: 0 });
    expect(readTotals(engine)).toMatchObject({ records: 0, deleted: 5 });
    expectWhole(engine);
    engine.close();
  });

  it('of nothing is nothing', () => {
    const engine = made();
    shared(engine, { id: 'first' });
    expect(deleteRecords(engine, { kind: 'one', key: 'nobody' })).toEqual({
      records: 0,
      facts: 0,
      staying: 0,
    });
    expect(readTotals(engine).unswept).toBe(false);
    engine.close();
  });

  it.each(['alerting', 'live', 'due'] as const)('that is %s leaves it where it is', (until) => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'going', until });
    runCall(engine, 'commit', [fact({ body: 'something about going', refusal: 'not JSON' }), []]);
    expect(deleteRecords(engine, { kind: 'one', key })).toEqual({ records: 0, facts: 0, staying: 1 });
    expect(conversations(engine)).toEqual(['going']);
    expectWhole(engine);
    engine.close();
  });

  it.each([
    ['a submission on its way', 'decide', undefined],
    ['words being written for a wrap-up that is due', 'saveDraft', 'due'],
  ] as const)('with %s leaves it where it is', (_name, call, until) => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'busy', ...(until ? { until } : {}) });
    runCall(engine, call, [call === 'decide' ? submission({ key }) : draft({ key })]);
    expect(deleteRecords(engine, { kind: 'all' })).toEqual({ records: 0, facts: 0, staying: 1 });
    expect(conversations(engine)).toEqual(['busy']);
    engine.close();
  });

  it('takes work that the server never ended once it is too old to be filed, and not before', () => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'stuck', until: 'due' });
    runCall(engine, 'saveDraft', [draft({ key })]);
    const all = { kind: 'all' } as const;
    const halfDay = ms(12 * 3600);
    for (const now of [null, halfDay]) {
      expect(runCall(engine, 'planDeletion', [all, now])).toEqual({ records: 0, staying: 1 });
      expect(runCall(engine, 'nextExpiry', [0, now])).toBeNull();
      expect(deleteRecords(engine, all, now)).toMatchObject({ records: 0, staying: 1 });
    }
    const tooOld = halfDay + 60_000;
    expect(runCall(engine, 'planDeletion', [all, tooOld])).toEqual({ records: 1, staying: 0 });
    expect(runCall(engine, 'nextExpiry', [0, tooOld])).toMatchObject({ records: 1 });
    runCall(engine, 'decide', [submission({ key })]);
    expect(deleteRecords(engine, all, tooOld)).toMatchObject({ records: 0, staying: 1 });
    runCall(engine, 'updateSubmission', [{ ...submission({ key, state: 'dropped' }), order: 1 }]);
    expect(deleteRecords(engine, all, tooOld)).toMatchObject({ records: 1, staying: 0 });
    expect(runCall(engine, 'recollect', [])).toMatchObject({ drafts: [], open: [] });
    expectWhole(engine);
    engine.close();
  });

  it('leaves what goes on, however old', () => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'going', until: 'live' });
    expect(deleteRecords(engine, { kind: 'one', key }, ms(1_000 * 3600))).toMatchObject({ staying: 1 });
    engine.close();
  });

  it('takes along words that were written for it and have no wrap-up to go to any more', () => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'settled' });
    runCall(engine, 'saveDraft', [draft({ key })]);
    expect(runCall(engine, 'planDeletion', [{ kind: 'all' }, null])).toEqual({ records: 1, staying: 0 });
    expect(deleteRecords(engine, { kind: 'all' })).toMatchObject({ records: 1, staying: 0 });
    expect(runCall(engine, 'recollect', [])).toMatchObject({ drafts: [], open: [] });
    expectWhole(engine);
    engine.close();
  });
});

describe('deleting a range', () => {
  it('takes what began before its end, refused facts and those no record was made of', () => {
    const engine = made();
    shared(
      engine,
      { id: 'old' },
      { id: 'older-open', start: 100, until: 'live' },
      { id: 'new', start: 2_000 },
    );
    const stray = share({ id: 'stray', start: 300, until: 'alerting' })[0]?.entry ?? fact();
    runCall(engine, 'commit', [{ ...stray, body: '{"id":"stray","participants":[]}' }, []]);
    runCall(engine, 'commit', [{ ...fact({ refusal: 'x' }), receivedAt: new Date(ms(1)).toISOString() }, []]);
    runCall(engine, 'commit', [
      { ...fact({ refusal: 'x' }), receivedAt: new Date(ms(3_000)).toISOString() },
      [],
    ]);

    const range = { kind: 'range', since: null, until: ms(1_000) } as const;
    expect(deleteRecords(engine, range)).toEqual({ records: 1, facts: 6, staying: 1 });
    expect(conversations(engine)).toEqual(['new', 'older-open']);
    expect(readTotals(engine)).toMatchObject({ quarantined: 1, deleted: 6 });
    expectWhole(engine);
    expect(deleteRecords(engine, range)).toEqual({ records: 0, facts: 0, staying: 1 });
    engine.close();
  });

  it('goes on over more records than one step takes', () => {
    const engine = made();
    const many = Array.from({ length: 130 }, (_, index) => ({ id: `c${index}`, start: index }));
    shared(engine, ...many, { id: 'open', start: 50, until: 'live' });
    expect(deleteRecords(engine, { kind: 'all' })).toEqual({ records: 130, facts: 520, staying: 1 });
    expect(conversations(engine)).toEqual(['open']);
    expectWhole(engine);
    engine.close();
  });
});

describe('wrap-up codes kept for a conversation alone', () => {
  const kept = { codes: [{ id: 'code-1', name: 'Resolved' }], fetchedAt: '2025-03-04T10:00:00.000Z' };
  const scopes = ['conversation/gone', 'conversation/going', 'queue/gone'];

  it.each([
    ['one', (key: string): Deletion => ({ kind: 'one', key })],
    ['range', (): Deletion => ({ kind: 'range', since: null, until: ms(1_000) })],
    ['all', (): Deletion => ({ kind: 'all' })],
  ])('go with it: %s', (_kind, what) => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'gone' }, { id: 'going', until: 'live' });
    for (const scope of scopes) runCall(engine, 'cacheCodes', [scope, kept]);
    deleteRecords(engine, what(key));
    const left = scopes.filter((scope) => runCall(engine, 'cachedCodes', [scope]) !== null);
    expect(left).toEqual(['conversation/going', 'queue/gone']);
    expectWhole(engine);
    engine.close();
  });
});

describe('a tombstone', () => {
  const withTombstones = (): Engine => {
    const engine = made();
    const [key = ''] = shared(engine, { id: 'first' }, { id: 'second' });
    deleteRecords(engine, { kind: 'one', key });
    return engine;
  };

  it('is the one change the journal allows', () => {
    const engine = withTombstones();
    for (const sql of [
      "UPDATE journal SET deleted = 'again' WHERE seq = 1",
      "UPDATE journal SET body = X'00' WHERE seq = 1",
      "UPDATE journal SET deleted = 'x', digest = 'y', sum = 'z' WHERE seq = 6",
      "UPDATE journal SET hash = 'x', deleted = 'x', digest = 'y', sum = 'z', source = NULL, subject = NULL, received_at = NULL, context = NULL, body = NULL, refusal = NULL, salt = NULL WHERE seq = 6",
      'DELETE FROM journal WHERE seq = 1',
    ])
      expect(() => engine.exec(sql), sql).toThrow(/append-only|damaged|couldn’t/i);
    expectWhole(engine);
    engine.close();
  });

  it.each([
    ['its time', "UPDATE journal SET deleted = replace(deleted, '20', '19') WHERE seq = 2"],
    ['its digest', "UPDATE journal SET digest = replace(digest, substr(digest, 1, 1), 'x') WHERE seq = 2"],
    ['its sum', "UPDATE journal SET sum = '' WHERE seq = 2"],
    ['its hash', "UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 2"],
  ])('shows when %s was changed', (_name, sql) => {
    const engine = withTombstones();
    engine.exec(`DROP TRIGGER journal_keeps_values; ${sql}`);
    expect(verify(engine).problems[0]).toBe('update 2: it or the one before it was changed');
    engine.close();
  });
});

describe('what was deleted', () => {
  const shares = Array.from({ length: 120 }, (_, index) => ({
    id: `${index % 2 ? 'gone' : 'kept'}-${index}`,
    start: index * 100,
    words: `${index % 2 ? 'shibboleth' : 'remaining'} `.repeat(1 + ((index * 37) % 150)),
  }));

  it('is in no page of the file, used or not, and not in its log', () => {
    const engine = made();
    const steps = shares.map(share);
    // Connection by stage, so that rows grow where they are and pages split.
    for (const stage of [0, 1, 2, 3]) for (const one of steps) commit(engine, one.slice(stage, stage + 1));
    expect(pagesWith(engine, 'shibboleth')).toBeGreaterThan(50);
    for (const [index, { id }] of shares.entries()) {
      if (!id.startsWith('gone')) continue;
      const key = steps[index]?.[0]?.changed[0]?.key ?? '';
      expect(deleteRecords(engine, { kind: 'one', key })).toMatchObject({ records: 1, facts: 4 });
    }
    const pages = engine.first('PRAGMA page_count')?.['page_count'] as number;
    sweep(engine);
    expect(readTotals(engine).unswept).toBe(false);
    expect(pagesWith(engine, 'shibboleth')).toBe(0);
    expect(pagesWith(engine, 'gone-')).toBe(0);
    expect(pagesWith(engine, 'remaining')).toBeGreaterThan(50);
    expect(engine.first('PRAGMA page_count')?.['page_count']).toBeLessThan(pages);
    expectWhole(engine);
    engine.close();
  });

  it('is overwritten where a page keeps it between its rows', () => {
    const engine = made();
    const [key = ''] = shared(engine, ...shares.slice(0, 20));
    deleteRecords(engine, { kind: 'one', key });
    let planted = 0;
    for (const { pgno, data } of engine.all('SELECT pgno, data FROM sqlite_dbpage')) {
      const page = Buffer.from(data as ArrayBuffer);
      const [gap] = unusedIn(page, Number(pgno), page.length);
      if (!gap || gap.to - gap.from < 20) continue;
      page.write('left behind', gap.to - 15);
      engine.run('UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?', page, Number(pgno));
      planted += 1;
    }
    expect(planted).toBeGreaterThan(10);
    expectWhole(engine);
    sweep(engine);
    expect(pagesWith(engine, 'left behind')).toBe(0);
    expectWhole(engine);
    engine.close();
  });

  it('stays owed to the sweep after a crash', () => {
    const engine = made();
    shared(engine, ...shares.slice(0, 10));
    deleteRecords(engine, { kind: 'all' });
    const { path: file } = engine;
    engine.close();
    const again = openEngine(file, keyHex, false);
    expect(readTotals(again).unswept).toBe(true);
    sweep(again);
    expect(readTotals(again).unswept).toBe(false);
    expect(pagesWith(again, 'shibboleth') + pagesWith(again, 'remaining')).toBe(0);
    again.close();
  });
});

describe('the worker', () => {
  const { opened } = workbench();

  it('waits for no reader to empty the log: facts go on, and it stays owed until the reader has gone', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    const many = Array.from({ length: 10 }, (_, index) => share({ id: `c${index}`, words: 'x' })).flat();
    for (const { entry, changed } of many) await database.commit(entry, changed);
    const reader = openEngine(databaseIn(folder), keyHex, true);
    reader.exec('BEGIN DEFERRED');
    expect(readTotals(reader).unswept).toBe(false);
    const start = performance.now();
    await database.deleteRecords({ kind: 'all' });
    const waited = performance.now() - start;
    // So long the thread would stand still if it had patience.
    raw(folder, (patient) => {
      const began = performance.now();
      expect(patient.checkpoint()).toBe(false);
      expect(waited).toBeLessThan(performance.now() - began);
    });
    reader.exec('COMMIT');
    expect(readTotals(reader).unswept).toBe(true);
    await database.sweep();
    expect(readTotals(reader).unswept).toBe(false);
    reader.close();
  });

  it('answers others while it deletes, and leaves nothing in any file', async () => {
    const folder = temporaryFolder();
    const database = await opened(folder);
    const many = Array.from({ length: 300 }, (_, index) =>
      share({ id: `c${index}`, words: 'shibboleth' }),
    ).flat();
    await Promise.all(many.map(({ entry, changed }) => database.commit(entry, changed)));
    const order: string[] = [];
    const forgetting = database.deleteRecords({ kind: 'all' }).then((deleted) => {
      order.push('deleted');
      return deleted;
    });
    const [late] = share({ id: 'late', words: 'remaining' });
    if (late) await database.commit(late.entry, late.changed).then(() => order.push('kept'));
    expect(await forgetting).toMatchObject({ records: 300, facts: 1_200 });
    expect(order).toEqual(['kept', 'deleted']);
    const log = `${databaseIn(folder)}-wal`;
    // One page: that nothing is owed any more was written after it was emptied.
    expect(existsSync(log) ? statSync(log).size : 0).toBeLessThan(6 * 4_152);
    expect(await database.verify()).toMatchObject({ whole: true, facts: 1_201, records: 1 });
    await database.close();

    const plain = path.join(temporaryFolder(), 'plain.db');
    copyFileSync(databaseIn(folder), plain);
    const engine = openEngine(plain, keyHex, false);
    engine.exec("PRAGMA journal_mode = DELETE; PRAGMA rekey = ''");
    engine.close();
    const text = readFileSync(plain).toString('latin1');
    expect(text).toContain('Customer remaining');
    expect(text).not.toContain('shibboleth');
  });
});
