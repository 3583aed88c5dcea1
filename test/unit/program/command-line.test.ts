import { describe, expect, it } from 'vitest';
import { readFlags, withoutAdded, type Flags } from '../../../electron/program/command-line.ts';

const now = new Date(2026, 10, 23, 14, 18).getTime();
const here = (day: number): string => new Date(2026, 10, day).toISOString();

function task(...args: readonly string[]): Flags['task'] {
  const read = readFlags(['--export', 'json', ...args], now);
  if (!read.ok) throw new Error(read.reason);
  return read.value.task;
}

describe('the headings of a CSV', () => {
  const of = (...args: readonly string[]) => readFlags(['--export', ...args], now);
  it('are the names of the fields, and words where that is asked for', () => {
    expect(of('csv')).toMatchObject({ value: { task: { headings: 'fields' } } });
    expect(of('csv', '--headings', 'words')).toMatchObject({ value: { task: { headings: 'words' } } });
  });
  it('are none of another format, and no others', () => {
    expect(of('json', '--headings', 'words')).toEqual({
      ok: false,
      reason: '--headings only works with --export csv.',
    });
    expect(of('csv', '--headings', 'latin')).toMatchObject({ ok: false });
    expect(readFlags(['--headings', 'words'], now)).toMatchObject({ ok: false });
  });
});

describe('a range on the command line', () => {
  it('counts a day from its beginning until its end, as the search of the review does', () => {
    expect(task('--since', '2026-11-21', '--until=2026-11-22')).toMatchObject({
      since: here(21),
      until: here(23),
    });
    expect(task('--since', 'yesterday', '--until', 'yesterday')).toMatchObject({
      since: here(22),
      until: here(23),
    });
  });

  it('takes an age and a time for what they are', () => {
    expect(task('--since=7d', '--until', '2026-11-23T09:00:00Z')).toMatchObject({
      since: new Date(now - 7 * 86_400_000).toISOString(),
      until: '2026-11-23T09:00:00.000Z',
    });
  });

  it.each([
    [['--since', '2026-02-30'], '--since must be a date, a time or an age'],
    [['--until', 'soon'], '--until must be a date, a time or an age'],
    [['--since', 'today', '--until', 'yesterday'], '--since'],
  ])('refuses %j', (args, problem) => {
    const read = readFlags(['--export', 'json', ...args], now);
    expect(read.ok ? '' : read.reason).toContain(problem);
  });
});

describe('a wrong flag', () => {
  it.each([
    ['--feeed', ['--feeed', 'simulator']],
    ['--feed', ['--feed', 'twilio']],
    ['--feed', ['--feed']],
    ['--api', ['--api', 'api.mypurecloud.com']],
    ['--api', ['--api=http://api.mypurecloud.com']],
    ['--login', ['--login', 'ftp://login.mypurecloud.com']],
    ['--key', ['--key=none']],
    ['--hidden', ['--hidden=yes']],
    ['--export', ['--export', 'xml']],
    ['--since', ['--export', 'json', '--since', 'the other day']],
    ['--since', ['--export', 'json', '--since', '2026-02-01', '--until', '2026-01-01']],
    ['--redact', ['--redact']],
    ['--verify', ['--export', 'json', '--verify']],
    ['--diagnostics', ['--diagnostics']],
  ])('%s is named in one line: %j', (flag, args) => {
    const read = readFlags(args, now);
    expect(read.ok ? '' : read.reason).toMatch(new RegExp(`^[^\\n]*${flag}[^\\n]*$`));
  });
});

describe('what a system adds by itself', () => {
  it.each([
    ['darwin', '-psn_0_12345'],
    ['win32', '-Embedding'],
    ['win32', '/embedding'],
  ] as const)('on %s: %s is nobody’s flag', (platform, arg) => {
    expect(withoutAdded(['--hidden', arg], platform)).toEqual(['--hidden']);
    expect(readFlags(withoutAdded([arg], platform), now)).toMatchObject({ ok: true });
  });

  it('is a wrong flag on another system, and so is what only looks like it', () => {
    const others = ['-psn_0_12345', '-Embedding'];
    expect(withoutAdded(others, 'linux')).toEqual(others);
    expect(withoutAdded(['-Embedding=1', '-psn_0_12345'], 'win32')).toHaveLength(2);
    expect(readFlags(['-Embedding'], now).ok).toBe(false);
  });
});

describe('what is handed to the program that runs', () => {
  it.each(['answer', 'decline', 'stop', 'show', 'hide'] as const)('--%s', (verb) => {
    const folder = ['--user-data-dir', '/somewhere'];
    expect(readFlags([`--${verb}`, ...folder], now)).toMatchObject({
      ok: true,
      value: { verb, task: null, userDataDir: '/somewhere' },
    });
  });

  it.each([
    [['--answer', '--decline'], '--answer and --decline can’t be used together.'],
    [['--hidden', '--show'], '--show and --hidden can’t be used together.'],
    [['--verify', '--stop'], '--stop and --verify can’t be used together.'],
    [['--answer', '--feed', 'simulator'], '--answer and --feed can’t be used together.'],
    [['--answer=conversation-1'], '--answer takes no value, but was given "conversation-1".'],
    [['--Answer'], 'Unknown flag --Answer.'],
  ])('%j is refused', (args, problem) => {
    const read = readFlags(args, now);
    expect(read.ok ? '' : read.reason).toContain(problem);
  });
});

describe('a link on the command line', () => {
  const read = (...args: string[]) => readFlags(args, now);

  it('is taken as it came, whatever it says', () => {
    expect(read('.', '--hidden', 'sharelight://record/a')).toMatchObject({
      value: { link: 'sharelight://record/a', hidden: true },
    });
    expect(read('SHARELIGHT:nonsense')).toMatchObject({ value: { link: 'SHARELIGHT:nonsense' } });
    expect(read('.')).toMatchObject({ value: { link: null } });
  });

  it('brings no flags along', () => {
    for (const flag of ['--user-data-dir=/tmp/x', '--export', '--', 'sharelight://record/b'])
      expect(read('sharelight://record/a', flag)).toMatchObject({ ok: false });
  });
});
