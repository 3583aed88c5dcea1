import type { Engine } from '../engine.ts';

/** One step of the schema. A published one is never changed; a later one corrects it. */
export interface Migration {
  /** Steps of ten, so that a fix can be put between two of them. */
  readonly version: number;
  readonly name: string;
  /** Runs first, in the transaction of all steps. */
  readonly sql: string;
  /** What SQL cannot say; runs after `sql`, in the same transaction. */
  readonly run?: (engine: Engine) => void;
  /**
   * What cannot be done inside a transaction, before it begins. Not for a new database; may run again, since the
   * transaction after it may fail.
   */
  readonly before?: (engine: Engine) => void;
}
