import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Rectangle } from 'electron/main';
import { padded, x11Access, type X11Access } from './x11-access.ts';

/**
 * The two things about a window on X11 that Electron has no call for, asked of the X server itself: bring a
 * minimised window up without the keyboard, and tell whether it is covered. Nine requests of the core protocol;
 * a connection is made for each question and closed after it.
 */

/** How long the X server may take, ms. */
const limitMs = 1000;
const code = {
  getWindowAttributes: 3,
  mapWindow: 8,
  getGeometry: 14,
  internAtom: 16,
  changeProperty: 18,
  getProperty: 20,
  translateCoordinates: 40,
  getInputFocus: 43,
} as const;
const cardinal = 6;
const anyType = 0;
const allDesktops = 0xffffffff;
const viewable = 2;

/** Reads exactly so many bytes at a time; rejects when the connection ends. */
function readerOf(socket: Socket): (length: number) => Promise<Buffer> {
  let held = Buffer.alloc(0);
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return async (length) => {
    while (held.length < length) {
      const next = await chunks.next();
      if (next.done === true) throw new Error('The X server closed the connection.');
      held = Buffer.concat([held, next.value]);
    }
    const read = held.subarray(0, length);
    held = held.subarray(length);
    return read;
  };
}

/** A request of whole 32-bit words after its header; `small` is the byte in the header. */
function request(opcode: number, words: readonly number[], small = 0, tail = Buffer.alloc(0)): Buffer {
  const data = Buffer.alloc(4 + words.length * 4 + padded(tail.length));
  data.writeUInt8(opcode, 0);
  data.writeUInt8(small, 1);
  data.writeUInt16LE(data.length / 4, 2);
  for (const [index, word] of words.entries()) data.writeUInt32LE(word >>> 0, 4 + index * 4);
  tail.copy(data, 4 + words.length * 4);
  return data;
}

interface Server {
  readonly root: number;
  readonly send: (data: Buffer) => void;
  /** Sends a request that has a reply; rejects when the server answers with an error, also to one sent before. */
  readonly ask: (data: Buffer) => Promise<Buffer>;
}

/** @returns the root window */
async function greet(socket: Socket, read: (length: number) => Promise<Buffer>, hello: Buffer) {
  socket.write(hello);
  const head = await read(8);
  const body = await read(head.readUInt16LE(6) * 4);
  if (head.readUInt8(0) !== 1) throw new Error('The X server refused the connection.');
  const formats = body.readUInt8(21) * 8;
  return body.readUInt32LE(32 + padded(body.readUInt16LE(16)) + formats);
}

/** Connects to the first of these places that takes the connection. */
async function connectTo([place, ...others]: X11Access['places']): Promise<Socket> {
  if (!place) throw new Error('There is no X display.');
  const socket = connect(place);
  // Whoever waits for an answer hears of it there.
  socket.on('error', () => undefined);
  socket.setTimeout(limitMs, () => socket.destroy(new Error('The X server does not answer.')));
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    if (others.length === 0) throw error;
    return connectTo(others);
  }
}

async function withServer<Value>(
  env: NodeJS.ProcessEnv,
  work: (server: Server) => Promise<Value>,
): Promise<Value> {
  const access = x11Access(env);
  if (!access) throw new Error('There is no X display.');
  const socket = await connectTo(access.places);
  try {
    const read = readerOf(socket);
    const root = await greet(socket, read, access.hello);
    return await work({
      root,
      send: (data) => void socket.write(data),
      ask: async (data) => {
        socket.write(data);
        for (;;) {
          const head = await read(32);
          const kind = head.readUInt8(0);
          if (kind === 0) throw new Error(`The X server refused (error ${String(head.readUInt8(1))}).`);
          // Replies, and events of extensions, may be longer.
          const rest = kind === 1 || (kind & 0x7f) === 35 ? await read(head.readUInt32LE(4) * 4) : null;
          if (kind === 1) return rest ? Buffer.concat([head, rest]) : head;
        }
      },
    });
  } finally {
    socket.destroy();
  }
}

async function atom({ ask }: Server, name: string): Promise<number> {
  const tail = Buffer.alloc(4 + name.length);
  tail.writeUInt16LE(name.length, 0);
  tail.write(name, 4);
  return (await ask(request(code.internAtom, [], 0, tail))).readUInt32LE(8);
}

/** @returns its 32-bit values; none when the window does not have it */
async function property(server: Server, window: number, name: string): Promise<number[]> {
  const of = await atom(server, name);
  const reply = await server.ask(request(code.getProperty, [window, of, anyType, 0, 4096]));
  if (reply.readUInt8(1) !== 32) return [];
  return Array.from({ length: reply.readUInt32LE(16) }, (_, index) => reply.readUInt32LE(32 + index * 4));
}

/** Of the window on the screen; `null` while it is not shown there. */
async function boundsOf({ ask, root }: Server, window: number): Promise<Rectangle | null> {
  const attributes = await ask(request(code.getWindowAttributes, [window]));
  if (attributes.readUInt8(26) !== viewable) return null;
  const geometry = await ask(request(code.getGeometry, [window]));
  const place = await ask(request(code.translateCoordinates, [window, root, 0]));
  return {
    x: place.readInt16LE(12),
    y: place.readInt16LE(14),
    width: geometry.readUInt16LE(16),
    height: geometry.readUInt16LE(18),
  };
}

function overlap(one: Rectangle, other: Rectangle): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

/**
 * Brings a minimised window up and leaves the keyboard where it is: a window mapped without a time of the person's
 * doing asks for no focus (EWMH, `_NET_WM_USER_TIME`). Rejects when there is no X server, or not this window.
 * @param window its X id
 */
export function mapWithoutFocus(env: NodeJS.ProcessEnv, window: number): Promise<void> {
  return withServer(env, async (server) => {
    const userTime = await atom(server, '_NET_WM_USER_TIME');
    const zero = Buffer.alloc(4);
    server.send(request(code.changeProperty, [window, userTime, cardinal, 32, 1], 0, zero));
    server.send(request(code.mapWindow, [window]));
    // Answered only after what was sent before, or with the error of that.
    await server.ask(request(code.getInputFocus, []));
  });
}

/**
 * Whether no other program's window lies over any part of this one. Rejects when there is no X server, or not this
 * window.
 * @param window its X id
 */
export function isUncovered(env: NodeJS.ProcessEnv, window: number): Promise<boolean> {
  return withServer(env, async (server) => {
    const own = await boundsOf(server, window);
    if (!own) return false;
    const [desktop = 0] = await property(server, server.root, '_NET_CURRENT_DESKTOP');
    const stack = await property(server, server.root, '_NET_CLIENT_LIST_STACKING');
    const isHere = async (other: number): Promise<boolean> => {
      const [on = allDesktops] = await property(server, other, '_NET_WM_DESKTOP');
      return on === allDesktops || on === desktop;
    };
    for (const other of stack.slice(stack.indexOf(window) + 1)) {
      // It may have been closed meanwhile.
      const bounds = await boundsOf(server, other).catch(() => null);
      if (bounds && overlap(own, bounds) && (await isHere(other))) return false;
    }
    return isHere(window);
  });
}
