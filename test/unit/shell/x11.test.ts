import { describe, expect, it } from 'vitest';
import { cookieIn, parseDisplay } from '../../../electron/shell/x11.ts';

describe('the name of a display', () => {
  it.each([
    [':0', { host: '', number: '0' }],
    [':12.0', { host: '', number: '12' }],
    ['unix:3', { host: '', number: '3' }],
    ['localhost:10.0', { host: 'localhost', number: '10' }],
    ['', null],
    ['wayland-0', null],
    ['/tmp/launch/org.x:0', null],
  ])('%j', (text, display) => {
    expect(parseDisplay(text)).toEqual(display);
  });
});

describe('the secret of a display', () => {
  const field = (text: string): Buffer => {
    const data = Buffer.from(text);
    return Buffer.concat([Buffer.from([data.length >> 8, data.length & 255]), data]);
  };
  const entry = (number: string, name: string, data: string): Buffer =>
    Buffer.concat([Buffer.from([1, 0]), field('desk'), field(number), field(name), field(data)]);
  const file = Buffer.concat([
    entry('0', 'XDM-AUTHORIZATION-1', 'not this'),
    entry('1', 'MIT-MAGIC-COOKIE-1', 'one'),
    entry('0', 'MIT-MAGIC-COOKIE-1', 'zero'),
  ]);

  it('is the one of its number', () => {
    expect(cookieIn(file, '0').toString()).toBe('zero');
    expect(cookieIn(file, '1').toString()).toBe('one');
    expect(cookieIn(file, '2')).toHaveLength(0);
    expect(cookieIn(Buffer.alloc(0), '0')).toHaveLength(0);
    expect(cookieIn(entry('', 'MIT-MAGIC-COOKIE-1', 'any'), '7').toString()).toBe('any');
  });
});
