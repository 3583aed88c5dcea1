import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRecord } from '../../../domain/exported-record.ts';
import { listingOf, shortenedListing } from '../../../domain/review/record-listing.ts';
import { shortened, subjectWords } from '../../../domain/words/communication-words.ts';
import { redactLogLines } from '../../../domain/words/redact-log-lines.ts';
import { clockDuration, roughDuration, timeOfDay } from '../../../domain/words/time-words.ts';
import { draft, model, reading, submission } from './known.ts';
import { at, ended, live, one } from './wire.ts';

describe('a subject', () => {
  it('is about somebody, as far as the server names them', () => {
    const bare = { agent: { queueName: '' }, customer: { name: '' } };
    expect(subjectWords(one({ leg: live }))).toBe('Ana Lima · Billing');
    expect(subjectWords(one({ leg: live, agent: bare.agent }))).toBe('Ana Lima');
    expect(subjectWords(one({ leg: live, ...bare }))).toBe('Screen share');
  });
});

describe('what somebody wrote without end', () => {
  const endless = '😀'.repeat(500_000);

  it('is cut for a title, and not in the middle of a character', () => {
    expect(shortened(endless)).toBe(`${'😀'.repeat(100)}…`);
    expect(shortened(`a${endless}`)).toBe(`a${'😀'.repeat(99)}…`);
    expect(shortened('Ana Lima')).toBe('Ana Lima');
  });

  it('is cut in the line of a list and in the state of the windows, and is whole in the record', () => {
    const record = one({ leg: { ...live, disconnectType: endless } });
    const long = { ...record, peerName: endless, queueName: endless };
    const wrapup = draft(long, { notes: endless, name: endless, code: endless });
    const line = listingOf(long, wrapup, undefined);
    expect(line.notes).toBe(endless);
    expect(JSON.stringify(shortenedListing(line)).length).toBeLessThan(5_000);
    expect(JSON.stringify(reading(model([long]), 1)).length).toBeLessThan(20_000);
    expect(exportRecord(long, undefined, undefined).peerName).toBe(endless);
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
    ['Authorization: Basic cm9iaW46c2VjcmV0', 'Authorization: Basic …'],
    ['authorization=Token-abc', 'authorization=…'],
    ['basic text, a basic idea', 'basic text, a basic idea'],
    ['client_secret=s3cr3t&x=1', 'client_secret=…&x=1'],
    ['?next=%2Fa%3Faccess_token%3Dabc%26x%3D1', '?next=%2Fa%3Faccess_token%3D…%26x%3D1'],
    ['%7B%22refresh_token%22%3A%22abc%22%7D', '%7B%22refresh_token%22%3A%22…%22%7D'],
    ['Bearer%20abc.def-1', 'Bearer%20…'],
    ['id eyJhbGciOi.eyJzdWIi.sig-1', 'id …'],
    ['0f8fad5bd9cb469fa16570867728950e', '0f8fad5b…'],
    ['user_0F8FAD5B-D9CB-469F-A165-70867728950E_x', 'user_0F8FAD5B…_x'],
    ['call 555-0123 or +49 1234', 'call … or …'],
    ['call 5550123, ext. 4711', 'call …, ext. …'],
    ['(030) 123 4567', '…'],
    ['tel:0171-1 and sip:ana@x', 'tel:… and sip:…'],
    ['ana%40example.com', '…@…'],
    ['connect ECONNREFUSED 10.1.2.3:443', 'connect ECONNREFUSED …:443'],
    ['from 192.168.0.17, fe80::1ff:fe23:4567:890a and 2001:db8:0:0:1::', 'from …, … and …'],
    ['getaddrinfo ENOTFOUND anas-laptop.corp.example', 'getaddrinfo ENOTFOUND …'],
    ['card 00:1b:44:11:3a:b7', 'card …'],
    ['127.0.0.1:8080 and [::1]:80', '127.0.0.1:8080 and [::1]:80'],
    ['Chromium 130.0.6723.137, Electron 33.2.1', 'Chromium 130.0.6723.137, Electron 33.2.1'],
    ['1234 records, 56 facts at 10:00:05', '1234 records, 56 facts at 10:00:05'],
    ['exit code: 3', 'exit code: …'],
  ])('%s → %s', (before, after) => {
    expect(redactLogLines(before)).toBe(after);
  });

  it('is not made worse by doing it again', () => {
    fc.assert(
      fc.property(fc.string(), (words) => {
        expect(redactLogLines(redactLogLines(words))).toBe(redactLogLines(words));
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
      outcome: null,
      exposure: {
        onAir: [{ from: at(0), to: null }],
        counts: [],
        people: [{ how: 'share', name: 'Ana Lima', purpose: 'customer', from: at(0), to: null }],
      },
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
