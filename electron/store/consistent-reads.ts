import type { CallArgs, CallName, CallResult } from './worker-calls.ts';
import type { StoreThread } from './store-thread.ts';
import { databaseClosed } from './problems.ts';

/** Something that answers calls. */
export interface DatabaseCalls {
  ask<Name extends CallName>(call: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>>;
}

/**
 * Reading a database page by page, as it stood when the first was read: what changes meanwhile neither comes twice
 * nor is left out, and every part belongs with the others.
 */
export type ConsistentRead = <T>(read: (database: DatabaseCalls) => AsyncGenerator<T>) => AsyncGenerator<T>;

interface ConsistentReadsParts {
  /** A thread that reads. */
  readonly open: () => Promise<StoreThread>;
  /** Whether it is there for this alone, and ends with it. */
  readonly own: boolean;
}

export interface ConsistentReads {
  readonly read: ConsistentRead;
  /** Refuses what is asked from now on, of those that still read. */
  readonly close: () => Promise<void>;
}

export function createConsistentReads({ open, own }: ConsistentReadsParts): ConsistentReads {
  const threads = new Set<StoreThread>();
  let closed = false;
  const refuseWhenClosed = (): void => {
    if (closed) throw databaseClosed();
  };

  const endOf = async (thread: StoreThread): Promise<void> => {
    // A thread that ends closes its transaction by itself.
    await (own ? thread.end() : thread.send('endReading', [])).catch(() => undefined);
    threads.delete(thread);
  };

  return {
    read: async function* (read) {
      refuseWhenClosed();
      const thread = await open();
      threads.add(thread);
      try {
        refuseWhenClosed();
        await thread.send('beginReading', []);
        // The worker is this program's own; its results have the type of the function that made them.
        yield* read({ ask: (call, ...args) => thread.send(call, args) as never });
      } finally {
        await endOf(thread);
      }
    },
    close: async () => {
      closed = true;
      if (own) await Promise.all([...threads].map(endOf));
    },
  };
}
