import { describe, expect, it } from 'vitest';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { exportedOf, maskDetail } from '../../../domain/review/masked-detail.ts';
import { storyOf } from '../../../domain/review/story.ts';
import { summaryOf } from '../../../domain/review/record-summary.ts';
import { exposureSection } from '../../../domain/review/exposure-words.ts';
import { compare } from '../../../domain/review/wrapup-comparison.ts';
import { createRecordMask, maskWordsOf } from '../../../electron/store/mask-records.ts';
import { draft, settled, submission } from '../store/values.ts';

const secrets = [
  'Ana',
  'Lima',
  'jid-of',
  'vip',
  'from-a-newer',
  'call back',
  'conversation-1',
  'participant-1',
];

const communication = settled({
  peerName: 'Ana Lima',
  wrapupTimeoutMs: 120_000,
  startAcwTime: '2025-03-04T10:05:00.000Z',
  otherLegs: ['calls of Ana'],
  clocks: { cloudOffsetMs: 400, cloudUncertaintyMs: 40 },
  participantWrapup: { code: 'code-1', name: 'Resolved', notes: 'call back Ana', tags: ['vip Ana'] },
  onAir: [{ from: '2025-03-04T10:00:06.000Z', to: '2025-03-04T10:04:06.000Z' }],
  observations: [
    {
      how: 'share',
      participantId: 'customer-1',
      name: 'Ana Lima',
      purpose: 'customer',
      from: '2025-03-04T10:00:06.000Z',
      to: '2025-03-04T10:04:06.000Z',
    },
  ],
});
const detail: RecordDetail = {
  communication: {
    ...communication,
    screenshare: {
      ...communication.screenshare,
      context: 'jid-of-ana@conference.example',
      wrapup: { code: 'code-1', name: 'Resolved', notes: 'Ana will call back', tags: ['vip'] },
      customer: { name: 'Ana from-a-newer server' },
    },
  },
  draft: draft({ notes: 'Ana said', letters: 'vip' }),
  submissions: [
    {
      ...submission({
        notes: 'call back Ana',
        problem: 'Ana was busy',
        theirs: { code: null, name: null, notes: 'Ana' },
      }),
      order: 1,
    },
    { ...submission({ notes: 'Ana will call back', state: 'confirmed' }), order: 2 },
  ],
  facts: 7,
  chain: { first: 3, last: 12, before: 'a'.repeat(64), end: 'b'.repeat(64) },
  codeNames: { 'code-1': 'Resolved' },
};
const key = new Uint8Array(32).fill(1);
const masked = maskDetail(detail, maskWordsOf(key));
const reader = { now: Date.parse('2025-03-05T10:00:00Z'), locale: 'en-GB' };

describe('a masked record', () => {
  it('has nobody in it, no word anybody wrote, and no id that leads to them', () => {
    for (const secret of secrets) expect(JSON.stringify(detail)).toContain(secret);
    for (const secret of secrets) expect(JSON.stringify(masked)).not.toContain(secret);
  });

  it('has what its masked export has', () => {
    const exported = createRecordMask(key)(exportedOf(detail));
    expect(masked.redacted).toEqual(exported.redacted);
    expect(masked.communication.screenshare).toEqual(exported.screenshare);
    expect(masked.communication.conversationId).toBe(exported.conversationId);
    const { redacted: _redacted, ...again } = exported;
    expect(exportedOf(masked)).toEqual(again);
  });

  it('says the same of itself, but for the names', () => {
    const hide = (words: string): string => words.replaceAll(/Ana Lima/g, '[redacted]');
    expect(storyOf(masked, reader)).toBe(hide(storyOf(detail, reader)));
    expect(summaryOf(masked, reader)).toEqual(
      JSON.parse(hide(JSON.stringify(summaryOf(detail, reader)))) as unknown,
    );
    expect(exposureSection(masked.communication, 'en-GB').lines.map(({ words }) => words)).toEqual(
      exposureSection(detail.communication, 'en-GB').lines.map(({ words }) => words),
    );
    const [plain, hidden] = [compare(detail, 'en-GB'), compare(masked, 'en-GB')];
    expect(hidden.lines.map(({ verdict }) => verdict)).toEqual(plain.lines.map(({ verdict }) => verdict));
    expect(hidden.submissions.map(({ what, state }) => [what, state])).toEqual(
      plain.submissions.map(({ what, state }) => [what, state]),
    );
    expect(masked.chain).toEqual(detail.chain);
  });

  it('of somebody’s file stays one', () => {
    const exported = { role: 'sharing', beyond: { customerName: 'Ana' } } as const;
    const times = '2025-03-04 (seen by Ana)';
    const opened = {
      ...detail,
      communication: { ...detail.communication, exported, firstSeenAt: times, endTime: times },
      submissions: [{ ...submission({ createdAt: times, updatedAt: times }), order: 1 }],
    };
    const again = maskDetail(opened, maskWordsOf(new Uint8Array(32)));
    expect(again.communication.exported).toMatchObject({ role: 'sharing', beyond: {} });
    expect(again.redacted).toContain('*');
    expect(JSON.stringify(again)).not.toContain('Ana');
  });
});
