import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRecord } from '../../../domain/exported-record.ts';
import { subjectWords } from '../../../domain/words/communication-words.ts';
import { redactText } from '../../../domain/words/redact-text.ts';
import { clockDuration, roughDuration, timeOfDay } from '../../../domain/words/time-words.ts';
import { submission, draft } from './known.ts';
import { at, ended, live, one } from './wire.ts';

describe('a subject', () => {
  it('is about somebody, as far as the server names them', () => {
    const bare = { agent: { queueName: '' }, customer: { name: '' } };
    expect(subjectWords(one({ leg: live }))).toBe('Ana Lima · Billing');
    expect(subjectWords(one({ leg: live, agent: bare.agent }))).toBe('Ana Lima');
    expect(subjectWords(one({ leg: live, ...bare }))).toBe('Screen share');
  });
});

describe('times', () => {
  it.each([
    [-5000, '0:00'],
    [999, '0:00'],
    [41_000, '0:41'],
    [728_000, '12:08'],
    [3_728_000, '1:02:08'],
    [36_000_000, '10:00:00'],
  ])('%i ms on a clock is %s', (duration, words) => {
    expect(clockDuration(duration)).toBe(words);
  });

  it.each([
    [-1, '0 s'],
    [41_400, '41 s'],
    [59_600, '1 min'],
    [360_000, '6 min'],
  ])('%i ms looked back on is %s', (duration, words) => {
    expect(roughDuration(duration)).toBe(words);
  });

  it('of day are told to the minute, or to the second', () => {
    const noon = new Date(2025, 2, 4, 14, 2, 9).getTime();
    expect(timeOfDay(noon, 'en')).toBe('14:02');
    expect(timeOfDay(noon, 'en', true)).toBe('14:02:09');
    expect(timeOfDay(new Date(2025, 2, 4, 0, 5).getTime(), 'en')).toBe('00:05');
  });
});

describe('text that leaves this machine', () => {
  it.each([
    ['Bearer abc.def-123', 'Bearer …'],
    ['access_token=abc&x=1', 'access_token=…&x=1'],
    ['{"refresh_token":"abc"}', '{"refresh_token":"…"}'],
    ['wss://host/channels/streaming-1-abc', 'wss://host/channels/…'],
    ['0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b…'],
    ['mail ana.lima@example.com now', 'mail …@… now'],
    ['call +49 (30) 1234-5678 now', 'call … now'],
    ['at 2025-03-04T10:00:00.000Z', 'at 2025-03-04T10:00:00.000Z'],
    ['nothing to hide: 42', 'nothing to hide: 42'],
  ])('%s → %s', (before, after) => {
    expect(redactText(before)).toBe(after);
  });

  it('is not made worse by doing it again', () => {
    fc.assert(
      fc.property(fc.string(), (words) => {
        expect(redactText(redactText(words))).toBe(redactText(words));
      }),
    );
  });
});

describe('an exported record', () => {
  const over = one({ leg: { ...ended, wrapup: { code: 'server', name: 'Server', notes: 'n' } } });
  const open = one({ leg: ended });
  const byServer = (code: string) => one({ leg: { ...ended, wrapup: { code } } });

  it('holds the wire model and what is known around it', () => {
    expect(exportRecord(one({ leg: { ...live, sharing: true } }), undefined, undefined)).toEqual({
      conversationId: 'conversation-1',
      participantId: 'participant-1',
      role: 'sharing',
      media: 'screenshare',
      screenshare: { id: 'leg-1', ...live, sharing: true },
      queueName: 'Billing',
      peerName: 'Ana Lima',
      alertedAt: null,
      answered: true,
      wrapup: null,
      firstSeenAt: at(0),
      lastSeenAt: at(0),
      revisions: 1,
    });
  });

  const mine = { code: 'code-1', name: 'Resolved', notes: 'a note' };
  const nothing = { code: null, name: null, notes: null };
  it.each([
    [
      'what the server has',
      exportRecord(over, undefined, undefined),
      { code: 'server', name: 'Server', notes: 'n', state: 'elsewhere' },
    ],
    [
      'what the server has for the participant, beside an empty one of its own',
      exportRecord(
        one({ leg: { ...ended, wrapup: { provisional: true } }, agent: { wrapup: { code: 'p' } } }),
        undefined,
        undefined,
      ),
      { code: 'p', name: null, notes: null, state: 'elsewhere' },
    ],
    [
      'time that ran out, which nobody sent',
      exportRecord(byServer('ININ-WRAP-UP-TIMEOUT'), undefined, undefined),
      { ...nothing, code: 'ININ-WRAP-UP-TIMEOUT', state: 'timedOut' },
    ],
    [
      'a skip, by the server’s code for it',
      exportRecord(byServer('ININ-WRAP-UP-SKIPPED'), undefined, undefined),
      { ...nothing, code: 'ININ-WRAP-UP-SKIPPED', state: 'skipped' },
    ],
    [
      'time that ran out, where the agent let it stand',
      exportRecord(byServer('ININ-WRAP-UP-TIMEOUT'), undefined, submission(over, { state: 'dropped' })),
      { ...nothing, code: 'ININ-WRAP-UP-TIMEOUT', state: 'timedOut' },
    ],
    ['what is being written', exportRecord(open, draft(open), undefined), { ...mine, state: 'draft' }],
    [
      'nothing for a draft without words',
      exportRecord(open, draft(open, { code: null, notes: '' }), undefined),
      null,
    ],
    ['what waits', exportRecord(open, undefined, submission(open)), { ...mine, state: 'waiting' }],
    [
      'what the server accepted',
      exportRecord(open, undefined, submission(open, { state: 'accepted' })),
      { ...mine, state: 'waiting' },
    ],
    [
      'what it refused',
      exportRecord(open, undefined, submission(open, { state: 'failed' })),
      { ...mine, state: 'waiting' },
    ],
    [
      'what it confirmed',
      exportRecord(over, undefined, submission(over, { state: 'confirmed' })),
      { ...mine, state: 'sent' },
    ],
    [
      'a conflict',
      exportRecord(over, undefined, submission(over, { state: 'conflict' })),
      { ...mine, state: 'conflict' },
    ],
    [
      'the server’s version where the agent let it stand',
      exportRecord(over, undefined, submission(over, { state: 'dropped' })),
      { code: 'server', name: 'Server', notes: 'n', state: 'elsewhere' },
    ],
    [
      'a skip',
      exportRecord(
        open,
        undefined,
        submission(open, { kind: 'skip', code: null, name: null, notes: '', state: 'confirmed' }),
      ),
      { code: null, name: null, notes: '', state: 'skipped' },
    ],
    [
      'a skip by another program',
      exportRecord(one({ leg: ended, agent: { wrapupSkipped: true } }), undefined, undefined),
      { ...nothing, state: 'skipped' },
    ],
  ])('of a wrap-up says %s', (_what, record, wrapup) => {
    expect(record.wrapup).toEqual(wrapup);
  });
});
