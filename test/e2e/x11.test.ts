import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isUncovered, mapWithoutFocus } from '../../electron/shell/x11.ts';
import { expect, test } from './support/fixtures.ts';

/** What the program asks of the X server itself, asked of one that lets in only who knows its secret. */

let folder: string;
let server: ChildProcess;
let env: NodeJS.ProcessEnv;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-x11-'));
  const authority = path.join(folder, 'authority');
  const parts = ['', '', 'MIT-MAGIC-COOKIE-1', '0123456789abcdef'].map((part) =>
    Buffer.concat([Buffer.from([0, part.length]), Buffer.from(part)]),
  );
  await writeFile(authority, Buffer.concat([Buffer.from([0xff, 0xff]), ...parts]));
  const args = ['--pdeathsig', 'KILL', '--', 'Xvfb', '-displayfd', '3', '-screen', '0', '640x480x24'];
  server = spawn('setpriv', [...args, '-nolisten', 'tcp', '-noreset', '-auth', authority], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(server.stdio[3] ?? server, 'data')) as [Buffer];
  env = { PATH: process.env['PATH'], DISPLAY: `:${String(number).trim()}`, XAUTHORITY: authority };
});

test.afterAll(async () => {
  server.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A window of another program, up. */
function openWindow(geometry: string): { id: number; close: () => void } {
  const name = `window at ${geometry.replaceAll('+', ' ')}`;
  const program = spawn('xev', ['-name', name, '-geometry', geometry], { env, stdio: 'ignore' });
  const found = execFileSync('xdotool', ['search', '--sync', '--onlyvisible', '--name', name], {
    env,
    timeout: 5000,
  });
  return { id: Number(String(found).trim()), close: () => program.kill('SIGKILL') };
}

test('brings a window up and leaves word that nobody asked for the keyboard', async () => {
  const { id, close } = openWindow('100x100+10+10');
  execFileSync('xdotool', ['windowunmap', '--sync', String(id)], { env });
  expect(await isUncovered(env, id)).toBe(false);
  await mapWithoutFocus(env, id);
  expect(await isUncovered(env, id)).toBe(true);
  const property = execFileSync('xprop', ['-id', String(id), '_NET_WM_USER_TIME'], { env });
  expect(String(property)).toContain('= 0');
  close();
});

test('tells a window that is covered', async () => {
  const under = openWindow('100x100+300+100');
  const over = openWindow('100x100+350+150');
  const beside = openWindow('50x50+500+100');
  const stack = (...ids: number[]): void => {
    const list = ids.join(',');
    execFileSync(
      'xprop',
      [...['-root', '-f', '_NET_CLIENT_LIST_STACKING', '32x', '-set', '_NET_CLIENT_LIST_STACKING', list]],
      { env },
    );
  };
  stack(under.id, beside.id, over.id);
  expect(await isUncovered(env, under.id)).toBe(false);
  expect(await isUncovered(env, beside.id)).toBe(true);
  stack(over.id, beside.id, under.id);
  expect(await isUncovered(env, under.id)).toBe(true);
  // What lies over it is on another desktop.
  stack(under.id, over.id);
  const set = (id: string[], name: string, value: string): void => {
    execFileSync('xprop', [...id, '-f', name, '32c', '-set', name, value], { env });
  };
  set(['-root'], '_NET_CURRENT_DESKTOP', '1');
  set(['-id', String(over.id)], '_NET_WM_DESKTOP', '0');
  expect(await isUncovered(env, under.id)).toBe(true);
  set(['-id', String(over.id)], '_NET_WM_DESKTOP', '4294967295');
  expect(await isUncovered(env, under.id)).toBe(false);
  for (const { close } of [under, over, beside]) close();
});

test('refuses where there is no server, none is named, or it lets nobody in', async () => {
  for (const of of [{ DISPLAY: ':4095' }, {}, { ...env, XAUTHORITY: '/dev/null' }]) {
    await expect(mapWithoutFocus(of, 1)).rejects.toThrow();
    await expect(isUncovered(of, 1)).rejects.toThrow();
  }
});

test('refuses a window it does not know', async () => {
  await expect(mapWithoutFocus(env, 0x7fffff)).rejects.toThrow('refused');
  await expect(isUncovered(env, 3)).rejects.toThrow('refused');
});
