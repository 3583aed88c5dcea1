import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isWaylandSession } from './display-server.ts';
import { parseDisplay, readIfThere, socketOf, x11Access } from './x11-access.ts';

/** Which display servers would have a window of ours. */
export interface AnsweringServers {
  readonly x11: boolean;
  readonly wayland: boolean;
}

/** XWayland is started by its first client, which takes a slow machine seconds, ms. */
const patienceMs = 6000;

/** Where to connect, what to say first, and which first bytes of the answer mean yes. */
interface Probe {
  readonly server: keyof AnsweringServers;
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  readonly hello: Uint8Array;
  readonly yes: (firstByte: number) => boolean;
}

function x11Probes(env: NodeJS.ProcessEnv): Probe[] {
  const access = x11Access(env);
  if (access === null) return [];
  const { places, hello } = access;
  // Success; 0 is a refusal, 2 asks for more than the secret.
  return places.map((at) => ({ server: 'x11', at, hello, yes: (first) => first === 1 }));
}

function waylandProbes(env: NodeJS.ProcessEnv): Probe[] {
  if (!isWaylandSession({ platform: 'linux', env })) return [];
  const name = env['WAYLAND_DISPLAY'] ?? '';
  const path = join(name.startsWith('/') ? '' : (env['XDG_RUNTIME_DIR'] ?? ''), name || 'wayland-0');
  // `wl_display.get_registry`: object 1, its second request, 12 bytes, a new object 2. Whoever answers is one.
  const hello = new Uint8Array(Uint32Array.of(1, (12 << 16) | 1, 2).buffer);
  return [{ server: 'wayland', at: { path }, hello, yes: () => true }];
}

/** Runs in a thread: nothing of ours is in reach but `workerData`. */
const askAll = `
const net = require('node:net');
const { places, hellos, ms, memory } = require('node:worker_threads').workerData;
const answers = new Int32Array(memory);
const ready = () => { Atomics.store(answers, 0, 1); Atomics.notify(answers, 0); };
let open = places.length;
places.forEach((place, index) => {
  const socket = net.connect(place);
  socket.setTimeout(ms, () => socket.destroy());
  socket.on('connect', () => socket.write(hellos[index]));
  socket.once('data', (data) => { Atomics.store(answers, index + 1, data[0] + 1); socket.destroy(); });
  socket.on('error', () => undefined);
  socket.on('close', () => { open -= 1; if (open === 0) ready(); });
});
`;

/**
 * Asks the servers and waits for their answers. The browser engine starts as soon as our script has run, and by then
 * it must be known: so a thread asks, and this one stands still, for some milliseconds where all of them answer.
 *
 * @param ms how long a server may take
 */
export function answeringServers(env: NodeJS.ProcessEnv, ms = patienceMs): AnsweringServers {
  const probes = [...x11Probes(env), ...waylandProbes(env)];
  if (probes.length === 0) return { x11: false, wayland: false };
  const memory = new SharedArrayBuffer(4 * (probes.length + 1));
  const workerData = {
    places: probes.map(({ at }) => at),
    hellos: probes.map(({ hello }) => hello),
    ms,
    memory,
  };
  const thread = new Worker(askAll, { eval: true, execArgv: [], workerData });
  const answers = new Int32Array(memory);
  // A thread needs a while to start, too.
  Atomics.wait(answers, 0, 0, ms + 4000);
  void thread.terminate();
  const answered = (server: keyof AnsweringServers): boolean =>
    probes.some((probe, index) => {
      const answer = answers[index + 1] ?? 0;
      return probe.server === server && answer > 0 && probe.yes(answer - 1);
    });
  return { x11: answered('x11'), wayland: answered('wayland') };
}

/**
 * Whether this is an X11 desktop's own session with its server listening: then there is nothing to choose, and no
 * start has to wait for a question.
 */
export function isPlainX11(
  env: NodeJS.ProcessEnv,
  listening = readIfThere('/proc/net/unix').toString(),
): boolean {
  const display = parseDisplay(env['DISPLAY'] ?? '');
  if (env['XDG_SESSION_TYPE'] !== 'x11' || env['WAYLAND_DISPLAY'] || display?.host !== '') return false;
  const socket = socketOf(display);
  // `…: 00000002 00000000 00010000 0001 01 12345 /tmp/.X11-unix/X0`; the fourth field marks who listens.
  return listening
    .split('\n')
    .some(
      (line) => line.includes(' 00010000 ') && (line.endsWith(` ${socket}`) || line.endsWith(` @${socket}`)),
    );
}
