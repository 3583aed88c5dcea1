import { createServer, type Server, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { longestMessage } from '../../../electron/shell/bus-wire.ts';
import { followSessionLock } from '../../../electron/shell/session-lock.ts';

/** The other side of the wire by somebody else's hand: what we say is read by it, what we hear is written by it. */
const { marshall, unmarshalMessages } = createRequire(import.meta.url)('dbus-next/lib/message.js') as {
  marshall: (message: object) => [Buffer];
  unmarshalMessages: (stream: Readable, heard: (call: Call) => void) => void;
};
interface Call {
  readonly member: string;
  readonly destination: string;
  readonly body?: readonly unknown[];
}

const session = 'org.freedesktop.login1.Session';
let serial = 0;

function signal(owner: string, member: string, signature = '', body: readonly unknown[] = []): Buffer {
  serial += 1;
  const at = { path: '/org/freedesktop/login1/session/_31', interface: owner, member };
  return marshall({ type: 4, serial, ...at, ...(signature === '' ? {} : { signature, body }) })[0];
}

/** @param properties by name: type and value */
function changed(properties: Record<string, readonly [string, unknown]>, of = session): Buffer {
  const body = [of, Object.entries(properties), []];
  return signal('org.freedesktop.DBus.Properties', 'PropertiesChanged', 'sa{sv}as', body);
}
const bool = (value: boolean): readonly [string, unknown] => ['b', value];

let folder: string;
let server: Server;
let bus: Socket;
let heard: Buffer;
let stop: () => void;
const unlocked = vi.fn<() => void>();

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-bus-'));
  heard = Buffer.alloc(0);
  server = createServer((socket) => {
    bus = socket;
    socket.on('data', (data: Buffer) => (heard = Buffer.concat([heard, data])));
    socket.on('error', () => undefined);
  });
  const address = path.join(folder, 'bus');
  await new Promise<void>((resolve) => server.listen(address, resolve));
  stop = followSessionLock({ unlocked, address: `unix:path=${address},guid=0123` });
  await vi.waitFor(() => {
    expect(heard.toString('latin1')).toMatch(/^\0AUTH EXTERNAL [0-9a-f]+\r\n$/);
  });
  heard = Buffer.alloc(0);
});
afterEach(async () => {
  stop();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
  vi.clearAllMocks();
});

/** What the bus heard after it let us in. */
async function letIn(): Promise<Buffer> {
  bus.write('OK 0123456789abcdef\r\n');
  await vi.waitFor(() => {
    expect(heard.toString('latin1').match(/AddMatch/g)).toHaveLength(2);
  });
  return heard;
}

describe('a session that is unlocked', () => {
  it('is listened for in words any bus understands', async () => {
    const said = await letIn();
    const begin = 'BEGIN\r\n';
    expect(said.toString('latin1').startsWith(begin)).toBe(true);
    const calls: Call[] = [];
    const stream = new PassThrough();
    unmarshalMessages(stream, (call) => calls.push(call));
    stream.write(said.subarray(begin.length));
    await vi.waitFor(() => {
      expect(calls).toHaveLength(3);
    });
    expect(calls.map(({ member }) => member)).toEqual(['Hello', 'AddMatch', 'AddMatch']);
    expect(calls.every(({ destination }) => destination === 'org.freedesktop.DBus')).toBe(true);
    expect(calls[1]?.body).toEqual([expect.stringContaining("member='Unlock'")]);
  });

  it.each<[string, Buffer]>([
    ['told to open', signal(session, 'Unlock')],
    ['said to be open', changed({ LockedHint: bool(false) })],
    [
      'said to be open among other things',
      changed({
        IdleSinceHint: ['t', 1],
        State: ['s', 'active'],
        IdleHint: bool(false),
        LockedHint: bool(false),
      }),
    ],
  ])('%s, in one piece or byte by byte', async (_what, message) => {
    await letIn();
    bus.write(message);
    await vi.waitFor(() => {
      expect(unlocked).toHaveBeenCalledTimes(1);
    });
    bus.setNoDelay(true);
    for (const byte of message) bus.write(Buffer.of(byte));
    await vi.waitFor(() => {
      expect(unlocked).toHaveBeenCalledTimes(2);
    });
  });

  it('is told from everything else that is said', async () => {
    await letIn();
    bus.write(
      Buffer.concat([
        signal(session, 'Lock'),
        changed({ LockedHint: bool(true) }),
        changed({ IdleHint: bool(false) }),
        changed({ LockedHint: bool(false) }, 'org.freedesktop.login1.User'),
        changed({ Odd: ['as', ['a']], LockedHint: bool(false) }),
        signal('org.freedesktop.DBus', 'NameAcquired', 's', [':1.7']),
        signal(session, 'Unlock'),
      ]),
    );
    await vi.waitFor(() => {
      expect(unlocked).toHaveBeenCalledTimes(1);
    });
  });

  it.each<[string, () => void]>([
    ['who turns us away', () => bus.write('REJECTED EXTERNAL\r\n')],
    ['who goes', () => bus.destroy()],
    [
      'who talks something else',
      () => {
        const huge = Buffer.alloc(16, 1);
        huge.writeUInt32LE(longestMessage, 4);
        bus.write(Buffer.concat([Buffer.from('OK 0\r\n'), huge]));
      },
    ],
  ])('is not waited for from a bus %s', async (_what, act) => {
    const closed = new Promise((resolve) => bus.once('close', resolve));
    act();
    await closed;
    expect(unlocked).not.toHaveBeenCalled();
  });
});

it.each(['unix:path=/nowhere/bus', 'tcp:host=localhost,port=1', ''])(
  'where there is no bus at "%s", nothing is told and nothing breaks',
  (address) => {
    followSessionLock({ unlocked, address })();
    expect(unlocked).not.toHaveBeenCalled();
  },
);
