import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { makeBackup } from '../../../electron/store/backups/run-task.ts';
import { hasOtherKey, putKeyBack } from '../../../electron/store/backups/key-backup.ts';
import { keyFile } from '../../../electron/store/files.ts';
import { testKey } from './examples.ts';
import { workbench } from './workbench.ts';

vi.setConfig({ testTimeout: 60_000 });
const { workerFile, written } = workbench();
const now = Date.parse('2025-03-04T14:02:00.000Z');

it('a key that is lost or damaged is put back from its backup; what was there is kept', async () => {
  const folder = await written();
  writeFileSync(keyFile(folder), '{"the":"key"}', { mode: 0o600 });
  await makeBackup({ folder, key: testKey(), workerFile: workerFile() }, { now, keepMs: null, alone: false });
  expect(hasOtherKey(folder)).toBe(false);

  writeFileSync(keyFile(folder), '{"the":');
  expect(hasOtherKey(folder)).toBe(true);
  putKeyBack(folder, now);
  expect(readFileSync(keyFile(folder), 'utf8')).toBe('{"the":"key"}');
  expect(statSync(keyFile(folder)).mode & 0o777).toBe(0o600);
  const kept = readdirSync(folder).find((name) => name.startsWith('key.replaced-')) ?? '';
  expect(readFileSync(path.join(folder, kept), 'utf8')).toBe('{"the":');

  rmSync(keyFile(folder));
  expect(hasOtherKey(folder)).toBe(true);
  putKeyBack(folder, now);
  expect(hasOtherKey(folder)).toBe(false);
});
