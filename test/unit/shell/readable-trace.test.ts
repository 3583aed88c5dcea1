import { expect, it } from 'vitest';
import { readableTrace } from '../../../electron/shell/readable-trace.ts';

/** What `a` on the first line of `program.cjs` came from: line 7 of `electron/main.ts`, column 3. */
const map = JSON.stringify({
  version: 3,
  sources: ['../../electron/main.ts'],
  names: [],
  mappings: 'AAME',
});

function thrown(stack: string): Error {
  const error = new Error('it broke');
  error.stack = stack;
  return error;
}

it('a trace names the lines of our sources', () => {
  const error = thrown(
    'Error: it broke\n    at start (/opt/out/main/program.cjs:1:20)\n    at node:internal:1:2',
  );
  expect(readableTrace(error, () => map)).toBe(
    'Error: it broke\n    at start (electron/main.ts:7:3)\n    at node:internal:1:2',
  );
});

it('stays as it is where there is no map, or none that can be read', () => {
  const stack = 'Error: it broke\n    at start (/opt/out/main/program.cjs:1:20)';
  const missing = (): string => {
    throw new Error('ENOENT');
  };
  expect(readableTrace(thrown(stack), missing)).toBe(stack);
  expect(readableTrace(thrown(stack), () => 'no map')).toBe(stack);
});

it('what is no error is said as it is', () => {
  expect(readableTrace('gone')).toBe('gone');
});
