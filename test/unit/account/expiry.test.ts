import { expect, it } from 'vitest';
import type { Tokens } from '../../../domain/account.ts';
import { createExpiryWatch } from '../../../electron/account/expiry.ts';
import { createManualClock } from '../feed/manual-clock.ts';

const minute = 60_000;

function following() {
  const clock = createManualClock();
  const told: (number | null)[] = [];
  const expiry = createExpiryWatch({ near: (endsAt) => told.push(endsAt), clock });
  const lasting = (ms: number, refreshToken: string | null = null): Tokens => ({
    accessToken: 'a',
    refreshToken,
    obtainedAt: clock.now(),
    expiresAt: clock.now() + ms,
  });
  return { clock, told, expiry, lasting };
}

it('tells the end five minutes before it, once, and takes it back when it has come', async () => {
  const { clock, told, expiry, lasting } = following();
  const tokens = lasting(60 * minute);
  expiry.follow(tokens);
  await clock.advance(55 * minute - 1);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([tokens.expiresAt]);
  await clock.advance(5 * minute);
  expect(told).toEqual([tokens.expiresAt, null]);
  await clock.advance(60 * minute);
  expect(told).toHaveLength(2);
});

it('follows the next sign-in, and none', async () => {
  const { clock, told, expiry, lasting } = following();
  const first = lasting(3 * minute);
  expiry.follow(first);
  expiry.follow(lasting(60 * minute));
  expect(told).toEqual([first.expiresAt, null]);
  expiry.follow(null);
  await clock.advance(120 * minute);
  expect(told).toHaveLength(2);
});

it('says nothing of a sign-in that is renewed, never ends or has ended', async () => {
  const { clock, told, expiry, lasting } = following();
  for (const tokens of [lasting(minute, 'refresh'), { ...lasting(minute), expiresAt: null }, lasting(0)]) {
    expiry.follow(tokens);
    await clock.advance(10 * minute);
  }
  expect(told).toEqual([]);
});

it('waits for an end that is further away than a timer can', async () => {
  const { clock, told, expiry, lasting } = following();
  const days = 24 * 60 * minute;
  const tokens = lasting(40 * days);
  expiry.follow(tokens);
  await clock.advance(39 * days);
  expect(told).toEqual([]);
  await clock.advance(days - 5 * minute);
  expect(told).toEqual([tokens.expiresAt]);
});
