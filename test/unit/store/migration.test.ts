import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { checksum, type Cell } from '../../../electron/store/checksummed-table.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { migrate, migrations, versionOf } from '../../../electron/store/migrations/migrate.ts';
import { verify } from '../../../electron/store/verify.ts';
import { communication, fact, factOf, hexOf, settled, temporaryFolder, testKey } from './examples.ts';

/** A file as version 10 of the schema left it, written as the program of that time wrote it. */

const first = migrations.filter(({ version }) => version === 10);
const bodies = ['{"id":"conversation-1"}', '<html>', 'strange \ud83d\ude00 text', 'x'.repeat(9_000), '{}'];

function checked(engine: Engine, table: string, row: Readonly<Record<string, Cell>>): void {
  const cells = Object.values(row);
  const names = [...Object.keys(row), 'sum'];
  engine.run(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ...cells,
    checksum(cells),
  );
}

function asVersion10(engine: Engine, records: readonly Communication[]): void {
  engine.exec('PRAGMA auto_vacuum = NONE; VACUUM');
  migrate(engine, first);
  let head = '0'.repeat(64);
  bodies.forEach((text, index) => {
    const fields = [
      index + 1,
      'socket',
      'topic',
      '2025-03-04T10:00:00.000Z',
      index === 1 ? 'not JSON' : null,
    ];
    const body = Buffer.from(text, 'utf8');
    head = createHash('sha256')
      .update(Buffer.from(head, 'hex'))
      .update(JSON.stringify(fields))
      .update('\0')
      .update(body)
      .digest('hex');
    const [seq = 0, source = '', subject = '', receivedAt = '', refusal = null] = fields;
    engine.run(
      'INSERT INTO journal (seq, source, subject, received_at, body, refusal, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      source,
      subject,
      receivedAt,
      body,
      refusal,
      head,
    );
  });
  for (const [index, record] of records.entries())
    checked(engine, 'communications', {
      key: record.key,
      at: Date.parse(record.alertedAt ?? record.firstSeenAt),
      ended_at: index === 0 ? null : Date.parse(record.screenshare.disconnectedTime ?? ''),
      settled: index,
      json: JSON.stringify(record),
    });
  checked(engine, 'drafts', { key: 'a/b/c', revision: 1, json: '{}' });
  checked(engine, 'totals', {
    id: 1,
    facts: bodies.length,
    quarantined: 1,
    records: records.length,
    submissions: 0,
    head,
  });
  engine.exec('DELETE FROM drafts');
}

const records = [communication(), settled({ communicationId: 'done', peerName: 'Zo\u00eb \ud83d\ude00' })];

function migrated(tamper = '', from = records): Engine {
  const file = path.join(temporaryFolder(), 'memory.db');
  const engine = openEngine(file, hexOf(testKey()), false);
  asVersion10(engine, from);
  if (tamper !== '') engine.exec(tamper);
  migrate(engine, migrations, () => undefined);
  expect(versionOf(engine)).toBe(migrations.at(-1)?.version);
  return engine;
}

const withoutTriggers = `
  DROP TRIGGER journal_keeps_rows; DROP TRIGGER journal_keeps_values; DROP TRIGGER journal_keeps_numbers;`;
const withTriggers = `
  CREATE TRIGGER journal_keeps_rows BEFORE DELETE ON journal BEGIN SELECT 1; END;
  CREATE TRIGGER journal_keeps_values BEFORE UPDATE ON journal BEGIN SELECT 1; END;
  CREATE TRIGGER journal_keeps_numbers BEFORE INSERT ON journal BEGIN SELECT 1; END;`;

describe('a database of version 10', () => {
  it('keeps every fact and every record, and is whole', () => {
    const engine = migrated();
    const kept = engine.all('SELECT CAST(body AS BLOB) AS body FROM journal ORDER BY seq');
    expect(kept.map(({ body }) => Buffer.from(body as ArrayBuffer).toString('utf8'))).toEqual(bodies);
    expect(runCall(engine, 'communicationsOf', ['conversation-1'])).toEqual(expect.arrayContaining(records));
    expect(runCall(engine, 'summary', [])).toEqual({ records: 2, facts: 5, quarantined: 1 });
    expect(verify(engine)).toMatchObject({
      whole: true,
      facts: 5,
      records: 2,
      notRebuilt: 2,
      problems: [],
    });
    expect(engine.first('PRAGMA auto_vacuum')).toEqual({ auto_vacuum: 2 });
    engine.close();
  });

  it('has records that never rang at the time they were connected; what was not by the old rule stays wrong', () => {
    const { alertedAt: _never, ...rest } = communication();
    const silent = { ...rest, firstSeenAt: '2025-03-04T11:00:00.000Z' };
    const connectedAt = Date.parse(silent.screenshare.connectedTime ?? '');
    expect(connectedAt).toBeLessThan(Date.parse(silent.firstSeenAt));
    const engine = migrated('', [silent]);
    expect(engine.first('SELECT at FROM communications')).toEqual({ at: connectedAt });
    expect(verify(engine)).toMatchObject({ whole: true, problems: [] });
    engine.close();

    const moved = migrated('', [{ ...silent, alertedAt: '2025-03-04T09:00:00.000Z' }]);
    expect(moved.first('SELECT at FROM communications')).toEqual({
      at: Date.parse('2025-03-04T09:00:00.000Z'),
    });
    moved.close();
  });

  it('goes on: facts are added to the chain, old records are changed', () => {
    const engine = migrated();
    const changed = { ...communication(), revisions: 4 };
    const added = communication({ conversationId: 'conversation-2' });
    runCall(engine, 'commit', [factOf(changed), [changed]]);
    expect(runCall(engine, 'commit', [factOf(added), [added]])).toEqual({
      records: 3,
      facts: 7,
      quarantined: 1,
    });
    runCall(engine, 'commit', [fact(), []]);
    expect(verify(engine)).toMatchObject({
      whole: true,
      facts: 8,
      rebuilt: 1,
      notRebuilt: 2,
      problems: [],
    });
    engine.close();
  });

  it.each([
    ['a fact that was changed', "UPDATE journal SET body = X'7B7D' WHERE seq = 3", 'journal fact 3'],
    ['a fact that was removed', 'DELETE FROM journal WHERE seq = 2', 'journal fact 2: missing'],
    ['facts cut off the end', 'DELETE FROM journal WHERE seq > 3', 'totals: facts should be 5'],
    [
      'a record that was changed',
      "UPDATE communications SET at = 1 WHERE key LIKE '%done'",
      'communications',
    ],
    ['numbers that were changed', 'UPDATE totals SET records = 7', 'totals'],
  ])('shows %s before it was brought up to date', (_name, sql, problem) => {
    const engine = migrated(`${withoutTriggers} ${sql}; ${withTriggers}`);
    const { whole, problems } = verify(engine);
    expect(whole).toBe(false);
    expect(problems[0]).toContain(problem);
    engine.close();
  });
});
