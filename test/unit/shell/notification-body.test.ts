import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { createNotificationBody } from '../../../electron/shell/dbus.ts';

type Answer = (error: Error | null, stdout: string) => void;
const bus = vi.hoisted(() => ({ answers: [] as Answer[] }));
vi.mock('node:child_process', () => ({
  execFile: (_file: string, _args: readonly string[], _options: object, answer: Answer) =>
    bus.answers.push(answer),
  spawn: vi.fn(),
}));
afterEach(() => bus.answers.splice(0));

/** The last question is answered, and the answer is heard. */
async function answer(...answers: Parameters<Answer>): Promise<void> {
  bus.answers.at(-1)?.(...answers);
  await setImmediate();
}

const name = 'R&D <b>urgent</b> > all';
const escaped = 'R&amp;D &lt;b&gt;urgent&lt;/b&gt; &gt; all';

it('is written as the service of the desktop takes it, another service that comes included', async () => {
  const bodyFor = createNotificationBody('linux');
  expect(bodyFor(name)).toBe(escaped);
  await answer(null, "(['actions', 'body', 'persistence'],)");
  expect(bodyFor(name)).toBe(name);
  await answer(null, "(['actions', 'body', 'body-markup'],)");
  expect(bodyFor(name)).toBe(escaped);
  await answer(new Error('nobody answers'), '');
  expect(bodyFor(name)).toBe(escaped);
});

it.each(['win32', 'darwin'] as const)('is plain on %s', (platform) => {
  expect(createNotificationBody(platform)(name)).toBe(name);
  expect(bus.answers).toEqual([]);
});
