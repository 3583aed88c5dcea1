import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Genesys that knows whom a test makes up: its access token is the JSON of who somebody is. */

export interface MadeUp {
  readonly id: string;
  readonly name?: string;
  readonly org?: string;
  readonly division?: string;
  /** Where they are a supervisor. */
  readonly supervises?: readonly string[];
}

const view = { domain: 'analytics', entityName: 'conversationDetail', actions: ['view'] };

/** `users/me`, as Genesys says it. The access token is the JSON of who it is. */
function meOf({ id, name = id, org = 'org-1', division = 'div-1', supervises = [] }: MadeUp, expand: string) {
  return {
    id,
    name,
    division: { id: division },
    ...(expand.includes('organization') ? { organization: { id: org, name: org } } : {}),
    ...(expand.includes('authorization')
      ? {
          authorization: {
            permissions:
              supervises.length > 0 ? ['analytics:conversationDetail:view'] : ['routing:queue:view'],
            grants: supervises.map((one) => ({
              division: { id: one },
              role: { id: 'role', policies: [view] },
            })),
          },
        }
      : {}),
  };
}

export const tokenOf = (user: MadeUp): string => JSON.stringify(user);

export interface FakeGenesys {
  readonly url: string;
  /** What it answers instead, with this status. */
  instead: { readonly status: number; readonly body: string } | null;
  readonly asked: string[];
  readonly close: () => void;
}

export async function startGenesys(): Promise<FakeGenesys> {
  const server = createServer((request, response) => {
    fake.asked.push(request.url ?? '');
    const address = new URL(request.url ?? '/', 'http://genesys');
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (fake.instead) {
      answer(fake.instead.status, fake.instead.body);
      return;
    }
    const token = /^Bearer (\{.*\})$/.exec(request.headers.authorization ?? '')?.[1];
    const expand = address.searchParams.get('expand') ?? '';
    if (token === undefined) answer(401, { code: 'bad.credentials' });
    else if (address.pathname !== '/api/v2/users/me') answer(404, { code: 'not.found' });
    else answer(200, meOf(JSON.parse(token) as MadeUp, expand));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const fake: FakeGenesys = {
    url: `http://127.0.0.1:${port}`,
    instead: null,
    asked: [],
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return fake;
}
