import { z } from 'zod';
import type { Person } from '../../../../domain/feed.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { systemClock } from '../../../system-clock.ts';
import { createHttp, createRedactor, type Http, parseAnswer } from '../http.ts';
import { defaultLimits } from '../limits.ts';
import { checkBaseUrl } from '../server-address.ts';

/** `UserMe`; what cannot be read of its permissions is as if it had not been said. */
const meSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  authorization: z
    .looseObject({ permissions: z.array(z.string()).nullish() })
    .nullish()
    .catch(null),
});

export interface Me {
  readonly person: Person;
  /** Every permission the person has; null when the server did not say: it expands "with best effort". */
  readonly granted: readonly string[] | null;
}

/** The user the token belongs to. Throws `HttpProblem`. */
export async function readMe(http: Http, signal?: AbortSignal): Promise<Me> {
  const path = '/api/v2/users/me?expand=authorization';
  const answer = await http.request('GET', path, signal ? { signal } : {});
  const { id, name, authorization } = parseAnswer(meSchema, answer, 'person');
  return { person: { id, name: name ?? id }, granted: authorization?.permissions ?? null };
}

export interface AskOptions {
  readonly api: string;
  readonly accessToken: string;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

function httpOf({ api, accessToken, clock = systemClock, ...options }: AskOptions): Http {
  const baseUrl = checkBaseUrl(api);
  if ('problem' in baseUrl) throw new Error(baseUrl.problem);
  return createHttp({
    baseUrl,
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
export function whoIs(options: AskOptions): Promise<Me> {
  return readMe(httpOf(options));
}

/** Asks the server to forget the token. False when it could not be asked: the token then ends by itself. */
export async function revokeToken(options: AskOptions): Promise<boolean> {
  return httpOf(options)
    .request('DELETE', '/api/v2/tokens/me')
    .then(
      () => true,
      () => false,
    );
}
