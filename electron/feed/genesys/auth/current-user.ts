import { z } from 'zod';
import type { Person } from '../../../../domain/feed.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { systemClock } from '../../../system-clock.ts';
import { createHttp, createRedactor, parseAnswer, type Http } from '../http.ts';
import { HttpProblem } from '../http-problem.ts';
import { defaultLimits } from '../limits.ts';
import { checkBaseUrl } from '../server-address.ts';

/** `UserMe`; permissions that cannot be read count as not said. */
const userSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  authorization: z
    // One by one: a schema keeps a note of each that is wrong, and there may be thousands.
    .looseObject({ permissions: z.array(z.unknown()).nullish() })
    .nullish()
    .catch(null),
});

const isText = (value: unknown): value is string => typeof value === 'string';

interface CurrentUser {
  readonly person: Person;
  /** Every permission the person has; null when the server did not say: it expands "with best effort". */
  readonly granted: readonly string[] | null;
}

/** The user the token belongs to. Throws `HttpProblem`. */
export async function readCurrentUser(http: Http, signal?: AbortSignal): Promise<CurrentUser> {
  const path = '/api/v2/users/me?expand=authorization';
  const answer = await http.request('GET', path, signal ? { signal } : {});
  const { id, name, authorization } = parseAnswer(userSchema, answer, 'person');
  return { person: { id, name: name ?? id }, granted: authorization?.permissions?.filter(isText) ?? null };
}

interface TokenOptions {
  readonly api: string;
  readonly accessToken: string;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

function httpOf({ api, accessToken, clock = systemClock, ...options }: TokenOptions): Http {
  const baseUrl = checkBaseUrl(api);
  if (!baseUrl.ok) throw new Error(baseUrl.reason);
  return createHttp({
    baseUrl: baseUrl.value,
    token: () => accessToken,
    fetch: options.fetch ?? fetch,
    clock,
    limits: defaultLimits,
    redactor: createRedactor(),
    contact: () => undefined,
    dated: () => undefined,
  });
}

/** Whose token it is, and what they may do. Throws `HttpProblem`. */
export function whoIs(options: TokenOptions): Promise<CurrentUser> {
  return readCurrentUser(httpOf(options));
}

/** `unknown`: the server did not know it (any more). `failed`: it was not asked, or said no; the token may live on. */
type Revocation = 'revoked' | 'unknown' | 'failed';

/** Asks the server to forget the token, and its refresh token with it. Never rejects. */
export async function revokeToken(options: TokenOptions): Promise<Revocation> {
  return httpOf(options)
    .request('DELETE', '/api/v2/tokens/me')
    .then(
      () => 'revoked' as const,
      (error: unknown) =>
        error instanceof HttpProblem && error.kind === 'unauthorised' ? 'unknown' : 'failed',
    );
}
