import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHandOver, readHandOverReply, targetOf, verbs } from '../../../domain/hand-over.ts';
import { done, refused } from '../../../domain/toolbox/result.ts';
import { model, reading } from './known.ts';
import { at, live, one } from './wire.ts';

const id = 'abcdef0123456789'.repeat(2);

describe('what another process hands over', () => {
  it.each(verbs)('%s is taken', (verb) => {
    expect(readHandOver({ verb, id })).toEqual({ verb, id });
  });

  it.each([
    null,
    undefined,
    'answer',
    ['answer', id],
    {},
    { verb: 'answer' },
    { verb: 'quit', id },
    { verb: ['answer'], id },
    { verb: 'answer', id: '../../preferences' },
    { verb: 'answer', id: `${id}/../x` },
    { verb: 'answer', id: `${id}\n` },
    { verb: 'answer', id: id.toUpperCase() },
    { verb: 'answer', id: [id] },
    { verb: 'toString', id },
    { verb: 'answer', id, key: 'conversation-1' },
  ])('%j is not', (data) => {
    expect(readHandOver(data)).toBeNull();
  });

  it('anything else is not either, and breaks nothing', () => {
    const isRefused = (data: unknown): void => {
      expect(readHandOver(data)).toBeNull();
    };
    fc.assert(fc.property(fc.anything(), isRefused));
    fc.assert(fc.property(fc.record({ verb: fc.anything(), id: fc.anything() }), isRefused));
  });
});

describe('a reply', () => {
  it('is done, or why not in one line that is not endless', () => {
    expect(readHandOverReply(JSON.stringify(done))).toEqual(done);
    expect(readHandOverReply(JSON.stringify(refused('No network.')))).toEqual(refused('No network.'));
    const endless = readHandOverReply(JSON.stringify(refused('x'.repeat(9_999))));
    expect(endless?.ok === false && endless.reason.length).toBe(500);
  });

  it.each(['', 'null', '[]', '{"ok":"true"}', '{"ok":false}', '{"ok":true', '7'])('%s is none', (text) => {
    expect(readHandOverReply(text)).toBeNull();
  });
});

describe('the communication that is meant', () => {
  const alerting = one({ leg: { state: 'alerting', startAlertingTime: at(0) }, conversation: { id: 'a' } });
  const share = one({ leg: { ...live, sharing: true }, conversation: { id: 's' } });

  it('is the most urgent one it can be done to, also behind another', () => {
    const state = reading(model([share, alerting]), 16);
    expect(targetOf('stop', state)).toMatchObject({ action: 'stopSharing', line: { key: share.key } });
    expect(targetOf('answer', state)).toMatchObject({ action: 'answer', line: { key: alerting.key } });
    expect(targetOf('decline', state)).toMatchObject({ action: 'decline', line: { key: alerting.key } });
  });

  it('is none where nothing can be done', () => {
    const state = reading(model(), 16);
    expect([targetOf('stop', state), targetOf('answer', state)]).toEqual([null, null]);
  });
});
