import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { createHub } from './channels.ts';
import { createSimulatedClock, createWorldRunner } from './world-runner.ts';
import { createControl, type Control } from './control.ts';
import type { DoorParts } from './control-door.ts';
import { AGENT, SUPERVISOR } from './directory.ts';
import { strike } from './faults.ts';
import { createHttpListener, createRateLimiter, isThisMachine, type ControlDoor } from './http.ts';
import { createOAuth } from './oauth.ts';
import { createRoutes } from './routes.ts';
import { openWorld, saveWorld } from './saved-world.ts';
import { headStartMs, type ScenarioName } from './scenarios.ts';
import { createAnnouncer } from './topics.ts';

export interface SimulatorOptions {
  scenario: ScenarioName;
  /** Simulated seconds per real second; 0 stands still and moves only by `control.advance`. Default 1. */
  speed?: number;
  /** Default 0: any free port. Always on 127.0.0.1. */
  port?: number;
  /** The same seed gives the same ids, names and times. Default: another one at every start. */
  seed?: string | number;
  /** Where the world is kept, so that it goes on after this process as a real server would. */
  stateFile?: string;
  /** Real ms between heartbeats; default 30 000, as the service has it. */
  heartbeatMs?: number;
  /** Requests per real minute and token; default 300. */
  rateLimit?: number;
  /** Real time, ms since 1970. */
  now?: () => number;
  log?: (line: string) => void;
  /** How another process drives it; nobody can where there is none. */
  door?: (parts: DoorParts) => ControlDoor;
}

export interface RunningSimulator {
  apiUrl: string;
  loginUrl: string;
  accessToken: string;
  supervisorToken: string;
  userId: string;
  control: Control;
  close: () => Promise<void>;
}

/**
 * Starts the service on loopback. The scenario begins when the first client listens.
 * @throws when the port is taken or the state file cannot be read
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { speed = 1, stateFile, heartbeatMs = 30_000, rateLimit = 300, now: wallNow = Date.now } = options;
  const log = options.log ?? (() => undefined);
  const headStart = headStartMs(options.scenario, speed);
  const beginning = (): number => wallNow() - headStart;
  const { world, startAt } = openWorld({ ...options, speed, wallNow, beginning, log });
  const oauth = createOAuth(world, wallNow);
  const clock = createSimulatedClock({ speed, wallNow, startAt, catchesUp: headStart > 0 });
  const timers = new Set<NodeJS.Timeout>();

  const hub = createHub({
    world,
    wallNow,
    heartbeatMs,
    onListening: (listening) => runner.setListening(listening),
  });
  const runner = createWorldRunner({
    world,
    clock,
    announce: createAnnouncer(world, hub.publish),
    startAt: () => (speed === 0 ? clock.now() : beginning()),
    save: () => {
      const saved = { world, simulatedAt: clock.now(), wallAt: wallNow() };
      if (stateFile !== undefined) saveWorld(stateFile, saved, log);
    },
  });

  let port = options.port ?? 0;
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const hangUp = async (): Promise<void> => {
    for (const socket of sockets.clients) socket.terminate();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };

  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const control = createControl({ runner, hub, oauth, goDark: hangUp, comeBack: listen, later });
  const routes = createRoutes({
    world,
    hub,
    now: clock.now,
    publish: runner.publish,
    someoneReads: () => runner.setListening(true),
    socketOrigin: () => `ws://127.0.0.1:${port}`,
  });
  server.on(
    'request',
    createHttpListener({
      world,
      oauth,
      routes,
      allowance: createRateLimiter(rateLimit, wallNow),
      now: clock.now,
      catchUp: runner.catchUp,
      settle: runner.settle,
      controlDoor: options.door?.({ control, act: runner.act, later }) ?? null,
      log,
    }),
  );
  server.on('upgrade', (request, stream: Duplex, head) => {
    const pathname = (request.url ?? '').split('?')[0] ?? '';
    const known = isThisMachine(request.headers.host);
    const refused = strike(world, ['status'], { on: 'http', method: 'GET', path: pathname });
    const channel = hub.find(/^\/channels\/([^/]+)$/.exec(pathname)?.[1] ?? '');
    if (!known || refused || !channel) {
      const status = `HTTP/1.1 ${known ? (refused?.status ?? 401) : 403} Refused`;
      const pause = refused?.retryAfterS === undefined ? '' : `Retry-After: ${refused.retryAfterS}\r\n`;
      stream.end(`${status}\r\n${pause}Connection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        stream.destroy(),
      );
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      hub.attach(channel, socket);
      runner.settle();
    });
  });

  await listen();
  runner.settle();
  const origin = `http://127.0.0.1:${port}`;
  return {
    apiUrl: origin,
    loginUrl: origin,
    accessToken: oauth.lastingToken(),
    supervisorToken: oauth.lastingToken(SUPERVISOR),
    userId: AGENT.id,
    control,
    close: async () => {
      runner.settle();
      runner.stop();
      for (const timer of timers) clearTimeout(timer);
      if (server.listening) await hangUp();
    },
  };
}
