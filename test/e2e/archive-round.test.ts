import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../build/paths.mjs';
import { goTo, openSettings } from './support/settings.ts';
import { codeNamed, ended, liveWidget } from './support/shares.ts';
import { expect, openReview, test } from './support/review.ts';

/** `npm run archive` beside that server, with a database of its own in a folder of the test. */
async function startArchive(genesys: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-test-archive-'));
  // Its engine may run as somebody else.
  await chmod(folder, 0o755);
  const flags = ['--genesys', genesys, '--data', folder];
  const child = spawn(process.execPath, [path.join(ROOT, 'build/archive.mjs'), ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    if (!line.startsWith('{"url"')) continue;
    const { url } = JSON.parse(line) as { url: string };
    return {
      url,
      stop: async () => {
        child.kill('SIGTERM');
        await exited;
        await rm(folder, { recursive: true, force: true });
      },
    };
  }
  throw new Error('The archive ended before it took calls.');
}

let stop = (): Promise<void> => Promise.resolve();
test.afterEach(() => stop());

test('a record goes from one desk to the archive, and is found at another desk and by a supervisor, whose look is shown', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const archive = await startArchive(server.apiUrl);
  ({ stop } = archive);
  const at = (desk: string) => ({
    args: ['--archive', archive.url],
    userDataDir: path.join(userDataDir, desk),
  });

  // A share is finished at the first desk.
  const first = await signIn(at('first'));
  const widget = await liveWidget(first);
  const conversationId = await ended(server, widget, { policy: 'mandatory', customer: 'Ada Quillfeather' });
  await widget.page.keyboard.type('complaint');
  await widget.page.keyboard.press('Enter');
  await widget.page.keyboard.type('Her word against ours');
  await widget.page.keyboard.press('Control+Enter');
  await server.control.when(() => server.control.wrapups(conversationId).length > 0);
  expect(server.control.wrapups(conversationId)).toMatchObject([
    { wrapup: { code: codeNamed('Complaint'), notes: 'Her word against ours' } },
  ]);
  const settings = await openSettings(first);
  await goTo(settings, 'Archive');
  await expect(settings.getByText('1 record in the archive')).toBeVisible();
  expect(await first.quit()).toBe(0);

  // The same agent at another desk, whose own database is empty.
  const second = await openReview(await signIn(at('second')));
  await expect(second.page.getByText('No records yet')).toBeVisible();
  await second.page.getByRole('radio', { name: 'Archive' }).check();
  await expect(second.found).toHaveText('1 record');
  await expect(second.row(/Complaint/)).toHaveCount(1);
  await second.row(/Complaint/).click();
  await expect(second.record).toContainText('In the archive since');
  // People and notes were masked before they left the first desk.
  await expect(second.page.getByText('Ada Quillfeather')).toHaveCount(0);
  await expect(second.page.getByText('Her word against ours')).toHaveCount(0);

  // A supervisor looks; the agent sees that, with what for.
  const lead = await openReview(
    await signIn({ ...at('lead'), env: { SHARELIGHT_ACCESS_TOKEN: server.supervisorToken } }),
  );
  await lead.page.getByRole('radio', { name: 'Archive' }).check();
  // The list shows one record before the search is answered, too; none in between says when it is.
  await lead.search.fill('code:praise');
  await expect(lead.found).toHaveText('No records');
  await lead.search.fill('code:complaint');
  await expect(lead.found).toHaveText('1 record');
  await expect(lead.row(/Complaint/)).toHaveCount(1);
  await second.page.getByText('Who looked at my records').click();
  await expect(second.page.getByText('searched for code:complaint')).toBeVisible();
});
