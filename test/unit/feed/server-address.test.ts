import { describe, expect, test } from 'vitest';
import { checkBaseUrl, checkConnectUri } from '../../../electron/feed/genesys/server-address.ts';

describe('base addresses', () => {
  test.each([
    ['https://api.mypurecloud.de', 'https://api.mypurecloud.de'],
    [' https://api.mypurecloud.de/ ', 'https://api.mypurecloud.de'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:9', 'http://[::1]:9'],
  ])('%s is used', (given, origin) => {
    const checked = checkBaseUrl(given);
    expect(checked.ok && checked.value.origin).toBe(origin);
  });

  test.each([
    ['', /isn’t an address/],
    ['api.mypurecloud.de', /isn’t an address/],
    ['localhost:80', /isn’t a web address/],
    ['ftp://api.mypurecloud.de', /isn’t a web address/],
    ['http://api.mypurecloud.de', /Use https/],
    ['http://127.0.0.1.example.com', /Use https/],
    ['http://localhost.example.com', /Use https/],
    ['https://user:pass@api.mypurecloud.de', /name or password/],
    ['https://api.mypurecloud.de/api/v2', /more than scheme, host and port/],
    ['https://api.mypurecloud.de?x=1', /more than scheme, host and port/],
  ])('%j is refused with a reason', (given, reason) => {
    expect(checkBaseUrl(given)).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
  });

  test('a password in an address is not repeated', () => {
    expect(JSON.stringify(checkBaseUrl('https://user:hunter2@api.mypurecloud.de'))).not.toContain('hunter2');
  });
});

describe('addresses of the socket', () => {
  test.each([
    'wss://streaming.mypurecloud.de/channels/c',
    'ws://127.0.0.1:9/channels/c',
    'ws://localhost/channels/c',
  ])('%s is used', (given) => {
    expect(checkConnectUri(given).ok).toBe(true);
  });

  test.each([
    'ws://streaming.mypurecloud.de/channels/c',
    'https://x/channels/c',
    '/channels/c',
    'wss://x/channels/c#y',
  ])('%s is refused without being repeated', (given) => {
    const checked = checkConnectUri(given);
    expect(checked.ok).toBe(false);
    expect(JSON.stringify(checked)).not.toContain('channels/c');
  });
});
