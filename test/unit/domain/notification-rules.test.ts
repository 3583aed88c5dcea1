import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import {
  acwWarnings,
  announcements,
  contactLost,
  isUnconfirmedOnAir,
  remindersDue,
  stillSharing,
  upToDate,
  type Announcement,
} from '../../../domain/present/notification-rules.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { submission, model, reading } from './known.ts';
import { at, ended, live, ms, one, type Told } from './wire.ts';

const about = (name: string, told: Told): Communication => one({ ...told, conversation: { id: name } });
const alerting = (name: string, agent: object = {}): Communication =>
  about(name, { leg: { state: 'alerting', startAlertingTime: at(0) }, agent });
const due = (name: string): Communication => about(name, { leg: ended });
const connected = (name: string): Communication => about(name, { leg: live });
const sharing = (name: string): Communication => about(name, { leg: { ...live, sharing: true } });

/** What is said because the one became the other, 16 s into the day. */
function said(was: KnownState, now: KnownState): ReturnType<typeof announcements> {
  return announcements(reading(was, 16), reading(now, 16));
}
const summary = (was: KnownState, now: KnownState): unknown[] =>
  said(was, now).map(({ tag, key }) => [tag, key?.split('/')[0]]);

describe('an alert', () => {
  it('is announced with who and where, urgently, once', () => {
    expect(said(model(), model([alerting('a')]))).toEqual([
      {
        tag: 'alerting',
        title: 'Incoming screen share',
        body: 'Billing queue · Ana Lima',
        key: 'a/participant-1/leg-1',
        urgent: true,
        silent: false,
        again: false,
        offers: [
          { action: 'answer', name: 'Answer' },
          { action: 'decline', name: 'Decline' },
        ],
      },
    ]);
    expect(said(model([alerting('a')]), model([alerting('a')]))).toEqual([]);
  });

  it('said without its queue is said again in full, silently', () => {
    const again = said(model([alerting('a', { queueName: null })]), model([alerting('a')]));
    expect(again).toMatchObject([{ tag: 'alerting', body: 'Billing queue · Ana Lima', silent: true }]);
  });

  it('is not said again because contact was lost or came back', () => {
    const stale = { link: { kind: 'stale' } } as const;
    expect(said(model([alerting('a')]), model([alerting('a')], stale))).toEqual([]);
    expect(said(model([alerting('a')], stale), model([alerting('a')]))).toEqual([]);
  });

  it('beside another one is announced too, and neither is announced again when the other ends', () => {
    const [a, b] = [alerting('a'), alerting('b')];
    expect(said(model(), model([a, b]))).toMatchObject([
      { tag: 'alerting', title: '2 incoming screen shares' },
    ]);
    expect(summary(model([a]), model([a, b]))).toEqual([['alerting', 'b']]);
    expect(summary(model([a, b]), model([a]))).toEqual([]);
    expect(summary(model([a, b]), model([b]))).toEqual([]);
  });

  it('that ends says nothing more', () => {
    expect(said(model([alerting('a')]), model())).toEqual([]);
    expect(said(model([alerting('a')]), model([connected('a')]))).toEqual([]);
  });
});

describe('a wrap-up', () => {
  it('is announced when it becomes due, quietly', () => {
    expect(said(model([connected('a')]), model([due('a')]))).toMatchObject([
      { tag: 'wrapUp', title: 'Time to wrap up', key: 'a/participant-1/leg-1', urgent: false, silent: true },
    ]);
    expect(said(model([due('a')]), model([due('a')]))).toEqual([]);
  });

  it('is announced also when the agent had the prompt open before the end', () => {
    const opened = { opened: 'a/participant-1/leg-1' };
    expect(summary(model([connected('a')], opened), model([due('a')], opened))).toEqual([['wrapUp', 'a']]);
  });

  it('behind another is announced when it becomes due, not when its turn comes', () => {
    const [a, b] = [due('a'), due('b')];
    expect(summary(model([a]), model([a, b]))).toEqual([['wrapUp', 'b']]);
    expect(summary(model([a, b]), model([a, b], { submissions: [submission(a)] }))).toEqual([]);
  });

  it('put off and opened again is nothing new', () => {
    const a = due('a');
    expect(said(model([a]), model([a], { postponed: [a.key] }))).toEqual([]);
    expect(said(model([a], { postponed: [a.key] }), model([a]))).toEqual([]);
  });

  it('the server refused is due again', () => {
    const a = due('a');
    const refused = submission(a, { state: 'failed', problem: 'No.' });
    expect(
      summary(model([a], { submissions: [submission(a)] }), model([a], { submissions: [refused] })),
    ).toEqual([['wrapUp', 'a']]);
  });

  it('the server closed otherwise is a conflict, each announced once', () => {
    const [a, b] = [due('a'), due('b')];
    const conflict = (communication: Communication): ReturnType<typeof submission> =>
      submission(communication, {
        id: communication.key,
        state: 'conflict',
        theirs: { code: 'x', name: null, notes: null },
      });
    const waiting = [submission(a, { id: a.key }), submission(b, { id: b.key })];
    const before = model([a, b], { submissions: waiting });
    expect(
      summary(before, model([a, b], { submissions: [conflict(a), submission(b, { id: b.key })] })),
    ).toEqual([['conflict', 'a']]);
    const first = model([a, b], { submissions: [conflict(a), submission(b, { id: b.key })] });
    expect(summary(first, model([a, b], { submissions: [conflict(a), conflict(b)] }))).toEqual([
      ['conflict', 'b'],
    ]);
  });
});

describe('a share', () => {
  const lost = { link: { kind: 'offline', reason: 'No network.', retryAt: null } } as const;

  it('that is no longer confirmed has an alarm, for when contact stays lost', () => {
    const a = sharing('a');
    expect(isUnconfirmedOnAir(reading(model([a], lost), 16))).toBe(true);
    expect(isUnconfirmedOnAir(reading(model([a]), 16))).toBe(false);
    expect(isUnconfirmedOnAir(reading(model([connected('a')], lost), 16))).toBe(false);
    expect(said(model([a]), model([a], lost))).toEqual([]);
    expect([contactLost(reading(model([a], lost), 16))]).toEqual([
      {
        tag: 'sharing',
        title: 'Sharing – not confirmed',
        body: 'Contact with Genesys is lost. People may still see your screen.',
        key: a.key,
        urgent: true,
        silent: false,
        confirmed: false,
      },
    ]);
  });

  it('begun or ended by the agent needs no announcement', () => {
    expect(said(model([connected('a')]), model([sharing('a')]))).toEqual([]);
    expect(said(model([sharing('a')]), model([connected('a')]))).toEqual([]);
  });

  it('going on keeps customers and words out of every announcement', () => {
    const a = sharing('a');
    const b = due('b');
    const theirs = { code: 'x', name: 'Their code', notes: 'their notes' };
    const before = model([a, b], { submissions: [submission(b, { notes: 'my notes' })] });
    const after = model([a, b, alerting('c'), due('d')], {
      submissions: [submission(b, { notes: 'my notes', state: 'conflict', theirs })],
    });
    const all = said(before, after);
    expect(all.map(({ tag }) => tag).sort()).toEqual(['alerting', 'conflict', 'wrapUp']);
    expect(all.map(({ body }) => body).sort()).toEqual(['', '', 'Open Sharelight to answer.']);
    expect(JSON.stringify(all)).not.toMatch(/Ana|notes|Their/);
  });

  it('reminds by the minutes reached', () => {
    expect(remindersDue(0, 4 * 60_000, [5, 15])).toEqual([]);
    expect(remindersDue(0, 5 * 60_000, [5, 15])).toEqual([5]);
    expect(remindersDue(0, 60 * 60_000, [5, 15])).toEqual([5, 15]);
    const { status } = reading(model([sharing('a')]), 16);
    expect(stillSharing(status, 5)).toMatchObject({
      tag: 'sharing',
      title: 'You are still sharing',
      body: 'You have been sharing your screen for 5 minutes.',
      urgent: true,
    });
  });

  it('reminds no surer than it is known while contact is lost', () => {
    const { status } = reading(model([sharing('a')], lost), 16);
    const reminder = stillSharing(status, 5);
    expect(reminder.title).toBe('Sharing – not confirmed');
    expect(reminder.body).toMatch(
      /^You may have been sharing your screen for 5 minutes\. Last confirmed \d\d:\d\d:\d\d\.$/,
    );
    expect(JSON.stringify(reminder)).not.toMatch(/has been|still sharing/i);
  });
});

describe('a missed alert', () => {
  const ends = (name: string, disconnectType: string): Communication =>
    about(name, { leg: { state: 'terminated', disconnectType, disconnectedTime: at(15) } });

  it('is announced once, quietly, with why and what to do', () => {
    const missed = ends('a', 'timeout');
    expect(said(model([alerting('a')]), model([missed]))).toEqual([
      {
        tag: 'missed',
        title: 'Missed screen share',
        body: 'Not answered in time · Ana Lima · Billing · Genesys may have set you to Not Responding. Go On Queue to get calls again.',
        key: missed.key,
        urgent: false,
        silent: true,
      },
    ]);
    expect(said(model([missed]), model([missed]))).toEqual([]);
  });

  it('says what to do and names nobody while on air', () => {
    const [announced] = said(
      model([sharing('b'), alerting('a')]),
      model([sharing('b'), ends('a', 'timeout')]),
    );
    expect(announced?.body).toBe(
      'Genesys may have set you to Not Responding. Go On Queue to get calls again.',
    );
  });

  it.each(['client', 'endpoint'])('the agent declined (%s) is none to them', (disconnectType) => {
    expect(said(model([alerting('a')]), model([ends('a', disconnectType)]))).toEqual([]);
  });

  it('of an earlier run is no news', () => {
    const before = { startedAt: ms(16) };
    expect(said(model([], before), model([ends('a', 'timeout')], before))).toEqual([]);
  });
});

describe('an announcement on the screen', () => {
  const lost = { link: { kind: 'stale' } } as const;
  const shown = (was: KnownState, now: KnownState): Announcement => {
    const [announcement] = said(was, now);
    if (!announcement) throw new Error('Nothing was announced.');
    return announcement;
  };
  const by = (announcement: Announcement, now: KnownState): Announcement | null =>
    upToDate(announcement, reading(now, 16));

  it('stays as it is while it is true', () => {
    const wrapUp = shown(model(), model([due('a')]));
    expect(by(wrapUp, model([due('a'), due('b')]))).toBe(wrapUp);
    const alert = shown(model(), model([alerting('a')]));
    expect(by(alert, model([alerting('a')]))).toBe(alert);
    expect(by(alert, model([alerting('a'), alerting('b')]))).toMatchObject({
      title: '2 incoming screen shares',
      key: alert.key,
      silent: true,
    });
  });

  it('goes with what it was about', () => {
    expect(by(shown(model(), model([due('a')])), model())).toBeNull();
    expect(by(shown(model(), model([alerting('a')])), model([connected('a')]))).toBeNull();
    // The one that still rings keeps a pointer.
    expect(by(shown(model(), model([alerting('a')])), model([alerting('b')]))).toMatchObject({
      tag: 'alerting',
      key: 'b/participant-1/leg-1',
      silent: true,
    });
  });

  it('that names a customer does not outlast the moment the screen goes on air', () => {
    const onAir = [sharing('b')];
    const wrapUp = shown(model(), model([due('a')]));
    expect(wrapUp.body).toContain('Ana Lima');
    expect(by(wrapUp, model([due('a'), ...onAir]))).toBeNull();
    const alert = shown(model(), model([alerting('a')]));
    expect(by(alert, model([alerting('a'), ...onAir]))).toMatchObject({
      tag: 'alerting',
      body: 'Open Sharelight to answer.',
    });
    // Said without names while on air it may stay.
    const discreet = shown(model(onAir), model([...onAir, due('a')]));
    expect(by(discreet, model([...onAir, due('a')]))).toBe(discreet);
  });

  it('about a share claims no more and no less than is known', () => {
    const a = sharing('a');
    const sure = stillSharing(reading(model([a]), 16).status, 5);
    expect(by(sure, model([a]))).toBe(sure);
    expect(by(sure, model([a], lost))).toBeNull();
    const unsure = contactLost(reading(model([a], lost), 16));
    expect(by(unsure, model([a], lost))).toBe(unsure);
    expect(by(unsure, model([a]))).toBeNull();
  });
});

describe('the end of after-call work', () => {
  const timed = (name: string, limitMs: number, policy = 'timeout'): Communication =>
    about(name, {
      leg: ended,
      agent: { wrapupPrompt: policy, wrapupTimeoutMs: limitMs, startAcwTime: at(15) },
    });
  const warnings = (now: KnownState): unknown[] =>
    acwWarnings(reading(now, 16)).map(({ key, at: when }) => [key.split('/')[0], when]);

  it('is warned of 20 s before', () => {
    expect(warnings(model([timed('a', 60_000)]))).toEqual([['a', ms(55)]]);
    const [warning] = acwWarnings(reading(model([timed('a', 60_000)]), 16));
    expect(warning?.said(ms(55))).toMatchObject({ tag: 'wrapUp', title: '20 s left to wrap up' });
    expect(warning?.said(ms(68))).toMatchObject({ title: '7 s left to wrap up' });
    expect(warning?.said(ms(75))).toBeNull();
  });

  it('is warned of also when it was put off; not when it is decided, too short, or without limit', () => {
    const a = timed('a', 60_000);
    expect(warnings(model([a], { postponed: [a.key] }))).toHaveLength(1);
    expect(warnings(model([a], { submissions: [submission(a)] }))).toEqual([]);
    const forced = timed('b', 60_000, 'forcedTimeout');
    expect(warnings(model([forced]))).toHaveLength(1);
    expect(warnings(model([forced], { submissions: [submission(forced)] }))).toEqual([]);
    expect(warnings(model([timed('c', 20_000)]))).toEqual([]);
    expect(warnings(model([due('d')]))).toEqual([]);
  });

  it('names nobody while on air', () => {
    const [warning] = acwWarnings(reading(model([timed('a', 60_000), sharing('b')]), 16));
    expect(warning?.said(ms(55))?.body).toBe('');
  });
});

describe('a beginning', () => {
  it('announces what is there: after a restart nothing that waits is silent', () => {
    const starting = model([], {
      everLive: false,
      link: { kind: 'connecting', attempt: 0 },
      lastContactAt: null,
    });
    expect(summary(starting, model([due('a'), alerting('b')]))).toEqual([
      ['alerting', 'b'],
      ['wrapUp', 'a'],
    ]);
  });
});
