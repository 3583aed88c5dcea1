import { expect, it } from 'vitest';
import { readLogLines } from '../../../domain/log-lines.ts';

it('reads the latest lines of a log, a trace as one, and drops what a cut left of the first', () => {
  const text = [
    'd of a line that was cut',
    '[2026-11-30 14:02:05.123] [info]  tray: shows our icon',
    '[2026-11-30 14:02:06.001] [error] uncaught: Error: no',
    '    at one',
    '    at two',
    '',
    '[2026-11-30 14:02:07.000] [warn]  ',
  ].join('\r\n');
  expect(readLogLines(text, 10)).toEqual([
    { at: '2026-11-30 14:02:05.123', level: 'info', text: 'tray: shows our icon' },
    { at: '2026-11-30 14:02:06.001', level: 'error', text: 'uncaught: Error: no\n    at one\n    at two' },
    { at: '2026-11-30 14:02:07.000', level: 'warn', text: '' },
  ]);
  expect(readLogLines(text, 1)).toEqual([{ at: '2026-11-30 14:02:07.000', level: 'warn', text: '' }]);
  expect(readLogLines('', 5)).toEqual([]);
});
