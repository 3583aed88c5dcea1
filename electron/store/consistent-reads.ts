import type { CallArgs, CallName, CallResult } from './worker-calls.ts';
import type { Line } from './store-thread.ts';
import { databaseClosed } from './problems.ts';

/** Something that answers calls. */
export interface Asks {
  ask<Name extends CallName>(call: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>>;
}

/**
 * Reading a database page by page, as it stood when the first was read: what changes meanwhile neither comes twice
 * nor is left out, and every part belongs with the others.
 */
export type Standing = <T>(read: (database: Asks) => AsyncGenerator<T>) => AsyncGenerator<T>;

interface StandingParts {
  /** A thread that reads. */
  readonly open: () => Promise<Line>;
  /** Whether it is there for this alone, and ends with it. */
  readonly own: boolean;
}

export interface StandingReads {
  readonly read: Standing;
  /** Refuses what is asked from now on, of those that still read. */
  readonly close: () => Promise<void>;
}

export function createStanding({ open, own }: StandingParts): StandingReads {
  const lines = new Set<Line>();
  let closed = false;
  const refuseWhenClosed = (): void => {
    if (closed) throw databaseClosed();
  };

  const endOf = async (line: Line): Promise<void> => {
    // A thread that ends lets go; one that goes on must be told.
    await (own ? line.end() : line.send('letGo', [])).catch(() => undefined);
    lines.delete(line);
  };

  return {
    read: async function* (read) {
      refuseWhenClosed();
      const line = await open();
      lines.add(line);
      try {
        refuseWhenClosed();
        await line.send('hold', []);
        // The worker is this program's own; its results have the type of the function that made them.
        yield* read({ ask: (call, ...args) => line.send(call, args) as never });
      } finally {
        await endOf(line);
      }
    },
    close: async () => {
      closed = true;
      if (own) await Promise.all([...lines].map(endOf));
    },
  };
}
