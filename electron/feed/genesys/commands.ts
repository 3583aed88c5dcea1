import { z } from 'zod';
import type { Command, SendResult, Target } from '../../../domain/feed.ts';
import { wrapupCodeSchema, type WrapupCode } from '../../../domain/model/screenshare.ts';
import { say } from '../../../domain/words/say.ts';
import { conversationsPath, parseAnswer, pathId, type Http, type Method } from './http.ts';
import { HttpProblem } from './http-problem.ts';

interface CommandRequest {
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
}

/** How long to wait when a server asks for a pause without saying how long. */
const unsaidPauseMs = 5_000;

function participantPath(target: Target): string {
  return `${conversationsPath}/${pathId(target.conversationId)}/participants/${pathId(target.participantId)}`;
}

function communicationPath(family: 'screenshares' | 'videos' | 'aftercallwork', target: Target): string {
  return `${conversationsPath}/${family}/${pathId(target.conversationId)}/participants/${pathId(
    target.participantId,
  )}/communications/${pathId(target.communicationId)}`;
}

/** Only the wrap-up of one communication has an endpoint for each kind. */
function wrapupPath(target: Target): string {
  return `${communicationPath(target.media === 'video' ? 'videos' : 'screenshares', target)}/wrapup`;
}

/**
 * The request of a command. The server takes every property of a body as an action, and one too many makes the
 * whole a 403: each body holds the one property meant. Throws `HttpProblem` for an id that cannot stand in a path.
 */
export function requestOf(target: Target, command: Command): CommandRequest {
  switch (command.kind) {
    case 'wrapUp': {
      const wrapup = { code: command.code, notes: command.notes };
      return command.level === 'participant'
        ? { method: 'PATCH', path: participantPath(target), body: { wrapup } }
        : { method: 'POST', path: wrapupPath(target), body: wrapup };
    }
    case 'skip':
      return { method: 'PATCH', path: participantPath(target), body: { wrapupSkipped: true } };
    case 'answer':
      return { method: 'PATCH', path: participantPath(target), body: { state: 'connected' } };
    case 'disconnect':
      return { method: 'PATCH', path: participantPath(target), body: { state: 'disconnected' } };
    case 'requireAcw':
      return {
        method: 'PATCH',
        path: communicationPath('aftercallwork', target),
        body: { afterCallWorkRequired: command.required },
      };
  }
}

/**
 * What a problem means for a command. Only an answer of the API itself refuses it; a web page, a redirect
 * or a broken connection says nothing. A 401 is about the sign-in, so the command goes on waiting.
 */
export function resultOf(problem: HttpProblem): SendResult {
  const { kind, reason, retryAfterMs } = problem;
  switch (kind) {
    case 'rate-limited':
      return { kind: 'later', retryAfterMs: retryAfterMs ?? unsaidPauseMs, reason };
    case 'server':
      return problem.status === 503 && retryAfterMs !== null
        ? { kind: 'later', retryAfterMs, reason }
        : { kind: 'unreachable', reason, mayHaveArrived: problem.mayHaveArrived };
    case 'forbidden':
    case 'not-found':
    case 'conflict':
      return { kind: 'refused', status: problem.status ?? 400, code: problem.code, reason };
    case 'unexpected':
      return problem.status !== null && problem.status >= 400
        ? { kind: 'refused', status: problem.status, code: problem.code, reason }
        : { kind: 'unreachable', reason, mayHaveArrived: problem.mayHaveArrived };
    case 'unreachable':
    case 'timeout':
    case 'unauthorised':
    case 'not-json':
      return { kind: 'unreachable', reason, mayHaveArrived: problem.mayHaveArrived };
  }
}

/** The codes this participant may choose: a bare array on the wire. Throws `HttpProblem`. */
export async function readWrapupCodes(
  http: Http,
  target: Target,
  signal: AbortSignal,
): Promise<readonly WrapupCode[]> {
  const answer = await http.request('GET', `${participantPath(target)}/wrapupcodes`, { signal });
  const listed = parseAnswer(z.array(z.unknown()), answer, 'codes');
  // One unreadable entry must not cost the agent the others.
  const codes = listed.flatMap((entry) => {
    const { data } = wrapupCodeSchema.safeParse(entry);
    return data
      ? [{ id: data.id, name: data.name, ...(data.description ? { description: data.description } : {}) }]
      : [];
  });
  if (codes.length === 0 && listed.length > 0) {
    throw new HttpProblem({
      kind: 'unexpected',
      reason: say('feed.answer.noCodes'),
      mayHaveArrived: true,
    });
  }
  return codes;
}
