import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { compare, type Comparison } from '../../../domain/review/wrapup-comparison.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { submission, draft } from '../domain/known.ts';
import { at, ended, ms, one } from '../domain/wire.ts';

const open = one({ leg: ended });
const closed = one({ leg: { ...ended, wrapup: { code: 'code-1', name: 'Resolved', notes: 'a note' } } });
const other = one({ leg: { ...ended, wrapup: { code: 'code-2', name: 'Escalated', notes: 'a note' } } });
const silent = one({ leg: { ...ended, wrapup: { code: 'code-1' } } });
const byName = one({ leg: { ...ended, wrapup: { code: 'Resolved', notes: 'a note' } } });
const skipped = one({ leg: ended, agent: { wrapupSkipped: true } });

const skip = (about: Communication): Submission =>
  submission(about, { kind: 'skip', code: null, name: null, notes: '' });
function compared(communication: Communication, change: Partial<RecordDetail> = {}): Comparison {
  return compare(
    { communication, draft: null, submissions: [], facts: 3, codeNames: {}, ...change },
    'en-GB',
  );
}

describe('what was submitted, against what the server has', () => {
  it.each<[string, Comparison, string, string[]]>([
    ['the same', compared(closed, { submissions: [submission(closed)] }), 'same', ['same', 'same']],
    [
      'the same, named as a topic does',
      compared(byName, { submissions: [submission(byName)] }),
      'same',
      ['same', 'same'],
    ],
    [
      'another code',
      compared(other, { submissions: [submission(other)] }),
      'different',
      ['different', 'same'],
    ],
    ['no notes', compared(silent, { submissions: [submission(silent)] }), 'different', ['same', 'mine']],
    ['nothing yet', compared(open, { submissions: [submission(open)] }), 'mine', ['mine', 'mine']],
    ['what nobody submitted here', compared(closed), 'theirs', ['theirs', 'theirs']],
    ['no wrap-up', compared(open), 'neither', ['neither', 'neither']],
    ['a skip', compared(skipped, { submissions: [skip(skipped)] }), 'same', ['same', 'neither']],
    [
      'a code where it was skipped',
      compared(closed, { submissions: [skip(closed)] }),
      'different',
      ['different', 'theirs'],
    ],
  ])('finds %s', (_what, comparison, verdict, lines) => {
    expect(comparison.verdict).toBe(verdict);
    expect(comparison.lines.map((line) => line.verdict)).toEqual(lines);
  });

  it('says both sides in words', () => {
    expect(compared(other, { submissions: [submission(other, { notes: 'mine' })] })).toMatchObject({
      words: 'different',
      mineIs: 'submitted',
      lines: [
        { name: 'Wrap-up code', mine: 'Resolved', theirs: 'Escalated', words: 'different' },
        { name: 'Notes', mine: 'mine', theirs: 'a note', words: 'different' },
      ],
    });
  });

  it('takes a draft for what it is, while nothing was submitted', () => {
    expect(compared(open, { draft: draft(open) })).toMatchObject({ mineIs: 'draft', verdict: 'mine' });
    const blank = draft(open, { code: null, name: null, notes: '' });
    expect(compared(open, { draft: blank })).toMatchObject({ mineIs: 'nothing', verdict: 'neither' });
  });

  it('lists every submission in order, and compares the last', () => {
    const submissions = [
      submission(closed, {
        id: 'a',
        name: 'Escalated',
        code: 'code-2',
        state: 'conflict',
        attempts: 1,
        problem: 'why',
      }),
      submission(closed, { id: 'b', order: 2, createdAt: at(30), state: 'confirmed', attempts: 2 }),
    ];
    const comparison = compared(closed, { submissions });
    expect(comparison.verdict).toBe('same');
    expect(comparison.submissions).toEqual([
      {
        id: 'a',
        at: `4 Mar 2025, ${timeOfDay(ms(20), 'en-GB', true)}`,
        what: 'Escalated',
        notes: 'a note',
        state: 'Genesys has something else',
        attempts: 'sent once',
        how: '',
        problem: 'why',
      },
      {
        id: 'b',
        at: `4 Mar 2025, ${timeOfDay(ms(30), 'en-GB', true)}`,
        what: 'Resolved',
        notes: 'a note',
        state: 'Confirmed by Genesys',
        attempts: 'sent 2 times',
        how: '',
        problem: '',
      },
    ]);
  });
});
