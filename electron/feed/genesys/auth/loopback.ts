import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { say, type MessageKey } from '../../../../domain/words/say.ts';
import { createDeferred } from '../../../../domain/toolbox/deferred.ts';
import { SignInProblem } from './sign-in-problem.ts';

/** The page has no script, picture or link; nothing may frame it, keep it or learn where it came from. */
const pageHeaders: OutgoingHttpHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
  connection: 'close',
};

/** Both texts are our own words: nothing of the request is shown. */
function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 30rem; margin: 20vh auto 0; padding: 0 1rem; }
</style>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
}

/** Waiting, on this machine only, for the browser to come back with the answer. */
interface Loopback {
  /** Where the browser is sent back to: `http://localhost:<port>/oauth/callback`. */
  readonly redirectUri: string;
  /** The parameters of the one answer that belongs to this sign-in. Never settles once closed. */
  readonly answer: Promise<URLSearchParams>;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

interface LoopbackOptions {
  /** Tried in this order; the first free one is taken. */
  readonly ports: readonly number[];
  readonly path: string;
  /** Only an answer that carries it is ours; any other is turned away and the wait goes on. */
  readonly state: string;
}

/** A browser asks for a page and perhaps an icon; nobody else belongs here. */
const connectionsAtMost = 8;
const headersMs = 5_000;

/** `localhost` is either of these, and a browser may try either first. */
const hosts = ['127.0.0.1', '::1'] as const;

/** Codes of an address this machine does not have: nobody will come that way. */
const noSuchAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Null when there is no such address here. Rejects when the port is taken. */
function listen(handler: Handler, port: number, host: string): Promise<Server | null> {
  const server = createServer({ headersTimeout: headersMs, requestTimeout: headersMs }, handler);
  server.maxConnections = connectionsAtMost;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (noSuchAddress.has(error.code ?? '')) resolve(null);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      resolve(server);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Every address `localhost` has here, at one port; null when somebody else has one of them. */
async function listenAtAll(handler: Handler, wanted: number): Promise<readonly Server[] | null> {
  const servers: Server[] = [];
  try {
    for (const host of hosts) {
      const [first] = servers;
      const server = await listen(handler, first ? portOf(first) : wanted, host);
      if (server) servers.push(server);
    }
    return servers.length > 0 ? servers : null;
  } catch {
    // At the other address the answer, with its code, would go to whoever listens there.
    await Promise.all(servers.map(closed));
    return null;
  }
}

async function firstFree(handler: Handler, ports: readonly number[]): Promise<readonly Server[]> {
  for (const port of ports) {
    const servers = await listenAtAll(handler, port);
    if (servers) return servers;
  }
  throw new SignInProblem('local', say('signIn.portsTaken', { ports: ports.join(', ') }));
}

/** Opens the port. Throws `SignInProblem` when every one is taken. */
export async function openLoopback({ ports, path, state }: LoopbackOptions): Promise<Loopback> {
  const answer = createDeferred<URLSearchParams>();
  const servers = await firstFree((request, response) => {
    request.resume();
    void serve(request, response);
  }, ports);
  const port = String(servers.map(portOf)[0]);
  const names = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${port}`);
  let taken = false;

  function reply(
    response: ServerResponse,
    status: number,
    title: MessageKey,
    text: MessageKey,
  ): Promise<void> {
    return new Promise((resolve) => {
      // 'close' also comes when the browser has closed the tab.
      response.once('close', resolve);
      response.writeHead(status, pageHeaders).end(page(say(title), say(text)));
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    const url = URL.canParse(target, 'http://localhost') ? new URL(target, 'http://localhost') : null;
    // Another host name that points here is an attack (DNS rebinding).
    if (url?.pathname !== path || !names.includes(request.headers.host ?? '')) {
      return reply(response, 404, 'signIn.page.nothing', 'signIn.page.nothing.text');
    }
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      return reply(response, 405, 'signIn.page.nothing', 'signIn.page.nothing.text');
    }
    const parameters = url.searchParams;
    if (taken || parameters.get('state') !== state) {
      return reply(response, 400, 'signIn.page.stranger', 'signIn.page.stranger.text');
    }
    taken = true;
    const denied = parameters.has('error');
    await reply(
      response,
      200,
      denied ? 'signIn.page.denied' : 'signIn.page.done',
      denied ? 'signIn.page.denied.text' : 'signIn.page.done.text',
    );
    answer.resolve(parameters);
  }

  return {
    redirectUri: `http://localhost:${port}${path}`,
    answer: answer.promise,
    close: async () => {
      await Promise.all(servers.map(closed));
    },
  };
}
