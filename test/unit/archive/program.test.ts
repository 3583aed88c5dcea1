import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../../build/paths.mjs';
import { recordsAnswerSchema, sessionAnswerSchema } from '../../../domain/archive/wire.ts';
import { freshDatabase, lineOf } from './archive.ts';
import { startGenesys, tokenOf, type FakeGenesys } from './genesys.ts';

/** The program as an administrator starts it: its database, its flags, what it says and how it ends. */

const program = path.join(ROOT, 'archive/out/archive.mjs');
let folder: string;
let genesys: FakeGenesys;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-archive-'));
  chmodSync(folder, 0o755);
  genesys = await startGenesys();
});
afterAll(async () => {
  for (const child of running) {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
  }
  genesys.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly url: string;
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
}

function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = launch(['--genesys', genesys.url, ...args], env);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const lines = child.stdout && createInterface({ input: child.stdout });
  const line = await Promise.race([
    lines ? (once(lines, 'line') as Promise<[string]>) : Promise.reject(new Error('no output')),
    once(child, 'close').then(() => Promise.reject(new Error(said))),
  ]);
  const { url, ...rest } = JSON.parse(line[0]) as { url: string };
  expect(rest).toEqual({});
  return {
    url,
    stop: async (signal) => {
      const ended = once(child, 'close') as Promise<[number | null]>;
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** What a start that fails says, and its exit code. */
async function refused(args: readonly string[]): Promise<string> {
  const child = launch(args);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number];
  return `${code} ${said.trim()}`;
}

const today = new Date().toISOString();
async function sendTo(url: string, number: number): Promise<string | undefined> {
  const signedIn = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accessToken: tokenOf({ id: 'ana' }) }),
  });
  const { session } = sessionAnswerSchema.parse(await signedIn.json());
  const answer = await fetch(`${url}/v1/records`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${session}` },
    body: JSON.stringify(lineOf(number, { at: today })),
  });
  return recordsAnswerSchema.parse(await answer.json()).results[0]?.outcome;
}

/** As on a machine that has Node and nothing else. */
function bare(): Record<string, string> {
  const place = mkdtempSync(path.join(folder, 'bin-'));
  symlinkSync(process.execPath, path.join(place, 'node'));
  return { PATH: `${place}:/usr/bin:/bin`, SHARELIGHT_NO_SYSTEM_POSTGRES: '1' };
}

describe('the archive', () => {
  it('brings a database where the system has none, and keeps it over an end and a kill', async () => {
    const data = path.join(folder, 'data');
    const env = bare();
    const first = await start(['--data', data], env);
    expect(await sendTo(first.url, 1)).toBe('kept');
    expect(await refused(['--data', data])).toMatch(/^1 .*is used by another archive.*--data\.$/);
    expect(await first.stop('SIGTERM')).toBe(0);
    const second = await start(['--data', data], env);
    expect(await sendTo(second.url, 1)).toBe('known');
    expect(await sendTo(second.url, 2)).toBe('kept');
    await second.stop('SIGKILL');
    const third = await start(['--data', data], env);
    expect(await sendTo(third.url, 2)).toBe('known');
    expect(await third.stop('SIGINT')).toBe(0);
  });

  it('works beside another one on the same real database', async () => {
    const database = await freshDatabase();
    const [one, other] = await Promise.all([
      start(['--database', database]),
      start(['--database', database]),
    ]);
    expect(await sendTo(one.url, 1)).toBe('kept');
    expect(await sendTo(other.url, 1)).toBe('known');
    await Promise.all([one.stop('SIGTERM'), other.stop('SIGTERM')]);
  });

  it.each([
    ['a flag nobody knows', ['--everything'], /^2 .*everything/],
    ['an address that is none', ['--genesys', 'elsewhere'], /^1 --genesys elsewhere: give the address/],
    ['a token sent in the clear', ['--genesys', 'http://api.example.com'], /^1 --genesys/],
    ['a port that is none', ['--port', '70000'], /^1 --port 70000/],
    ['an open door without TLS', ['--host', '0.0.0.0'], /^1 --host 0\.0\.0\.0 needs --tls-cert/],
    [
      'a database that is not there',
      ['--database', 'postgres://127.0.0.1:9/none'],
      /^1 The database cannot be used: nobody answers/,
    ],
    ['a command nobody knows', ['burn'], /^1 burn: give/],
    [
      'a deletion without a reason',
      ['erase', '--agent', 'ana', '--database', 'postgres://x'],
      /^1 erase needs .*--reason/,
    ],
  ])('says in one line what is wrong with %s', async (_what, args, words) => {
    const said = await refused(args);
    expect(said).toMatch(words);
    expect(said.split('\n')).toHaveLength(1);
  });

  it('deletes one person’s records by a command, with a reason', async () => {
    const database = await freshDatabase();
    const archive = await start(['--database', database]);
    await sendTo(archive.url, 1);
    const flags = [
      '--database',
      database,
      '--organisation',
      'org-1',
      '--by',
      'officer',
      '--reason',
      'asked for',
    ];
    expect(await refused(['erase', '--agent', 'ana', ...flags])).toMatch(/^0 1 revisions deleted/);
    expect(await sendTo(archive.url, 1)).toBe('refused');
    expect(await refused(['drop-months', '--before', '2026-01-01', ...flags])).toMatch(/^0 Dropped: nothing/);
    await archive.stop('SIGTERM');
  });
});
