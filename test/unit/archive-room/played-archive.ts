import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { canonicalText } from '../../../domain/archive/identity.ts';
import { recordLineSchema, type RecordLine, type RecordResult } from '../../../domain/archive/wire.ts';

/** What the archive does wrong with a batch of records, or with a page of them. */
export type Fault =
  | 'lost answer'
  | 'busy'
  | 'database'
  | 'session ended'
  | 'portal'
  | 'redirect'
  | 'broken'
  | 'version'
  | 'too large'
  | 'schema'
  | 'internal'
  | 'silence';

export interface PlayedArchive {
  readonly url: string;
  /** Faults of the next batches or pages of records, in their order. */
  readonly faults: Fault[];
  /** By ids of the record and revision: what was kept first. */
  readonly kept: Map<string, RecordLine>;
  readonly conflicts: RecordLine[];
  /** Every body of records as it came, unpacked. */
  readonly bodies: string[];
  /** Lines by device and number. */
  readonly lines: Map<string, string>;
  /** Tokens that Genesys does not know. */
  readonly unknownTokens: Set<string>;
  /** Of a record's `queueName`: never taken. */
  refuses: string | null;
  /** The clock of the archive minus this one's, ms. */
  clockMs: number;
  /** Who signs in may look at the records of others. */
  supervisor: boolean;
  /** What it answers to each GET of records or looks; null: it has none. */
  reads: (at: URL) => unknown;
  /** Where it was asked so. */
  readonly asked: string[];
  /** As if an older backup of it had been restored. */
  forget: () => void;
}

export const recordOf = ({ record }: RecordLine): string =>
  JSON.stringify([record.conversationId, record.participantId, record.screenshare?.id]);

/** A server that speaks the archive's contract over HTTP, keeps everything in memory and fails as it is told. */
export async function playArchive(atEnd: (stop: () => Promise<void>) => unknown): Promise<PlayedArchive> {
  const faults: Fault[] = [];
  const kept = new Map<string, RecordLine>();
  const conflicts: RecordLine[] = [];
  const bodies: string[] = [];
  const asked: string[] = [];
  const lines = new Map<string, string>();
  const unknownTokens = new Set<string>();
  let sessions = 0;
  let valid = '';

  const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      date: new Date(Date.now() + archive.clockMs).toUTCString(),
      ...headers,
    });
    response.end(JSON.stringify(body));
  };
  const error = (response: ServerResponse, status: number, code: string, headers = {}): void => {
    json(response, status, { error: { code, message: `said ${code}` } }, headers);
  };

  function take(text: string): RecordResult {
    const line = recordLineSchema.parse(JSON.parse(text));
    lines.set(`${line.device} ${line.seq}`, text);
    const id = `${recordOf(line)} ${line.revision}`;
    const first = kept.get(id);
    if (archive.refuses !== null && line.record.queueName === archive.refuses)
      return { key: id, outcome: 'refused', reason: 'its queue is not taken' };
    if (!first) {
      kept.set(id, line);
      return { key: id, outcome: 'kept' };
    }
    if (canonicalText(first.record) === canonicalText(line.record)) return { key: id, outcome: 'known' };
    conflicts.push(line);
    return { key: id, outcome: 'conflict' };
  }

  function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
    switch (fault) {
      case 'busy':
        error(response, 429, 'too-many', { 'retry-after': '1' });
        break;
      case 'database':
        error(response, 503, 'database');
        break;
      case 'schema':
        error(response, 503, 'schema');
        break;
      case 'too large':
        error(response, 413, 'too-large');
        break;
      case 'internal':
        error(response, 500, 'internal');
        break;
      case 'silence':
        break;
      case 'session ended':
        valid = '';
        error(response, 401, 'session');
        break;
      case 'portal':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>Sign in to this network</html>');
        break;
      case 'redirect':
        response.writeHead(302, { location: 'http://127.0.0.1:9/sign-in' });
        response.end();
        break;
      case 'version':
        json(response, 200, { of: 'another version' });
        break;
      case 'broken':
      case 'lost answer':
        request.socket.destroy();
        break;
    }
  }

  function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://archive');
    if (pathname === '/v1/session') {
      const { accessToken } = JSON.parse(body.toString()) as { accessToken: string };
      if (unknownTokens.has(accessToken)) {
        error(response, 401, 'token');
        return;
      }
      sessions += 1;
      valid = `session-${sessions}`;
      json(response, 200, {
        session: valid,
        expiresAt: new Date(Date.now() + archive.clockMs + 600_000).toISOString(),
        agent: { id: 'agent-1', name: 'An Agent' },
        supervisor: archive.supervisor,
        maskKey: Buffer.alloc(32, 7).toString('base64url'),
      });
      return;
    }
    if (request.headers.authorization !== `Bearer ${valid}`) {
      error(response, 401, 'session');
      return;
    }
    if (pathname === '/v1/checkpoint') {
      const device = searchParams.get('device') ?? '';
      const numbers = [...lines.keys()].flatMap((key) =>
        key.startsWith(`${device} `) ? [Number(key.slice(device.length + 1))] : [],
      );
      const seq = Math.max(0, ...numbers);
      json(response, 200, { device, seq, chain: '', missing: seq - numbers.length, gaps: [] });
      return;
    }
    if (request.method === 'GET') {
      const at = request.url ?? '';
      asked.push(at);
      const wrong = faults.shift();
      const said = wrong === undefined ? archive.reads(new URL(at, 'http://archive')) : undefined;
      if (wrong !== undefined) fail(wrong, request, response);
      else if (said === null) error(response, 404, 'not-found');
      else json(response, 200, said);
      return;
    }
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
    const fault = faults.shift();
    if (fault !== undefined && fault !== 'lost answer') {
      fail(fault, request, response);
      return;
    }
    bodies.push(text);
    const results = text.split('\n').filter(Boolean).map(take);
    if (fault !== undefined) fail(fault, request, response);
    else json(response, 200, { results });
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      answer(request, Buffer.concat(parts), response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  atEnd(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  );
  const archive: PlayedArchive = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    kept,
    conflicts,
    bodies,
    lines,
    unknownTokens,
    refuses: null,
    clockMs: 0,
    supervisor: false,
    reads: () => null,
    asked,
    forget: () => {
      kept.clear();
      lines.clear();
    },
  };
  return archive;
}
