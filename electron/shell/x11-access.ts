import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/** Where an X server is, and what it must be told to let a client in: for whoever speaks to it without Electron. */

export interface Display {
  /** '' for this machine's sockets. */
  readonly host: string;
  readonly number: number;
}

/** `:0`, `unix:1.0`, `localhost:10.0`; `null` when it names no display. */
export function parseDisplay(text: string): Display | null {
  const [, host = '', number] = /^(?:[a-z]+\/)?\[?([^[\]/]*?)\]?:(\d{1,5})(?:\.\d+)?$/i.exec(text) ?? [];
  if (number === undefined) return null;
  return { host: host === 'unix' ? '' : host, number: Number(number) };
}

/** The socket's file; its abstract name is the same. */
export function socketOf({ number }: Display): string {
  return `/tmp/.X11-unix/X${String(number)}`;
}

const families = { local: 256, wild: 65_535 };
/** The one way to be let in that needs no more than the secret itself. */
const byCookie = 'MIT-MAGIC-COOKIE-1';

/**
 * The secret for a display in an `Xauthority` file: the first that fits, as the X library takes it; empty where there
 * is none, as many servers ask for none.
 * @param machine the name of this one
 */
export function cookieIn(file: Buffer, display: Display, machine: string): Buffer {
  let at = 0;
  const number = (): number => {
    at += 2;
    return file.readUInt16BE(at - 2);
  };
  const field = (): Buffer => {
    const length = number();
    at += length;
    if (at > file.length) throw new RangeError('The file ends within an entry.');
    return file.subarray(at - length, at);
  };
  const isHere = ['', 'localhost', '127.0.0.1', '::1', machine].includes(display.host);
  try {
    while (at < file.length) {
      const family = number();
      const address = field().toString('latin1');
      const forNumber = field().toString('latin1');
      const name = field().toString('latin1');
      const data = field();
      const isItsHost =
        family === families.wild || !isHere || (family === families.local && address === machine);
      const isItsNumber = forNumber === '' || forNumber === String(display.number);
      if (isItsHost && isItsNumber && name === byCookie) return data;
    }
  } catch (error) {
    // Cut off within an entry: what was whole has been looked at.
    if (!(error instanceof RangeError)) throw error;
  }
  return Buffer.alloc(0);
}

/** X fills up to whole 32-bit words. */
export const padded = (length: number): number => Math.ceil(length / 4) * 4;

/** What a client says first: the byte order, the protocol 11.0, and the secret if there is one. */
function helloWith(cookie: Buffer): Buffer {
  const name = Buffer.from(cookie.length > 0 ? byCookie : '');
  const hello = Buffer.alloc(12 + padded(name.length) + padded(cookie.length));
  hello.write('l');
  hello.writeUInt16LE(11, 2);
  hello.writeUInt16LE(name.length, 6);
  hello.writeUInt16LE(cookie.length, 8);
  name.copy(hello, 12);
  cookie.copy(hello, 12 + padded(name.length));
  return hello;
}

export interface X11Access {
  /** In the order in which to try them. */
  readonly places: readonly ({ readonly path: string } | { readonly host: string; readonly port: number })[];
  readonly hello: Buffer;
}

/**
 * How to reach the X server of this environment; `null` when it names none.
 * @param env with DISPLAY, and XAUTHORITY where it is not `~/.Xauthority`
 */
export function x11Access(env: NodeJS.ProcessEnv): X11Access | null {
  const display = parseDisplay(env['DISPLAY'] ?? '');
  if (display === null) return null;
  const authority = env['XAUTHORITY'] ?? join(env['HOME'] ?? homedir(), '.Xauthority');
  const { host, number } = display;
  const socket = socketOf(display);
  return {
    places: host === '' ? [{ path: `\0${socket}` }, { path: socket }] : [{ host, port: 6000 + number }],
    hello: helloWith(cookieIn(readIfThere(authority), display, hostname())),
  };
}

/** Empty where it cannot be read. */
export function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
