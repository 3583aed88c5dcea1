import type { Arrival } from '../../../domain/feed.ts';
import type { Socket } from './socket.ts';

/** Runs tasks strictly one after the other. A task that fails is reported and does not stop the next. */
export interface Lane {
  /** Resolves when the task has run, whether it failed or not. */
  put(task: () => Promise<void>): Promise<void>;
  /** Tasks that have not ended. */
  readonly waiting: number;
  /** Resolves when everything put so far has ended. */
  idle(): Promise<void>;
}

export function createLane(failed: (error: unknown) => void): Lane {
  let tail = Promise.resolve();
  let waiting = 0;
  return {
    put(task) {
      waiting += 1;
      tail = tail
        .then(task)
        .catch(failed)
        .finally(() => {
          waiting -= 1;
        });
      return tail;
    },
    get waiting() {
      return waiting;
    },
    idle: () => tail,
  };
}

/**
 * Frames on their way to the listener, in the order they came. Held back until `release`, so that events
 * sent while the snapshot is read are heard after it.
 */
export interface Inbox {
  take(arrival: Arrival): void;
  /** Lets everything held go on; resolves when it is delivered. */
  release(): Promise<void>;
}

export interface InboxOptions {
  readonly lane: Lane;
  readonly arrived: (arrival: Arrival) => Promise<void>;
  readonly socket: Pick<Socket, 'pause' | 'resume'>;
  /** With more than this waiting, the socket pauses until half of it is gone. */
  readonly limit: number;
}

export function createInbox({ lane, arrived, socket, limit }: InboxOptions): Inbox {
  let held: Arrival[] | null = [];

  const waiting = (): number => lane.waiting + (held?.length ?? 0);

  function deliver(arrival: Arrival): void {
    void lane
      .put(() => arrived(arrival))
      .then(() => {
        if (waiting() <= limit / 2) socket.resume();
      });
  }

  return {
    take(arrival) {
      if (held) held.push(arrival);
      else deliver(arrival);
      if (waiting() > limit) socket.pause();
    },
    release() {
      for (const arrival of held ?? []) deliver(arrival);
      held = null;
      return lane.idle();
    },
  };
}
