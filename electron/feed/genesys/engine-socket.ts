import { EventEmitter } from 'node:events';
import { tooLong, type Wire } from './socket.ts';

/** A socket as browsers have them. */
export interface BrowserSocket extends EventTarget {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number): void;
}

/** A connection was not opened, and the browser engine keeps to itself whether the server refused it, and how. */
export class UnexplainedFailure extends Error {}

/** How much waits while reading is paused: then it is better to begin again, and read everything, bytes. */
const waitingBytes = 8 * 1024 * 1024;

/**
 * A socket of the browser engine under the calls of one of `ws`, with what it lacks: a longest message (the engine has
 * received it whole by then), a pause, and an end that waits for nobody. It tells of no pings: the server's heartbeats
 * are messages. Redirects it does not follow either.
 */
export class EngineSocket extends EventEmitter implements Wire {
  readonly OPEN = 1;
  readonly #socket: BrowserSocket;
  readonly #maxPayload: number;
  #isOpen = false;
  #isOver = false;
  #isPaused = false;
  #waiting: (() => void)[] = [];
  #waitingBytes = 0;

  constructor(socket: BrowserSocket, maxPayload: number) {
    super();
    this.#socket = socket;
    this.#maxPayload = maxPayload;
    socket.addEventListener('open', () => {
      this.#isOpen = true;
      if (!this.#isOver) this.emit('open');
    });
    socket.addEventListener('message', (event) => {
      if (!this.#isOver) this.#take((event as Event & { readonly data?: unknown }).data);
    });
    socket.addEventListener('error', () => {
      // Of an open one the close that follows says more.
      if (!this.#isOver && !this.#isOpen) this.emit('error', new UnexplainedFailure('not connected'));
    });
    socket.addEventListener('close', (event) => {
      const { code = 1006, reason = '' } = event as Event & { code?: number; reason?: string };
      this.#deliver(() => {
        this.#close(code, reason);
      });
    });
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    if (this.#isOver) return;
    if (this.readyState <= this.OPEN) this.#socket.close();
    queueMicrotask(() => {
      this.#close(1006, '');
    });
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    // Whoever hears one may pause again.
    const next = (): (() => void) | undefined => (this.#isPaused ? undefined : this.#waiting.shift());
    for (let event = next(); event; event = next()) event();
  }

  #take(data: unknown): void {
    const isBinary = typeof data !== 'string';
    const bytes = isBinary ? Buffer.from(data as ArrayBuffer) : Buffer.from(data);
    if (bytes.length > this.#maxPayload) {
      this.emit('error', Object.assign(new Error('a message was too long'), { code: tooLong }));
      return;
    }
    if (this.#isPaused) this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > waitingBytes) {
      this.emit('error', new Error('too much came at once'));
      return;
    }
    const isWaiting = this.#isPaused;
    this.#deliver(() => {
      if (isWaiting) this.#waitingBytes -= bytes.length;
      this.emit('message', bytes, isBinary);
    });
  }

  /** In order: what comes while something waits, waits as well. */
  #deliver(event: () => void): void {
    if (this.#isPaused || this.#waiting.length > 0) this.#waiting.push(event);
    else event();
  }

  #close(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.emit('close', code, Buffer.from(reason));
  }
}
