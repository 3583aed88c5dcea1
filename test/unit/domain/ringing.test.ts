import { describe, expect, it } from 'vitest';
import { ringingAt } from '../../../domain/present/ringing.ts';
import { model, reading } from './known.ts';
import { at, live, ms, one, type Told } from './wire.ts';

describe('what rings', () => {
  const about = (name: string, told: Told) => one({ ...told, conversation: { id: name } });
  const alerting = (name: string, agent: object = { alertingTimeoutMs: 8000 }) =>
    about(name, { leg: { state: 'alerting', startAlertingTime: at(10) }, agent });
  const rings = (seconds: number, link: 'live' | 'stale', ...all: ReturnType<typeof one>[]) =>
    ringingAt(reading(model(all, { link: { kind: link } }), seconds), ms(seconds));
  const key = 'a/participant-1/leg-1';

  it('is an alert, as long as the server says so, whatever its time to answer was', () => {
    for (const seconds of [12, 17, 19, 60])
      expect(rings(seconds, 'live', alerting('a'))).toEqual({ key, until: null });
    expect(rings(12, 'live', about('a', { leg: live }))).toBeNull();
  });

  it('goes on after contact is lost until its time to answer is over, and rings again with contact', () => {
    expect(rings(12, 'stale', alerting('a'))).toEqual({ key, until: ms(18) });
    expect(rings(17.9, 'stale', alerting('a'))).toEqual({ key, until: ms(18) });
    expect(rings(18, 'stale', alerting('a'))).toBeNull();
    expect(rings(19, 'live', alerting('a'))?.key).toBe(key);
  });

  it('never rings for ever where nobody knows how long there is to answer', () => {
    expect(rings(39, 'stale', alerting('a', {}))).toEqual({ key, until: ms(40) });
    expect(rings(40, 'stale', alerting('a', {}))).toBeNull();
  });

  it('is the next one once the first is over', () => {
    const later = about('b', {
      leg: { state: 'alerting', startAlertingTime: at(15) },
      agent: { alertingTimeoutMs: 8000 },
    });
    expect(rings(20, 'stale', alerting('a'), later)).toMatchObject({ until: ms(23) });
    expect(rings(23, 'stale', alerting('a'), later)).toBeNull();
  });
});
