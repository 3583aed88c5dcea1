import type { DatedAnswer } from './clocks/cloud-clock.ts';
import type { Communication } from './communication/communication.ts';
import type { StatusChoice, WrapupCode } from './model/screenshare.ts';
import type { Result } from './toolbox/result.ts';

/** What a feed is: where facts come from and where submissions go. Times are ISO-8601 or ms as named. */

/** Something that arrived, exactly as it arrived. */
export interface Arrival {
  readonly source: 'socket' | 'rest';
  /** Topic name, or method and path of the read. */
  readonly subject: string;
  /** ISO-8601, this machine's clock. */
  readonly receivedAt: string;
  /** Of a reading: when it was asked for; ISO-8601, this machine's clock. What came since may be newer. */
  readonly askedAt?: string;
  readonly body: string;
  /**
   * What the body is: one conversation (an event body or a GET), or something the feed itself could not
   * read. `content` is the parsed JSON of the conversation.
   */
  readonly content:
    | { readonly kind: 'conversation'; readonly value: unknown }
    | { readonly kind: 'unreadable'; readonly reason: string };
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

export type LinkState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'live' }
  /** The socket is open but silent for too long, or a re-read is under way. */
  | { readonly kind: 'stale' }
  /** `reason` in words for the agent; `retryAt` epoch ms of the next try. */
  | { readonly kind: 'offline'; readonly reason: string; readonly retryAt: number | null }
  /** Nothing will be tried until the person acts (a wrong token, say). */
  | { readonly kind: 'refused'; readonly reason: string };

/** The listener a feed reports to. `arrived` resolves when the fact is durable and reduced. */
export interface FeedListener {
  identified(person: Person): Promise<void>;
  arrived(arrival: Arrival): Promise<void>;
  /**
   * The conversations the server lists for this user, after they all arrived. `isAll`: surely every one;
   * false when a part of the list was missing or could not be read.
   */
  listed(conversationIds: readonly string[], isAll: boolean): Promise<void>;
  /** The server answered 404 for this conversation. */
  missing(conversationId: string): Promise<void>;
  link(state: LinkState): void;
  /** The server was heard from (a frame, a heartbeat, an answer). Epoch ms, this machine's clock. */
  contact(atMs: number): void;
  /** An answer said what time it is at the server. */
  dated(answer: DatedAnswer): void;
}

/** The participant and communication a command is about. */
export interface Target {
  readonly conversationId: string;
  readonly participantId: string;
  readonly communicationId: string;
  /** As which kind of communication the server keeps it: each has its own endpoints. */
  readonly media: Communication['media'];
}

export type Command =
  | {
      readonly kind: 'wrapUp';
      readonly level: 'participant' | 'communication';
      readonly code: string;
      readonly notes: string;
    }
  | { readonly kind: 'skip' }
  | { readonly kind: 'answer' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'requireAcw'; readonly required: boolean };

/**
 * - `accepted`: the server took it (2xx); not yet a fact
 * - `unreachable`: never known to have arrived, or no answer in time: read before repeating
 * - `refused`: the server will not do it (4xx); `status` and its message in words
 * - `later`: asked to wait (429, 503) for `retryAfterMs`
 */
export type SendResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly mayHaveArrived: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly reason: string }
  | { readonly kind: 'later'; readonly retryAfterMs: number; readonly reason: string };

/**
 * How the reading of one conversation ended.
 * - `read`: it arrived, or the server has no such conversation, and that was reported
 * - `forbidden`: this sign-in may not read it (403); the listing is all there is
 * - `unreadable`: an answer that is no such conversation
 * - `failed`: no answer
 */
export type Reading = 'read' | 'forbidden' | 'unreadable' | 'failed';

export interface Feed {
  start(): void;
  /** Closes everything; resolves when nothing of it is left running. */
  stop(): Promise<void>;
  /** Drop the socket and begin again at once (after sleep, or because the person asked). */
  reconnect(): void;
  send(target: Target, command: Command): Promise<SendResult>;
  /** Reads one conversation again and reports it as an arrival. */
  reread(conversationId: string): Promise<Reading>;
  /** Reads everything again, as after an opening. */
  relist(): Promise<Result>;
  wrapupCodes(target: Target): Promise<readonly WrapupCode[]>;
  /** What the agent may set their status to; null where this sign-in may not know. Throws when it cannot be asked. */
  statusChoices(): Promise<readonly StatusChoice[] | null>;
  setStatus(id: string): Promise<SendResult>;
}
