import { describe, expect, it } from 'vitest';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { isOnAir, detailWithoutNames, listingWithoutNames } from '../../../domain/review/privacy.ts';
import { communication, submission, draft, settled } from '../store/values.ts';

const secrets = ['Ana', 'Lima', 'jid-of', 'vip', 'from-a-newer', 'call back'];

const detail: RecordDetail = {
  communication: settled({
    peerName: 'Ana Lima',
    participantWrapup: { code: 'code-1', name: 'Resolved', notes: 'call back Ana', tags: ['vip Ana'] },
    screenshare: {
      id: 'communication-1',
      state: 'disconnected',
      context: 'jid-of-ana@conference.example',
      wrapup: { code: 'code-1', name: 'Resolved', notes: 'Ana will call back', tags: ['vip'] },
      segments: [{ type: 'interact', caller: 'Ana' }],
      customer: { name: 'Ana from-a-newer server' },
    },
    exported: { role: 'sharing', beyond: { customerName: 'Ana' } },
  }),
  draft: draft({ notes: 'Ana said' }),
  submissions: [
    {
      ...submission({ notes: 'call back Ana', theirs: { code: null, name: null, notes: 'Ana again' } }),
      order: 1,
    },
  ],
  facts: 7,
  codeNames: {},
};

describe('the veil', () => {
  it('is there while any communication is on air, and only then', () => {
    const live = communication();
    expect(isOnAir({ [live.key]: live })).toBe(true);
    const viewing = communication({ screenshare: { state: 'connected', sharing: false } });
    const over = settled({ conversationId: 'conversation-2' });
    expect(isOnAir({ [viewing.key]: viewing, [over.key]: over })).toBe(false);
    expect(isOnAir({ [viewing.key]: viewing, [over.key]: over, live })).toBe(true);
    expect(isOnAir({})).toBe(false);
  });

  it('leaves nobody in a record, and what it is about readable', () => {
    const text = JSON.stringify(detailWithoutNames(detail));
    for (const secret of secrets) expect(JSON.stringify(detail)).toContain(secret);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(detailWithoutNames(detail)).toMatchObject({
      communication: {
        key: detail.communication.key,
        queueName: 'Billing',
        peerName: 'Hidden while you share',
        screenshare: { state: 'disconnected', wrapup: { code: 'code-1', name: 'Resolved' } },
        exported: { role: 'sharing', beyond: {} },
      },
      draft: { code: 'code-1', notes: 'Hidden while you share' },
      submissions: [{ notes: 'Hidden while you share', theirs: { notes: 'Hidden while you share' } }],
      facts: 7,
      codeNames: {},
    });
  });

  it('leaves nobody in a line of the list, and says nothing of what was not there', () => {
    const line = listingOf(detail.communication, undefined, undefined);
    expect(listingWithoutNames(line)).toEqual({
      ...line,
      peer: 'Hidden while you share',
      notes: 'Hidden while you share',
    });
    const bare = { ...line, peer: null, notes: '' };
    expect(listingWithoutNames(bare)).toEqual(bare);
    const empty: RecordDetail = {
      communication: { ...settled(), screenshare: { state: 'disconnected' } },
      draft: null,
      submissions: [{ ...submission({ notes: '' }), order: 1 }],
      facts: 0,
      codeNames: {},
    };
    expect(detailWithoutNames(empty)).toEqual({
      ...empty,
      communication: { ...empty.communication, peerName: 'Hidden while you share' },
    });
  });
});
