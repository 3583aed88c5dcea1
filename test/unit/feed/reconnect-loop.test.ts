import { beforeEach, describe, expect, test } from 'vitest';
import type { LinkState } from '../../../domain/feed.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';
import type { ReconnectLoop, SessionStatus } from '../../../electron/feed/genesys/reconnect-loop.ts';
import { createReconnectLoop } from '../../../electron/feed/genesys/reconnect-loop.ts';
import type { SessionEnd } from '../../../electron/feed/genesys/session.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';

interface Running {
  readonly startedAt: number;
  readonly status: SessionStatus;
  readonly end: (how: SessionEnd) => void;
}

let clock: ManualClock;
let sessions: Running[];
let links: LinkState[];
let forgotten: number;
let loop: ReconnectLoop;

const startMs = 1_000_000;
const lost: SessionEnd = { kind: 'lost', reason: 'gone', retryAfterMs: null };

beforeEach(() => {
  clock = createManualClock(startMs);
  sessions = [];
  links = [];
  forgotten = 0;
  loop = createReconnectLoop({
    clock,
    limits: defaultLimits,
    // The longest wait each time: what is left is the doubling and the cap.
    random: () => 1,
    link: (state) => links.push(state),
    forget: () => {
      forgotten += 1;
    },
    run: (status, signal) =>
      new Promise((resolve) => {
        sessions.push({ startedAt: clock.now(), status, end: resolve });
        signal.addEventListener('abort', () => {
          resolve({ kind: 'again', reason: 'told to' });
        });
      }),
  });
});

function current(): Running {
  const session = sessions.at(-1);
  if (!session) throw new Error('No session');
  return session;
}

async function fail(how: SessionEnd = lost): Promise<void> {
  current().end(how);
  await clock.advance(0);
}

describe('the waits between sessions', () => {
  test('double from half a second to half a minute', async () => {
    loop.start();
    const waits: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const failedAt = clock.now();
      await fail();
      await clock.advance(60_000);
      waits.push(current().startedAt - failedAt);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    await loop.stop();
  });

  test('are announced with the reason and the time of the next try', async () => {
    loop.start();
    await fail();
    expect(links).toEqual([
      { kind: 'connecting', attempt: 1 },
      { kind: 'offline', reason: 'gone', retryAt: startMs + 500 },
    ]);
    await clock.advance(500);
    expect(links.at(-1)).toEqual({ kind: 'connecting', attempt: 2 });
    await loop.stop();
  });

  test('begin small again only after a stable minute', async () => {
    loop.start();
    for (let round = 0; round < 5; round += 1) {
      await fail();
      await clock.advance(30_000);
    }
    current().status.live();
    await clock.advance(defaultLimits.stableMs - 1);
    await fail();
    expect(links.at(-1)).toEqual({ kind: 'offline', reason: 'gone', retryAt: clock.now() + 16_000 });
    await clock.advance(16_000);
    current().status.live();
    await clock.advance(defaultLimits.stableMs);
    await fail();
    expect(links.at(-1)).toEqual({ kind: 'stale' });
    await clock.advance(500);
    expect(clock.now() - current().startedAt).toBe(0);
    await loop.stop();
  });

  test('a move to another socket begins the stable minute again', async () => {
    loop.start();
    await fail();
    await clock.advance(500);
    current().status.live();
    await clock.advance(50_000);
    current().status.live();
    await clock.advance(5_000);
    await fail();
    await clock.advance(6_000);
    await fail();
    expect(links.at(-1)).toEqual({ kind: 'offline', reason: 'gone', retryAt: clock.now() + 2_000 });
    await loop.stop();
  });

  test('last as long as the server asks, even when the person is impatient', async () => {
    loop.start();
    await fail({ kind: 'lost', reason: 'too much', retryAfterMs: 7_000 });
    expect(links.at(-1)).toEqual({ kind: 'offline', reason: 'too much', retryAt: startMs + 7_000 });
    loop.reconnect();
    await clock.advance(6_999);
    expect(sessions).toHaveLength(1);
    await clock.advance(1);
    expect(sessions).toHaveLength(2);
    await loop.stop();
  });

  test('are cut short by the person', async () => {
    loop.start();
    for (let round = 0; round < 6; round += 1) {
      await fail();
      await clock.advance(30_000);
    }
    await fail();
    loop.reconnect();
    await clock.advance(0);
    expect(links.at(-1)).toEqual({ kind: 'connecting', attempt: 1 });
    expect(current().startedAt).toBe(clock.now());
    await loop.stop();
  });
});

describe('what the link says', () => {
  test('stale, not offline, while a lasting link is made again; offline once that failed', async () => {
    loop.start();
    current().status.live();
    await clock.advance(defaultLimits.stableMs);
    await fail();
    await clock.advance(500);
    current().status.opened();
    await fail();
    await clock.advance(30_000);
    current().status.opened();
    current().status.live();
    expect(links.map(({ kind }) => kind)).toEqual([
      'connecting',
      'live',
      'stale',
      'stale',
      'stale',
      'offline',
      'connecting',
      'stale',
      'live',
    ]);
    await loop.stop();
  });

  test('nothing is live from the moment somebody wants to begin again, until all is read again', async () => {
    loop.start();
    current().status.live();
    const before = current();
    loop.reconnect();
    // Not a turn later: a machine that wakes paints what it has.
    expect(links.at(-1)).toEqual({ kind: 'stale' });
    before.status.live();
    expect(links.at(-1)).toEqual({ kind: 'stale' });
    await clock.advance(0);
    expect(sessions).toHaveLength(2);
    current().status.live();
    expect(links.at(-1)).toEqual({ kind: 'live' });
    await loop.stop();
  });

  test('a link that comes and goes is called offline', async () => {
    loop.start();
    current().status.live();
    await fail();
    await clock.advance(500);
    current().status.live();
    await fail();
    expect(links.at(-1)?.kind).toBe('offline');
    await loop.stop();
  });
});

describe('a 403', () => {
  const forbidden: SessionEnd = { kind: 'forbidden', reason: 'no permission' };

  test('is told, and tried again with pauses of half a minute to ten', async () => {
    loop.start();
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const failedAt = clock.now();
      await fail(forbidden);
      expect(links.at(-1)).toMatchObject({ kind: 'offline', reason: 'no permission' });
      await clock.advance(20 * 60_000);
      waits.push((current().startedAt - failedAt) / 1000);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
    expect(forgotten).toBe(7);
    await loop.stop();
  });

  test('on a lasting link is told too, and the person may be quicker', async () => {
    loop.start();
    current().status.live();
    await clock.advance(defaultLimits.stableMs);
    await fail(forbidden);
    expect(links.at(-1)).toEqual({ kind: 'offline', reason: 'no permission', retryAt: clock.now() + 30_000 });
    loop.reconnect();
    await clock.advance(0);
    expect(sessions).toHaveLength(2);
    await loop.stop();
  });
});

describe('a refusal', () => {
  test('waits for the person, for ever, and forgets who was signed in', async () => {
    loop.start();
    await fail({ kind: 'refused', reason: 'wrong token' });
    expect(links.at(-1)).toEqual({ kind: 'refused', reason: 'wrong token' });
    expect(forgotten).toBe(1);
    await clock.advance(24 * 60 * 60_000);
    expect(sessions).toHaveLength(1);
    expect(clock.pending).toEqual([]);
    loop.reconnect();
    await clock.advance(0);
    expect(sessions).toHaveLength(2);
    await loop.stop();
  });

  test('from elsewhere ends the session', async () => {
    loop.start();
    current().status.live();
    loop.refuse('the token expired');
    await clock.advance(60_000);
    expect(links.at(-1)).toEqual({ kind: 'refused', reason: 'the token expired' });
    expect(sessions).toHaveLength(1);
    await loop.stop();
  });
});

describe('stop', () => {
  test.each([
    ['before the start', (): Promise<void> => Promise.resolve()],
    [
      'in a session',
      async (): Promise<void> => {
        loop.start();
        current().status.live();
        await clock.advance(0);
      },
    ],
    [
      'in a wait',
      async (): Promise<void> => {
        loop.start();
        await fail();
      },
    ],
    [
      'in a pause the server asked for',
      async (): Promise<void> => {
        loop.start();
        await fail({ kind: 'lost', reason: 'too much', retryAfterMs: 60_000 });
      },
    ],
    [
      'in a refusal',
      async (): Promise<void> => {
        loop.start();
        await fail({ kind: 'refused', reason: 'no' });
      },
    ],
  ])('%s leaves nothing', async (_when, prepare) => {
    await prepare();
    await loop.stop();
    const before = sessions.length;
    loop.start();
    loop.reconnect();
    await clock.advance(60_000);
    expect(sessions).toHaveLength(before);
    expect(clock.pending).toEqual([]);
  });
});
