import { checkBaseUrl } from '../server-address.ts';
import type { Clock } from '../../../../domain/toolbox/clock.ts';
import { systemClock } from '../../../system-clock.ts';
import { createHttp, type Http } from '../http.ts';
import { defaultLimits } from '../limits.ts';
import { createRedactor } from '../redact.ts';
import { readMe, type Me } from '../me.ts';

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
