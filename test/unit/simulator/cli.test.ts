import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, mergeConfig } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { simulatorBuild } from '../../../build/vite/builds.ts';
import { SCENARIO_NAMES } from '../../../electron/feed/simulator/scenarios.ts';
import { call, listen } from './client.ts';

/** The simulator as a program of its own, built as it is shipped and run by plain Node. */

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'simulator-cli-'));
const program = join(folder, 'simulator.cjs');
const children: ChildProcess[] = [];

beforeAll(async () => {
  const config = simulatorBuild(root);
  await build(mergeConfig(config, { logLevel: 'error', build: { outDir: folder, emptyOutDir: false } }));
}, 60_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Started {
  apiUrl: string;
  loginUrl: string;
  accessToken: string;
  userId: string;
  controlSecret: string;
}

interface Run {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  /** Exit code once it has ended. */
  exit: Promise<number | null>;
  /** Resolves when stderr has said so. */
  says: (words: string) => Promise<void>;
  /** The first line of output, parsed. */
  started: () => Promise<Started>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  return {
    child,
    out: () => out,
    err: () => err,
    exit: once(child, 'close').then(([code]) => code as number | null),
    says: async (words) => {
      while (!err.includes(words)) await once(child.stderr, 'data');
    },
    started: async () => {
      while (!out.includes('\n')) await once(child.stdout, 'data');
      return JSON.parse(out.slice(0, out.indexOf('\n'))) as Started;
    },
  };
}

/** What tests of the running server take, as far as another process has it. */
const asServer = (started: Started) => started as unknown as Parameters<typeof listen>[0];

describe('a start', () => {
  it('prints one line of JSON on stdout, and everything else on stderr', async () => {
    const { child, started, exit, out, err } = run('--scenario', 'idle', '--port=0');
    const { apiUrl, loginUrl, accessToken, userId } = await started();
    expect(apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(loginUrl).toBe(apiUrl);
    expect((await call({ apiUrl, accessToken }, 'GET', '/api/v2/users/me')).body['id']).toBe(userId);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(out().trim().split('\n')).toHaveLength(1);
    expect(err()).toContain('idle');
  });

  it('lists the scenarios, each with its line', async () => {
    const { exit, out } = run('--list');
    expect(await exit).toBe(0);
    expect(
      out()
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(SCENARIO_NAMES);
  });

  it('takes a seed, which fixes what happens', async () => {
    const id = async (): Promise<unknown> => {
      const started = await run('--scenario=first-share', '--seed', 'monday').started();
      const { next } = await listen(asServer(started));
      return (await next(({ eventBody }) => eventBody?.participants !== undefined)).eventBody?.['id'];
    };
    const first = await id();
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id()).toBe(first);
  });

  it.each([
    [['--scenario', 'nonsense'], '--scenario'],
    [['--speed', 'fast'], '--speed'],
    [['--speed=0'], '--speed'],
    [['--port', '70000'], '--port'],
    [['--unheard-of'], '--unheard-of'],
    [['--scenario'], '--scenario'],
    [['stray'], 'stray'],
  ])('%j is refused with one clear line and exit code 2', async (args, word) => {
    const { exit, out, err } = run(...args);
    expect(await exit).toBe(2);
    expect(out()).toBe('');
    expect(err().trim().split('\n')).toHaveLength(1);
    expect(err()).toContain(word);
  });

  it('on a taken port says so and exits with 1', async () => {
    const { apiUrl } = await run('--scenario', 'idle').started();
    const { exit, err } = run('--scenario', 'idle', '--port', new URL(apiUrl).port);
    expect(await exit).toBe(1);
    expect(err()).toContain('EADDRINUSE');
  });
});

describe('the end', () => {
  it('comes by itself when the scenario is over', async () => {
    const { started, exit, err } = run('--scenario', 'missed-alert', '--speed', '500');
    await listen(asServer(await started()));
    expect(await exit).toBe(0);
    expect(err()).toContain('the scenario is over');
  });

  it('does not come while it is held open', async () => {
    const { child, started, exit, says } = run('--scenario', 'missed-alert', '--speed', '500', '--hold-open');
    const printed = await started();
    const { controlSecret } = printed;
    const server = asServer(printed);
    await listen(server);
    await says('the scenario is over; held open');
    const { body } = await call<{ conversations: { phase: string }[] }>(
      server,
      'GET',
      '/_simulator/state',
      undefined,
      { Authorization: `Bearer ${controlSecret}` },
    );
    expect((await call(server, 'GET', '/_simulator/state')).status).toBe(401);
    expect(body.conversations).toMatchObject([{ phase: 'over' }]);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });
});
