import { expect, it } from 'vitest';
import type { Look } from '../../../domain/archive/wire.ts';
import { archivedWords, archiveRemarks, lookWords } from '../../../domain/review/archived-words.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';

const at = '2026-11-30T10:00:00Z';
const words = (archived: RecordDetail['archived']): string =>
  archivedWords({ archived } as RecordDetail, 'en-GB');

it('says whose a record is, since when it is there, and what else there is of it', () => {
  expect(words({ agent: null, receivedAt: at, revisions: 1, conflicts: 0 })).toMatch(
    /^In the archive since .*2026.*$/,
  );
  expect(words({ agent: 'Ben Ode', receivedAt: at, revisions: 3, conflicts: 1 })).toMatch(
    /^Ben Ode’s record · in the archive since .* · the latest of 3 versions · another version came/,
  );
  expect(words(undefined)).toBe('');
});

it('says what is not in the list', () => {
  expect(archiveRemarks(null, 0)).toEqual([]);
  expect(archiveRemarks({ known: 5, rest: 'none', unread: 0, missing: 0 }, 5)).toEqual([]);
  expect(archiveRemarks({ known: 10_000, rest: 'cut', unread: 1, missing: 2 }, 10_000)).toEqual([
    'Only the newest 10,000 are listed. Narrow the search for older ones.',
    '2 records weren’t received',
    '1 record is of another version and can’t be shown',
  ]);
});

it('says who looked, and for what', () => {
  const look: Look = {
    at,
    by: { id: 'boss', name: 'The Boss' },
    what: 'page',
    records: 3,
    query: 'agent:ana',
  };
  expect(lookWords(look, 'en-GB')).toMatchObject({
    who: 'The Boss',
    what: 'saw 3 records in a list · searched for agent:ana',
  });
  expect(lookWords({ ...look, what: 'record', query: 'f'.repeat(64) }, 'en-GB').what).toBe('opened a record');
  expect(
    lookWords({ ...look, by: { id: 'boss', name: '' }, what: 'figures', query: '' }, 'en-GB'),
  ).toMatchObject({ who: 'boss', what: 'counted 3 records' });
});
