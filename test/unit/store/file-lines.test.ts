import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { linesOf, longestLineBytes, type FileLine } from '../../../electron/store/file-lines.ts';
import { temporaryFolder } from './examples.ts';

const never = new AbortController().signal;

async function linesIn(content: string | Buffer, signal = never): Promise<FileLine[]> {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, content);
  const lines: FileLine[] = [];
  for await (const line of linesOf(file, signal)) lines.push(line);
  return lines;
}

describe('lines of a file', () => {
  it('are those of any editor, with their numbers and without empty ones', async () => {
    expect(await linesIn('\uFEFFone\r\n\ntwo\n  \nthree')).toEqual([
      { number: 1, text: 'one' },
      { number: 3, text: 'two' },
      { number: 5, text: 'three' },
    ]);
    expect(await linesIn('')).toEqual([]);
    expect(await linesIn('\n\n')).toEqual([]);
  });

  it('are whole wherever the chunks of the file end, also inside a character', async () => {
    const long = 'é€𝄞'.repeat(40_000);
    expect(await linesIn(`x${long}\n${long}\n`)).toEqual([
      { number: 1, text: `x${long}` },
      { number: 2, text: long },
    ]);
  });

  it('too long for anything are told and passed over', async () => {
    const lines = await linesIn(`${'a'.repeat(longestLineBytes)}\n${'b'.repeat(longestLineBytes + 1)}\nc\n`);
    expect(lines.map(({ number, text }) => [number, text?.length])).toEqual([
      [1, longestLineBytes],
      [2, undefined],
      [3, 1],
    ]);
  });

  it('end when nobody wants them any more', async () => {
    await expect(linesIn('one\ntwo\n', AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
