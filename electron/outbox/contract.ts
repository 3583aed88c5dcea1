import type { StatusChoice } from '../../domain/model/screenshare.ts';
import type { Command, SendResult, Target } from '../../domain/feed.ts';
import type { Result } from '../../domain/toolbox/result.ts';
import type { Drafts, Ports } from './draft-saving.ts';

export interface OutboxParts extends Ports {
  readonly send: (target: Target, command: Command) => Promise<SendResult>;
  /** Reads a conversation again; true when what the server has is in the model. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** How long the agent may take a wrap-up back, ms. */
  readonly holdMs: () => number;
  readonly newId: () => string;
}

/** How much of what a person wrote is in this program alone. */
export interface Unsaved {
  /** Not known to be with the server either. */
  readonly wrapUps: number;
  readonly drafts: number;
}

export interface Outbox {
  readonly saveDraft: Drafts['save'];
  readonly submit: (key: string) => Promise<Result>;
  readonly skip: (key: string) => Promise<Result>;
  /** Of a conflict or a failure: send the agent's version (again). */
  readonly sendMine: (key: string) => Promise<Result>;
  /** Of a conflict or a failure: let the server's version stand. */
  readonly keepTheirs: (key: string) => Promise<Result>;
  /** Takes back a wrap-up that is still held: its words are being written again. */
  readonly undo: (key: string) => Promise<Result>;
  /** Keeps with a submission what the agent's status is to be set to when its work ends; null: nothing any more. */
  readonly noteNextStatus: (id: string, choice: StatusChoice | null) => Promise<void>;
  /** Holds nothing any longer; resolves once what was held is answered, or that takes too long. */
  readonly sendHeld: () => Promise<void>;
  /** Everything the server has of a conversation came in, whoever asked for it. */
  readonly wasRead: (conversationId: string) => void;
  readonly start: () => void;
  /** Offers what is held here alone to the database once more. */
  readonly lastTry: () => Promise<void>;
  readonly unsaved: () => Unsaved;
  readonly stop: () => void;
}
