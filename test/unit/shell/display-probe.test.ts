import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answeringServers, isPlainX11 } from '../../../electron/shell/display-probe.ts';

vi.mock('electron/main', () => ({ app: {} }));

let folder: string;
const threads: Worker[] = [];

/** The questions stop this thread: the servers live in others. Resolves with where it listens. */
async function serve(place: string | number, firstByte: number | null): Promise<string> {
  const thread = new Worker(
    `const { workerData: { place, firstByte }, parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer((socket) => {
       socket.on('error', () => undefined);
       socket.on('data', () => { if (firstByte !== null) socket.write(Buffer.from([firstByte, 0, 0, 0])); });
     });
     server.listen(place, () => parentPort.postMessage(server.address()));`,
    { eval: true, execArgv: [], workerData: { place, firstByte } },
  );
  threads.push(thread);
  const [address] = (await once(thread, 'message')) as [string | { port: number }];
  return typeof address === 'string' ? address : `localhost:${String(address.port - 6000)}.0`;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sharelight-probe-'));
});
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.terminate();
  rmSync(folder, { recursive: true, force: true });
});

describe('which display servers answer', () => {
  it('believes an X server that lets us in', async () => {
    const DISPLAY = await serve(0, 1);
    expect(answeringServers({ DISPLAY })).toEqual({ x11: true, wayland: false });
  });

  it('believes neither a refusal, nor silence, nor a server that is gone', async () => {
    const refusing = await serve(0, 0);
    const silent = await serve(0, null);
    const no = { x11: false, wayland: false };
    expect(answeringServers({ DISPLAY: refusing })).toEqual(no);
    expect(answeringServers({ DISPLAY: silent }, 200)).toEqual(no);
    expect(answeringServers({ DISPLAY: ':64999' })).toEqual(no);
    expect(answeringServers({ DISPLAY: 'no display', WAYLAND_DISPLAY: join(folder, 'gone') })).toEqual(no);
  });

  it('finds a compositor by its name, and by its whole path', async () => {
    const WAYLAND_DISPLAY = await serve(join(folder, 'wayland-9'), 2);
    expect(answeringServers({ WAYLAND_DISPLAY })).toEqual({ x11: false, wayland: true });
    expect(answeringServers({ WAYLAND_DISPLAY: 'wayland-9', XDG_RUNTIME_DIR: folder }).wayland).toBe(true);
  });
});

describe('a plain X11 desktop', () => {
  const listening = '0000: 00000002 00000000 00010000 0001 01 777 @/tmp/.X11-unix/X5\n';
  const env = { DISPLAY: ':5', XDG_SESSION_TYPE: 'x11' };
  it('is known by its session and by its server listening', () => {
    expect(isPlainX11(env, listening)).toBe(true);
    expect(isPlainX11(env, listening.replace('00010000', '00000000'))).toBe(false);
    expect(isPlainX11({ ...env, DISPLAY: ':55' }, listening)).toBe(false);
    expect(isPlainX11({ ...env, WAYLAND_DISPLAY: 'wayland-0' }, listening)).toBe(false);
    expect(isPlainX11({ DISPLAY: ':5' }, listening)).toBe(false);
  });
});
