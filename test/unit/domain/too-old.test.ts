import { beforeEach, describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { lastShareWords } from '../../../domain/present/last-share.ts';
import { startTooOldNotice } from '../../../electron/program/notices.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
import { createManualClock } from '../feed/manual-clock.ts';
import { draft, model, reading, submission } from './known.ts';
import { at, ended, ms, one } from './wire.ts';

const hour = 3600;
const pending = { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } };

/** After-call work that the server never ended; it began 15 s into the day. */
function stuck(id: string, over: object = {}): Communication {
  return one({
    conversation: { id, endTime: at(40) },
    agent: { startAcwTime: at(15), endTime: at(15), ...over },
    leg: pending,
  });
}
function fresh(id: string, seconds: number): Communication {
  const leg = { state: 'disconnected', connectedTime: at(seconds - 60), disconnectedTime: at(seconds) };
  return one({ conversation: { id }, agent: { startAcwTime: at(seconds) }, leg: { ...leg, sharing: false } });
}

describe('after-call work that nobody ended', () => {
  const old = stuck('old');

  it.each([12.01, 13, 24, 26, 72, 1000])(
    'is not in front of fresh work after %f hours, nor behind it',
    (hours) => {
      const now = hours * hour + 15;
      const recent = fresh('recent', now - 30);
      const { status, prompt } = reading(model([old, recent]), now);
      expect(prompt).toMatchObject({ key: recent.key, behind: 0 });
      expect(status).toMatchObject({ key: recent.key, others: [] });
    },
  );

  it.each(['mandatory', 'optional', 'timeout', 'forcedTimeout', 'newer'])(
    'is no work any more where the policy is %s',
    (wrapupPrompt) => {
      const work = stuck('old', { wrapupPrompt, wrapupTimeoutMs: 60_000 });
      expect(reading(model([work]), 24 * hour)).toMatchObject({ prompt: null, status: { phase: 'idle' } });
    },
  );

  it('is work until then, and leaves by itself', () => {
    expect(reading(model([old]), 11.9 * hour).prompt?.key).toBe(old.key);
    expect(lastShareWords(model([old]), ms(24 * hour))).toContain('never wrapped up');
  });

  it('what was written for it stays, and what was decided goes on its way', () => {
    const known = model([old], { drafts: { [old.key]: draft(old) }, submissions: [submission(old)] });
    const { prompt, outbox } = reading(known, 24 * hour);
    expect(prompt).toBeNull();
    expect(outbox.items).toHaveLength(1);
    const refused = model([old], { submissions: [submission(old, { state: 'failed', problem: 'gone' })] });
    expect(reading(refused, 24 * hour).status.phase).toBe('conflict');
  });
});

describe('it is told', () => {
  let told: readonly string[];
  beforeEach(() => {
    told = [];
  });
  const one24 = ms(24 * hour);

  function start(communications: readonly Communication[], link: 'live' | 'stale' = 'live', from = one24) {
    const clock = createManualClock(from);
    const store = createStateStore(model(communications, { link: { kind: link } }), clock.now);
    const stop = startTooOldNotice({
      store,
      told: {
        get: () => told,
        set: (marks) => {
          told = marks;
        },
      },
      clock,
    });
    return { store, clock, stop, texts: () => store.app.getState().notices.map(({ text }) => text) };
  }

  it('once, over all runs, and leads back to nobody', () => {
    const first = start([stuck('a'), stuck('b')]);
    expect(first.texts()).toEqual([
      '2 wrap-ups that Genesys never closed are too old to be sent. They are kept in your records, with what you wrote.',
    ]);
    expect(told).toHaveLength(2);
    expect(told.join()).not.toMatch(/conversation|participant|leg|\//);
    first.stop();
    expect(start([stuck('a'), stuck('b')]).texts()).toEqual([]);
    expect(start([stuck('a'), stuck('c')]).texts()).toEqual([expect.stringMatching(/^A wrap-up/)]);
  });

  it('only after the server was read, which may have ended it', () => {
    const { store, texts } = start([stuck('a')], 'stale');
    expect(texts()).toEqual([]);
    store.update(() => ({ link: { kind: 'live' } }));
    expect(texts()).toHaveLength(1);
  });

  it('as it grows old, without any fact', async () => {
    const { clock, texts } = start([stuck('a')], 'live', ms(11.9 * hour));
    expect(texts()).toEqual([]);
    await clock.advance(hour * 1000);
    expect(texts()).toHaveLength(1);
  });

  it('not of what was decided, or is not due', () => {
    const decided = stuck('a');
    const { store, texts } = start([]);
    store.update(() => ({
      communications: { [decided.key]: decided },
      submissions: [submission(decided)],
    }));
    expect(texts()).toEqual([]);
  });
});
