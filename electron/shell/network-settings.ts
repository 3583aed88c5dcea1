import tls from 'node:tls';
import { session } from 'electron/main';
import { reasonOf } from '../../domain/toolbox/result.ts';

/** The best proxy in the system's answer (in the form of a PAC file) that we can speak to; null: none. */
function usableProxy(answer: string, socks: boolean): URL | null {
  const schemes: Readonly<Record<string, string>> = {
    ...{ PROXY: 'http', HTTP: 'http', HTTPS: 'https' },
    ...(socks ? { SOCKS: 'socks4', SOCKS4: 'socks4', SOCKS5: 'socks5' } : {}),
  };
  for (const entry of answer.split(';')) {
    const [kind = '', place = ''] = entry.trim().split(/\s+/);
    if (kind === 'DIRECT') return null;
    const scheme = schemes[kind];
    const url = `${scheme ?? ''}://${place}`;
    if (scheme !== undefined && URL.canParse(url)) return new URL(url);
  }
  return null;
}

/** Where people name a proxy with their name and password in it: the browser engine reads all of it but these. */
const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** The proxy, with the name and password that the environment has for this very one. */
function withPassword(proxy: URL, env: NodeJS.ProcessEnv): URL {
  const named = proxyVariables.map((name) => env[name] ?? '').filter((text) => URL.canParse(text));
  const same = named
    .map((text) => new URL(text))
    .find(({ host, username }) => host === proxy.host && username !== '');
  return same ? Object.assign(new URL(proxy), { username: same.username, password: same.password }) : proxy;
}

/**
 * The proxy the system's settings name for an address. Must be used after the app is ready.
 *
 * @param socks whether SOCKS proxies can be spoken to
 */
export async function systemProxy(
  address: URL,
  { socks = false, env = process.env }: { readonly socks?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<URL | null> {
  // Proxy rules are written for pages; a socket goes where its page would.
  const page = new URL(address);
  page.protocol = page.protocol.replace('ws', 'http');
  const proxy = usableProxy(await session.defaultSession.resolveProxy(page.href), socks);
  return proxy && withPassword(proxy, env);
}

/** What `node:tls` has; the oldest runtime we run on has only its own list. */
interface Trust {
  readonly rootCertificates?: readonly string[];
  readonly getCACertificates?: (type: 'default' | 'system') => string[];
  readonly setDefaultCACertificates?: (certificates: readonly string[]) => void;
}

/**
 * Trusts from now on whom the system trusts: an organisation that inspects its network's traffic has put its own
 * authority there. Returns a line for the log.
 */
export function trustSystemCertificates(node: Trust = tls): string {
  const { getCACertificates, setDefaultCACertificates } = node;
  if (!getCACertificates || !setDefaultCACertificates)
    return 'this runtime knows no certificates of the system';
  try {
    const known = new Set(getCACertificates('default'));
    const added = getCACertificates('system').filter((certificate) => !known.has(certificate));
    if (added.length > 0) setDefaultCACertificates([...known, ...added]);
    return `${String(added.length)} certificates of the system are trusted besides`;
  } catch (error) {
    return `the certificates of the system could not be read: ${reasonOf(error)}`;
  }
}
