import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyBody } from '../../../renderer/review/detail/received-facts.ts';

describe('the body of a fact', () => {
  it('is laid out as people read it', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(prettyBody(body)).toBe(JSON.stringify(JSON.parse(body), null, 2));
      }),
      // Numbers and keys JSON.stringify writes otherwise are the next test's.
      { examples: [['{"a":[],"b":{},"c":[1,{"d":"x,{\\"]"}]}']] },
    );
  });

  it('says what was sent, to the last digit', () => {
    expect(prettyBody('{"id":12345678901234567890,"a":1.0,"a":2}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "a": 1.0,\n  "a": 2\n}',
    );
  });

  it('is shown as it came when it is no JSON', () => {
    expect(prettyBody('{"half":')).toBe('{"half":');
    expect(prettyBody('')).toBe('');
  });
});
