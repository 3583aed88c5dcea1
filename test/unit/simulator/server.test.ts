import { afterEach, describe, expect, it } from 'vitest';
import type { WrapupCode } from '../../../electron/feed/simulator/wire-types.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { call, listen, still, type Frame } from './client.ts';

let simulator: RunningSimulator;
afterEach(() => simulator.close());

const stateIs = (state: string) => (frame: Frame) => agentLeg(frame)?.['state'] === state;

function agentLeg(frame: Frame): Record<string, unknown> | undefined {
  const agent = frame.eventBody?.participants?.findLast(({ purpose }) => purpose === 'agent');
  return (agent?.['screenshares'] as Record<string, unknown>[] | undefined)?.[0];
}

describe('one share, from alert to wrap-up', () => {
  it('is told on the socket, listed over REST, and takes the wrap-up once', async () => {
    simulator = await still();
    const { control } = simulator;
    const listener = await listen(simulator);
    const { conversationId, participantId } = control.begin({
      policy: 'timeout',
      timeoutMs: 60_000,
      queue: 'Billing help',
    });
    await listener.next(stateIs('alerting'));

    const path = `/api/v2/conversations/${conversationId}/participants/${participantId}`;
    expect((await call(simulator, 'PATCH', path, { state: 'connected' })).status).toBe(202);
    await listener.next(stateIs('connected'));
    control.startSharing(1);
    await listener.next((frame) => agentLeg(frame)?.['sharing'] === true);
    control.advance(20_000);
    control.disconnect('peer');
    const ended = await listener.next(stateIs('disconnected'));
    expect(agentLeg(ended)).toMatchObject({
      sharing: false,
      disconnectType: 'peer',
      afterCallWork: { state: 'pending' },
    });

    const codes = (await call<WrapupCode[]>(simulator, 'GET', `${path}/wrapupcodes`)).body;
    control.advance(14_000);
    const wrapup = { code: codes[0]?.id, notes: 'done' };
    expect((await call(simulator, 'PATCH', path, { wrapup })).status).toBe(202);
    const wrapped = await listener.next(stateIs('terminated'));
    expect(agentLeg(wrapped)).toMatchObject({
      afterCallWork: { state: 'complete' },
      wrapup: { code: codes[0]?.id, notes: 'done', durationSeconds: 14 },
    });
    expect(control.wrapups(conversationId)).toEqual([
      expect.objectContaining({ by: 'client', participantId, communicationId: null, wrapup }),
    ]);
    expect((await call(simulator, 'GET', '/api/v2/conversations'))['body']['total']).toBe(0);
  });
});
