import type { Person } from '../../../domain/feed.ts';
import { parseAnswer, type Http } from './http.ts';
import { meSchema } from './shapes.ts';

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
