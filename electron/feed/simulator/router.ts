import { WireError } from './errors.ts';

export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Parsed JSON, or undefined when none was sent. */
  body: unknown;
  /** The valid token the request came with. */
  accessToken: string;
  correlationId: string;
}

export interface Reply {
  status: number;
  /** Sent as JSON; left out: an empty body. */
  body?: unknown;
}

export type Params = Record<string, string>;

export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v2/conversations/:conversationId`: a name after a colon takes one segment. */
  pattern: string;
  /** Any one of these permissions is enough; left out: none is needed. */
  anyOf?: readonly string[];
  handle: (request: Request, params: Params) => Reply;
}

/**
 * Finds the route of a request.
 * @throws WireError 404 for an unknown path, 405 for a known path with another method
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Params } {
  const allowed: string[] = [];
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (!params) continue;
    if (route.method === method) return { route, params };
    allowed.push(route.method);
  }
  if (allowed.length === 0) throw new WireError(404, 'not.found', `HTTP 404 Not Found: ${path}`);
  throw new WireError(405, 'method.not.allowed', `HTTP 405 Method Not Allowed`, {
    headers: { Allow: allowed.join(', ') },
  });
}

/** The one parameter of a matched path. */
export function param(params: Params, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`The route has no parameter "${name}"`);
  return value;
}

function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decode(value);
    } else if (part !== value) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
