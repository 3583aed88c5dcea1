import { describe, expect, it } from 'vitest';
import type { LinkState } from '../../../domain/feed.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { afterCallWorkStates, communicationStates, disconnectTypes } from '../../../domain/model/values.ts';
import { present } from '../../../domain/present/present.ts';
import { atWork, type Status } from '../../../domain/state.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { submission, model, reading } from './known.ts';
import { at, ended, live, ms, one, type Told } from './wire.ts';

const notLive: readonly LinkState[] = [
  { kind: 'connecting', attempt: 1 },
  { kind: 'stale' },
  { kind: 'offline', reason: 'No network.', retryAt: ms(99) },
  { kind: 'refused', reason: 'The token is wrong.' },
];
const about = (name: string, told: Told): Communication => one({ ...told, conversation: { id: name } });
const over = (told: Told = {}): Communication => one({ ...told, leg: { ...ended, ...told.leg } });
const statusOf = (communication: Communication, seconds = 16): Status =>
  reading(model([communication]), seconds).status;

describe('the status of one communication', () => {
  it('alerting: who and where, the time left to answer, and both answers', () => {
    const alert = one({
      leg: { state: 'alerting', startAlertingTime: at(0) },
      agent: { alertingTimeoutMs: 8000 },
    });
    expect(statusOf(alert, 3)).toMatchObject({
      phase: 'alerting',
      confirmed: true,
      title: 'Incoming screen share',
      detail: 'Billing queue · Ana Lima',
      clock: { mode: 'until', at: ms(8), totalMs: 8000, label: 'to answer' },
      actions: ['answer', 'decline'],
      key: alert.key,
    });
    const untimed = one({ leg: { state: 'alerting', startAlertingTime: at(0) } });
    expect(statusOf(untimed, 3).clock).toEqual({
      mode: 'since',
      at: ms(0),
      totalMs: null,
      label: 'ringing',
    });
  });

  it('connecting', () => {
    expect(statusOf(one({ leg: { state: 'dialing' } }))).toMatchObject({
      phase: 'connecting',
      title: 'Connecting screen share',
      clock: null,
      actions: [],
    });
  });

  it('viewing: whether the other side shares, and since when it is connected', () => {
    const customer = { screenshares: [{ id: 'leg-c', state: 'connected', sharing: true }] };
    expect(statusOf(one({ leg: { ...live, peerCount: 1 }, customer }))).toMatchObject({
      phase: 'viewing',
      title: 'Viewing a shared screen',
      detail: 'Ana Lima is sharing · 1 person connected',
      clock: { mode: 'since', at: ms(4), label: 'connected' },
      actions: ['openWrapUp'],
    });
    const named = one({ leg: live, customer });
    expect(statusOf({ ...named, sharers: ['Jo Roux'] }).detail).toBe('Jo Roux is sharing');
    expect(statusOf({ ...named, sharers: [''] }).detail).toBe('Somebody is sharing');
    const several = ['Ana Lima', '', 'Ana Lima'];
    expect(statusOf({ ...named, sharers: several }).detail).toBe('Ana Lima and Somebody are sharing');
    expect(statusOf(one({ leg: live }))).toMatchObject({
      title: 'Connected',
      detail: 'Nobody is sharing',
    });
  });

  it('sharing: on air, who can see it, and the way out', () => {
    expect(statusOf(one({ leg: { ...live, sharing: true, peerCount: 2 } }))).toMatchObject({
      phase: 'sharing',
      title: 'You are sharing',
      detail: '2 people can see your screen',
      clock: { mode: 'since', at: ms(0), label: 'on air' },
      actions: ['stopSharing', 'openWrapUp'],
    });
  });

  it('sharing with nobody named claims nothing about who sees it', () => {
    expect(statusOf(one({ leg: { ...live, sharing: true, peerCount: 0 } })).detail).toBe(
      'Nobody can see it yet',
    );
    expect(statusOf(one({ leg: { ...live, sharing: true } })).detail).toBe('');
  });

  it.each(['alerting', 'dialing', 'none', 'levitating'])('sharing is sharing, also in state %s', (state) => {
    expect(statusOf(one({ leg: { state, sharing: true } }))).toMatchObject({
      phase: 'sharing',
      title: 'You are sharing',
    });
  });

  it('a request for after-call work can be made and taken back', () => {
    const agent = { wrapupPrompt: 'agentRequested' };
    expect(statusOf(one({ leg: live, agent })).actions).toEqual(['requestAcw', 'openWrapUp']);
    expect(statusOf(one({ leg: { ...live, sharing: true }, agent })).actions).toEqual([
      'stopSharing',
      'requestAcw',
      'openWrapUp',
    ]);
    expect(statusOf(one({ leg: live, agent })).acwRequested).toBe(false);
    expect(statusOf(one({ leg: { ...live, afterCallWorkRequired: true }, agent }))).toMatchObject({
      actions: ['requestAcw', 'openWrapUp'],
      acwRequested: true,
    });
  });

  it('wrap up: how it ended, for whom, and the countdown of the policy', () => {
    const timed = { wrapupPrompt: 'timeout', wrapupTimeoutMs: 60_000, startAcwTime: at(15) };
    expect(statusOf(over({ agent: timed }))).toMatchObject({
      phase: 'wrapUp',
      confirmed: true,
      title: 'Wrap up',
      who: ['Ana Lima', 'Billing'],
      detail: '',
      clock: { mode: 'until', at: ms(75), totalMs: 60_000, label: 'after-call work' },
    });
    expect(statusOf(over()).clock).toMatchObject({ mode: 'since', at: ms(15) });
  });

  describe('missed', () => {
    const missed = one({ leg: { state: 'terminated', disconnectType: 'timeout', disconnectedTime: at(0) } });

    it('says why and what to do, until the agent has seen it, and a minute longer', () => {
      const known = model([missed]);
      for (const seconds of [1, 61, 30_000]) {
        expect(reading(known, seconds).status).toMatchObject({
          phase: 'missed',
          title: 'Missed screen share',
          detail: 'Not answered in time · Ana Lima · Billing',
          next: 'Genesys may have set you to Not Responding. Go On Queue to get calls again.',
          actions: ['dismiss'],
        });
      }
      expect(present(known, ms(30)).recheckAt).toBeNull();

      const seen = { ...known, missedSeen: { [missed.key]: ms(100) } };
      expect(reading(seen, 130).status).toMatchObject({ phase: 'missed', actions: ['dismiss'] });
      expect(present(seen, ms(130)).recheckAt).toBe(ms(160));
      expect(reading(seen, 161).status).toMatchObject({ phase: 'idle', title: 'Not sharing' });
    });

    it('goes at once when it is dismissed', () => {
      expect(reading(model([missed], { missedSeen: { [missed.key]: 0 } }), 1).status.phase).toBe('idle');
    });

    it('in an earlier run, or declined by the agent, it is said for a minute', () => {
      const earlier = model([missed], { startedAt: ms(1) });
      expect(reading(earlier, 30).status).toMatchObject({ phase: 'missed', unseen: false });
      expect(present(earlier, ms(30)).recheckAt).toBe(ms(60));
      expect(reading(earlier, 61).status).toMatchObject({ phase: 'idle' });
      const declined = one({
        leg: { state: 'terminated', disconnectType: 'client', disconnectedTime: at(0) },
      });
      expect(statusOf(declined, 30)).toMatchObject({ phase: 'missed', actions: ['dismiss'], unseen: false });
      expect(statusOf(declined, 61)).toMatchObject({ phase: 'idle' });
    });
  });

  describe('missed alerts', () => {
    const missedOf = (id: string, from: number, name = 'Ana Lima'): Communication => {
      const leg = { state: 'terminated', disconnectType: 'timeout', startAlertingTime: at(from) };
      const end = { disconnectedTime: at(from + 20) };
      return {
        ...about(id, { leg: { ...leg, ...end }, customer: { name } }),
        firstSeenAt: at(from),
        lastSeenAt: at(from + 20),
      };
    };
    const morning = missedOf('m1', 100);
    const later = missedOf('m2', 520, 'Ben Okoro');

    it('are one line, each with its time, and dismissed together', () => {
      const { status } = reading(model([morning, later]), 600);
      const time = (seconds: number): string => timeOfDay(ms(seconds), 'en');
      expect(status).toMatchObject({
        phase: 'missed',
        title: `2 missed · ${time(120)}, ${time(540)}`,
        detail: 'Ben Okoro · Billing and Ana Lima · Billing',
        actions: ['dismiss'],
        unseen: true,
        key: later.key,
        others: [],
      });
      const many = Array.from({ length: 6 }, (_, index) => missedOf(`n${String(index)}`, 100 * (index + 1)));
      expect(reading(model(many), 900).status.title).toBe(`6 missed · ${time(120)} – ${time(620)}`);
    });

    it('go when a later one is answered, and not when an earlier one is', () => {
      const answeredAt = (seconds: number): Communication => {
        const times = { startAlertingTime: at(seconds - 5), connectedTime: at(seconds) };
        const known = about('c', { leg: { ...live, ...times } });
        return { ...known, firstSeenAt: at(seconds - 5), lastSeenAt: at(seconds) };
      };
      const answered = answeredAt(600);
      expect(reading(model([morning, later, answered]), 610).status).toMatchObject({
        phase: 'viewing',
        others: [],
      });
      const before = answeredAt(300);
      expect(reading(model([morning, later, before]), 610).status.others).toMatchObject([
        { phase: 'missed', title: 'Missed screen share', key: later.key },
      ]);
      // What rang at the same time and was answered first is no reason to hide that this one was not.
      const meanwhile = answeredAt(530);
      expect(reading(model([later, meanwhile]), 610).status.others).toMatchObject([{ phase: 'missed' }]);
    });

    it('come after a wrap-up whose clock runs, also one that was put off', () => {
      const due = {
        ...about('w', { leg: { ...ended, connectedTime: at(20), disconnectedTime: at(60) } }),
        firstSeenAt: at(10),
      };
      for (const postponed of [[], [due.key]]) {
        expect(reading(model([due, later], { postponed }), 600).status).toMatchObject({
          phase: 'wrapUp',
          others: [{ phase: 'missed', actions: ['dismiss'] }],
        });
      }
    });
  });

  it('work the server closed for want of a code is not called wrapped up', () => {
    const wrapup = { code: 'ININ-WRAP-UP-TIMEOUT', endTime: at(18) };
    const done = over({ leg: { wrapup, afterCallWork: { state: 'complete', endTime: at(18) } } });
    expect(statusOf(done, 9)).toMatchObject({
      phase: 'missed',
      title: 'Wrap-up timed out',
      next: '',
      actions: ['correct'],
      detail: 'Timed out – no code · took ≈ 0:03',
    });
    expect(statusOf(done, 60).detail).toMatch(/ · timed out$/);
    const mine = model([done], { submissions: [submission(done, { state: 'confirmed' })] });
    expect(reading(mine, 60).status.detail).toMatch(/ · sent by me$/);
  });

  it('what was taken but not confirmed is called the same everywhere', () => {
    const done = over({ leg: { afterCallWork: { state: 'complete', endTime: at(18) } } });
    const known = model([done], { submissions: [submission(done, { state: 'accepted' })] });
    expect(reading(known, 21).status.detail).toContain('sent, waiting for confirmation');
    expect(reading(known, 60).status.detail).toContain('sent, waiting for confirmation');
    expect(reading(known, 60).outbox.words).toBe('1 sent, waiting for confirmation');
  });

  it('a time of another day says which', () => {
    const day = 86_400;
    const words = (seconds: number, link: LinkState): string =>
      reading(model([over({ leg: { afterCallWork: { state: 'complete' } } })], { link }), seconds).status
        .detail;
    const stale: LinkState = { kind: 'stale' };
    expect(words(60, { kind: 'live' })).toMatch(/^Last share \d\d:\d\d · /);
    expect(words(3 * day, { kind: 'live' })).toMatch(/^Last share [A-Z][a-z]{2} \d\d:\d\d · /);
    expect(words(60, stale)).toMatch(/^Last confirmed \d\d:\d\d:\d\d$/);
    expect(words(3 * day, stale)).toMatch(/^Last confirmed [A-Z][a-z]{2} \d\d:\d\d:\d\d$/);
    expect(words(30 * day, stale)).toMatch(/^Last confirmed (\d+ [A-Z][a-z]{2}|[A-Z][a-z]{2} \d+) \d\d:/);
  });

  it('wrapped up: what was sent, for ten seconds, then the quiet line', () => {
    const done = over({ leg: { afterCallWork: { state: 'complete', startTime: at(15), endTime: at(57) } } });
    const known = model([done], {
      submissions: [submission(done, { state: 'confirmed', updatedAt: at(57) })],
    });
    expect(reading(known, 60).status).toMatchObject({
      phase: 'wrappedUp',
      title: 'Wrapped up',
      detail: 'Resolved · sent by me · took 0:42',
    });
    expect(present(known, ms(60)).recheckAt).toBe(ms(67));
    expect(reading(known, 70).status.detail).toMatch(/^Last share .* · sent by me$/);
    // It leads to that record.
    expect(Object.keys(known.communications)).toContain(reading(known, 70).status.about);
  });

  it('wrapped up with what the server kept, when the agent let it stand', () => {
    const wrapup = { code: 'code-2', name: 'Callback' };
    const done = over({ leg: { wrapup, afterCallWork: { state: 'complete', endTime: at(18) } } });
    const dropped = submission(done, { state: 'dropped', theirs: { ...wrapup, notes: null } });
    expect(reading(model([done], { submissions: [dropped] }), 21).status.detail).toBe(
      'Callback · from Genesys · took ≈ 0:03',
    );
    const skip = { ...dropped, kind: 'skip', code: null, name: null } as const;
    expect(reading(model([done], { submissions: [skip] }), 21).status.detail).toBe(
      'Callback · from Genesys · took ≈ 0:03',
    );
  });

  it('an end the server dates into the future does not hold the card', () => {
    const done = over({ leg: { afterCallWork: { state: 'complete', endTime: '9999-01-01T00:00:00Z' } } });
    expect(reading(model([done]), 60).status.phase).toBe('idle');
  });

  it('every time is moved by the difference of the clocks; our own is not', () => {
    const offset = { cloud: { offsetMs: 60_000, uncertaintyMs: 0 } };
    const leg = { ...live, connectedTime: at(64) };
    expect(reading(model([one({ leg })], offset), 16).status.clock?.at).toBe(ms(4));
    const { connectedTime: _gone, ...undated } = live;
    expect(reading(model([one({ leg: undated })], offset), 16).status.clock?.at).toBe(ms(0));
  });

  it.each(['connected', 'dialing'])(
    'a word of a newer server is shown as sent (known before: %s)',
    (before) => {
      const communication = one({ leg: { state: before } }, { leg: { state: 'levitating' } });
      expect(statusOf(communication).detail).toContain('Genesys says: levitating');
    },
  );

  it('has words for every state, end, after-call work and share: 1,280 cells, none unknown', () => {
    const cells = communicationStates.flatMap((state) =>
      [null, ...disconnectTypes].flatMap((disconnectType) =>
        afterCallWorkStates.flatMap((acw) =>
          [true, false].map((sharing) => ({ state, disconnectType, acw, sharing })),
        ),
      ),
    );
    for (const { state, disconnectType, acw, sharing } of cells)
      for (const connectedTime of [at(4), null]) {
        const leg = { state, disconnectType, sharing, connectedTime, afterCallWork: { state: acw } };
        const status = statusOf(one({ leg }), 1);
        expect(status.title).not.toBe('');
        expect(JSON.stringify(status)).not.toMatch(/undefined|NaN|unknown/i);
        expect(status.phase === 'sharing').toBe(
          sharing && disconnectType === null && state !== 'disconnected' && state !== 'terminated',
        );
      }
  });
});

describe('contact', () => {
  it.each(notLive)(
    'lost ($kind) over a share reads "Sharing – not confirmed", with when it last was',
    (link) => {
      const communication = one({ leg: { ...live, sharing: true, peerCount: 1 } });
      const { status } = reading(model([communication], { link }), 60);
      expect(status).toMatchObject({
        phase: 'sharing',
        confirmed: false,
        title: 'Sharing – not confirmed',
        clock: { at: ms(0), label: 'on air?' },
      });
      expect(status.detail).toMatch(/^Last confirmed \d\d:\d\d:\d\d · 1 person can see your screen$/);
    },
  );

  it.each(notLive)('lost ($kind) is never plain "Not sharing"', (link) => {
    for (const everLive of [true, false]) {
      const { status } = reading(model([], { link, everLive }), 60);
      expect(status.confirmed).toBe(false);
      expect(status.title).not.toBe('Not sharing');
    }
  });

  it.each(notLive)('never made ($kind) claims nothing', (link) => {
    const { status } = reading(model([], { link, everLive: false, lastContactAt: null }), 60);
    expect(status).toMatchObject({ phase: 'starting', detail: 'Genesys has confirmed nothing yet' });
    expect(status.title).toBe(
      link.kind === 'connecting' || link.kind === 'stale' ? 'Connecting' : 'Status not known',
    );
  });

  it('not made since the start: a share from the database is as old as its last fact', () => {
    const communication = one({ leg: { ...live, sharing: true, peerCount: 1 } });
    const known = model([communication], {
      link: { kind: 'connecting', attempt: 0 },
      everLive: false,
      lastContactAt: null,
    });
    expect(reading(known, 60).status).toMatchObject({ title: 'Sharing – not confirmed' });
    expect(reading(known, 60).status.detail).toMatch(/^Last confirmed \d\d:\d\d:00 · 1 person/);
  });

  it('says nothing for sure while the machine goes to sleep, whatever it shows when it wakes', () => {
    const asleep = { presence: { ...atWork, asleep: true } };
    const sharing = one({ leg: { ...live, sharing: true, peerCount: 1 } });
    const shown = reading(model([sharing], asleep), 60);
    expect(shown.status).toMatchObject({ title: 'Sharing – not confirmed', confirmed: false });
    expect(shown.link.freshness).toBe('stale');
    expect(reading(model([], asleep), 60).status.title).toBe('Not sharing – not confirmed');
  });

  it('names nobody on a screen that is locked', () => {
    const alerting = one({ leg: { state: 'alerting' } });
    expect(JSON.stringify(reading(model([alerting]), 3))).toContain('Ana');
    const locked = reading(model([alerting], { presence: { ...atWork, locked: true } }), 3);
    expect(JSON.stringify(locked)).not.toContain('Ana');
    expect(locked.status).toMatchObject({ phase: 'alerting', actions: ['answer', 'decline'] });
  });

  it('lost over something that says nothing more leaves no loose ends in the line', () => {
    const bare = one({ leg: { state: 'alerting' }, agent: { queueName: null }, customer: { name: null } });
    expect(reading(model([bare], { link: { kind: 'stale' } }), 9).status.detail).toMatch(
      /^Last confirmed [\d:]+$/,
    );
  });

  it('is put into words', () => {
    const words = (link: LinkState, everLive = true): readonly string[] => {
      const { freshness, words: said, detail } = reading(model([], { link, everLive }), 60).link;
      return [freshness, said, detail];
    };
    expect(words({ kind: 'live' })).toEqual(['live', 'Live', '']);
    expect(words({ kind: 'connecting', attempt: 0 }, false)).toEqual(['connecting', 'Connecting', '']);
    expect(words({ kind: 'connecting', attempt: 2 })).toEqual([
      'stale',
      'Checking connection',
      'Reconnecting',
    ]);
    expect(words({ kind: 'stale' })[0]).toBe('stale');
    expect(words({ kind: 'offline', reason: 'No network.', retryAt: 5 })).toEqual([
      'offline',
      'Offline',
      'No network.',
    ]);
    expect(words({ kind: 'refused', reason: 'No.' })).toEqual(['offline', 'Offline', 'No.']);
    expect(reading(model([], { link: { kind: 'offline', reason: '', retryAt: 5 } }), 60).link.retryAt).toBe(
      5,
    );
  });
});
