import { ok, refused, type Result } from '../../../domain/toolbox/result.ts';
import { say } from '../../../domain/words/say.ts';

/** This machine itself: `localhost`, 127.0.0.0/8 and ::1. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/**
 * The base URL of an API or login server: `https://host[:port]`, or plain `http` to this machine only,
 * because the token travels with every request. A path, a query or a name and password are refused.
 */
export function checkBaseUrl(text: string): Result<URL> {
  const url = parse(text.trim());
  if (!url) return refused(say('feed.address.none', { address: text }));
  if (url.username !== '' || url.password !== '') return refused(say('feed.address.password'));
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refused(say('feed.address.unprotected', { address: text }));
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refused(say('feed.address.notWeb', { address: text }));
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refused(say('feed.address.tooLong', { address: text }));
  }
  return ok(url);
}

/**
 * The `connectUri` of a channel: `wss`, or `ws` to this machine only. The reason does not repeat the address:
 * whoever knows it can listen in.
 */
export function checkConnectUri(text: string): Result<URL> {
  const url = parse(text);
  // A fragment has no place in a socket's address.
  if (!url || url.hash !== '') return refused(say('feed.channel.unreadable'));
  const isSafe = url.protocol === 'wss:' || (url.protocol === 'ws:' && isLoopback(url.hostname));
  return isSafe ? ok(url) : refused(say('feed.channel.unprotected'));
}
