import type { Archived } from '../../../domain/archive/wire.ts';

/** Records as the archive gives them. */

const me = { id: 'agent-1', name: 'An Agent' };
export const other = { id: 'agent-2', name: 'Ben Ode' };

export function archived(number: number, change: Partial<Archived> = {}): Archived {
  const at = new Date(Date.parse('2026-11-30T12:00:00Z') - number * 60_000).toISOString();
  return {
    key: number.toString(16).padStart(64, '0'),
    revision: 1,
    day: at.slice(0, 10),
    agent: me,
    device: 'desk-1',
    receivedAt: at,
    conflict: false,
    record: {
      conversationId: 'masked-conversation',
      participantId: 'masked-participant',
      role: 'sharing',
      media: 'screenshare',
      screenshare: { id: 'masked-leg', state: 'disconnected' },
      queueName: 'Billing help',
      peerName: 'person-0123456789abcdef',
      alertedAt: at,
      answered: true,
      wrapup: { code: 'code-1', name: 'Invoice explained', notes: '[redacted]', state: 'sent' },
      firstSeenAt: at,
      lastSeenAt: at,
      revisions: 1,
      redacted: ['conversationId', 'peerName', 'wrapup.notes'],
    },
    ...change,
  };
}

/** Of these records pages are read, as the service reads them. */
export function pagesOf(records: readonly Archived[]): (at: URL) => unknown {
  return ({ pathname, searchParams }) => {
    if (pathname === '/v1/records') {
      const from = Number(searchParams.get('after') ?? 0);
      const end = from + Number(searchParams.get('limit'));
      const next = end < records.length ? String(end) : null;
      return { records: records.slice(from, end), next, ...(from === 0 ? { missing: 2 } : {}) };
    }
    const revisions = records.filter(({ key }) => pathname === `/v1/records/${key}`);
    return revisions.length === 0 ? null : { revisions, conflicts: [] };
  };
}
