import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { expect, test, type RunningApp } from './support/agent.ts';
import { DatabaseOnDisk } from './support/database-file.ts';
import { recordsOf, type Exported } from './support/records.ts';
import { answerSaveDialog, goTo, openSettings } from './support/settings.ts';
import { liveWidget } from './support/shares.ts';
import { widgetOf } from './support/widget.ts';

/** What must not be found in anything redacted. */
const canary = { customer: 'Zaphira Quillon', notes: 'Her canary is called Pips' };

/** Two records: one wrapped up with notes, one declined. Returns a moment between them. */
async function recordTwo({ control }: RunningSimulator, app: RunningApp) {
  const { page, status, code, notes } = await liveWidget(app);
  const told = control.begin({ policy: 'mandatory', queue: 'Billing help', customer: canary.customer });
  control.answer(told.conversationId);
  control.startSharing(1, told.conversationId);
  await expect(status).toContainText('You are sharing');
  control.disconnect('peer', told.conversationId);
  await code.press('1');
  await notes.fill(canary.notes);
  await expect(page.getByText('Draft saved')).toBeVisible();
  await notes.press('Control+Enter');
  await expect(status).toContainText('sent');

  const between = new Date().toISOString();
  const declined = control.begin({ customer: 'Bo Lindqvist' });
  await expect(status).toContainText('Incoming screen share');
  control.decline(declined.conversationId);
  await expect(page.getByText('You declined it')).toBeVisible();
  return { told: told.conversationId, declined: declined.conversationId, between };
}

/** Every file below a folder, as paths relative to it. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

test('with damaged preferences nothing is taken for the demo’s, and the next start still has it to tell', async ({
  launch,
  runToEnd,
  userDataDir,
}) => {
  const damaged = '{ "account": { "id": "ana"';
  const preferences = path.join(userDataDir, 'preferences.json');
  await writeFile(preferences, damaged);
  for (const args of [['--export', 'json'], ['--verify'], ['--verify', '--feed', 'genesys']]) {
    const ended = await runToEnd({ args });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^Can’t tell whose records you mean: .*preferences\.json.*\n$/);
  }
  expect(await runToEnd({ args: ['--export', 'json', '--feed', 'simulator'] })).toMatchObject({
    code: 0,
    stdout: '[]\n',
  });
  const report = path.join(userDataDir, 'report.md');
  expect(await runToEnd({ args: ['--diagnostics', report] })).toMatchObject({ code: 0 });
  expect(await readFile(report, 'utf8')).toContain('**Preferences**: unreadable');
  expect(await readFile(preferences, 'utf8')).toBe(damaged);

  // Who is signed in is known from elsewhere: their records are meant again after that start.
  const person = { id: 'ana-1', name: 'Ana' };
  const addresses = { login: 'https://login.example.test', api: 'https://api.example.test' };
  const account = { version: 1, region: null, addresses, clientId: 'client', person, sealed: null };
  await writeFile(path.join(userDataDir, 'account.json'), JSON.stringify(account), { mode: 0o600 });
  const app = await launch();
  await expect(widgetOf(await app.widget()).notices).toContainText('were moved to');
  expect(await app.quit()).toBe(0);
  expect(JSON.parse(await readFile(preferences, 'utf8'))).toMatchObject({ account: person });
});

test('export, verify and diagnostics say what was recorded, beside the running app and after it', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const app = await signIn();
  const { told, declined, between } = await recordTwo(server, app);
  const exported = async (...args: string[]): Promise<Exported[]> =>
    recordsOf(await runToEnd({ args: ['--export', 'json', ...args] }));

  // Beside the running app.
  const all = await exported();
  expect(all).toMatchObject([
    { conversationId: told, peerName: canary.customer, wrapup: { notes: canary.notes, state: 'sent' } },
    { conversationId: declined, wrapup: null },
  ]);
  expect(await runToEnd({ args: ['--verify'] })).toMatchObject({ code: 0, stderr: '' });
  expect(await app.quit()).toBe(0);

  // A part of them.
  expect(await exported('--since', between)).toMatchObject([{ conversationId: declined }]);
  expect(await exported(`--until=${between}`)).toMatchObject([{ conversationId: told }]);

  // In other forms.
  const lines = await runToEnd({ args: ['--export=ndjson'] });
  expect(
    lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(all);
  const table = await runToEnd({ args: ['--export', 'csv'] });
  const [head, ...rows] = table.stdout.trimEnd().split(/\r?\n/);
  expect(head?.split(',')).toEqual(expect.arrayContaining(['conversationId', 'queueName', 'wrapup.notes']));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toContain(canary.notes);

  // Redacted.
  const redacted: string[] = [];
  for (const format of ['json', 'csv']) {
    const { stdout } = await runToEnd({ args: ['--redact', `--export=${format}`] });
    for (const secret of [...Object.values(canary), told]) expect(stdout).not.toContain(secret);
    redacted.push(stdout);
  }
  const [first] = JSON.parse(redacted[0] ?? '') as Exported[];
  expect(first?.redacted).toEqual(expect.arrayContaining(['conversationId', 'peerName', 'wrapup.notes']));
  // The same file twice; of another span, though it begins with the same record, other digests.
  const again = await runToEnd({ args: ['--redact', '--export=json'] });
  expect(again.stdout).toBe(redacted[0]);
  const less = await runToEnd({ args: ['--redact', '--export=json', `--until=${between}`] });
  const [same] = JSON.parse(less.stdout) as Exported[];
  expect(same?.conversationId).toMatch(/^[0-9a-f]{24}$/);
  expect(same?.conversationId).not.toBe(first?.conversationId);

  // The report for somebody who helps.
  const report = path.join(userDataDir, 'report.md');
  const diagnosed = await runToEnd({ args: ['--diagnostics', report] });
  expect(diagnosed).toEqual({
    code: 0,
    stdout: '',
    stderr: `The report is in ${report}. Names, addresses and tokens were removed from it.\n`,
  });
  const text = await readFile(report, 'utf8');
  expect(text).toContain('2 records');
  expect(text).toContain('1280×800 at 1 (x11)');
  expect(text).toContain('whole');
  const secrets = [
    ...Object.values(canary),
    'Robin Vale',
    server.accessToken,
    server.userId,
    told,
    userDataDir,
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
});

test('over ssh or from cron a task needs no display; a window does, and says so', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const none = { DISPLAY: '' };
  const dead = { DISPLAY: ':4711' };
  // With records, and their key in the key store.
  const app = await signIn();
  const { conversationId } = server.control.begin();
  await expect(widgetOf(await app.widget()).status).toContainText('Incoming screen share');
  expect(await app.quit()).toBe(0);

  expect(recordsOf(await runToEnd({ args: ['--export', 'json'], env: dead }))).toMatchObject([
    { conversationId },
  ]);
  const verified = await runToEnd({ args: ['--verify'], env: none });
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(verified.stdout).toContain('1 record');
  const report = path.join(userDataDir, 'report.md');
  expect(await runToEnd({ args: ['--diagnostics', report], env: dead })).toMatchObject({ code: 0 });
  expect(await readFile(report, 'utf8')).toContain('**Displays**: none that answers');
  // There the key store is often out of reach, too.
  const nowhere = { ...none, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
  const locked = await runToEnd({ args: ['--verify'], env: nowhere });
  expect(locked).toMatchObject({ code: 1, stdout: '' });
  expect(locked.stderr).toMatch(/^[^\n]*key store[^\n]*\n$/);

  for (const env of [none, dead]) {
    const started = await runToEnd({ env });
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^Sharelight needs a display[^\n]*\n$/);
  }
});

test('one damaged record keeps none of the others from being exported, and is not passed over in silence', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const start = { args: ['--key', 'file'] };
  const first = await signIn(start);
  const { told, declined } = await recordTwo(server, first);
  // While it runs, a reading on its way would meet the damage first.
  expect(await first.quit()).toBe(0);
  const database = new DatabaseOnDisk(userDataDir, server.userId);
  database.change(`UPDATE communications SET sum = 'x' WHERE key LIKE '${told}/%'`);

  const app = await signIn(start);
  const file = path.join(userDataDir, 'rest.json');
  const settings = await openSettings(app);
  await goTo(settings, 'Data');
  await answerSaveDialog(app, file);
  await settings.getByRole('combobox', { name: 'Format' }).selectOption('json');
  await settings.getByRole('button', { name: 'Export to a file…' }).click();
  await expect(settings.getByRole('region', { name: 'Export' }).getByRole('status')).toContainText(
    `1 record written to ${file}. 1 damaged record was left out`,
  );
  // Masked unless asked otherwise, so by what is left of it.
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject([{ peerName: '[redacted]' }]);
  expect(await app.quit()).toBe(0);

  const exported = await runToEnd({ args: ['--key', 'file', '--export', 'json'] });
  expect(exported.code).toBe(1);
  expect(exported.stderr).toBe(
    '1 record is damaged and not in this export; --verify says which. Everything else is.\n',
  );
  expect(JSON.parse(exported.stdout)).toMatchObject([{ conversationId: declined }]);
  const verified = await runToEnd({ args: ['--key', 'file', '--verify'] });
  expect(verified.code).toBe(1);
  expect(verified.stderr).toContain(told);
});

test('one flipped bit anywhere is found and reported, and nothing is changed', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const app = await signIn();
  await recordTwo(server, app);
  expect(await app.quit()).toBe(0);
  const database = path.join(userDataDir, 'memory', server.userId, 'memory.db');
  const whole = await readFile(database);
  for (const part of [0.02, 0.5]) {
    const damaged = Buffer.from(whole);
    const place = Math.floor(whole.length * part);
    damaged.writeUInt8(damaged.readUInt8(place) ^ 1, place);
    await writeFile(database, damaged);
    const { code, stderr } = await runToEnd({ args: ['--verify'] });
    expect({ part, code }).toEqual({ part, code: 1 });
    expect(stderr).toMatch(/memory\.db is damaged|the file has changed since it was closed/);
    expect(await readFile(database)).toEqual(damaged);
  }

  await writeFile(database, whole);
  expect((await runToEnd({ args: ['--verify'] })).code).toBe(0);
});

test('all state is in the folder that was named; --key file keeps the key there for its owner only', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'sharelight-home-'));
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
  };
  const app = await signIn({ args: ['--key=file'], env });
  await recordTwo(server, app);
  expect(await app.quit()).toBe(0);
  expect((await runToEnd({ args: ['--verify'], env })).code).toBe(0);
  expect(await filesIn(home)).toEqual([]);

  const key = path.join(userDataDir, 'memory', server.userId, 'key.json');
  expect(JSON.parse(await readFile(key, 'utf8'))).toMatchObject({ kind: 'file' });
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  // Nothing on the disk is readable without it.
  for (const file of await filesIn(userDataDir)) {
    const content = await readFile(path.join(userDataDir, file));
    expect({ file, found: content.includes(canary.notes) }).toEqual({ file, found: false });
    expect({ file, found: content.includes(canary.customer) }).toEqual({ file, found: false });
    expect({ file, found: content.includes(server.accessToken) }).toEqual({ file, found: false });
  }
  await rm(home, { recursive: true });
});

test('the demo is labelled, and its records live apart from a real account', async ({
  server,
  signIn,
  launch,
  runToEnd,
}) => {
  const real = await signIn();
  const { told } = await recordTwo(server, real);
  expect(await real.quit()).toBe(0);

  const demo = await launch({ args: ['--feed=simulator'] });
  const { page, status, button } = widgetOf(await demo.widget());
  await expect(page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(status).toContainText('Incoming screen share');
  await button('Answer').click();
  await expect(status).toContainText('Connected');
  expect(await demo.quit()).toBe(0);

  const invented = await runToEnd({ args: ['--export', 'json', '--feed', 'simulator'] });
  const records = JSON.parse(invented.stdout) as Exported[];
  expect(records).toMatchObject([{ answered: true, media: 'screenshare' }]);
  expect(invented.stdout).not.toContain(told);
  const account = await runToEnd({ args: ['--export', 'json'] });
  expect((JSON.parse(account.stdout) as Exported[]).map(({ conversationId }) => conversationId)).toContain(
    told,
  );
  expect(account.stdout).not.toContain(records[0]?.conversationId);
});

test('nothing recorded yet is an empty export, not an error; what cannot be done says why in a line', async ({
  runToEnd,
  userDataDir,
}) => {
  const empty = await runToEnd({ args: ['--export', 'json'] });
  expect(empty).toEqual({
    code: 0,
    stdout: '[]\n',
    stderr: `Nothing has been recorded in ${userDataDir} yet.\n`,
  });
  const unknown = await runToEnd({ args: ['--export', 'json', '--feed', 'genesys'] });
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/^No account has been connected with .*\n$/);
  const report = path.join(userDataDir, 'no', 'such', 'report.md');
  expect(await runToEnd({ args: ['--diagnostics', report] })).toMatchObject({
    code: 1,
    stderr: `${report} couldn’t be written: its folder isn’t there.\n`,
  });
});

test('another start hands one thing to the program that runs, and says how that ended', async ({
  server,
  signIn,
  runToEnd,
  userDataDir,
}) => {
  const { control } = server;
  const hand = (flag: string): ReturnType<typeof runToEnd> => runToEnd({ args: [flag] });
  const noneRuns = { code: 3, stdout: '', stderr: `Sharelight isn’t running with ${userDataDir}.\n` };
  const before = await readdir(userDataDir);
  expect(await hand('--answer')).toEqual(noneRuns);
  expect(await readdir(userDataDir)).toEqual(before);

  const app = await signIn();
  const { page, status, button } = await liveWidget(app);
  const none = { code: 1, stdout: '', stderr: 'No screen share is coming in.\n' };
  expect(await hand('--decline')).toEqual(none);
  const { conversationId } = control.begin({ alongside: ['calls'], policy: 'optional' });
  await expect(button('Answer')).toBeVisible();
  const done = { code: 0, stdout: '', stderr: '' };
  expect(await hand('--answer')).toEqual(done);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');

  // Into the tray, or, where that is not there yet, to the task bar; what must be seen brings it back.
  const isVisible = (): Promise<boolean> =>
    app.electron.evaluate(({ BrowserWindow }) => {
      const [widget] = BrowserWindow.getAllWindows();
      return widget?.isVisible() === true && !widget.isMinimized();
    });
  expect(await hand('--hide')).toEqual(done);
  await expect.poll(isVisible).toBe(false);
  const again = 'Press again within 2 seconds to stop sharing and end the call.';
  expect(await hand('--stop')).toEqual({ code: 1, stdout: '', stderr: `${again}\n` });
  await expect.poll(isVisible).toBe(true);
  control.leaveLeg('calls', conversationId);
  await expect(button('Stop sharing')).toBeVisible();
  expect(await hand('--stop')).toEqual(done);
  await expect(status).not.toContainText('sharing');
  expect(await hand('--show')).toEqual(done);
  await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(true);
  expect(
    (await readdir(path.join(userDataDir, 'session'))).filter((name) => name.startsWith('reply')),
  ).toEqual([]);

  expect(await app.quit()).toBe(0);
  expect(await hand('--show')).toEqual(noneRuns);
});
