import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder, testKey } from './examples.ts';
import { databaseIn, workbench } from './workbench.ts';

// Each test starts programs and waits for the disk; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const { child, refused, written } = workbench();

describe('the disk', () => {
  it('that is read-only is said so to a writer, and read from all the same', async () => {
    const folder = await written();
    const readOnly = `mount --bind "${folder}" "${folder}" && mount -o remount,ro,bind "${folder}"`;
    expect(await child(folder, 'write', readOnly)).toMatchObject([{ problem: 'read-only' }]);
    expect(await child(folder, 'read', readOnly)).toMatchObject([
      { exported: 1, whole: true },
      { closed: true },
    ]);
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    expect(await child(empty, 'open', readOnly)).toMatchObject([{ problem: 'read-only' }]);
  });

  it('that another account owns is said so', async () => {
    const folder = await written();
    // The child may reach the file but not write it.
    const others = `chmod 755 "${folder}" && chmod 644 "${databaseIn(folder)}"`;
    const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
    expect(await child(folder, 'open', others, nobody)).toMatchObject([{ problem: 'read-only' }]);
  });

  it('that fills up refuses one write, keeps all before it, and goes on when there is room', async () => {
    const folder = temporaryFolder();
    const said = await child(folder, 'fill', `mount -t tmpfs -o size=1536k,mode=700 none "${folder}"`);
    const problem = said.findIndex((line) => line['problem'] !== undefined);
    expect(said[problem]).toMatchObject({ problem: 'full' });
    const before = Math.max(...said.slice(0, problem).map((line) => line.fact ?? 0));
    expect(before).toBeGreaterThan(10);
    const kept = said[problem + 1]?.['kept'] as number;
    expect(kept).toBe(before);
    expect(said.slice(problem + 2)).toEqual([
      ...[1, 2, 3].flatMap((more) => [
        { fact: kept + more },
        { draft: kept + more },
        { submission: kept + more },
      ]),
      expect.objectContaining({ whole: true, facts: kept + 3, rebuilt: kept + 3, problems: [] }),
      { closed: true },
    ]);
  });

  it('that fills up loses no fact of the live status: what waited is written once there is room', async () => {
    const folder = temporaryFolder();
    const room = `mount -t tmpfs -o size=3m,mode=700 none "${folder}"`;
    const [full, after, closed] = await child(folder, 'pause', room);
    expect(full).toMatchObject({ health: 'paused' });
    expect(full?.['kept']).toBe(full?.['acknowledged']);
    expect(full?.['came']).toBe((full?.['acknowledged'] as number) + 41);
    const records = after?.['conversations'];
    expect(after).toMatchObject({ health: 'ok', asShown: true, whole: true, notRebuilt: 0, problems: [] });
    expect(after).toMatchObject({ records, rebuilt: records });
    expect(closed).toEqual({ closed: true });
  });

  it('on which a folder cannot be is said so', async () => {
    const file = path.join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    expect(await refused(path.join(file, 'memory'))).toMatchObject({ code: 'io' });
    expect(await refused(temporaryFolder(), testKey(), true)).toMatchObject({ code: 'io' });
  });

  it('that returned garbage is recognised and left alone', async () => {
    const folder = await written();
    writeFileSync(databaseIn(folder), Buffer.alloc(16_384, 0x5a));
    expect(await refused(folder)).toMatchObject({ code: 'wrong-key' });
    expect(readFileSync(databaseIn(folder)).equals(Buffer.alloc(16_384, 0x5a))).toBe(true);
  });
});
