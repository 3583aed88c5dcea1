import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { z } from 'zod';
import { expect, test } from './support/fixtures.ts';
import { makePackage, PROGRAM, startPackaged, widgetOf } from './support/packaged.ts';

const ON = '1'.charCodeAt(0);

test.describe('the packaged program', () => {
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    await makePackage();
  });

  test('takes orders from nobody but its agent', async () => {
    const wire = Object.entries(await getCurrentFuseWire(PROGRAM));
    // The wire holds one character for each fuse.
    const isOn = (fuse: FuseV1Options) =>
      wire.some(([id, state]) => id === String(fuse) && Number(state) === ON);
    expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
    expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
  });

  test('shows the demo and remembers what it showed', async ({ desktop, userDataDir }) => {
    const data = ['--user-data-dir', userDataDir];
    const program = startPackaged(desktop, ['--remote-debugging-port=0', ...data, '--feed', 'simulator']);
    try {
      const widget = await widgetOf(program);
      const status = widget.getByRole('status', { name: 'Share status' });
      await expect(status).toContainText('Incoming screen share');
    } finally {
      const ended = once(program, 'exit');
      program.kill('SIGTERM');
      await ended;
    }

    const exporting = startPackaged(desktop, [...data, '--export', 'json']);
    const [exported] = await Promise.all([text(exporting.stdout), once(exporting, 'close')]);
    expect(exporting.exitCode).toBe(0);
    const records = z.array(z.object({ conversationId: z.string() })).parse(JSON.parse(exported));
    expect(records.length).toBeGreaterThan(0);
  });
});
