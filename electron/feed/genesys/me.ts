import type { Person } from '../../../domain/feed.ts';
import { parseAnswer, type Http } from './http.ts';
import { meSchema } from './shapes.ts';

/** The user the token belongs to. Throws `HttpProblem`. */
export async function readMe(http: Http, signal?: AbortSignal): Promise<Person> {
  const answer = await http.request('GET', '/api/v2/users/me', signal ? { signal } : {});
  const me = parseAnswer(meSchema, answer, 'person');
  return { id: me.id, name: me.name ?? me.id };
}
