import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { summaryOf, type RecordSummary } from '../../../domain/review/record-summary.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { submission } from '../domain/known.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';

const headline = (communication: Communication, change: Partial<RecordDetail> = {}): RecordSummary =>
  summaryOf(
    { communication, draft: null, submissions: [], facts: 3, codeNames: {}, ...change },
    { now: ms(900), locale: 'en-GB' },
  );
const values = ({ cards }: RecordSummary): string[] => cards.map(({ title, value }) => `${title}: ${value}`);
const clock = (seconds: number): string => timeOfDay(ms(seconds), 'en-GB');

const over = {
  ...ended,
  startAlertingTime: at(0),
  disconnectType: 'peer',
  disconnectedTime: at(840),
  afterCallWork: { state: 'complete', startTime: at(840), endTime: at(881) },
  wrapup: { code: 'code-1', name: 'Resolved' },
};
const timed = { wrapupPrompt: 'timeout', wrapupTimeoutMs: 120_000 };
const share = one(
  { leg: { ...live, startAlertingTime: at(0), sharing: true, peerCount: 1 } },
  { leg: { ...live, sharing: true, peerCount: 2 } },
  { leg: { ...live, sharing: true, peerCount: 1 } },
  { leg: over, agent: timed },
);
const clocks = { cloudOffsetMs: 400, cloudUncertaintyMs: 20 };

describe('the head of a record', () => {
  it('says who, when, how it ended and whether the clocks agree', () => {
    expect(headline({ ...share, clocks })).toEqual({
      title: 'Ana Lima · Billing',
      detail: `4 Mar 2025, ${clock(0)} – ${clock(840)} · Customer left · clocks differ by 0.4 s`,
      cards: [
        { name: 'code', title: 'Code', value: 'Resolved · from Genesys' },
        { name: 'work', title: 'After-call work', value: '0:41 of 2:00 · complete' },
        { name: 'peers', title: 'People', value: `2 people, most at ${clock(10)}` },
      ],
    });
  });

  it('says of what goes on since when, and of an end nobody dated nothing', () => {
    const going = headline(one({ leg: { ...live, startAlertingTime: at(0) } }));
    expect(going.detail).toBe(`since 4 Mar 2025, ${clock(0)}`);
    const undated = headline(
      one({ leg: { state: 'disconnected', disconnectType: 'levitation', startAlertingTime: at(0) } }),
    );
    expect(undated.detail).toBe(`4 Mar 2025, ${clock(0)} · Ended before you answered: levitation`);
  });

  it('is exact where it did not take long', () => {
    const seconds = (at: number): string => timeOfDay(ms(at), 'en-GB', true);
    const short = headline(one({ leg: { ...over, disconnectedTime: at(33) } }));
    expect(short.detail).toContain(`4 Mar 2025, ${seconds(0)} – ${seconds(33)} · `);
  });

  it('says both days where it went over midnight', () => {
    const long = headline(one({ leg: { ...over, disconnectedTime: at(86_400) } }));
    expect(long.detail).toContain(`4 Mar 2025, ${clock(0)} – 5 Mar 2025, ${clock(0)}`);
  });

  it('does not say how it ended where nobody told', () => {
    expect(headline({ ...share, gone: true }).detail).toContain('Ended while Sharelight was offline');
    expect(headline({ ...share, gone: true }).detail).not.toContain('Customer left');
  });

  it.each<[string, Communication, Partial<RecordDetail>, string[]]>([
    [
      'nothing',
      one({ leg: { state: 'disconnected' } }),
      {},
      ['Code: no code', 'After-call work: none', 'People: nobody counted'],
    ],
    [
      'work that is open',
      one({ leg: { ...ended, peerCount: 1 }, agent: { ...timed, startAcwTime: at(15) } }),
      {},
      ['Code: open', 'After-call work: open · limit 2:00', 'People: nobody counted'],
    ],
    [
      'work that is too old to be filed',
      one({ leg: { ...ended, peerCount: 1 }, agent: { ...timed, startAcwTime: at(-43_000) } }),
      {},
      ['Code: never wrapped up', 'After-call work: never closed · limit 2:00', 'People: nobody counted'],
    ],
    [
      'what waits',
      one({ leg: { ...live, peerCount: 1 } }, { leg: ended }),
      { submissions: [submission(one({ leg: ended }))] },
      ['Code: Resolved · waiting', 'After-call work: open', 'People: 1 person'],
    ],
    [
      'a skip',
      one({ leg: ended, agent: { wrapupSkipped: true } }),
      {},
      ['Code: skipped', 'After-call work: skipped', 'People: nobody counted'],
    ],
  ])('of %s has cards that say so', (_what, communication, change, cards) => {
    expect(values(headline(communication, change))).toEqual(cards);
  });

  it('of an exported file says what the file does not hold', () => {
    const imported = { ...share, onAir: [], peers: [], exported: { role: 'sharing', beyond: {} } as const };
    expect(values(headline(imported))[2]).toBe('People: Not in an exported file');
  });
});
