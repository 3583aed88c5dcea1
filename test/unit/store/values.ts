import type { Submission, Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reducerVersion } from '../../../domain/communication/reduce-again.ts';
import type { FactContext, JournalEntry } from '../../../domain/database.ts';
import type { KeyStore } from '../../../electron/store/key.ts';

export const testKey = (): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 1);
export const otherKey = (): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => index * 5 + 2);
/** Of a desktop that has none. */
export const noKeyStore: KeyStore = {
  available: () => Promise.resolve(false),
  backend: () => 'basic_text',
  seal: () => Promise.reject(new Error('There is no key store.')),
  open: () => Promise.reject(new Error('There is no key store.')),
};

/** More than are deleted in one step. */
export const recordsToDelete = 120;
export const laterRows = 5_000;

/** Not this program's: a schema to come, with so many rows that it takes its time. */
export const laterSchema = (rows: number) => ({
  version: 9990,
  name: 'later',
  sql: `
    CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
    INSERT INTO later SELECT n, printf('row %d', n) FROM numbers;`,
});

export const hexOf = (key: Uint8Array): string => Buffer.from(key).toString('hex');

export function context(change: Partial<FactContext> = {}): FactContext {
  return {
    conversationId: 'conversation-1',
    rules: reducerVersion,
    userId: 'agent-1',
    serverTime: '2025-03-04T10:00:00.200Z',
    cloud: { offsetMs: 200, uncertaintyMs: 40 },
    ...change,
  };
}

/** One that changes no record, unless changed; a refused one has no context. */
export function fact(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    source: 'socket',
    subject: 'v2.users.agent-1.conversations',
    receivedAt: '2025-03-04T10:00:00.000Z',
    body: '{"id":"conversation-1","participants":[]}',
    refusal: null,
    context: (change.refusal ?? null) === null ? context() : null,
    ...change,
  };
}

/** One that says what these communications of one conversation are, whatever they were before. */
export function factOf(...communications: readonly Communication[]): JournalEntry {
  const conversationId = communications[0]?.conversationId ?? 'conversation-1';
  return fact({
    source: 'held',
    subject: '',
    body: JSON.stringify(communications),
    context: context({ conversationId }),
  });
}

/** A live share, unless changed. */
export function communication(change: Partial<Communication> = {}): Communication {
  const communicationId = change.communicationId ?? 'communication-1';
  const conversationId = change.conversationId ?? 'conversation-1';
  const participantId = change.participantId ?? 'participant-1';
  return {
    key: `${conversationId}/${participantId}/${communicationId}`,
    conversationId,
    participantId,
    communicationId,
    media: 'screenshare',
    screenshare: {
      id: communicationId,
      state: 'connected',
      sharing: true,
      peerCount: 1,
      connectedTime: '2025-03-04T10:00:05.000Z',
      segments: [{ type: 'interact', startTime: '2025-03-04T10:00:05.000Z' }],
      fromANewerServer: { kept: ['as', 'sent'] },
    },
    queueName: 'Billing',
    peerName: 'Ana Lima',
    peerSharing: false,
    policy: 'mandatory',
    wrapupRequired: true,
    alertedAt: '2025-03-04T10:00:00.000Z',
    answered: true,
    onAir: [{ from: '2025-03-04T10:00:06.000Z' }],
    peers: [{ at: '2025-03-04T10:00:06.000Z', count: 1 }],
    gone: false,
    firstSeenAt: '2025-03-04T10:00:00.100Z',
    lastSeenAt: '2025-03-04T10:00:06.100Z',
    revisions: 3,
    ...change,
  };
}

/** Ended, its wrap-up saved: nothing is left to do. */
export function settled(change: Partial<Communication> = {}): Communication {
  const live = communication(change);
  return {
    ...live,
    screenshare: {
      ...live.screenshare,
      state: 'disconnected',
      sharing: false,
      disconnectType: 'client',
      disconnectedTime: '2025-03-04T10:05:00.000Z',
      afterCallWork: { state: 'complete', endTime: '2025-03-04T10:06:00.000Z' },
      wrapup: { code: 'code-1', name: 'Resolved', notes: 'all well', endTime: '2025-03-04T10:06:00.000Z' },
    },
    ...change,
  };
}

export function draft(change: Partial<Draft> = {}): Draft {
  return {
    key: communication().key,
    code: 'code-1',
    name: 'Resolved',
    notes: 'a note',
    revision: 1,
    updatedAt: '2025-03-04T10:05:30.000Z',
    ...change,
  };
}

export function submission(change: Partial<Submission> = {}): Omit<Submission, 'order'> {
  const { order: _order, ...rest } = change;
  return {
    id: 'submission-1',
    key: communication().key,
    conversationId: 'conversation-1',
    participantId: 'participant-1',
    communicationId: 'communication-1',
    kind: 'wrapUp',
    code: 'code-1',
    name: 'Resolved',
    notes: 'a note',
    state: 'waiting',
    attempts: 0,
    mayHaveArrived: false,
    createdAt: '2025-03-04T10:06:00.000Z',
    updatedAt: '2025-03-04T10:06:00.000Z',
    problem: null,
    theirs: null,
    ...rest,
  };
}
