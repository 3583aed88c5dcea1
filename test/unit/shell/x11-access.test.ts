import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cookieIn, parseDisplay, x11Access } from '../../../electron/shell/x11-access.ts';

describe('the name of a display', () => {
  it.each([
    [':0', { host: '', number: 0 }],
    [':12.0', { host: '', number: 12 }],
    ['unix:1.0', { host: '', number: 1 }],
    ['localhost:10.0', { host: 'localhost', number: 10 }],
    ['tcp/box:2', { host: 'box', number: 2 }],
    ['[::1]:3', { host: '::1', number: 3 }],
    ['', null],
    ['foo', null],
    [':x', null],
    ['wayland-0', null],
    ['/tmp/launch/org.x:0', null],
  ])('%j', (text, display) => {
    expect(parseDisplay(text)).toEqual(display);
  });
});

/** An entry of an `Xauthority` file. */
function entry(
  family: number,
  address: string,
  number: string,
  data: string,
  name = 'MIT-MAGIC-COOKIE-1',
): Buffer {
  const fields = [address, number, name, data].map((text) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  });
  return Buffer.concat([Buffer.from([family >> 8, family & 255]), ...fields]);
}

const here = hostname();
const file = Buffer.concat([
  entry(256, 'elsewhere', '0', 'not this machine'),
  entry(256, here, '1', 'not this display'),
  entry(256, here, '0', 'not this way', 'XDM-AUTHORIZATION-1'),
  entry(256, here, '0', 'this one'),
  entry(65_535, '', '', 'any'),
]);

describe('the secret of a display', () => {
  const of = (number: number, host = ''): string => cookieIn(file, { host, number }, here).toString();

  it('is the first that fits', () => {
    expect([of(0), of(1), of(7)]).toEqual(['this one', 'not this display', 'any']);
    expect([of(0, 'localhost'), of(0, here)]).toEqual(['this one', 'this one']);
  });

  it('is none in a file that is empty or cut off', () => {
    const display = { host: '', number: 0 };
    expect(cookieIn(Buffer.alloc(0), display, 'box')).toHaveLength(0);
    for (const length of [1, 20, 40]) {
      expect(cookieIn(file.subarray(0, length), display, 'elsewhere')).toHaveLength(0);
    }
  });
});

describe('the way to an X server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sharelight-x11-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is none where no display is named', () => {
    expect(x11Access({})).toBeNull();
  });

  it("is this machine's sockets, or a port of another one", () => {
    const places = (DISPLAY: string) => x11Access({ DISPLAY, HOME: folder })?.places;
    expect(places(':4')).toEqual([{ path: '\0/tmp/.X11-unix/X4' }, { path: '/tmp/.X11-unix/X4' }]);
    expect(places('localhost:10.0')).toEqual([{ host: 'localhost', port: 6010 }]);
  });

  it('begins with the secret, where there is one', () => {
    const without = x11Access({ DISPLAY: ':0', HOME: folder })?.hello;
    expect(without).toEqual(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    writeFileSync(join(folder, '.Xauthority'), file);
    writeFileSync(join(folder, 'other'), entry(65_535, '', '', 'other'));
    const hello = x11Access({ DISPLAY: ':0', HOME: folder })?.hello;
    expect(hello).toHaveLength(12 + 20 + 8);
    expect(hello?.readUInt16LE(6)).toBe(18);
    expect(hello?.readUInt16LE(8)).toBe(8);
    expect(hello?.toString('latin1', 12)).toBe('MIT-MAGIC-COOKIE-1\0\0this one');
    const XAUTHORITY = join(folder, 'other');
    expect(x11Access({ DISPLAY: ':0', XAUTHORITY })?.hello.toString()).toContain('other');
  });
});
