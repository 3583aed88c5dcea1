import { describe, expect, it } from 'vitest';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { compare } from '../../../domain/review/wrapup-comparison.ts';
import {
  isOnAir,
  detailWithoutNames,
  listingWithoutNames,
  lookWithoutNames,
} from '../../../domain/review/privacy.ts';
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

describe('what the review shows on air', () => {
  it('is there while any communication is on air, and only then', () => {
    const live = communication();
    expect(isOnAir({ [live.key]: live })).toBe(true);
    const viewing = communication({ screenshare: { state: 'connected', sharing: false } });
    const over = settled({ conversationId: 'conversation-2' });
    expect(isOnAir({ [viewing.key]: viewing, [over.key]: over })).toBe(false);
    expect(isOnAir({ [viewing.key]: viewing, [over.key]: over, live })).toBe(true);
    expect(isOnAir({})).toBe(false);
  });

  it('names no agent of the archive, and nobody who looked', () => {
    const line = { ...listingOf(settled(), undefined, undefined), agent: 'Ben Ode' };
    expect(listingWithoutNames(line).agent).toBe('Hidden while you share');
    const archived = { agent: 'Ben Ode', receivedAt: '2026-11-30T10:00:00Z', revisions: 1, conflicts: 0 };
    expect(detailWithoutNames({ ...detail, archived }).archived).toEqual({
      ...archived,
      agent: 'Hidden while you share',
    });
    const look = {
      at: '2026-11-30T10:00:00Z',
      by: { id: 'ben', name: 'Ben Ode' },
      what: 'page',
      records: 3,
      query: 'agent:ana',
    } as const;
    expect(JSON.stringify(lookWithoutNames(look))).not.toMatch(/ben|ana/i);
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
      hidden: { sameNotes: true },
      communication: { ...empty.communication, peerName: 'Hidden while you share' },
    });
  });

  it('leaves empty what is empty, and a time a time', () => {
    const bare: RecordDetail = {
      ...detail,
      communication: settled({
        peerName: '',
        participantWrapup: { code: 'code-1', notes: '', tags: [] },
        observations: [{ how: 'share', name: '', from: '2026-11-23T10:00:00Z' }],
        screenshare: {
          state: 'disconnected',
          context: '',
          connectedTime: '2026-11-23 10:00:00Z',
          disconnectedTime: 'when Ana left',
          wrapup: { code: 'code-1', notes: '', tags: ['vip'] },
        },
      }),
      draft: null,
      submissions: [],
    };
    expect(detailWithoutNames(bare).communication).toMatchObject({
      peerName: '',
      participantWrapup: { notes: '', tags: [] },
      observations: [{ name: '' }],
      screenshare: {
        context: '',
        connectedTime: '2026-11-23T10:00:00.000Z',
        disconnectedTime: 'Hidden while you share',
        wrapup: { notes: '', tags: ['Hidden while you share'] },
      },
    });
    const line = { ...listingOf(bare.communication, undefined, undefined), peer: '' };
    expect(listingWithoutNames(line)).toEqual(line);
  });

  it.each([
    ['the same notes', 'called back', 'called back'],
    ['other notes', 'called back', 'not called'],
    ['no notes there', 'called back', ''],
    ['no notes here', '', 'called back'],
    ['no notes', '', ''],
  ])('compares %s as it does off air, however often names are hidden', (_what, mine, theirs) => {
    const plain: RecordDetail = {
      ...detail,
      communication: settled({
        screenshare: { state: 'disconnected', wrapup: { code: 'code-1', name: 'Resolved', notes: theirs } },
      }),
      draft: null,
      submissions: [{ ...submission({ notes: mine }), order: 1 }],
    };
    const verdicts = (of: RecordDetail): string[] => compare(of, 'en').lines.map(({ verdict }) => verdict);
    const once = detailWithoutNames(plain);
    expect(verdicts(once)).toEqual(verdicts(plain));
    expect(detailWithoutNames(once)).toEqual(once);
  });
});
