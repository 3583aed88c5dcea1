import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, build, Platform } from 'electron-builder';
import { z } from 'zod';
import { DECIDED_FUSES, packageConfig } from '../../build/electron-builder.ts';
import { ROOT } from '../../build/paths.mjs';
import { expect, test } from './support/fixtures.ts';
import {
  handOver,
  makePackage,
  packagedForAPerson,
  runPackaged,
  SHIPPED,
  startPackaged,
  type Packaged,
} from './support/packaged.ts';

const ON = '1'.charCodeAt(0);
const RESOURCES = path.join(SHIPPED, 'resources');
const ARCHIVE = path.join(RESOURCES, 'app.asar');
const ENGINE = path.join(RESOURCES, 'app.asar.unpacked/out/main/engine.node');
const EXECUTABLE = path.join(SHIPPED, 'sharelight');

test.describe('the packaged program', () => {
  let packaged: Packaged;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    await makePackage();
    packaged = await packagedForAPerson();
  });

  test('takes orders from nobody but its agent', async ({ desktop }) => {
    const wire = Object.entries(await getCurrentFuseWire(EXECUTABLE));
    // The wire holds one character for each fuse, and says its version besides.
    expect(wire.length - 1).toBeLessThanOrEqual(DECIDED_FUSES.length);
    const isOn = (fuse: FuseV1Options) =>
      wire.some(([id, state]) => id === String(fuse) && Number(state) === ON);
    expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);

    // `--no-sandbox` is what lets root come as far as the program's own words.
    const shipped = { folder: SHIPPED, executable: EXECUTABLE, args: ['--no-sandbox'] };
    const ends = await Promise.all([
      runPackaged(shipped, desktop, ['--remote-debugging-port=0']),
      runPackaged({ ...shipped, args: [] }, desktop, ['--verify'], { ELECTRON_DISABLE_SANDBOX: '1' }),
      ...(packaged.user
        ? [
            '--remote-debugging-port=0',
            '-remote-debugging-pipe',
            '--js-flags=--expose-gc',
            '--password-store=basic',
          ].map((arg) => runPackaged(packaged, desktop, [arg, '--verify']))
        : []),
    ]);
    for (const { code, stdout, stderr } of ends) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^Sharelight doesn’t start with .*\n$/);
    }
  });

  test('has nothing in it that is not for its agent, and says whose work it is', async () => {
    const files = listPackage(ARCHIVE, { isPack: false }).map((name) => name.slice(1));
    const code = files.filter((name) => /\.(?:cjs|js|json|html)$/.test(name));
    expect(code.length).toBeGreaterThan(8);
    for (const name of code) {
      // How another process drives the simulator: only `npm run simulator` has it.
      const words = extractFile(ARCHIVE, name).toString('utf8');
      for (const door of ['_simulator', 'createControlDoor', 'control secret'])
        expect(words, name).not.toContain(door);
    }
    // The only code outside the archive is the engine, and the archive knows its digest.
    const outside = await readdir(path.join(RESOURCES, 'app.asar.unpacked'), {
      recursive: true,
      withFileTypes: true,
    });
    expect(outside.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['engine.node']);
    const main = files
      .filter((name) => /^out\/main\/program.*\.cjs$/.test(name))
      .map((name) => extractFile(ARCHIVE, name).toString('utf8'))
      .join('\n');
    // What Settings › About says of this package: made here with the stand-in.
    expect(main).toMatch(/kind:\s*[`"]shipped[`"],\s*standIn:\s*(?:true|!0)/);
    for (const loaded of [await readFile(ENGINE), extractFile(ARCHIVE, 'out/main/store-worker.cjs')])
      expect(main).toContain(createHash('sha256').update(loaded).digest('hex'));

    const licences = path.join(RESOURCES, 'licences');
    const ofOthers = await readFile(path.join(licences, 'THIRD-PARTY.txt'), 'utf8');
    for (const part of [
      'svelte 5',
      'ws 8',
      'zod 4',
      'libsql 0',
      'undici 7',
      'electron-log 5',
      'libSQL engine',
    ])
      expect(ofOthers).toContain(`\n${part}`);
    expect(ofOthers.match(/Permission is hereby granted/g)?.length).toBeGreaterThan(20);
    expect((await readdir(licences)).sort()).toEqual(
      ['LICENSE.electron.txt', 'LICENSE.txt', 'LICENSES.chromium.html', 'THIRD-PARTY.txt'].sort(),
    );
  });

  test('starts with its sandbox on from an AppImage’s entry', async () => {
    const entries: string[] = [];
    const runtime = { dist: SHIPPED, version: '33.2.1' };
    await build({
      projectDir: ROOT,
      prepackaged: SHIPPED,
      targets: Platform.LINUX.createTarget(['AppImage'], Arch.x64),
      config: packageConfig({ runtime, kind: 'shipped', updates: null }),
      // Everything but the file itself, for which the tools are not here.
      effectiveOptionComputed: (made: { desktop: string }) => {
        entries.push(made.desktop);
        return Promise.resolve(true);
      },
    });
    expect(entries.join()).toMatch(/^Exec=AppRun %U$/m);
  });

  test('is driven from the tray, remembers what it showed, and loads nothing that was changed', async ({
    desktopWith,
  }) => {
    // Four starts of a program that is new to this machine's caches.
    test.slow();
    const { user } = packaged;
    const desktop = await desktopWith(user ? { user } : {});
    const data = await mkdtemp(path.join(os.tmpdir(), 'sharelight-packaged-'));
    handOver(data, packaged);
    const place = ['--user-data-dir', data];
    try {
      const program = startPackaged(packaged, desktop, [...place, '--feed', 'simulator']);
      const ended = once(program, 'exit');
      const { pid = 0 } = program;
      const toolTip = async () => (await desktop.tray.read(pid))?.toolTip;
      await expect.poll(toolTip, { timeout: 20_000 }).toContain('Incoming screen share');
      await desktop.tray.choose(pid, 'Decline');
      await expect.poll(toolTip).not.toContain('Incoming screen share');
      await desktop.tray.choose(pid, 'Quit Sharelight');
      expect(await ended).toEqual([0, null]);

      const exported = await runPackaged(packaged, desktop, [...place, '--export', 'json']);
      expect(exported.code).toBe(0);
      const records = z.array(z.object({ conversationId: z.string() })).parse(JSON.parse(exported.stdout));
      expect(records.length).toBeGreaterThan(0);

      for (const [name, change] of [
        ['app.asar.unpacked/out/main/engine.node', appended],
        ['app.asar', withOneLetterOfTheThreadChanged],
      ] as const) {
        const file = path.join(packaged.folder, 'resources', name);
        await copyFile(file, path.join(data, 'kept'));
        await writeFile(file, change(await readFile(file)));
        const { code, stdout, stderr } = await runPackaged(packaged, desktop, [...place, '--verify']);
        await copyFile(path.join(data, 'kept'), file);
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(/^New shares aren’t being recorded: .*Install Sharelight again\.\n$/);
      }
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });
});

const appended = (file: Buffer): Buffer => Buffer.concat([file, Buffer.from('x')]);

function withOneLetterOfTheThreadChanged(archive: Buffer): Buffer {
  const changed = Buffer.from(archive);
  // A sentence that only the thread's script has.
  const at = changed.indexOf('The store runs in a worker thread');
  if (at < 0) throw new Error('The thread is not in the archive.');
  changed.write('t', at);
  return changed;
}
