import { describe, expect, it, vi } from 'vitest';
import type { Tokens } from '../../../../domain/account.ts';
import { SignInProblem } from '../../../../electron/feed/genesys/auth/sign-in-problem.ts';
import { createTokenKeeper, type TokenKeeper } from '../../../../electron/feed/genesys/auth/token-renewal.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

const hourMs = 3_600_000;

interface Kept {
  readonly keeper: TokenKeeper;
  readonly clock: ManualClock;
  readonly refresh: ReturnType<typeof vi.fn<(refreshToken: string) => Promise<Tokens>>>;
  readonly changed: ReturnType<typeof vi.fn<(tokens: Tokens | null) => void>>;
  readonly ended: ReturnType<typeof vi.fn<() => void>>;
}

function keep(over: Partial<Tokens> = {}): Kept {
  const clock = createManualClock();
  let issued = 0;
  const issue = (): Tokens => {
    issued += 1;
    const obtainedAt = clock.now();
    return {
      accessToken: `access-${String(issued)}`,
      refreshToken: `refresh-${String(issued)}`,
      obtainedAt,
      expiresAt: obtainedAt + hourMs,
    };
  };
  const refresh = vi.fn(() => Promise.resolve(issue()));
  const changed = vi.fn();
  const ended = vi.fn();
  const keeper = createTokenKeeper({ tokens: { ...issue(), ...over }, refresh, changed, ended, clock });
  return { keeper, clock, refresh, changed, ended };
}

describe('a refresh token', () => {
  it('is used ahead of the end, by itself, and what comes of it is kept', async () => {
    const { keeper, clock, refresh, changed } = keep();
    expect(await keeper.current()).toBe('access-1');
    await clock.advance(hourMs - 5 * 60_000 - 1);
    expect(refresh).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(refresh).toHaveBeenCalledExactlyOnceWith('refresh-1');
    expect(await keeper.current()).toBe('access-2');
    expect(changed).toHaveBeenLastCalledWith(expect.objectContaining({ refreshToken: 'refresh-2' }));
  });

  it('is used once, however many requests were refused together', async () => {
    const { keeper, refresh } = keep();
    const renewed = await Promise.all([1, 2, 3].map(() => keeper.renew('access-1')));
    expect(renewed).toEqual(['access-2', 'access-2', 'access-2']);
    expect(refresh).toHaveBeenCalledTimes(1);
    // A late answer to the old token finds the new one there.
    expect(await keeper.renew('access-1')).toBe('access-2');
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('that is worth nothing ends the tokens, and is not tried again', async () => {
    const { keeper, refresh, changed } = keep();
    refresh.mockRejectedValueOnce(new SignInProblem('refused', 'no'));
    expect(await keeper.renew('access-1')).toBeNull();
    expect(changed).toHaveBeenLastCalledWith(null);
    expect(await keeper.current()).toBe('');
    expect(await keeper.renew('access-1')).toBeNull();
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('waits for a server that is away: the old token serves to its end, then there is a reason', async () => {
    const { keeper, clock, refresh } = keep();
    refresh.mockRejectedValue(new SignInProblem('unreachable', 'login.example cannot be reached.'));
    await clock.advance(hourMs - 60_000);
    expect(await keeper.current()).toBe('access-1');
    await clock.advance(60_000);
    await expect(keeper.current()).rejects.toMatchObject({
      kind: 'unreachable',
      reason: 'login.example cannot be reached.',
      mayHaveArrived: false,
    });
  });

  it('on its way when the person signs out brings nothing back', async () => {
    const { keeper, refresh, changed } = keep();
    let answer: (tokens: Tokens) => void = () => undefined;
    refresh.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const renewing = keeper.renew('access-1');
    expect(keeper.drop()?.accessToken).toBe('access-1');
    answer({ accessToken: 'late', refreshToken: 'late', obtainedAt: 0, expiresAt: null });
    expect(await renewing).toBeNull();
    expect(await keeper.current()).toBe('');
    expect(changed).not.toHaveBeenCalled();
  });
});

describe('without a refresh token', () => {
  it('the server is asked at the end, and a 401 means signing in again', async () => {
    const { keeper, clock, refresh, ended } = keep({ refreshToken: null });
    await clock.advance(hourMs - 1);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(await keeper.current()).toBe('access-1');
    expect(await keeper.renew('access-1')).toBeNull();
    expect(refresh).not.toHaveBeenCalled();
  });

  it('signing in again goes on at once', async () => {
    const { keeper, clock, changed } = keep({ refreshToken: null, expiresAt: null });
    expect(clock.pending).toEqual([]);
    const tokens = { accessToken: 'new', refreshToken: null, obtainedAt: clock.now(), expiresAt: null };
    keeper.replace(tokens);
    expect(await keeper.current()).toBe('new');
    expect(changed).toHaveBeenLastCalledWith(tokens);
  });
});

it('nothing is planned any more once it stopped', () => {
  const { keeper, clock } = keep();
  expect(clock.pending).toHaveLength(1);
  keeper.stop();
  expect(clock.pending).toEqual([]);
});
