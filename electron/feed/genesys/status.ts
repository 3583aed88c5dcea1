import type { StatusChoice } from '../../../domain/model/screenshare.ts';
import { z } from 'zod';
import type { SendResult } from '../../../domain/feed.ts';
import { resultOf } from './commands.ts';
import { parseAnswer, pathId, type Http } from './http.ts';
import { HttpProblem } from './http-problem.ts';

/** The agent's status (a "presence" at Genesys): what it may be, and setting it. */

const definitionSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  languageLabels: z.record(z.string(), z.string()).nullish(),
  systemPresence: z.string().nullish(),
  deactivated: z.boolean().nullish(),
});
const listingSchema = z.looseObject({ entities: z.array(z.unknown()).nullish() });

/** Those an agent takes up most often; the others as the server lists them. */
const first = ['onqueue', 'available'];
/** The server sets these by itself. */
const notChosen = ['idle'];

/** `On Queue`, `ON_QUEUE`, `onQueue` are one. */
const systemName = (name: string | null | undefined): string =>
  (name ?? '').toLowerCase().replace(/[^a-z]/g, '');

/**
 * What the organisation defines. Null where this sign-in may not know, or the server has no such thing: then nothing is
 * offered. Throws `HttpProblem` for any other failure.
 */
export async function readStatusChoices(
  http: Http,
  signal: AbortSignal,
): Promise<readonly StatusChoice[] | null> {
  try {
    const path = '/api/v2/presence/definitions?deactivated=false&localeCode=en_US';
    const answer = await http.request('GET', path, { signal, isOptional: true });
    const { entities } = parseAnswer(listingSchema, answer, 'statuses');
    const rank = ({ system }: { readonly system: string }): number =>
      first.includes(system) ? first.indexOf(system) : first.length;
    return (entities ?? [])
      .flatMap((entry) => {
        const { data } = definitionSchema.safeParse(entry);
        if (!data || data.deactivated === true) return [];
        const labels = data.languageLabels ?? {};
        const name =
          labels['en_US'] ?? labels['en'] ?? Object.values(labels)[0] ?? data.name ?? data.systemPresence;
        return name ? [{ id: data.id, name, system: systemName(data.systemPresence) }] : [];
      })
      .filter(({ system }) => !notChosen.includes(system))
      .sort((a, b) => rank(a) - rank(b))
      .map(({ id, name }) => ({ id, name }));
  } catch (error) {
    if (error instanceof HttpProblem && (error.kind === 'forbidden' || error.kind === 'not-found'))
      return null;
    throw error;
  }
}

/** The one property meant: the server takes every property of a body as a wish. */
export async function setStatus(
  http: Http,
  userId: string,
  id: string,
  signal: AbortSignal,
): Promise<SendResult> {
  try {
    const path = `/api/v2/users/${pathId(userId)}/presences/purecloud`;
    await http.request('PATCH', path, { body: { presenceDefinition: { id } }, signal, isOptional: true });
    return { kind: 'accepted' };
  } catch (error) {
    if (error instanceof HttpProblem) return resultOf(error);
    throw error;
  }
}
