import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAccessToken } from '../../../electron/program/access-token.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-token-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(text: string, mode: number): string {
  const file = path.join(folder, 'token');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

it('is the first line of a file only its owner reads', () => {
  expect(readAccessToken(fileOf('  abc-123 \nsomething else\n', 0o600))).toEqual({
    ok: true,
    value: 'abc-123',
  });
  expect(readAccessToken(fileOf('abc-123', 0o400))).toEqual({ ok: true, value: 'abc-123' });
  symlinkSync(path.join(folder, 'token'), path.join(folder, 'link'));
  expect(readAccessToken(path.join(folder, 'link'))).toEqual({ ok: true, value: 'abc-123' });
});

it.each([0o644, 0o640, 0o604, 0o620, 0o602])('is not taken from a file of mode %o, nor repeated', (mode) => {
  const read = readAccessToken(fileOf('abc-123', mode));
  expect(read).toEqual({ ok: false, reason: expect.stringContaining('chmod 600') as string });
  expect(JSON.stringify(read)).not.toContain('abc-123');
});

it('is not taken from somebody else’s file', () => {
  const file = fileOf('abc-123', 0o600);
  // Only root can give a file away; for anybody else root's own file is somebody else's.
  if (process.getuid?.() === 0) chownSync(file, 65534, 65534);
  const read = readAccessToken(process.getuid?.() === 0 ? file : '/etc/passwd');
  expect(read).toEqual({ ok: false, reason: expect.stringContaining('must belong to') as string });
});

it('is missed in words', () => {
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  mkdirSync(path.join(folder, 'folder'));
  for (const file of [pipe, path.join(folder, 'folder')])
    expect(readAccessToken(file)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('must be a file') as string,
    });
  expect(readAccessToken(path.join(folder, 'none'))).toMatchObject({
    ok: false,
    reason: expect.stringContaining('can’t be read') as string,
  });
  expect(readAccessToken(fileOf('\nabc', 0o600))).toMatchObject({
    ok: false,
    reason: expect.stringContaining('no access token') as string,
  });
});
