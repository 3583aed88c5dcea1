import { say } from '../../../domain/words/say.ts';

/** Why an address cannot be used; `problem` is one sentence for the person who typed it. */
export interface AddressProblem {
  readonly problem: string;
}

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
export function checkBaseUrl(text: string): URL | AddressProblem {
  const url = parse(text.trim());
  if (!url) return { problem: say('feed.address.none', { address: text }) };
  if (url.username !== '' || url.password !== '') {
    return { problem: say('feed.address.password') };
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return { problem: say('feed.address.unprotected', { address: text }) };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: say('feed.address.notWeb', { address: text }) };
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return { problem: say('feed.address.tooLong', { address: text }) };
  }
  return url;
}

/**
 * The `connectUri` of a channel: `wss`, or `ws` to this machine only. The problem does not repeat the
 * address, since whoever knows it can listen in.
 */
export function checkConnectUri(text: string): URL | AddressProblem {
  const url = parse(text);
  // A fragment has no place in a socket's address.
  if (!url || url.hash !== '') return { problem: say('feed.channel.unreadable') };
  if (url.protocol === 'wss:') return url;
  if (url.protocol === 'ws:' && isLoopback(url.hostname)) return url;
  return { problem: say('feed.channel.unprotected') };
}
