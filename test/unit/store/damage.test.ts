import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DatabaseProblem, type Verification } from '../../../domain/database.ts';
import { runCall } from '../../../electron/store/worker-calls.ts';
import { openEngine, type Engine } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { signFile } from '../../../electron/store/file-signature.ts';
import { verify } from '../../../electron/store/verify.ts';
import {
  communication,
  submission,
  draft,
  factOf,
  hexOf,
  settled,
  temporaryFolder,
  testKey,
} from './examples.ts';

// Hundreds of files are opened and read through; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const keyHex = hexOf(testKey());

let original = '';
beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sharelight-damage-'));
  original = path.join(folder, 'memory.db');
  fill(original);
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
});

/** A closed database with something in every table; large bodies so that there are overflow pages too. */
function madeDatabase(): string {
  const file = path.join(temporaryFolder(), 'memory.db');
  copyFileSync(original, file);
  return file;
}

function fill(file: string): void {
  const engine = openEngine(file, keyHex, false);
  migrate(engine);
  for (let index = 0; index < 40; index += 1) {
    const made = index % 3 === 0 ? communication : settled;
    const peerName = 'x'.repeat((index % 8) * 900);
    const changed = made({ communicationId: `communication-${index}`, peerName });
    runCall(engine, 'commit', [factOf(changed), [changed]]);
    runCall(engine, 'saveDraft', [draft({ key: `a/b/${index}`, revision: index })]);
    runCall(engine, 'decide', [submission({ id: `decision-${index}`, key: `a/b/${index % 30}` })]);
    runCall(engine, 'cacheCodes', [`queue/${index}`, { codes: [], fetchedAt: '2025-03-04T10:00:00.000Z' }]);
    runCall(engine, 'setFavourite', [`code-${index}`, true]);
  }
  engine.checkpoint();
  engine.close();
}

const tables = ['journal', 'totals', 'communications', 'drafts', 'submissions', 'codes', 'code_uses'];

function contents(engine: Engine): string {
  return JSON.stringify(
    tables.map((table) => engine.all(`SELECT * FROM ${table} ORDER BY 1`)),
    (_name, value: unknown) => (value instanceof ArrayBuffer ? Buffer.from(value).toString('hex') : value),
  );
}

function withDatabase<T>(file: string, use: (engine: Engine) => T, readOnly = true): T {
  const engine = openEngine(file, keyHex, readOnly);
  try {
    return use(engine);
  } finally {
    engine.close();
  }
}

/** A file too damaged to be opened or read through is not whole either. */
function isWhole(file: string): boolean {
  try {
    return withDatabase(file, verify).whole;
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseProblem);
    return false;
  }
}

/** Changes rows behind the program's back, with the right key. */
function tamper(sql: string): Verification {
  const file = madeDatabase();
  withDatabase(file, (engine) => engine.exec(sql), false);
  return withDatabase(file, verify);
}

const withoutTriggers = `
  DROP TRIGGER journal_keeps_rows; DROP TRIGGER journal_keeps_values; DROP TRIGGER journal_keeps_numbers;`;

describe('a whole database', () => {
  it('verifies', () => {
    expect(withDatabase(madeDatabase(), verify)).toMatchObject({
      whole: true,
      facts: 40,
      records: 40,
      rebuilt: 40,
      problems: [],
    });
  });
});

describe('the journal', () => {
  it.each([
    ['a change', "UPDATE journal SET refusal = 'x' WHERE seq = 3"],
    ['a removal', 'DELETE FROM journal WHERE seq = 40'],
    [
      'a replacement',
      "INSERT OR REPLACE INTO journal SELECT seq, source, subject, received_at, context, refusal, salt, hash, digest, deleted, sum, X'' FROM journal WHERE seq = 3",
    ],
  ])('refuses %s', (_name, sql) => {
    const file = madeDatabase();
    withDatabase(
      file,
      (engine) => {
        const before = contents(engine);
        expect(() => engine.exec(sql)).toThrow(DatabaseProblem);
        expect(contents(engine)).toBe(before);
      },
      false,
    );
  });

  it.each([
    [
      'changed',
      "UPDATE journal SET body = X'7B7D' WHERE seq = 7",
      'update 7: it or the one before it was changed',
    ],
    [
      'time changed',
      "UPDATE journal SET received_at = '2025' WHERE seq = 8",
      'update 8: it or the one before it was changed',
    ],
    [
      'refusal changed',
      "UPDATE journal SET refusal = '' WHERE seq = 8",
      'update 8: it or the one before it was changed',
    ],
    ['removed', 'DELETE FROM journal WHERE seq = 9', 'update 9: missing; the next one is 10'],
    [
      'cut off at the end',
      'DELETE FROM journal WHERE seq > 38',
      'totals: facts should be 40, but there are 38',
    ],
    [
      'swapped with its neighbour',
      'UPDATE journal SET seq = -1 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = 6; UPDATE journal SET seq = 6 WHERE seq = -1',
      'update 5: it or the one before it was changed',
    ],
  ])('shows a row %s', (_name, sql, problem) => {
    const verification = tamper(`${withoutTriggers} ${sql}`);
    expect(verification.whole).toBe(false);
    expect(verification.problems[0]).toBe(problem);
  });
});

describe('the other tables', () => {
  it.each([
    ['communications', "UPDATE communications SET settled = 1 WHERE key LIKE '%communication-0'"],
    ['drafts', 'UPDATE drafts SET revision = 1000 WHERE revision = 35'],
    ['submissions', "UPDATE submissions SET json = replace(json, 'waiting', 'dropped') WHERE ord = 2"],
    ['codes', "UPDATE codes SET json = '{}' WHERE scope = 'queue/1'"],
    ['code_uses', "UPDATE code_uses SET uses = 3 WHERE code = 'code-7'"],
    ['totals', 'UPDATE totals SET quarantined = 1'],
  ])('show a row of %s that was changed', (table, sql) => {
    const { whole, problems } = tamper(sql);
    expect(whole).toBe(false);
    expect(problems[0]).toMatch(new RegExp(`^${table} .*doesn’t match its checksum`));
  });

  it('show a record that is gone', () => {
    expect(tamper("DELETE FROM communications WHERE key LIKE '%communication-3'").problems).toEqual([
      'record conversation-1/participant-1/communication-3: missing, although update 4 is about it',
      'totals: records should be 40, but there are 39',
    ]);
  });

  it('never hand out a row that differs from its checksum', () => {
    const file = madeDatabase();
    withDatabase(
      file,
      (engine) => {
        engine.exec("UPDATE drafts SET json = replace(json, 'a note', 'another') WHERE key = 'a/b/39'");
        expect(() => runCall(engine, 'recollect', [])).toThrow(/drafts "a\/b\/39": the row doesn’t match/);
      },
      false,
    );
  });
});

/** Small, seeded: the same flips in every run (Park and Miller's minimal standard generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}

describe('a flipped byte', () => {
  it('is found anywhere in the file, or was in space that holds nothing', () => {
    const file = madeDatabase();
    const before = withDatabase(file, contents);
    const whole = readFileSync(file);
    const copy = path.join(path.dirname(file), 'flipped.db');
    const next = sequence(20_250_304);
    const tally = { found: 0, harmless: 0 };
    const pageSize = 4096;
    for (let page = 0; page < whole.length / pageSize; page += 1) {
      const bytes = Buffer.from(whole);
      const place = page * pageSize + (next() % pageSize);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (next() % 8));
      writeFileSync(copy, bytes);
      if (isWhole(copy)) {
        expect(withDatabase(copy, contents), `byte ${place}`).toBe(before);
        tally.harmless += 1;
      } else {
        tally.found += 1;
      }
    }
    expect(tally.found).toBeGreaterThan(tally.harmless);
  });

  it('is found anywhere at all in a file that was closed cleanly', () => {
    const file = madeDatabase();
    signFile(file, keyHex);
    expect(withDatabase(file, verify).whole).toBe(true);
    const whole = readFileSync(file);
    const next = sequence(7);
    for (let flip = 0; flip < 30; flip += 1) {
      const bytes = Buffer.from(whole);
      const place = next() % whole.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (next() % 8));
      writeFileSync(file, bytes);
      expect(isWhole(file), `byte ${place}`).toBe(false);
    }
  });

  it('in the seal itself is found too', () => {
    const file = madeDatabase();
    signFile(file, keyHex);
    const sealed = path.join(path.dirname(file), 'memory.seal');
    const whole = readFileSync(sealed);
    for (let place = 0; place < whole.length - 1; place += 1) {
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      writeFileSync(sealed, bytes);
      expect(isWhole(file), `byte ${place}`).toBe(false);
    }
  });

  it('is found when the last page is cut off', () => {
    const file = madeDatabase();
    const copy = path.join(path.dirname(file), 'cut.db');
    copyFileSync(file, copy);
    writeFileSync(copy, readFileSync(copy).subarray(0, -4096));
    expect(isWhole(copy)).toBe(false);
  });
});

describe('a damaged record', () => {
  it('is not written over by the next fact about it, which would give it a good checksum again', () => {
    const file = madeDatabase();
    withDatabase(
      file,
      (engine) => {
        engine.exec('UPDATE communications SET first_fact = first_fact + 1');
        const before = contents(engine);
        const changed = settled({ communicationId: 'communication-1', revisions: 2 });
        expect(() => runCall(engine, 'commit', [factOf(changed), [changed]])).toThrow(
          expect.objectContaining({ code: 'damaged' }) as Error,
        );
        expect(contents(engine)).toBe(before);
      },
      false,
    );
  });
});
