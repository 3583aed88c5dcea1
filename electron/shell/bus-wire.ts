/**
 * The few lines of the D-Bus protocol it takes to listen: one method call out, signals in. The packages there
 * are for it are old, and bring an XML parser, streams and big integers to a program that asks for none of it.
 * https://dbus.freedesktop.org/doc/dbus-specification.html
 */

export interface Signal {
  /** Interface and name, as `org.example.Thing.Changed`. */
  readonly name: string;
  /** Its arguments, as far as they are of basic types, in arrays of structs flattened. */
  readonly body: Reader;
}

const littleEndian = 'l'.charCodeAt(0);
const methodCall = 1;
const signal = 4;
const noReplyExpected = 1;
/** Beyond this it is no message of a login manager. */
export const longestMessage = 1024 * 1024;

const aligned = (offset: number, to: number): number => Math.ceil(offset / to) * to;

class Writer {
  readonly #parts: number[] = [];

  align(to: number): this {
    while (this.#parts.length % to !== 0) this.#parts.push(0);
    return this;
  }

  bytes(...values: readonly number[]): this {
    this.#parts.push(...values);
    return this;
  }

  u32(value: number): this {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(value);
    return this.align(4).bytes(...four);
  }

  text(value: string): this {
    const encoded = Buffer.from(value);
    return this.u32(encoded.length).bytes(...encoded, 0);
  }

  get buffer(): Buffer {
    return Buffer.from(this.#parts);
  }
}

/** A call to the bus itself, with one text or nothing. Its answer is of no interest. */
export function busCall(serial: number, member: 'Hello' | 'AddMatch', argument?: string): Buffer {
  const body = argument === undefined ? Buffer.alloc(0) : new Writer().text(argument).buffer;
  const fields = new Writer();
  const field = (code: number, type: 's' | 'o', value: string): Writer =>
    fields.align(8).bytes(code, 1, type.charCodeAt(0), 0).text(value);
  field(1, 'o', '/org/freedesktop/DBus');
  field(2, 's', 'org.freedesktop.DBus');
  field(3, 's', member);
  field(6, 's', 'org.freedesktop.DBus');
  if (argument !== undefined) fields.align(8).bytes(8, 1, 'g'.charCodeAt(0), 0, 1, 's'.charCodeAt(0), 0);
  // The bus only registers whoever says hello and is waiting for the name it gives.
  const flags = member === 'Hello' ? 0 : noReplyExpected;
  const header = new Writer().bytes(littleEndian, methodCall, flags, 1).u32(body.length).u32(serial);
  header
    .u32(fields.buffer.length)
    .bytes(...fields.buffer)
    .align(8);
  return Buffer.concat([header.buffer, body]);
}

/** Reads values in the order they were written. Throws `RangeError` beyond the end. */
export class Reader {
  readonly #bytes: Buffer;
  readonly #isLittle: boolean;
  #offset = 0;

  constructor(bytes: Buffer, isLittle: boolean) {
    this.#bytes = bytes;
    this.#isLittle = isLittle;
  }

  get offset(): number {
    return this.#offset;
  }

  align(to: number): void {
    this.#offset = aligned(this.#offset, to);
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#offset++);
  }

  u32(): number {
    this.align(4);
    const value = this.#isLittle
      ? this.#bytes.readUInt32LE(this.#offset)
      : this.#bytes.readUInt32BE(this.#offset);
    this.#offset += 4;
    return value;
  }

  text(length = this.u32()): string {
    const end = this.#offset + length;
    if (end >= this.#bytes.length) throw new RangeError('The message ends within a text');
    const value = this.#bytes.toString('utf8', this.#offset, end);
    this.#offset = end + 1;
    return value;
  }

  /** A value with its type before it; undefined for numbers nobody asks for. Throws for what is not basic. */
  variant(): string | number | boolean | undefined {
    const type = this.text(this.byte());
    switch (type) {
      case 's':
      case 'o':
        return this.text();
      case 'g':
        return this.text(this.byte());
      case 'b':
        return this.u32() === 1;
      case 'u':
      case 'i':
        return this.u32();
      case 't':
      case 'x':
      case 'd':
        this.align(8);
        this.#offset += 8;
        return undefined;
      default:
        throw new RangeError(`A value of type ${type} was not expected`);
    }
  }
}

/** The first message in what was received, and how long it is; null while it is not whole. Throws `RangeError`. */
export function firstMessage(
  received: Buffer,
): { readonly length: number; readonly signal: Signal | null } | null {
  if (received.length < 16) return null;
  const head = new Reader(received, received.readUInt8(0) === littleEndian);
  head.byte();
  const type = head.byte();
  head.align(4);
  const bodyLength = head.u32();
  head.u32();
  const fieldsEnd = head.u32() + 16;
  const length = aligned(fieldsEnd, 8) + bodyLength;
  if (length > longestMessage) throw new RangeError('The message is too long');
  if (received.length < length) return null;
  if (type !== signal) return { length, signal: null };
  const names: Record<number, string> = {};
  while (head.offset < fieldsEnd) {
    head.align(8);
    const code = head.byte();
    names[code] = String(head.variant());
  }
  const bytes = received.subarray(length - bodyLength, length);
  const body = new Reader(bytes, received.readUInt8(0) === littleEndian);
  return { length, signal: { name: `${names[2] ?? ''}.${names[3] ?? ''}`, body } };
}
