import tls from 'node:tls';
import { session } from 'electron/main';

/**
 * The proxy in an answer of the system (a list in the form of a PAC file, best one first) that this program can
 * speak to; null: straight to the server.
 */
export function proxyIn(answer: string): URL | null {
  for (const entry of answer.split(';')) {
    const [kind = '', place = ''] = entry.trim().split(/\s+/);
    if (kind === 'DIRECT') return null;
    const scheme = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' }[kind];
    const url = `${scheme ?? ''}://${place}`;
    if (scheme !== undefined && URL.canParse(url)) return new URL(url);
  }
  return null;
}

/** The proxy the system's settings name for an address. Must be used after the app is ready. */
export async function systemProxy(address: URL): Promise<URL | null> {
  // Rules of proxies are written for pages; a socket goes where its page would.
  const page = new URL(address);
  page.protocol = page.protocol.replace('ws', 'http');
  return proxyIn(await session.defaultSession.resolveProxy(page.href));
}

/** Whom servers are proven by. The oldest runtime we run on has only the list it brings. */
interface Trust {
  readonly rootCertificates?: readonly string[];
  readonly getCACertificates?: (type: 'default' | 'system') => string[];
  readonly setDefaultCACertificates?: (certificates: readonly string[]) => void;
}

/**
 * From now on servers are trusted that the system trusts: an organisation that looks into its network's traffic
 * has put its own authority there. Returns in a line for the log what came of it.
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
    return `the certificates of the system could not be read: ${String(error)}`;
  }
}
