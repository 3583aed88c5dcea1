import { z } from 'zod';
import { ActRefused } from './acts.ts';
import { AGENT } from './directory.ts';
import { badRequest, conversationForbidden, notFound, WireError } from './errors.ts';
import { answer, updateRouting } from './conversations.ts';
import type { Change } from './step.ts';
import {
  checkSkip,
  checkWrapup,
  end,
  requestAfterCallWork,
  skipWrapup,
  submitWrapup,
  tearDown,
} from './after-call-work.ts';
import {
  agentOf,
  findConversation,
  type Moment,
  type Party,
  type SimConversation,
  type World,
} from './world.ts';

/**
 * What clients may ask of a conversation, with the service's refusals. Every property sent is an action;
 * all are checked before the first takes effect.
 */

const wrapupInput = z.object({
  code: z.string().optional(),
  name: z.string().optional(),
  notes: z.string().optional(),
  tags: z.array(z.string()).optional(),
  durationSeconds: z.number().optional(),
  endTime: z.iso.datetime({ offset: true }).optional(),
  provisional: z.boolean().optional(),
  disableEndTimeUpdates: z.boolean().optional(),
});

const participantRequest = z.object({
  wrapup: wrapupInput.optional(),
  wrapupSkipped: z.boolean().optional(),
  state: z.string().optional(),
  recording: z.boolean().optional(),
  muted: z.boolean().optional(),
  confined: z.boolean().optional(),
  held: z.boolean().optional(),
  resumeTime: z.string().optional(),
});

/** These belong to other media; a screen share has no such thing to change. */
const NOT_FOR_SCREENSHARE = ['recording', 'muted', 'confined', 'held', 'resumeTime'] as const;

export interface Place {
  conversation: SimConversation;
  party: Party;
}

/** @throws WireError 404 */
export function conversationAt(world: World, conversationId: string): SimConversation {
  const conversation = findConversation(world, conversationId);
  if (!conversation) throw notFound('Conversation', conversationId);
  return conversation;
}

/** @throws WireError 404 for an unknown conversation, participant or communication */
export function placeAt(
  world: World,
  conversationId: string,
  participantId: string,
  communicationId?: string,
): Place {
  const conversation = conversationAt(world, conversationId);
  const party = conversation.parties.find(({ id }) => id === participantId);
  if (!party) {
    throw new WireError(
      404,
      'conversation.error.not.conversation.participant',
      `Participant ${participantId} is not a participant of conversation ${conversationId}.`,
    );
  }
  if (communicationId !== undefined && party.leg.id !== communicationId)
    throw notFound('Communication', communicationId);
  return { conversation, party };
}

/**
 * A communication by the family of endpoints that is for its kind; the others do not know it.
 * @throws WireError 404
 */
export function communicationAt(media: SimConversation['media'], place: Place): Place {
  const { conversation, party } = place;
  if (conversation.media === media) return place;
  throw notFound(media === 'video' ? 'Video' : 'Screenshare', party.leg.id);
}

/** PATCH …/participants/{participantId}. @throws WireError 400, 403 */
export function patchParticipant(
  world: World,
  { conversation, party }: Place,
  body: unknown,
  now: number,
): Change {
  const request = parse(participantRequest, body);
  requireOwn(conversation, party);
  const foreign = NOT_FOR_SCREENSHARE.find((name) => request[name] !== undefined);
  if (foreign) throw invalid(foreign, `"${foreign}" is not supported for this communication.`);
  if (request.wrapup === undefined && request.wrapupSkipped === undefined && request.state === undefined) {
    throw badRequest('The request does not ask for any change.');
  }
  if (request.state !== undefined) checkState(conversation, party, request.state);
  asWire(() => {
    if (request.wrapup) checkWrapup(conversation, party, request.wrapup);
    if (request.wrapupSkipped === true) checkSkip(conversation, party);
  });
  const moment = { world, conversation, now };
  if (request.wrapup) {
    submitWrapup(moment, party, { by: 'client', scope: 'participant', input: request.wrapup });
  }
  if (request.wrapupSkipped === true) skipWrapup(moment, party);
  if (request.state === 'connected' && conversation.phase === 'alerting') answer(moment);
  if (request.state === 'disconnected') end(moment, 'client');
  return changed(moment);
}

/** POST …/communications/{communicationId}/wrapup. @throws WireError 400, 403 */
export function wrapUpCommunication(
  world: World,
  { conversation, party }: Place,
  body: unknown,
  now: number,
): Change {
  const input = parse(wrapupInput, body);
  requireOwn(conversation, party);
  asWire(() => checkWrapup(conversation, party, input));
  const moment = { world, conversation, now };
  submitWrapup(moment, party, { by: 'client', scope: 'communication', input });
  return changed(moment);
}

/** PATCH aftercallwork: only while connected, only where the queue is Agent Requested. @throws WireError 400, 403 */
export function patchAfterCallWork(
  world: World,
  { conversation, party }: Place,
  body: unknown,
  now: number,
): { change: Change; afterCallWorkRequired: boolean } {
  const { afterCallWorkRequired } = parse(z.object({ afterCallWorkRequired: z.boolean() }), body);
  requireOwn(conversation, party);
  if (party !== agentOf(conversation)) throw badRequest('This participant is no longer connected.');
  asWire(() => requestAfterCallWork(conversation, afterCallWorkRequired));
  return { change: changed({ world, conversation, now }), afterCallWorkRequired };
}

/** POST /api/v2/conversations/{id}/disconnect, the last resort. */
export function disconnectAll(moment: Moment): Change {
  const { phase } = moment.conversation;
  if (phase === 'alerting' || phase === 'connected') end(moment, 'system');
  tearDown(moment);
  return changed(moment);
}

function checkState(conversation: SimConversation, party: Party, state: string): void {
  if (state !== 'connected' && state !== 'disconnected')
    throw invalid('state', `"${state}" is not a valid state.`);
  const mayChange = conversation.phase === 'alerting' || conversation.phase === 'connected';
  if (!mayChange || party !== agentOf(conversation)) throw conversationForbidden(conversation.id);
}

/** Only the participant's own user may act. */
function requireOwn(conversation: SimConversation, party: Party): void {
  if (party.userId !== AGENT.id) throw conversationForbidden(conversation.id);
}

function changed({ world, conversation, now }: Moment): Change {
  return { conversation, routing: updateRouting(world, now) };
}

function asWire(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    const details = error.field === undefined ? [] : [{ errorCode: error.code, fieldName: error.field }];
    throw new WireError(400, error.code, error.message, { details });
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? undefined);
  if (result.success) return result.data;
  throw badRequest(
    'The request could not be understood by the server due to malformed syntax.',
    result.error.issues.map(({ path }) => ({ errorCode: 'invalid.value', fieldName: path.join('.') })),
  );
}

function invalid(fieldName: string, message: string): WireError {
  return new WireError(400, 'invalid.value', message, {
    details: [{ errorCode: 'invalid.value', fieldName }],
  });
}
