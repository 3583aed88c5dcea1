import { describe, expect, it } from 'vitest';
import type { CloudOffset } from '../../../domain/clocks/cloud-clock.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { Screenshare } from '../../../domain/model/screenshare.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { present } from '../../../domain/present/present.ts';
import type { AppState } from '../../../domain/state.ts';
import { explainFacts } from '../../../domain/words/explain.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { emptyModel } from '../../../electron/tracker/state.ts';
import { freshSettings } from '../domain/known.ts';
import { at, context, conversation, live, ms, one, type Told } from '../domain/wire.ts';

function shown(communication: Communication, seconds: number, change: Partial<KnownState> = {}): AppState {
  const model: KnownState = {
    ...emptyModel(
      { kind: 'genesys', demo: false },
      { theme: 'system', language: 'en', locale: 'en' },
      freshSettings,
    ),
    link: { kind: 'live' },
    everLive: true,
    communications: { [communication.key]: communication },
    ...change,
  };
  return present(model, ms(seconds)).state;
}

const over = { ...live, state: 'disconnected', disconnectType: 'peer', disconnectedTime: at(364) };

/** The agent's leg as first heard of so many seconds into the day. */
function heard(leg: Partial<Screenshare>, seconds: number): Communication {
  const [communication] = reduceConversation([], conversation({ leg }), context(seconds));
  if (!communication) throw new Error('nothing was folded');
  return communication;
}

describe('the card', () => {
  it('says why an alert was missed, who it was, and what to do', () => {
    const missed = one({
      leg: {
        state: 'disconnected',
        disconnectType: 'timeout',
        disconnectedTime: at(0),
        startAlertingTime: at(-8),
      },
    });
    const { status } = shown(missed, 1);
    expect(status).toMatchObject({ phase: 'missed', title: 'Missed screen share' });
    expect(status.detail).toBe('Not answered in time · Ana Lima · Billing');
    expect(status.next).toBe('Genesys may have set you to Not Responding. Go On Queue to get calls again.');
  });

  it('says how it ended above the wrap-up, and so does the prompt', () => {
    const { status, prompt } = shown(one({ leg: over }), 365);
    expect(status).toMatchObject({ who: ['Ana Lima', 'Billing'], detail: '' });
    expect(prompt?.ended).toBe('Customer left');
  });

  it('does not hide that the server contradicts itself, or says what nobody knows yet', () => {
    const contradictory = one({ leg: { ...live, disconnectType: 'client', disconnectedTime: at(364) } });
    expect(shown(contradictory, 365).status.detail).toContain(
      'Genesys says both “Connected” and “You ended it”',
    );
    const alertingOnAir = one({ leg: { state: 'alerting', sharing: true } });
    expect(shown(alertingOnAir, 1).status).toMatchObject({
      title: 'You are sharing',
      detail: 'Genesys also says: Alerting',
    });
    const newer = one({ leg: { ...live, state: 'levitating', afterCallWork: { state: 'dreaming' } } });
    expect(shown(newer, 1).status.detail).toMatch(/^Genesys says: levitating · After-call work: dreaming · /);
  });

  it.each<[string, Told]>([
    ['alerting', { leg: { state: 'alerting' } }],
    ['viewing', { leg: live }],
    ['sharing', { leg: { ...live, sharing: true } }],
    ['wrap-up', { leg: over }],
    ['missed', { leg: { state: 'terminated', disconnectType: 'error' } }],
  ])('speaks the words of the table while %s', (_what, told) => {
    const communication = one(told);
    const { status } = shown(communication, 5);
    const { glyph, words } = explainFacts(communication);
    expect(status.phase).toBe(glyph);
    expect(words.startsWith(status.title)).toBe(true);
  });
});

describe('looking back', () => {
  const done = { ...over, afterCallWork: { state: 'complete', startTime: at(364), endTime: at(378) } };

  it('marks a duration of two clocks, and no other', () => {
    const wrappedUp = heard(done, 378);
    expect(shown(wrappedUp, 379).status.detail).toMatch(/ · took 0:14$/);
    const unstamped = heard({ ...done, afterCallWork: { state: 'complete', endTime: at(378) } }, 378);
    expect(shown(unstamped, 379).status.detail).toMatch(/ · took ≈ 0:14$/);
    expect(shown(wrappedUp, 400).status.detail).toMatch(/^Last share \d\d:\d\d · ≈ 6 min · from Genesys$/);
  });

  it('is never negative, though the provider dates the end before the cloud connected it', () => {
    const backwards = heard({ ...done, disconnectedTime: at(-3600) }, 378);
    expect(shown(backwards, 500).status.detail).toContain('≈ 0 s');
  });

  it("tells times of day as the desktop's clock shows them now", () => {
    const lost = { link: { kind: 'stale' as const }, lastContactAt: ms(300) };
    const sharing = one({ leg: { ...live, sharing: true } });
    const moved = shown(sharing, 310, { ...lost, wallOffsetMs: -300_000 });
    expect(moved.status.detail).toContain(`Last confirmed ${timeOfDay(ms(0), 'en', true)}`);
    expect(shown(sharing, 310, lost).status.detail).toContain(
      `Last confirmed ${timeOfDay(ms(300), 'en', true)}`,
    );
  });
});

describe('a countdown', () => {
  it("ends when the cloud's clock says so, though only the provider dated the end, and wrongly", () => {
    const cloud: CloudOffset = { offsetMs: 60_000, uncertaintyMs: 0 };
    const fact = (seconds: number) => context(seconds - 60, { serverTime: at(seconds), cloud });
    const agent = { wrapupPrompt: 'timeout', wrapupTimeoutMs: 120_000 };
    const alive = reduceConversation([], conversation({ leg: live, agent }), fact(363));
    const [ended] = reduceConversation(
      alive,
      conversation({ leg: { ...over, disconnectedTime: at(64) }, agent }),
      fact(364),
    );
    // It ended between 363 and 364 by the cloud; this machine is a minute behind it.
    expect(ended && shown(ended, 305, { cloud }).prompt?.clock?.at).toBe(ms(363 + 120 - 60));
  });
});
