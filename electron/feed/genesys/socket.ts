import type { ClientRequest, IncomingMessage } from 'node:http';
import type WebSocket from 'ws';
import type { Clock } from '../../../domain/toolbox/clock.ts';
import { createDeferred } from '../../../domain/toolbox/deferred.ts';
import type { FeedLimits } from './limits.ts';
import { retryAfter } from './http-problem.ts';

/** What is used of a socket of `ws`: `EngineSocket` can stand in its place. */
export interface Wire {
  readonly readyState: number;
  readonly OPEN: number;
  on(event: 'open' | 'ping' | 'pong', listener: () => void): unknown;
  on(event: 'message', listener: (data: WebSocket.RawData, isBinary: boolean) => void): unknown;
  on(
    event: 'unexpected-response',
    listener: (request: ClientRequest, response: IncomingMessage) => void,
  ): unknown;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
  on(event: 'close', listener: (code: number, reason: Buffer) => void): unknown;
  send(text: string): void;
  close(code: number): void;
  /** Without waiting for the other side's goodbye. */
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** Begins to connect. */
export type Dial = (address: URL, options: WebSocket.ClientOptions) => Wire;

/** The code of the error for a message that is longer than `maxPayload`. */
export const tooLong = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/** How a socket ended. */
export type SocketEnd =
  /** The upgrade was answered with another status: 401 and 404 mean that the channel is gone. */
  | {
      readonly kind: 'declined';
      readonly status: number;
      /** How long the server asked to be left alone, in ms. */
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'unreachable'; readonly error: unknown }
  | { readonly kind: 'not-opened' }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  /** Nothing was heard, not even the answer to a ping, though it still says it is open. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'too-big' };

interface SocketOptions {
  readonly address: URL;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly limits: FeedLimits;
  readonly onText: (text: string) => void;
  /** A frame that is no text; `body` is its bytes in base64. */
  readonly onBytes: (body: string) => void;
  /** Something came from the server, whatever it was. */
  readonly onHeard: () => void;
}

export interface Socket {
  /** Null once open; how it ended, if it ends before. */
  readonly opened: Promise<SocketEnd | null>;
  readonly ended: Promise<SocketEnd>;
  /** Stops and resumes reading, so that a flood waits in the network and not in our database. */
  pause(): void;
  resume(): void;
  /** Says goodbye and drops the connection; resolves when it is closed. Calls nothing back from then on. */
  close(): Promise<void>;
}

const ping = JSON.stringify({ message: 'ping' });

/** One notification socket under watch: it does not stay "open" when the server has gone silent. */
export function openSocket(options: SocketOptions): Socket {
  const { clock, limits } = options;
  const socket = options.dial(options.address, {
    maxPayload: limits.frameBytes,
    // One bad byte would end the connection; we keep that frame apart and go on.
    skipUTF8Validation: true,
  });
  const opened = createDeferred<SocketEnd | null>();
  const ended = createDeferred<SocketEnd>();
  const closed = createDeferred<null>();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let over = false;
  let paused = false;
  let cancelTimer = clock.after(limits.openMs, () => {
    end({ kind: 'not-opened' });
  });

  function end(how: SocketEnd): void {
    if (over) return;
    over = true;
    cancelTimer();
    opened.resolve(how);
    ended.resolve(how);
    if (socket.readyState === socket.OPEN) socket.close(1000);
    // The goodbye is on its way; waiting for an answer could take for ever.
    socket.terminate();
  }

  function watch(): void {
    cancelTimer();
    cancelTimer = clock.after(limits.silenceMs, () => {
      socket.send(ping);
      cancelTimer = clock.after(limits.pongMs, () => {
        end({ kind: 'silent' });
      });
    });
  }

  function heard(): void {
    if (over) return;
    options.onHeard();
    if (!paused) watch();
  }

  socket.on('open', () => {
    if (over) return;
    opened.resolve(null);
    heard();
  });
  socket.on('message', (data, isBinary) => {
    heard();
    if (over) return;
    const bytes = toBuffer(data);
    if (isBinary) {
      options.onBytes(bytes.toString('base64'));
      return;
    }
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      options.onBytes(bytes.toString('base64'));
      return;
    }
    options.onText(text);
  });
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('unexpected-response', (request, response) => {
    const { 'retry-after': wish = null } = response.headers;
    const retryAfterMs = retryAfter(wish, clock.now(), limits.retryAfterCapMs);
    end({ kind: 'declined', status: response.statusCode ?? 0, retryAfterMs });
    request.destroy();
  });
  socket.on('error', (error: Error & { code?: string }) => {
    end(error.code === tooLong ? { kind: 'too-big' } : { kind: 'unreachable', error });
  });
  socket.on('close', (code, reason) => {
    end({ kind: 'closed', code, reason: reason.toString('utf8') });
    closed.resolve(null);
  });

  return {
    opened: opened.promise,
    ended: ended.promise,
    pause() {
      if (over || paused || socket.readyState !== socket.OPEN) return;
      paused = true;
      // From here on the silence is ours and proves nothing about the server.
      cancelTimer();
      socket.pause();
    },
    resume() {
      if (over || !paused) return;
      paused = false;
      socket.resume();
      watch();
    },
    close() {
      end({ kind: 'closed', code: 1000, reason: '' });
      return closed.promise.then(() => undefined);
    },
  };
}

function toBuffer(data: WebSocket.RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
