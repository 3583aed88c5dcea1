import { once } from 'node:events';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy as a network has it: opens a tunnel to wherever it is asked to, and sees nothing of what goes through. */
export interface ConnectProxy {
  readonly url: URL;
  /** `host:port` of every tunnel asked for, oldest first. */
  readonly asked: readonly string[];
  /** Requests that did not ask for a tunnel: what they said was open to it. */
  readonly open: readonly string[];
  close(): Promise<void>;
}

/** @param login `name:password` that it wants to hear before it opens a tunnel */
export async function startConnectProxy(login: string | null = null): Promise<ConnectProxy> {
  const asked: string[] = [];
  const open: string[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    open.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    const expected = login === null ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
    if (request.headers['proxy-authorization'] !== expected) {
      client.end(
        'HTTP/1.1 407 Who asks?\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    asked.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${String(port)}`),
    asked,
    open,
    close: async () => {
      const gone = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await gone;
    },
  };
}
