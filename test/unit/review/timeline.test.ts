import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { RecordDetail } from '../../../domain/review/record-detail.ts';
import { timelineOf, type Lane, type Timeline } from '../../../domain/review/timeline.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';

const reader = { now: ms(3600), locale: 'en-GB' };
const detail = (communication: Communication): RecordDetail => ({
  communication,
  draft: null,
  submissions: [],
  facts: 7,
  codeNames: {},
});
const timeline = (communication: Communication): Timeline => timelineOf(detail(communication), reader);
function lane(of: Timeline, name: Lane['name']): Lane {
  const found = of.lanes.find((each) => each.name === name);
  if (!found) throw new Error(`no lane ${name}`);
  return found;
}
const clock = (seconds: number): string => timeOfDay(ms(seconds), 'en-GB', true);

/** Alerted at 0, connected at 4, on air from 10 to 30 before two peers, ended at 40, after-call work until 81. */
const alerting = { state: 'alerting', startAlertingTime: at(0) };
const told = { ...live, startAlertingTime: at(0) };
const over = {
  ...told,
  state: 'disconnected',
  disconnectType: 'peer',
  disconnectedTime: at(43),
  segments: [
    { type: 'Alert', startTime: at(0), endTime: at(4), howEnded: 'Interact' },
    { type: 'Interact', startTime: at(4), endTime: at(40), howEnded: 'Disconnect', disconnectType: 'peer' },
  ],
  afterCallWork: { state: 'complete', startTime: at(40), endTime: at(81) },
};
const share = one(
  { leg: alerting },
  { leg: { ...told, sharing: true, peerCount: 1 } },
  { leg: { ...told, sharing: true, peerCount: 2 } },
  { leg: { ...told, sharing: false, peerCount: 0 } },
  { leg: over, agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 120_000 } },
);
const clocks = { cloudOffsetMs: 500, cloudUncertaintyMs: 20, providerOffsetMs: 3000 };

describe('a timeline', () => {
  const drawn = timeline({ ...share, clocks });

  it('draws everything to one scale, by the cloud’s clock', () => {
    expect(
      drawn.lanes.map(({ name, spans }) => [name, spans.map((span) => [span.fromMs, span.toMs, span.tone])]),
    ).toEqual([
      [
        'communication',
        [
          [ms(0), ms(4), 'alerting'],
          // The provider said 43, and its clock runs three seconds ahead.
          [ms(4), ms(40), 'viewing'],
        ],
      ],
      ['sharing', [[ms(10), ms(30), 'sharing']]],
      ['work', [[ms(40), ms(81), 'wrapUp']]],
      [
        'peers',
        [
          [ms(10), ms(20), 'idle'],
          [ms(20), ms(30), 'idle'],
        ],
      ],
      [
        'segments',
        [
          [ms(0), ms(4), 'alerting'],
          [ms(4), ms(40), 'viewing'],
        ],
      ],
    ]);
    expect(lane(drawn, 'peers').spans.map(({ level }) => level)).toEqual([1, 2]);
    expect(lane(drawn, 'work').spans[0]?.limitMs).toBe(ms(160));
    expect(drawn.lanes.map(({ missing }) => missing)).toEqual(['', '', '', '', '']);
    expect([drawn.fromMs < ms(0), drawn.toMs > ms(81)]).toEqual([true, true]);
    expect(drawn.toMs - drawn.fromMs).toBeLessThan(90_000);
  });

  it('draws sharing and after-call work on the connection they belong to', () => {
    expect(drawn.lanes.map(({ name, row }) => [name, row])).toEqual([
      ['communication', 0],
      ['sharing', 0],
      ['work', 0],
      ['peers', 1],
      ['segments', 2],
    ]);
  });

  it('marks where another clock had the end, and says by whose it is drawn', () => {
    const [mark, ...more] = drawn.marks;
    expect(more).toEqual([]);
    expect(mark).toEqual({
      ms: ms(43),
      words: `Ended ${clock(43)} by another clock: The provider’s clock, 3 s ahead of Genesys Cloud`,
    });
    expect(drawn.clocks).toBe(
      'Drawn by Genesys Cloud’s clock, 0.5 s ahead of this computer · ' +
        'The provider’s clock, 3 s ahead of Genesys Cloud',
    );
    const agreed = timeline({ ...share, clocks: { cloudOffsetMs: 20, cloudUncertaintyMs: 20 } });
    expect([agreed.marks, agreed.clocks]).toEqual([[], '']);
    // Days off, it would leave nothing else to see: only said.
    const far = timeline({ ...share, clocks: { ...clocks, providerOffsetMs: 86_400_000 } });
    expect(far.marks.length + far.clocks.length).toBeGreaterThan(0);
    expect(far.toMs - far.fromMs).toBeLessThan(400_000);
  });

  it('says what each span is, and marks what two clocks told', () => {
    const spans = lane(drawn, 'communication').spans;
    expect(spans.map(({ words, approximate }) => [words, approximate])).toEqual([
      [`Ringing · ${clock(0)} – ${clock(4)} · 4 s`, false],
      [`Connected · ${clock(4)} – ${clock(40)} · ≈ 36 s`, true],
    ]);
    expect(lane(drawn, 'sharing').spans[0]?.words).toBe(
      `You were sharing · ${clock(10)} – ${clock(30)} · 20 s`,
    );
    expect(lane(drawn, 'peers').spans[1]?.words).toBe(
      `2 people connected · ${clock(20)} – ${clock(30)} · 10 s`,
    );
    expect(lane(drawn, 'work').spans[0]?.words).toBe(
      `After-call work, limit 2:00 · ${clock(40)} – ${clock(81)} · 41 s`,
    );
    expect(lane(drawn, 'segments').spans[1]?.words).toBe(
      `Interact, then Disconnect (peer) · ${clock(4)} – ${clock(40)} · 36 s`,
    );
  });

  it('leaves open what still goes on, up to now', () => {
    const going = timelineOf(
      detail(
        one(
          { leg: alerting },
          { leg: { ...told, sharing: true, segments: [{ type: 'Interact', startTime: at(4) }] } },
        ),
      ),
      { ...reader, now: ms(60) },
    );
    expect(lane(going, 'communication').spans[1]).toMatchObject({ fromMs: ms(4), toMs: null });
    expect(lane(going, 'sharing').spans).toMatchObject([
      { fromMs: ms(10), toMs: null, words: `You were sharing · since ${clock(10)}, still going` },
    ]);
    expect(lane(going, 'segments').spans).toMatchObject([{ toMs: null }]);
    expect(going.toMs).toBeGreaterThan(ms(60));
    expect(going.toMs).toBeLessThan(ms(63));
  });

  it('shows the limit of after-call work that is open', () => {
    const due = one({
      leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } },
      agent: { wrapupPrompt: 'timeout', wrapupTimeoutMs: 120_000 },
    });
    const open = timelineOf(detail(due), { ...reader, now: ms(20) });
    expect(lane(open, 'work').spans).toMatchObject([{ fromMs: ms(15), toMs: null, limitMs: ms(135) }]);
    expect(open.toMs).toBeGreaterThan(ms(135));
    const never = timelineOf(detail(due), { ...reader, now: ms(1000 * 3600) });
    expect(lane(never, 'work')).toMatchObject({ spans: [], missing: expect.stringContaining('1') as string });
    expect(never.toMs).toBeLessThan(ms(60));
  });

  it('takes the server’s count for after-call work it does not date the end of', () => {
    const counted = one({
      leg: {
        ...ended,
        afterCallWork: { state: 'complete', startTime: at(15) },
        wrapup: { code: 'c', durationSeconds: 14 },
      },
    });
    expect(lane(timeline(counted), 'work').spans).toMatchObject([{ fromMs: ms(15), toMs: ms(29) }]);
  });

  it('invents nothing, and says what is missing', () => {
    const exported = { role: 'sharing', beyond: {} } as const;
    const imported = timeline({ ...share, onAir: [], peers: [], exported });
    expect(lane(imported, 'sharing')).toMatchObject({ spans: [], missing: 'Not in an exported file' });
    expect(lane(imported, 'peers')).toMatchObject({ spans: [], missing: 'Not in an exported file' });

    const bare = timeline(one({ leg: { state: 'disconnected' } }));
    expect(bare.lanes.map(({ spans, missing }) => [spans, missing])).toEqual([
      [[], 'Time not known'],
      [[], 'You weren’t sharing'],
      [[], 'No after-call work'],
      [[], 'Genesys counted nobody'],
      [[], 'Genesys sent no segments'],
    ]);
    expect(bare.fromMs).toBeLessThan(bare.toMs);

    const { disconnectedTime: _end, afterCallWork: _work, segments: _segments, ...undated } = over;
    const parts = lane(timeline(one({ leg: undated })), 'communication');
    expect(parts.spans.map(({ tone }) => tone)).toEqual(['alerting']);
    expect(parts.missing).toBe('1 part has no time and isn’t drawn');
  });

  it('lets an open segment last until the next one, and says so', () => {
    const segments = [
      { type: 'Alert', startTime: at(0) },
      { type: 'teleport', startTime: at(4) },
      { howEnded: 'Disconnect', endTime: at(9) },
    ];
    const drawnSegments = lane(timeline(one({ leg: { ...ended, segments } })), 'segments');
    expect(drawnSegments.spans).toMatchObject([
      { fromMs: ms(0), toMs: ms(4), approximate: true },
      {
        fromMs: ms(4),
        toMs: ms(15),
        approximate: true,
        tone: 'idle',
        words: expect.stringContaining('teleport') as string,
      },
    ]);
    expect(drawnSegments.missing).toBe('1 part has no time and isn’t drawn');
  });

  it('holds every span, none of negative length, whatever the clocks say', () => {
    const second = fc.integer({ min: -100_000, max: 100_000 });
    const offset = fc.integer({ min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.tuple(second, second, second, second),
        offset,
        offset,
        ([a, b, c, d], cloud, provider) => {
          const odd = {
            ...share,
            alertedAt: at(a),
            screenshare: { ...share.screenshare, connectedTime: at(b), disconnectedTime: at(c) },
            onAir: [{ from: at(d), to: at(c) }],
            clocks: { cloudOffsetMs: cloud, cloudUncertaintyMs: 0, providerOffsetMs: provider },
          };
          const each = timeline(odd);
          for (const { fromMs, toMs } of each.lanes.flatMap(({ spans }) => spans)) {
            expect(fromMs).toBeGreaterThan(each.fromMs);
            expect(toMs ?? fromMs).toBeGreaterThanOrEqual(fromMs);
            expect(toMs ?? fromMs).toBeLessThan(each.toMs);
          }
        },
      ),
    );
  });
});
