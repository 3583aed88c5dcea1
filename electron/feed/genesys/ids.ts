import { say } from '../../../domain/words/say.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * A part of a path made of an id from the wire. Ids are UUIDs in practice; one that could change the
 * path it is put into (`..`, `/`, `?`) is refused rather than repaired.
 */
export function pathId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$/.test(id)) return encodeURIComponent(id);
  throw new HttpProblem({
    kind: 'unexpected',
    reason: say('feed.request.oddId'),
    status: 400,
    code: 'odd.id',
    mayHaveArrived: false,
  });
}
