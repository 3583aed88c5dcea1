import type { Person } from './directory.ts';
import { WireError } from './errors.ts';

export interface Request {
  path: string;
  /** One parameter of the route's path. */
  param: (name: string) => string;
  query: URLSearchParams;
  /** Parsed JSON, or undefined when none was sent. */
  body: unknown;
  /** The valid token the request came with. */
  accessToken: string;
  /** Whose token that is. */
  person: Person;
  correlationId: string;
}

/** An answer: JSON, a web page, or an empty body. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  html?: string;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Handler = (request: Request) => Reply;

export interface Route {
  method: Method;
  path: RegExp;
  /** Any one of these permissions is enough; none is needed where there are none. */
  anyOf: readonly string[];
  handle: Handler;
}

/** `GET /api/v2/conversations/:conversationId`: a name after a colon takes one segment of the path. */
export function route(
  endpoint: `${Method} /${string}`,
  handle: Handler,
  anyOf: readonly string[] = [],
): Route {
  const [method, pattern] = endpoint.split(' ') as [Method, string];
  return { method, path: new RegExp(`^${pattern.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`), anyOf, handle };
}

/**
 * The route of a request and what reads its parameters.
 * @throws WireError 404 for an unknown path, 405 for a known path with another method
 */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Pick<Route, 'anyOf' | 'handle'> & Pick<Request, 'param'> {
  const fitting = routes.filter((each) => each.path.test(path));
  const found = fitting.find((each) => each.method === method);
  if (found) {
    const { anyOf, handle } = found;
    const params = found.path.exec(path)?.groups ?? {};
    return { anyOf, handle, param: (name) => decode(params, name) };
  }
  if (fitting.length === 0) throw new WireError(404, 'not.found', `HTTP 404 Not Found: ${path}`);
  throw new WireError(405, 'method.not.allowed', `HTTP 405 Method Not Allowed`, {
    headers: { Allow: fitting.map((each) => each.method).join(', ') },
  });
}

function decode(params: Record<string, string>, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`The route has no parameter "${name}"`);
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
