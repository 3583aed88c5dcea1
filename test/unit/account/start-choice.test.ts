import { describe, expect, it } from 'vitest';
import { asksFirst } from '../../../electron/account/start-choice.ts';

const flags = { feed: null, api: null, login: null, userDataDir: null, firstRun: null };
const asks = (change: Partial<Parameters<typeof asksFirst>[0]['flags']>, token: string | null = null) =>
  asksFirst({ flags: { ...flags, ...change }, token, isKnown: false });

describe('the first window asks what to do', () => {
  it('at a person’s own first start, and never again', () => {
    expect(asks({})).toBe(true);
    expect(asksFirst({ flags, token: null, isKnown: true })).toBe(false);
  });

  it('not where it was said where facts come from, or where they are kept', () => {
    expect(asks({ feed: 'simulator' })).toBe(false);
    expect(asks({ feed: 'genesys' })).toBe(false);
    expect(asks({ api: new URL('https://api.mypurecloud.de') })).toBe(false);
    expect(asks({}, 'token')).toBe(false);
    expect(asks({ userDataDir: '/tmp/a' })).toBe(false);
  });

  it('unless somebody says whether it does', () => {
    expect(asks({ userDataDir: '/tmp/a', firstRun: 'ask' })).toBe(true);
    expect(asks({ firstRun: 'demo' })).toBe(false);
    expect(asks({ feed: 'simulator', firstRun: 'ask' })).toBe(false);
  });
});
