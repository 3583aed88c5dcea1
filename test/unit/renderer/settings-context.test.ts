import { expect, it } from 'vitest';
import type { BridgeOf } from '../../../domain/ipc/contract.ts';
import { settingsCommand } from '../../../renderer/settings/settings-context.ts';

type Answer = Awaited<ReturnType<BridgeOf<'settings'>['changeSettings']>>;
const answering = (answer: Answer) => settingsCommand(() => Promise.resolve(answer));

it('a change that is kept is in force, with nothing to say', async () => {
  const { fire, store } = answering({ ok: true, value: { notKept: '' } });
  await expect(fire({ theme: 'dark' })).resolves.toBe(true);
  expect(store.getState()).toEqual({ busy: false, problem: '' });
});

it('one that cannot be kept is in force all the same, and says so', async () => {
  const { fire, store } = answering({ ok: true, value: { notKept: 'The disk is full.' } });
  await expect(fire({ clientId: 'mine' })).resolves.toBe(true);
  expect(store.getState()).toEqual({ busy: false, problem: 'The disk is full.' });
});

it('one that is refused is not, and says why', async () => {
  const { fire, store } = answering({ ok: false, reason: 'Your organisation has set this.' });
  await expect(fire({ theme: 'dark' })).resolves.toBe(false);
  expect(store.getState()).toEqual({ busy: false, problem: 'Your organisation has set this.' });
});

it('one change at a time', async () => {
  let answer = (_reply: Answer): void => undefined;
  const { fire } = settingsCommand(() => new Promise((resolve) => (answer = resolve)));
  const first = fire({ theme: 'dark' });
  await expect(fire({ theme: 'light' })).resolves.toBe(false);
  answer({ ok: true, value: { notKept: '' } });
  await expect(first).resolves.toBe(true);
});
