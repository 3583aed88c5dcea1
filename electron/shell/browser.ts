import { shell } from 'electron/common';

/** Whether an address may be handed to the system: web pages, and plain http to this machine only. */
export function mayOpen(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

/** Opens a page in the person's browser. Rejects when the address is none of that, or there is no browser. */
export async function openInBrowser(url: URL): Promise<void> {
  if (!mayOpen(url)) throw new Error('This address is not opened.');
  await shell.openExternal(url.href);
}
