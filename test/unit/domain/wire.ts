import type { Communication, ReducerContext } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import type { Conversation, Participant, Screenshare } from '../../../domain/model/screenshare.ts';
import { decodeConversation } from '../../../domain/model/decode.ts';

/** One day on the wire, as a server would tell it. `at(90)` is 90 seconds into it. */
export const dayStart = Date.parse('2025-03-04T10:00:00.000Z');
export const at = (seconds: number): string => new Date(dayStart + seconds * 1000).toISOString();
export const ms = (seconds: number): number => dayStart + seconds * 1000;

export const agentId = 'agent-1';

/** The server's clock and this machine's agree unless a test says otherwise. */
export function context(seconds: number, change: Partial<ReducerContext> = {}): ReducerContext {
  return { userId: agentId, receivedAt: at(seconds), serverTime: at(seconds), ...change };
}

export interface Told {
  readonly conversation?: Partial<Conversation>;
  readonly agent?: Partial<Participant>;
  readonly leg?: Partial<Screenshare>;
  readonly customer?: Partial<Participant>;
}

export const customer: Participant = {
  id: 'customer-1',
  purpose: 'customer',
  name: 'Ana Lima',
  screenshares: [{ id: 'leg-c', state: 'connected', sharing: false }],
};

/** One customer, one agent with one screen share; `told` is laid over it. */
export function conversation(told: Told = {}): Conversation {
  return {
    id: 'conversation-1',
    participants: [
      { ...customer, ...told.customer },
      {
        id: 'participant-1',
        purpose: 'agent',
        userId: agentId,
        queueId: 'queue-1',
        queueName: 'Billing',
        wrapupPrompt: 'mandatory',
        wrapupRequired: true,
        ...told.agent,
        screenshares: [{ id: 'leg-1', ...told.leg }],
      },
    ],
    ...told.conversation,
  };
}

/** Decoded, as every fact is; throws where a test has built something that is refused. */
export function read(value: unknown): Conversation {
  const decoded = decodeConversation(value);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.conversation;
}

export const live = { state: 'connected', connectedTime: at(4), sharing: false };
export const ended = { ...live, state: 'disconnected', disconnectType: 'client', disconnectedTime: at(15) };

/** Folds snapshots ten seconds apart, each into what came before. */
export function fold(...told: readonly (Told | Conversation)[]): Communication[] {
  let known: Communication[] = [];
  told.forEach((one, index) => {
    const snapshot = 'participants' in one ? one : conversation(one);
    const changed = reduceConversation(known, read(snapshot), context(index * 10));
    known = [...known.filter(({ key }) => !changed.some((other) => other.key === key)), ...changed];
  });
  return known;
}

export function one(...told: readonly (Told | Conversation)[]): Communication {
  const [communication, ...others] = fold(...told);
  if (!communication || others.length > 0) throw new Error(`${others.length + 1} were folded, not one`);
  return communication;
}
