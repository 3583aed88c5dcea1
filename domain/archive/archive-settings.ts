/** What can be set about an organisation's archive: where it is, and what is masked for it. */

/**
 * What an organisation has masked before a record leaves the desk:
 * - `people`: who it was about, and every place where somebody may have written so: notes, tags, addresses, ids, fields
 *   no model names, words no protocol knows. A person becomes a keyed digest: the same customer is recognised, nobody
 *   is named.
 * - `notes`: what somebody wrote. Names and ids stay.
 * - `none`: nothing.
 *
 * Times, lengths, the words of the protocol, and what the organisation named itself (queue, code) stay in all of them.
 */
export const archiveMasks = ['people', 'notes', 'none'] as const;
export type ArchiveMask = (typeof archiveMasks)[number];

/** Scheme, host and port; nothing may follow them. */
const form = /^(https?):\/\/(\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?\/?$/;
/** This machine itself: `localhost`, 127.0.0.0/8 and ::1. */
const loopback = /^https?:\/\/(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})(?::\d+)?$/;
const usualPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Where an archive is: `https://host[:port]`, or plain `http` to this machine only, because the sign-in's token goes
 * there. The same address in one spelling; null where it is none.
 */
export function archiveOrigin(text: string): string | null {
  const [, scheme, host, port] = form.exec(text.trim().toLowerCase()) ?? [];
  if (scheme === undefined || host === undefined || Number(port ?? 1) > 65_535) return null;
  const isUsual = port === undefined || Number(port) === Number(usualPorts[scheme]);
  const origin = `${scheme}://${host}${isUsual ? '' : `:${Number(port)}`}`;
  return scheme === 'https' || loopback.test(origin) ? origin : null;
}

/** On this computer: the demo's invented records go nowhere else. */
export function isOnThisComputer(origin: string): boolean {
  return loopback.test(origin);
}

/** `archive.example.com:8443`, for people. */
export function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

/**
 * What the demo shows instead of an access token: it is its own Genesys, and runs inside the desk. An archive that is
 * only tried on the same computer asks it there, and keeps what it sends in an organisation of its own.
 */
export const demoToken = {
  organisation: 'demo',
  write: (apiUrl: string, accessToken: string): string => `demo ${apiUrl} ${accessToken}`,
  /** Null where it is a real one. */
  read: (text: string): { readonly apiUrl: string; readonly accessToken: string } | null => {
    const [, apiUrl = '', accessToken = ''] =
      /^demo (http:\/\/127\.0\.0\.1:\d{1,5}) ([\w-]+)$/.exec(text) ?? [];
    return apiUrl === '' ? null : { apiUrl, accessToken };
  },
} as const;
