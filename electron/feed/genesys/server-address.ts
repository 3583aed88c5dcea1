import { regions } from '../../../domain/regions.ts';
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

/** Ports of this machine's own services (mail, shells, files): none of them serves updates. */
function isServicePort(port: string): boolean {
  const number = Number(port);
  return port !== '' && number < 1024 && number !== 80 && number !== 443;
}

/** Whether a host is a domain's own, or one below it. */
function isBelow(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

/**
 * Whether the API at this host may send its clients there. An organisation's API sends them into its own region. Any
 * other one, a gateway of one's own, answers for itself or passes on what the service said.
 */
function mayLeadTo(api: string, hostname: string): boolean {
  const own = regions.find(({ domain }) => isBelow(api, domain));
  if (own) return isBelow(hostname, own.domain);
  return hostname === api || regions.some(({ domain }) => isBelow(hostname, domain));
}

/**
 * The `connectUri` of a channel, as the API at `api` gave it: `wss` into the region's domain, and `ws` only where the
 * API itself is this machine, to this machine. The reason does not repeat the address: whoever knows it can listen in.
 */
export function checkConnectUri(text: string, api: URL): Result<URL> {
  const url = parse(text);
  // A fragment has no place in a socket's address, nor has a password.
  if (!url || url.hash !== '' || url.username !== '' || url.password !== '')
    return refused(say('feed.channel.unreadable'));
  const isLocal = isLoopback(api.hostname) && isLoopback(url.hostname);
  if (url.protocol !== 'wss:' && !(url.protocol === 'ws:' && isLocal))
    return refused(say('feed.channel.unprotected'));
  if (isServicePort(url.port) || !(isLocal || mayLeadTo(api.hostname, url.hostname)))
    return refused(say('feed.channel.elsewhere'));
  return ok(url);
}
