import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../electron/feed/simulator/faults.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import {
  call,
  conversationsTopic,
  listen,
  still,
  type ErrorDocument,
  type Frame,
  type Listener,
} from './client.ts';

let simulator: RunningSimulator;
let listener: Listener;
beforeEach(async () => {
  simulator = await still({ heartbeatMs: 20 });
  listener = await listen(simulator);
});
afterEach(() => simulator.close());

const isEvent = ({ topicName }: Frame): boolean => topicName === conversationsTopic(simulator);

/** The customers' names in the order in which their events came. */
const arrived = (): unknown[] =>
  listener
    .frames()
    .filter(isEvent)
    .map(({ eventBody }) => eventBody?.participants?.[0]?.['name']);

/** A frame that comes behind everything sent before it. */
async function fence(): Promise<void> {
  simulator.control.faults.clear();
  const { conversationId } = simulator.control.begin({ customer: 'Fence' });
  await listener.next(({ eventBody }) => eventBody?.['id'] === conversationId);
}

function faults(...given: Omit<Fault, 'on'>[]): void {
  simulator.control.faults.set(...given.map((fault): Fault => ({ on: 'event', ...fault })));
}

describe('events', () => {
  it('are dropped as often as asked', async () => {
    faults({ kind: 'drop', times: 1 });
    simulator.control.begin({ customer: 'One' });
    simulator.control.begin({ customer: 'Two' });
    await listener.next(isEvent);
    expect(arrived()).toEqual(['Two']);
  });

  it('come without participants', async () => {
    faults({ kind: 'bare', times: 1 });
    simulator.control.begin({ customer: 'One' });
    const { eventBody } = await listener.next(isEvent);
    expect(eventBody).toHaveProperty('id');
    expect(eventBody).not.toHaveProperty('participants');
  });

  it('come twice', async () => {
    faults({ kind: 'duplicate', times: 1 });
    simulator.control.begin({ customer: 'One' });
    await listener.next(isEvent);
    await fence();
    expect(arrived()).toEqual(['One', 'One', 'Fence']);
    const [first, second] = listener.frames().filter(isEvent);
    expect(second).toEqual(first);
  });

  it('come in the wrong order', async () => {
    faults({ kind: 'reorder', times: 1 });
    simulator.control.begin({ customer: 'One' });
    simulator.control.begin({ customer: 'Two' });
    await listener.next((frame) => isEvent(frame) && arrived().length === 2);
    expect(arrived()).toEqual(['Two', 'One']);
  });

  it('come late', async () => {
    faults({ kind: 'delay', times: 1, ms: 30 });
    simulator.control.begin({ customer: 'One' });
    simulator.control.begin({ customer: 'Two' });
    await listener.next((frame) => isEvent(frame) && arrived().length === 2);
    expect(arrived()).toEqual(['Two', 'One']);
  });

  it('are preceded by garbage', async () => {
    faults({ kind: 'garbage', times: 1 });
    simulator.control.begin({ customer: 'One' });
    await listener.next(isEvent);
    const events = listener.texts.filter((text) => !text.includes('channel.metadata'));
    expect(() => JSON.parse(events[0] ?? '') as unknown).toThrow(SyntaxError);
    expect(arrived()).toEqual(['One']);
  });

  it('are malformed, differently each time, and the truth is not', async () => {
    faults({ kind: 'malformed' });
    for (let count = 0; count < 12; count += 1) simulator.control.begin({ customer: 'Whole' });
    await listener.next(() => listener.frames().filter(isEvent).length === 12);
    const broken = listener.frames().filter(isEvent);
    const whole = broken.filter(({ eventBody }) => {
      const participants: unknown = eventBody?.participants;
      return (
        typeof eventBody?.['id'] === 'string' &&
        Array.isArray(participants) &&
        participants.length === 3 &&
        participants[0] !== null
      );
    });
    expect(whole.filter(({ eventBody }) => eventBody?.participants?.[0]?.['name'] === 'Whole')).toEqual([]);
    expect(new Set(broken.map(({ eventBody }) => typeof eventBody?.participants)).size).toBeGreaterThan(1);
    const list = await call<{ total: number; entities: { participants: unknown[] }[] }>(
      simulator,
      'GET',
      '/api/v2/conversations',
    );
    expect(list.body.entities.every(({ participants }) => participants.length === 3)).toBe(true);
  });

  it('by chance strike the same ones for the same seed', async () => {
    const story = async (): Promise<number[]> => {
      const one = await still({ seed: 'chance' });
      const ear = await listen(one);
      one.control.faults.set({ on: 'event', kind: 'drop', probability: 0.5 });
      for (let count = 0; count < 20; count += 1) one.control.begin({ customer: String(count) });
      // Drawn in order when the events leave, hence known once the last act is done and flushed.
      await new Promise(setImmediate);
      one.control.faults.clear();
      one.control.begin({ customer: '99' });
      await ear.next(({ eventBody }) => eventBody?.participants?.[0]?.['name'] === '99');
      await one.close();
      return ear.frames().flatMap(({ eventBody }) => Number(eventBody?.participants?.[0]?.['name'] ?? []));
    };
    const told = await story();
    expect(told.length).toBeGreaterThan(3);
    expect(told.length).toBeLessThan(19);
    expect(await story()).toEqual(told);
  });

  it('reach only the topic that is meant', async () => {
    const flat = `${conversationsTopic(simulator)}.screenshares`;
    const both = await listen(simulator, [conversationsTopic(simulator), flat]);
    faults({ kind: 'drop', path: '.screenshares' });
    simulator.control.begin();
    await both.next(isEvent);
    await fence();
    await both.next(({ topicName }) => topicName === flat);
    expect(both.frames().filter(({ topicName }) => topicName === flat)).toHaveLength(1);
    expect(both.frames().filter(isEvent)).toHaveLength(2);
  });
});

describe('silence', () => {
  it('swallows heartbeats, pongs and events, until it is lifted', async () => {
    await listener.next(({ eventBody }) => eventBody?.['message'] === 'WebSocket Heartbeat');
    faults({ kind: 'silence' });
    const before = listener.texts.length;
    simulator.control.begin({ customer: 'Unheard' });
    listener.socket.send('{"message":"ping"}');
    // A request made now is answered after the socket's frames before it were read and acted upon.
    await call(simulator, 'GET', '/api/v2/users/me');
    expect(listener.texts).toHaveLength(before);
    simulator.control.faults.clear();
    listener.socket.send('{"message":"ping"}');
    await listener.next(({ eventBody }) => eventBody?.['message'] === 'pong');
    expect(listener.texts.filter((text) => text.includes('pong'))).toHaveLength(1);
    expect(arrived()).toEqual([]);
  });
});

describe('requests', () => {
  const http = (fault: Omit<Fault, 'on'>): void => simulator.control.faults.set({ on: 'http', ...fault });

  it.each([500, 503, 504, 401])('fail with %i as the service words it', async (status) => {
    http({ kind: 'status', status, times: 1 });
    const { status: got, body } = await call<ErrorDocument>(simulator, 'GET', '/api/v2/users/me');
    expect(got).toBe(status);
    expect(body).toMatchObject({ status, details: [], errors: [] });
    expect((await call(simulator, 'GET', '/api/v2/users/me')).status).toBe(200);
  });

  it('fail with 429 and Retry-After in whole seconds', async () => {
    http({ kind: 'status', status: 429, retryAfterS: 7 });
    const { status, headers, body } = await call<ErrorDocument>(simulator, 'GET', '/api/v2/users/me');
    expect([status, headers.get('retry-after'), body.code]).toEqual([429, '7', 'too.many.requests']);
  });

  it('only of one method and path', async () => {
    http({ kind: 'status', method: 'PATCH', path: '/participants/' });
    const { conversationId, participantId } = simulator.control.begin();
    const path = `/api/v2/conversations/${conversationId}/participants/${participantId}`;
    expect((await call(simulator, 'PATCH', path, { state: 'connected' })).status).toBe(503);
    expect((await call(simulator, 'GET', `${path}/wrapupcodes`)).status).toBe(200);
    expect(simulator.control.world.conversations[0]?.phase).toBe('alerting');
  });

  it.each([
    [true, 'connected'],
    [false, 'alerting'],
  ])('are never answered; the command took effect: %s', async (commit, phase) => {
    const { conversationId, participantId } = simulator.control.begin();
    http({ kind: 'timeout', method: 'PATCH', times: 1, commit });
    const path = `/api/v2/conversations/${conversationId}/participants/${participantId}`;
    const gaveUp = new AbortController();
    const request = fetch(simulator.apiUrl + path, {
      method: 'PATCH',
      signal: gaveUp.signal,
      headers: { Authorization: `Bearer ${simulator.accessToken}`, 'Content-Type': 'application/json' },
      body: '{"state":"connected"}',
    });
    request.catch(() => undefined);
    await simulator.control.when(({ faults: left }) => left.length === 0);
    if (commit)
      await listener.next(
        ({ eventBody }) => eventBody?.participants?.at(-1)?.['connectedTime'] !== undefined,
      );
    gaveUp.abort();
    await expect(request).rejects.toThrow(/abort/i);
    expect(simulator.control.world.conversations[0]?.phase).toBe(phase);
    expect(simulator.control.received().map(({ status }) => status)).toEqual(commit ? [0] : []);
  });

  it('answer HTML instead of JSON', async () => {
    http({ kind: 'html' });
    const { status, headers, text } = await call(simulator, 'GET', '/api/v2/users/me');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<html>');
  });

  it('answer under a wrong content type', async () => {
    http({ kind: 'contentType' });
    const { headers, text } = await call(simulator, 'GET', '/api/v2/users/me');
    expect(headers.get('content-type')).toBe('text/plain');
    expect(JSON.parse(text)).toMatchObject({ id: simulator.userId });
  });

  it('answer a malformed document', async () => {
    const { conversationId } = simulator.control.begin();
    http({ kind: 'malformed' });
    const answer = await call<{ id: unknown; participants: unknown }>(
      simulator,
      'GET',
      `/api/v2/conversations/${conversationId}`,
    );
    simulator.control.faults.clear();
    const truth = await call(simulator, 'GET', `/api/v2/conversations/${conversationId}`);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toEqual(truth.body);
  });

  it('answer late', async () => {
    http({ kind: 'slow', ms: 40 });
    const before = performance.now();
    expect((await call(simulator, 'GET', '/api/v2/users/me')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(39);
  });
});
