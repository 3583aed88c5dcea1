import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startSimulator,
  type RunningSimulator,
  type SimulatorOptions,
} from '../../../electron/feed/simulator/server.ts';
import { agentOf } from '../../../electron/feed/simulator/world.ts';
import { call, listen } from './client.ts';

let folder: string;
let stateFile: string;
let wall: number;
let log: string[];
const running: RunningSimulator[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  stateFile = join(folder, 'world.json');
  wall = Date.UTC(2026, 2, 2, 9, 0, 0);
  log = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
  rmSync(folder, { recursive: true });
});

/** A service that runs, by its injected clock, at the speed of real time. */
async function start(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const simulator = await startSimulator({
    scenario: 'idle',
    seed: 7,
    stateFile,
    now: () => wall,
    log: (line) => log.push(line),
    ...options,
  });
  running.push(simulator);
  return simulator;
}

describe('a saved world', () => {
  it('has every command before its answer was sent, without being closed', async () => {
    const first = await start();
    const { conversationId, participantId } = first.control.begin();
    await call(first, 'PATCH', `/api/v2/conversations/${conversationId}/participants/${participantId}`, {
      state: 'connected',
    });
    const second = await start();
    expect(second.control.world.conversations).toMatchObject([{ id: conversationId, phase: 'connected' }]);
    expect(second.accessToken).toBe(first.accessToken);
  });

  it('went on while nobody ran it: what fell due happened in order and at its own time', async () => {
    const first = await start();
    const begin = wall;
    first.control.begin({
      policy: 'timeout',
      timeoutMs: 60_000,
      script: {
        alerting: [{ afterMs: 5_000, act: { do: 'answer' } }],
        connected: [{ afterMs: 30_000, act: { do: 'disconnect', type: 'peer' } }],
      },
    });
    await first.close();
    wall += 3_600_000;
    const { control } = await start();
    const [conversation] = control.world.conversations;
    if (!conversation) throw new Error('It was forgotten');
    expect(conversation.phase).toBe('over');
    const { leg } = agentOf(conversation);
    expect([leg.connectedTime, leg.afterCallWork.startTime, leg.afterCallWork.endTime]).toEqual([
      begin + 5_000,
      begin + 35_000,
      begin + 95_000,
    ]);
  });

  it('begins no new contact while nobody listens', async () => {
    const first = await start({ scenario: 'demo' });
    const { socket } = await listen(first);
    await first.control.when(({ agenda }) => agenda.length > 0);
    socket.terminate();
    await first.control.when(({ watched }) => !watched);
    await first.close();
    wall += 24 * 3_600_000;
    const second = await start({ scenario: 'demo' });
    expect(second.control.world.conversations).toEqual([]);
    await listen(second);
    expect(second.control.world.conversations).toMatchObject([{ phase: 'alerting', startTime: wall }]);
  });

  it('of another scenario is not resumed', async () => {
    const first = await start();
    first.control.begin();
    await first.close();
    expect((await start({ scenario: 'first-share' })).control.world.conversations).toEqual([]);
  });

  it.each(['{"half', '[]', '{"world":{"version":99},"simulatedAt":1,"wallAt":1}'])(
    'that cannot be read is kept aside: %s',
    async (content) => {
      writeFileSync(stateFile, content);
      const { control } = await start();
      expect(control.world.conversations).toEqual([]);
      expect(readFileSync(`${stateFile}.unreadable`, 'utf8')).toBe(content);
      expect(log).toEqual([expect.stringContaining('.unreadable')]);
    },
  );

  it('is its owner’s alone, and leaves no other file behind', async () => {
    await (await start()).close();
    expect(readdirSync(folder)).toEqual(['world.json']);
    expect(statSync(stateFile).mode & 0o077).toBe(0);
  });

  it('that cannot be written is said, and the service goes on', async () => {
    const simulator = await start({ stateFile: join(folder, 'no-such-folder', 'world.json') });
    simulator.control.begin();
    expect((await call(simulator, 'GET', '/api/v2/conversations')).status).toBe(200);
    expect(log.join('\n')).toContain('could not be saved');
  });
});
