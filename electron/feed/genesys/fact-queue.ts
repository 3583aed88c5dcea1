import type { Arrival } from '../../../domain/feed.ts';
import type { Lane } from './lane.ts';
import type { Socket } from './socket.ts';

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
