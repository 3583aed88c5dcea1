import type { Arrival } from '../../../domain/feed.ts';
import { createSerialQueue } from '../../../domain/toolbox/serial-queue.ts';
import type { Socket } from './socket.ts';

/** Hands facts to the listener, strictly one after the other. */
export interface FactQueue {
  /** Resolves when this has run; a failure is reported and holds up nothing. */
  readonly put: (deliver: () => Promise<void>) => Promise<void>;
  /** How many have not ended. */
  readonly waiting: number;
  /** Resolves when everything put so far has ended. */
  readonly idle: () => Promise<void>;
}

export function createFactQueue(failed: (error: unknown) => void): FactQueue {
  const queue = createSerialQueue();
  let waiting = 0;
  return {
    async put(deliver) {
      waiting += 1;
      await queue.run(deliver).catch(failed);
      waiting -= 1;
    },
    get waiting() {
      return waiting;
    },
    idle: queue.idle,
  };
}

/** Events in the order they came, held until `release`: so they are heard after the full reading. */
interface EventBuffer {
  take(arrival: Arrival): void;
  /** Lets everything held go on; resolves when it is delivered. */
  release(): Promise<void>;
}

interface EventBufferParts {
  readonly facts: FactQueue;
  readonly arrived: (arrival: Arrival) => Promise<void>;
  readonly socket: Pick<Socket, 'pause' | 'resume'>;
  /** With more than this waiting, the socket pauses until half of it is gone. */
  readonly limit: number;
}

export function createEventBuffer({ facts, arrived, socket, limit }: EventBufferParts): EventBuffer {
  let held: Arrival[] | null = [];

  const waiting = (): number => facts.waiting + (held?.length ?? 0);

  async function deliver(arrival: Arrival): Promise<void> {
    await facts.put(() => arrived(arrival));
    if (waiting() <= limit / 2) socket.resume();
  }

  return {
    take(arrival) {
      if (held) held.push(arrival);
      else void deliver(arrival);
      if (waiting() > limit) socket.pause();
    },
    release() {
      for (const arrival of held ?? []) void deliver(arrival);
      held = null;
      return facts.idle();
    },
  };
}
