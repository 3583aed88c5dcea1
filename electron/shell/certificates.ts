import tls from 'node:tls';

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
