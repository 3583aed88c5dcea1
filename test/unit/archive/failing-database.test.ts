import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { connect } from '../../../archive/database/database.ts';
import {
  archiveErrorSchema,
  recordsAnswerSchema,
  sessionAnswerSchema,
} from '../../../domain/archive/wire.ts';
import { Disk } from '../../e2e/support/disk.ts';
import { lineOf, migrations, startArchive, type TestArchive } from './archive.ts';
import { startGenesys, tokenOf } from './genesys.ts';

/** What goes wrong with a database: one clear sentence, nothing that was taken is lost, and it goes on by itself. */

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function opened(options: Parameters<typeof startArchive>[0] = {}): Promise<TestArchive> {
  const archive = await startArchive(options);
  ends.push(() => archive.close());
  return archive;
}

const ndjson = { 'content-type': 'application/x-ndjson' };
const nothingTaken = (why: string): unknown => ({
  status: 503,
  body: { error: { code: 'database', message: `The archive’s database fails: ${why}. Nothing was taken.` } },
  headers: { 'retry-after': expect.stringMatching(/^[1-5]$/) as unknown },
});

it('one that is read-only takes nothing, is read as far as no look has to be noted, and goes on after it', async () => {
  const archive = await opened();
  const ana = await archive.signIn({ id: 'ana' });
  const boss = await archive.signIn({ id: 'boss', supervises: ['div-1'] });
  await ana.send([lineOf(1)]);

  const change = async (to: string): Promise<void> => {
    await archive.sql(`do $$ begin execute format('alter database %I ${to}', current_database()); end $$`);
    // Those that are connected keep what they had.
    await archive.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    // Else the next question may go to one whose end the service has not heard of yet.
    await expect.poll(() => archive.database.pool.totalCount).toBe(0);
  };
  await change('set default_transaction_read_only = on');
  const body = JSON.stringify(lineOf(2));
  const answer = await ana.call('POST', '/v1/records', { body, headers: ndjson });
  expect(answer).toMatchObject(nothingTaken('it is read-only') as object);
  expect((await ana.page()).records).toHaveLength(1);
  expect(await boss.call('GET', '/v1/records')).toMatchObject(nothingTaken('it is read-only') as object);
  await expect(archive.signIn({ id: 'bo' })).rejects.toThrow('read-only');
  await expect(connect({ url: archive.url, migrations, secrets: {} })).rejects.toThrow('it is read-only');
  expect(archive.logged()).toContain('it is read-only');

  await change('reset default_transaction_read_only');
  expect(await ana.send([lineOf(1), lineOf(2)])).toMatchObject([{ outcome: 'known' }, { outcome: 'kept' }]);
  expect((await boss.page()).records).toHaveLength(2);
});

it('one whose schema went on: the service it is too new for says so, and the one that made it goes on', async () => {
  const old = await opened();
  const ana = await old.signIn({ id: 'ana' });
  await ana.send([lineOf(1)]);
  await old.sql('update archive.compatibility set oldest_service = 2');
  const newer = await opened({ url: old.url, version: 2 });
  const elsewhere = await newer.signIn({ id: 'ana' });
  expect(await elsewhere.send([lineOf(1), lineOf(2)])).toMatchObject([
    { outcome: 'known' },
    { outcome: 'kept' },
  ]);
  const send = () => ana.call('POST', '/v1/records', { body: JSON.stringify(lineOf(3)), headers: ndjson });
  await expect.poll(async () => (await send()).status, { timeout: 5_000 }).toBe(503);
  expect(await send()).toMatchObject({
    status: 503,
    body: { error: { code: 'schema', message: expect.stringContaining('another version') as unknown } },
    headers: { 'retry-after': '30' },
  });
  await old.sql('update archive.compatibility set oldest_service = 1');
  expect((await send()).status).toBe(200);
});

it('one whose disk is full says so, and takes the same again once there is room', async () => {
  const genesys = await startGenesys();
  ends.push(genesys.close);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-full-'));
  ends.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const disk = await Disk.mountAt(folder, { kind: 'small', bytes: 160 << 20 });
  ends.push(() => disk.close());
  // The database runs as somebody else.
  chmodSync(disk.reach(), 0o755);
  const program = path.join(ROOT, 'archive/out/archive.mjs');
  const args = [program, '--genesys', genesys.url, '--data', path.join(disk.folder, 'data')];
  const child = spawn(disk.starter(process.execPath), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  ends.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const failed = ended.then(() => Promise.reject(new Error(said)));
  failed.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), failed])) as [string];
  const { url } = JSON.parse(line) as { url: string };

  const signedIn = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accessToken: tokenOf({ id: 'ana' }) }),
  });
  const { session } = sessionAnswerSchema.parse(await signedIn.json());
  const at = new Date().toISOString();
  const send = (from: number, to: number): Promise<Response> => {
    const lines = Array.from({ length: to - from + 1 }, (_, index) =>
      JSON.stringify(lineOf(from + index, { at })),
    );
    const headers = { ...ndjson, authorization: `Bearer ${session}` };
    return fetch(`${url}/v1/records`, { method: 'POST', headers, body: lines.join('\n') });
  };
  const outcomesOf = async (answer: Response): Promise<string[]> =>
    recordsAnswerSchema.parse(await answer.json()).results.map(({ outcome }) => outcome);

  expect(await outcomesOf(await send(1, 1))).toEqual(['kept']);
  disk.fill();
  const answer = await send(1, 400);
  expect(answer.status).toBe(503);
  expect(archiveErrorSchema.parse(await answer.json()).error).toEqual({
    code: 'database',
    message: 'The archive’s database fails: its disk is full. Nothing was taken.',
  });
  await expect.poll(() => said).toContain('its disk is full');
  disk.free();
  expect(await outcomesOf(await send(1, 400))).toEqual([
    'known',
    ...Array.from({ length: 399 }, () => 'kept'),
  ]);
});
