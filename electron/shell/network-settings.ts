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
