import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openLog } from '../../../electron/shell/log.ts';

interface Message {
  readonly level: string;
  readonly data: unknown[];
  readonly date: Date;
}
/** What electron-log was handed, its hooks applied. */
const written = vi.hoisted(() => [] as { level: string; text: string; date: Date }[]);
vi.mock('electron-log/main', () => {
  const hooks: ((message: Message) => Message)[] = [];
  const processMessage = (message: Message): void => {
    const { level, data, date } = hooks.reduce((said, hook) => hook(said), message);
    written.push({ level, text: data.join(' '), date });
  };
  const transports = { console: {}, ipc: {}, file: {} };
  return { default: { transports, hooks, processMessage } };
});

const events = ['uncaughtException', 'unhandledRejection'] as const;
type Event = (typeof events)[number];
type Listener = (error: unknown) => void;
const listenersOf = (event: Event): Listener[] => process.listeners(event as 'exit') as Listener[];

let folder: string;
let before: Record<Event, Listener[]>;
const ours = (event: Event): Listener[] =>
  listenersOf(event).filter((listener) => !before[event].includes(listener));

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-log-'));
  before = {
    uncaughtException: listenersOf('uncaughtException'),
    unhandledRejection: listenersOf('unhandledRejection'),
  };
  written.length = 0;
});
afterEach(() => {
  for (const event of events) for (const listener of ours(event)) process.off(event, listener);
  rmSync(folder, { recursive: true, force: true });
});

it('what is said before it is open is written then, with its own time, redacted and in order', async () => {
  vi.useFakeTimers({ now: 1_000 });
  const log = openLog(folder, true);
  log.info('first');
  log.warn('token=canary-1');
  expect(existsSync(path.join(folder, 'logs'))).toBe(false);
  vi.setSystemTime(9_000);
  vi.useRealTimers();
  await log.open();
  log.error('last');
  expect(written.map(({ level, text }) => [level, text])).toEqual([
    ['info', 'first'],
    ['warn', 'token=…'],
    ['error', 'last'],
  ]);
  expect(written[0]?.date.getTime()).toBe(1_000);
});

it('an error nobody caught opens it, and is there with its trace', async () => {
  openLog(folder, true);
  for (const caught of ours('uncaughtException')) caught(new Error('it broke'));
  await vi.waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toMatchObject({
    level: 'error',
    text: expect.stringMatching(/^uncaught: Error: it broke\n\s+at /) as string,
  });
});
