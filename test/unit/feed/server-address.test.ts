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
  const here = 'http://127.0.0.1:8080';
  const gateway = 'https://genesys.example.com';
  const region = 'https://api.mypurecloud.de';

  test.each([
    ['wss://streaming.mypurecloud.de/channels/c', region],
    ['wss://mypurecloud.de/channels/c', region],
    ['wss://streaming.usw2.pure.cloud/channels/c', 'https://api.usw2.pure.cloud'],
    ['ws://127.0.0.1:9000/channels/c', here],
    ['ws://localhost/channels/c', here],
    ['wss://[::1]:9000/channels/c', 'https://localhost'],
    ['wss://genesys.example.com/channels/c', gateway],
    ['wss://streaming.mypurecloud.ie/channels/c', gateway],
    ['wss://streaming.mypurecloud.ie/channels/c', here],
  ])('%s is used where the API is %s', (given, api) => {
    expect(checkConnectUri(given, new URL(api)).ok).toBe(true);
  });

  test.each([
    ['ws://streaming.mypurecloud.de/channels/c', region, /unprotected/],
    ['ws://127.0.0.1:9000/channels/c', region, /unprotected/],
    ['ws://127.0.0.1:22/channels/c', region, /unprotected/],
    ['https://x/channels/c', region, /unprotected/],
    ['/channels/c', region, /can’t be read/],
    ['wss://streaming.mypurecloud.de/channels/c#y', region, /can’t be read/],
    ['wss://me:secret@streaming.mypurecloud.de/channels/c', region, /can’t be read/],
    ['wss://example.com/channels/c', region, /outside its own domain/],
    ['wss://127.0.0.1:9000/channels/c', region, /outside its own domain/],
    ['wss://10.0.0.8/channels/c', region, /outside its own domain/],
    ['wss://streaming.mypurecloud.ie/channels/c', region, /outside its own domain/],
    ['wss://streaming.mypurecloud.de.example.com/channels/c', region, /outside its own domain/],
    ['wss://evilmypurecloud.de/channels/c', region, /outside its own domain/],
    [
      'wss://streaming.mypurecloud.com.au/channels/c',
      'https://api.mypurecloud.com',
      /outside its own domain/,
    ],
    ['wss://streaming.mypurecloud.de:22/channels/c', region, /outside its own domain/],
    ['ws://127.0.0.1:22/channels/c', here, /outside its own domain/],
    ['ws://10.0.0.8:9000/channels/c', here, /unprotected/],
    ['wss://example.com/channels/c', here, /outside its own domain/],
    ['wss://other.example.com/channels/c', gateway, /outside its own domain/],
    ['wss://127.0.0.1:9000/channels/c', gateway, /outside its own domain/],
  ])('%s is refused where the API is %s, without being repeated', (given, api, reason) => {
    const checked = checkConnectUri(given, new URL(api));
    expect(checked).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
    expect(JSON.stringify(checked)).not.toContain('channels/c');
  });
});
