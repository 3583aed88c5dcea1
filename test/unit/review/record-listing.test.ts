import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { happenedAt } from '../../../domain/communication/moments.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { submission, draft } from '../domain/known.ts';
import { at, ended, fold, live, ms, one } from '../domain/wire.ts';

const clocks = { cloudOffsetMs: 0, cloudUncertaintyMs: 0, providerOffsetMs: 3000 };

describe('a line of the list', () => {
  it('says of a share that is over what can be said', () => {
    const over = one(
      { leg: { state: 'alerting', startAlertingTime: at(1) } },
      { leg: { ...live, startAlertingTime: at(1), sharing: true } },
      {
        leg: {
          ...ended,
          startAlertingTime: at(1),
          disconnectedTime: at(18),
          disconnectType: 'peer',
          afterCallWork: { state: 'complete', startTime: at(15), endTime: at(56) },
          wrapup: { code: 'server', name: 'Resolved', notes: 'invoice 2231' },
        },
      },
    );
    expect(listingOf({ ...over, clocks }, undefined, undefined)).toEqual({
      key: over.key,
      at: ms(1),
      glyph: 'wrappedUp',
      role: 'sharing',
      missed: false,
      peer: 'Ana Lima',
      queue: 'Billing',
      code: 'server',
      codeName: 'Resolved',
      notes: 'invoice 2231',
      wrapup: 'elsewhere',
      fileUntil: null,
      disconnectType: 'peer',
      alertingMs: 3000,
      // The provider's clock runs three seconds ahead.
      connectedMs: 11_000,
      onAirMs: 5000,
      workMs: 41_000,
      // It ended by the provider's clock, and so did its time on air; the rest the cloud's told.
      approximate: { alerting: false, connected: true, onAir: true },
    });
  });

  it('says how long a missed alert rang, and nothing of what never was', () => {
    const alerting = { state: 'alerting', startAlertingTime: at(0) };
    const missed = one(
      { leg: alerting },
      { leg: { ...alerting, state: 'disconnected', disconnectType: 'system', disconnectedTime: at(30) } },
    );
    expect(listingOf(missed, undefined, undefined)).toMatchObject({
      glyph: 'missed',
      missed: true,
      role: 'viewing',
      alertingMs: 30_000,
      approximate: { alerting: true, connected: false, onAir: false },
      connectedMs: null,
      onAirMs: null,
      workMs: null,
      wrapup: 'missed',
      code: null,
      notes: '',
    });
  });

  it('leaves open what still goes on', () => {
    const sharing = one({ leg: { ...live, startAlertingTime: at(0), sharing: true } });
    expect(listingOf(sharing, undefined, undefined)).toMatchObject({
      glyph: 'sharing',
      alertingMs: 4000,
      connectedMs: null,
      onAirMs: null,
      disconnectType: null,
    });
  });

  it('adds up the times on air', () => {
    const twice = one(
      { leg: { ...live, sharing: true } },
      { leg: live },
      { leg: { ...live, sharing: true } },
      { leg: { ...live, sharing: false } },
    );
    expect(listingOf(twice, undefined, undefined)).toMatchObject({
      onAirMs: 20_000,
      approximate: { onAir: false },
    });
  });

  it('takes the agent’s own words before the server’s', () => {
    const over = one({ leg: { ...ended, wrapup: { code: 'server', name: 'Server', notes: 'theirs' } } });
    const mine = submission(over, { state: 'conflict' });
    expect(listingOf(over, undefined, mine)).toMatchObject({
      code: 'code-1',
      codeName: 'Resolved',
      notes: 'a note',
      wrapup: 'conflict',
    });
    const open = one({ leg: ended });
    expect(listingOf(open, draft(open), undefined)).toMatchObject({ codeName: 'Resolved', wrapup: 'draft' });
    expect(listingOf(open, undefined, undefined)).toMatchObject({
      wrapup: 'open',
      fileUntil: ms(15 + 12 * 3600),
    });
  });

  it('dates what the communication leaves out by its segments, its participant and the server’s count', () => {
    const { connectedTime: _connected, disconnectedTime: _disconnected, ...undated } = ended;
    const over = one({
      leg: {
        ...undated,
        segments: [
          { type: 'Alert', startTime: at(0) },
          { type: 'Interact', startTime: at(4) },
        ],
        wrapup: { code: 'c', durationSeconds: 14 },
      },
      agent: { startAcwTime: at(64) },
    });
    expect(listingOf(over, undefined, undefined)).toMatchObject({
      connectedMs: 60_000,
      workMs: 14_000,
      approximate: { alerting: false, connected: false, onAir: false },
    });
  });

  it('says nothing of lengths that nothing dates, and of names that are empty', () => {
    const bare = one({ leg: { state: 'disconnected' }, agent: { queueName: '' }, customer: { name: '' } });
    expect(listingOf(bare, undefined, undefined)).toMatchObject({
      at: ms(0),
      peer: null,
      queue: null,
      alertingMs: null,
      connectedMs: null,
      workMs: null,
    });
  });

  it('takes a code or a name that is empty for none', () => {
    const over = one({ leg: { ...ended, wrapup: { code: 'c', name: '' } } });
    expect(listingOf(over, undefined, undefined)).toMatchObject({ code: 'c', codeName: null });
    const mine = submission(over, { code: '', name: '' });
    expect(listingOf(over, undefined, mine)).toMatchObject({ code: null, codeName: null });
  });

  it('never has a negative length, whatever the clocks say', () => {
    const second = fc.integer({ min: -1000, max: 1000 }).map(at);
    fc.assert(
      fc.property(second, second, second, second, (alerted, connected, disconnected, finished) => {
        const [over] = fold({
          leg: {
            ...ended,
            startAlertingTime: alerted,
            connectedTime: connected,
            disconnectedTime: disconnected,
            afterCallWork: { state: 'complete', startTime: disconnected, endTime: finished },
          },
        });
        if (!over) throw new Error('nothing was folded');
        const { alertingMs, connectedMs, workMs } = listingOf(over, undefined, undefined);
        for (const length of [alertingMs, connectedMs, workMs]) expect(length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('when a record happened', () => {
  const over = one({ leg: ended });
  const unconnected = { ...over.screenshare, connectedTime: '?' };
  const clocks = { cloudOffsetMs: 2000, cloudUncertaintyMs: 0 };
  it.each([
    ['as it began to alert', { alertedAt: at(7) }, ms(7)],
    ['as it was connected, where that is no time', { alertedAt: 'soon' }, ms(4)],
    ['as it was first seen, where neither is', { screenshare: unconnected }, ms(0)],
    ['first seen by the server’s clock, not by this machine’s', { screenshare: unconnected, clocks }, ms(2)],
    ['never, where nothing is a time', { screenshare: unconnected, firstSeenAt: '?' }, 0],
  ])('is %s', (_what, change, expected) => {
    expect(happenedAt({ ...over, ...change })).toBe(expected);
  });
});
