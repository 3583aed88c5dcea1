import { Superseded } from '../../../domain/database.ts';
import type { CallArgs, CallName, CallResult } from '../worker-calls.ts';
import type { StoreThread } from '../store-thread.ts';
import { databaseClosed } from '../problems.ts';

/** Nothing was asked for so long: the thread and its database are given back. */
const idleMs = 60_000;

interface ReadingThreadParts {
  /** Starts a thread that has the database open for reading. */
  readonly open: () => Promise<StoreThread>;
  /** Whether the thread is this reader's own, to be ended when it has nothing to do. */
  readonly own: boolean;
}

/** A later call of the same asker and kind, but about something else, takes the place of one that has not begun. */
interface Topic {
  readonly asker: string;
  readonly about: string;
}

interface Waiting {
  readonly call: CallName;
  readonly args: readonly unknown[];
  /** Null for what is done whatever is asked after it. */
  readonly topic: Topic | null;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A thread that only reads, beside the one that writes: started when something is asked, ended when nothing
 * was for a while. One call at a time is with it, so that those nobody waits for any more can still be left
 * out.
 */
export class ReadingThread {
  readonly #parts: ReadingThreadParts;
  #thread: Promise<StoreThread> | null = null;
  #waiting: Waiting[] = [];
  #working: Promise<void> | null = null;
  #closed = false;
  #idle: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: ReadingThreadParts) {
    this.#parts = parts;
  }

  // The worker is this program's own; its results have the type of the function that made them.
  ask<Name extends CallName>(call: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>> {
    return this.#enqueue(call, args, null) as Promise<CallResult<Name>>;
  }

  /**
   * Of several by one asker that wait only those about the last are done.
   * @throws Superseded for the others
   */
  askLatest<Name extends CallName>(
    topic: Topic,
    call: Name,
    ...args: CallArgs<Name>
  ): Promise<CallResult<Name>> {
    const isLeft = (waiting: Waiting): boolean =>
      waiting.call === call && waiting.topic?.asker === topic.asker && waiting.topic.about !== topic.about;
    for (const waiting of this.#waiting.filter(isLeft)) waiting.reject(new Superseded());
    this.#waiting = this.#waiting.filter((waiting) => !isLeft(waiting));
    return this.#enqueue(call, args, topic) as Promise<CallResult<Name>>;
  }

  /** What waits is refused, what is being done is answered first. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(databaseClosed());
    await this.#working;
    await this.#end();
  }

  #enqueue(call: CallName, args: readonly unknown[], topic: Topic | null): Promise<unknown> {
    if (this.#closed) return Promise.reject(databaseClosed());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, args, topic, resolve, reject });
      this.#go();
    });
  }

  #go(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      // Whoever has just been answered may have asked the next before this.
      if (this.#waiting.length > 0) this.#go();
    });
  }

  async #work(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        next.resolve(await (await this.#opened()).send(next.call, next.args));
      } catch (error) {
        next.reject(error);
      }
    }
    if (!this.#parts.own || this.#closed) return;
    this.#idle = setTimeout(() => void this.#end(), idleMs);
    this.#idle.unref();
  }

  async #opened(): Promise<StoreThread> {
    this.#thread ??= this.#parts.open();
    try {
      return await this.#thread;
    } catch (error) {
      // The next call tries again.
      this.#thread = null;
      throw error;
    }
  }

  async #end(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    if (!this.#parts.own) return;
    const ending = await thread?.catch(() => null);
    await ending?.end().catch(() => undefined);
  }

  /** The thread is gone; the next call starts another. */
  lost(): void {
    this.#thread = null;
  }
}
