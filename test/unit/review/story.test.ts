import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { storyOf } from '../../../domain/review/story.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { draft, submission } from '../domain/known.ts';
import { at, live, ms, one } from '../domain/wire.ts';

const story = (communication: Communication, change: Partial<RecordDetail> = {}): string =>
  storyOf(
    { communication, draft: null, submissions: [], facts: 3, codeNames: {}, ...change },
    { now: ms(900), locale: 'en-GB' },
  );

/** On air from 10 to 24, ended at 34 after 26 seconds, after-call work of 41. */
const told = { ...live, connectedTime: at(8), startAlertingTime: at(0) };
const over = { ...told, state: 'disconnected', disconnectType: 'peer', disconnectedTime: at(34) };
const work = { state: 'complete', startTime: at(34), endTime: at(75) };
const resolved = { code: 'code-1', name: 'Resolved', notes: 'a note' };
const shared = (leg: object): Communication =>
  one(
    { leg: { ...told, sharing: true } },
    { leg: { ...told, sharing: false } },
    { leg: { ...over, ...leg } },
  );
const done = shared({ afterCallWork: work, wrapup: resolved });
const open = shared({ afterCallWork: { state: 'pending', startTime: at(34) } });
const clock = timeOfDay(ms(10), 'en-GB');

describe('a record in one sentence', () => {
  it.each<[string, string, string]>([
    [
      'sent by me',
      story(done, { submissions: [submission(done, { state: 'confirmed' })] }),
      'you wrapped up in 0:41',
    ],
    ['from Genesys', story(done), 'wrapped up in Genesys in 0:41, not from here'],
    [
      'timed out',
      story(shared({ afterCallWork: work, wrapup: { code: 'ININ-WRAP-UP-TIMEOUT' } })),
      'wrap-up time ran out after 0:41',
    ],
    [
      'skipped by the agent',
      story(open, {
        submissions: [
          submission(open, { kind: 'skip', code: null, name: null, notes: '', state: 'confirmed' }),
        ],
      }),
      'you skipped the wrap-up',
    ],
    ['skipped by Genesys', story(shared({ afterCallWork: { state: 'skipped' } })), 'the wrap-up was skipped'],
    ['a draft', story(open, { draft: draft(open) }), 'your wrap-up is started and not sent'],
    ['waiting', story(open, { submissions: [submission(open)] }), 'your wrap-up is waiting to be sent'],
    [
      'a conflict',
      story(done, { submissions: [submission(done, { state: 'conflict' })] }),
      'Genesys has a different wrap-up than you',
    ],
    [
      'sent at the limit',
      story(done, { submissions: [submission(done, { state: 'confirmed', origin: 'limit' })] }),
      'your wrap-up was sent when time was up',
    ],
    [
      'sent for the agent',
      story(done, { submissions: [submission(done, { state: 'confirmed', origin: 'default' })] }),
      'this queue’s code was sent when time was up',
    ],
    ['open', story(open), 'the wrap-up is still open'],
    ['closed without a code', story(shared({ afterCallWork: work })), 'closed without a code'],
  ])('says that its wrap-up is %s', (_what, told, wrapUp) => {
    expect(told).toMatch(/^Ana Lima, Billing: shared (≈ )?10 s of (≈ )?26 s; /);
    expect(told.slice(told.indexOf('; ') + 2, -1)).toBe(wrapUp);
  });

  it('says why one was missed, and for how long it rang', () => {
    const rang = { ...live, state: 'disconnected', startAlertingTime: at(0), connectedTime: null };
    expect(story(one({ leg: { ...rang, disconnectType: 'timeout', disconnectedTime: at(20) } }))).toMatch(
      /^Ana Lima, Billing: missed after ringing (≈ )?20 s – Not answered in time\.$/,
    );
    expect(story(one({ leg: { state: 'disconnected', disconnectType: 'client' } }))).toBe(
      'Ana Lima, Billing: missed – You declined it.',
    );
  });

  it('says lengths to the second where they would sound the same', () => {
    const long = one(
      { leg: { ...told, sharing: true } },
      { leg: { ...over, disconnectedTime: at(130), sharing: false } },
    );
    expect(story({ ...long, onAir: [{ from: at(20), to: at(120) }] })).toMatch(
      /: shared 1:40 of (≈ )?2:02;?/,
    );
  });

  it('says since when something goes on', () => {
    expect(story(one({ leg: { ...told, sharing: true } }))).toContain('you have been sharing since');
    expect(story(one({ leg: told }))).toBe(
      `Ana Lima, Billing: connected since ${timeOfDay(ms(8), 'en-GB')}, without sharing.`,
    );
    expect(story(one({ leg: { state: 'alerting', startAlertingTime: at(10) } }))).toBe(
      `Ana Lima, Billing: ringing since ${clock}.`,
    );
    expect(story(one({ leg: { state: 'dialing' } }))).toContain('connecting since');
  });

  it('says no more than is known', () => {
    expect(story(one({ leg: { ...over, afterCallWork: { state: 'notApplicable' } } }))).toMatch(
      /^Ana Lima, Billing: connected for (≈ )?26 s without sharing\.$/,
    );
    const { peerName: _peer, queueName: _queue, ...nameless } = done;
    expect(story(nameless)).toMatch(/^Screen share: shared/);
    expect(story({ ...nameless, queueName: 'Billing' })).toMatch(/^Billing: shared/);
    expect(story({ ...done, gone: true })).toContain('ended while Sharelight was offline');
    const undated = one({ leg: { ...live, sharing: true } }, { leg: { state: 'disconnected' } });
    expect(story(undated)).toContain(': shared ');
    const file = { ...done, onAir: [], exported: { role: 'sharing', beyond: {} } as const };
    expect(story(file)).toMatch(/: you shared at some time in (≈ )?26 s;/);
  });
});
