import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveKey, canonicalText, dayOf, isDay, nextRevision } from '../../../domain/archive/identity.ts';
import { archiveMasks } from '../../../domain/archive/archive-settings.ts';
import { maskForArchive } from '../../../domain/archive/mask.ts';
import { recordLineSchema } from '../../../domain/archive/wire.ts';
import { exportRecord } from '../../../domain/exported-record.ts';
import { runs } from '../size.ts';
import { settled } from '../store/examples.ts';
import { keyedBy, sha256 } from './digests.ts';

const digest = keyedBy('of the organisation');
const record = exportRecord(settled(), undefined, undefined);
const of = (agentId: string) => ({ agentId, digest, sha256 });

describe('the key of a record', () => {
  it('is the same under every mask', () => {
    const keys = archiveMasks.map((mask) => archiveKey(maskForArchive(record, mask, digest), of('agent-1')));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another one for another agent, conversation, participant or leg', () => {
    const other = { conversationId: 'c', participantId: 'p' };
    const keys = [
      archiveKey(other, of('agent-1')),
      archiveKey(other, of('agent-2')),
      archiveKey({ ...other, conversationId: 'd' }, of('agent-1')),
      archiveKey({ ...other, participantId: 'q' }, of('agent-1')),
      archiveKey({ ...other, screenshare: { id: 's' } }, of('agent-1')),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('takes the participant where the leg has no id, as a record of the desk does', () => {
    const unnamed = { conversationId: 'c', participantId: 'p', screenshare: { id: null } };
    const named = { conversationId: 'c', participantId: 'p', screenshare: { id: 'p' } };
    expect(archiveKey(unnamed, of('a'))).toBe(archiveKey(named, of('a')));
  });
});

describe('the day of a record', () => {
  it('is the UTC day it was first seen on', () => {
    expect(dayOf({ firstSeenAt: '2026-11-30T23:59:59.999Z' })).toBe('2026-11-30');
    expect(dayOf({ firstSeenAt: '2026-12-01T00:30:00+01:00' })).toBe('2026-11-30');
    expect(() => dayOf({ firstSeenAt: 'never' })).toThrow(RangeError);
  });

  it.each(['2026-11-30', '2024-02-29', '1999-12-31'])('can be %s', (day) => {
    expect(isDay(day)).toBe(true);
  });
  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-1-1',
    '',
    '20261130',
    '9999-01-01',
    '2026-11-30T00',
  ])('cannot be %s', (day) => {
    expect(isDay(day)).toBe(false);
  });
});

describe('the revision of a record', () => {
  it('is the number of its facts', () => {
    expect(nextRevision({ revisions: 7 }, 'a', null)).toBe(7);
    expect(nextRevision({ revisions: 9 }, 'b', { revision: 7, digest: 'a' })).toBe(9);
  });
  it('goes on by one where only the agent’s own words changed', () => {
    expect(nextRevision({ revisions: 7 }, 'b', { revision: 7, digest: 'a' })).toBe(8);
    expect(nextRevision({ revisions: 7 }, 'c', { revision: 8, digest: 'b' })).toBe(9);
  });
  it('is none where nothing changed', () => {
    expect(nextRevision({ revisions: 7 }, 'a', { revision: 7, digest: 'a' })).toBeNull();
  });
});

describe('the text a digest is made of', () => {
  it('is the same in any order of names, and another one for anything else', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([name, inner]) => [name, shuffled(inner)] as const)
          .reverse(),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (one) => {
        expect(canonicalText(shuffled(one))).toBe(canonicalText(one));
        expect(JSON.parse(canonicalText(one))).toEqual(JSON.parse(JSON.stringify(one)));
      }),
      runs('ARCHIVE', 200),
    );
    expect(canonicalText({ a: [1, 2] })).not.toBe(canonicalText({ a: [2, 1] }));
  });
});

describe('a line', () => {
  const line = { device: 'desk-1', seq: 1, chain: 'ab', revision: 3, day: '2026-11-30', record };
  it('is what a desk exports, under any mask, and may lack what a desk of another version lacks', () => {
    for (const mask of archiveMasks) {
      const sent: unknown = JSON.parse(
        JSON.stringify({ ...line, record: maskForArchive(record, mask, digest) }),
      );
      expect(recordLineSchema.safeParse(sent)).toMatchObject({ success: true });
    }
    const little = { conversationId: 'c', participantId: 'p', ofAnotherVersion: true };
    expect(recordLineSchema.safeParse({ ...line, record: little })).toMatchObject({
      success: true,
      data: { record: little },
    });
  });
  it.each([
    ['a seq from 1', { seq: 0 }],
    ['a whole seq', { seq: 1.5 }],
    ['a revision', { revision: '3' }],
    ['a day that exists', { day: '2026-02-30' }],
    ['a device without spaces', { device: 'my desk' }],
    ['a record', { record: null }],
    ['a record with its ids', { record: { participantId: 'p' } }],
    ['answers of the right type', { record: { ...record, answered: 'yes' } }],
  ])('needs %s', (_what, change) => {
    expect(recordLineSchema.safeParse({ ...line, ...change })).toMatchObject({ success: false });
  });
});
