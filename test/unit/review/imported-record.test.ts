import { describe, expect, it } from 'vitest';
import type { Submission, Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { readImportedLine, type Imported } from '../../../domain/review/imported-record.ts';
import { exportImported } from './exported-again.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { createRecordMask } from '../../../electron/store/mask-records.ts';
import { communication, submission, draft, settled } from '../store/values.ts';

function read(record: unknown): Imported {
  const line = readImportedLine(JSON.stringify(record));
  if (!line.ok) throw new Error(line.reason);
  return line.value;
}
const order = (one: Omit<Submission, 'order'>): Submission => ({ ...one, order: 1 });
const bare = (change: Partial<Communication> = {}): Communication => ({
  ...settled(change),
  screenshare: { id: 'communication-1', state: 'disconnected', disconnectType: 'peer' },
});

const records: [what: string, Communication, Draft | undefined, Submission | undefined][] = [
  ['a live one', communication(), undefined, undefined],
  ['what the server has', settled(), undefined, undefined],
  [
    'what the server has for the participant',
    bare({ participantWrapup: { code: 'c', name: 'N' } }),
    undefined,
    undefined,
  ],
  ['time that ran out', bare({ participantWrapup: { code: 'ININ-WRAP-UP-TIMEOUT' } }), undefined, undefined],
  ['a draft', bare(), draft(), undefined],
  ['notes alone', bare(), draft({ code: null, name: null }), undefined],
  ['words on their way', bare(), undefined, order(submission())],
  [
    'words the server has otherwise',
    settled(),
    undefined,
    order(submission({ notes: 'mine', state: 'confirmed' })),
  ],
  ['a conflict', settled(), undefined, order(submission({ state: 'conflict' }))],
  [
    'a skip',
    bare(),
    undefined,
    order(submission({ kind: 'skip', code: null, name: null, notes: '', state: 'confirmed' })),
  ],
  ['a skip the server told', bare({ wrapupSkipped: true }), undefined, undefined],
  ['nobody named', bare({ alertedAt: '2025-03-04T10:00:00.000Z' }), undefined, undefined],
  ['today’s screen sharing', settled({ media: 'video' }), undefined, undefined],
];

describe('an exported record', () => {
  it.each(records)('comes back as it went: %s', (_what, one, written, decided) => {
    const exported = exportRecord(one, written, decided);
    expect(exportImported(read(exported))).toEqual(exported);
  });

  it.each(records)('comes back as it went when it was redacted: %s', (_what, one, written, decided) => {
    const exported = createRecordMask(new Uint8Array(32))(exportRecord(one, written, decided));
    const again = exportImported(read(exported));
    expect(again).toEqual(exported);
    // Masked once more it still says all that is masked, under other digests.
    const { conversationId, participantId, screenshare, ...rest } = exported;
    const { id: _id, peerId: _peerId, ...leg } = screenshare;
    const once = createRecordMask(new Uint8Array(32))(again);
    expect(once).toMatchObject({ ...rest, screenshare: leg });
    expect([once.conversationId, once.participantId]).not.toEqual([conversationId, participantId]);
  });

  it('keeps its part, its place in time and its words in the list', () => {
    const one = settled({ onAir: [{ from: '2025-03-04T10:00:06.000Z', to: '2025-03-04T10:02:00.000Z' }] });
    const {
      communication: again,
      draft: words,
      submission: decided,
    } = read(exportRecord(one, undefined, undefined));
    expect({ words, decided }).toEqual({ words: null, decided: null });
    expect(listingOf(again, undefined, undefined)).toMatchObject({
      key: one.key,
      at: Date.parse('2025-03-04T10:00:00.000Z'),
      glyph: 'wrappedUp',
      role: 'sharing',
      peer: 'Ana Lima',
      queue: 'Billing',
      code: 'code-1',
      codeName: 'Resolved',
      notes: 'all well',
      wrapup: 'elsewhere',
      onAirMs: 114_000,
    });
  });

  it('keeps what a later version exports, masked when it is exported redacted', () => {
    const later = { ...exportRecord(settled(), undefined, undefined), moodOfTheCustomer: 'calm, said Ana' };
    expect(exportImported(read(later))).toEqual(later);
    const masked = createRecordMask(new Uint8Array(32))(exportImported(read(later)));
    expect(masked).not.toHaveProperty('moodOfTheCustomer');
    expect(masked.redacted).toContain('*');
  });

  it('is read with a list of tags that an earlier version masked as one word', () => {
    const record = createRecordMask(new Uint8Array(32))(exportRecord(settled(), undefined, undefined));
    const screenshare = { ...record.screenshare, wrapup: { code: 'code-1', tags: '[redacted]' } };
    expect(read({ ...record, screenshare }).communication.screenshare.wrapup?.tags).toEqual(['[redacted]']);
  });

  const good: ExportedRecord = exportRecord(settled(), undefined, undefined);
  it.each([
    ['it isn’t JSON', 'not a record'],
    ['it isn’t JSON', '{"conversationId":'],
    ['it isn’t a record', '[]'],
    ['it isn’t a record', 'null'],
    ['“conversationId” is missing or wrong', '{}'],
    ['“role” is missing or wrong', JSON.stringify({ ...good, role: 'watching' })],
    ['“firstSeenAt” is missing or wrong', JSON.stringify({ ...good, firstSeenAt: 'soon' })],
    ['“screenshare.segments” is missing or wrong', JSON.stringify({ ...good, screenshare: { segments: 3 } })],
    ['“conversationId” is missing or wrong', JSON.stringify({ ...good, conversationId: 'x'.repeat(121) })],
    ['“conversationId” is missing or wrong', JSON.stringify({ ...good, conversationId: 'cut\u0000short' })],
    [
      'it is nested too deeply',
      JSON.stringify(good).replace('{', `{"deep":${'['.repeat(1e5)}${']'.repeat(1e5)},`),
    ],
    [
      'it is nested too deeply',
      JSON.stringify(good).replace(
        '"screenshare":{',
        `"screenshare":{"deep":${'{"a":'.repeat(110)}1${'}'.repeat(110)},`,
      ),
    ],
  ])('is refused in words: %s', (reason, text) => {
    expect(readImportedLine(text)).toEqual({ ok: false, reason });
  });
});
