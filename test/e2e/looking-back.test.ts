import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { everything, newestFirst, type ReviewQuery } from '../../domain/review/query.ts';
import { expect, test, type RunningApp } from './support/agent.ts';
import { recordsOf } from './support/records.ts';
import { answerSaveDialog, goTo, openSettings } from './support/settings.ts';
import { connected, ended, liveWidget } from './support/shares.ts';
import type { Widget } from './support/widget.ts';

type Calls = BridgeOf<'review'>;

async function openReview(app: RunningApp, widget: Widget): Promise<Page> {
  await widget.page.keyboard.press('Control+Shift+R');
  return app.window('review');
}
/** Asks main as the page of the window does. */
function ask<Name extends Exclude<keyof Calls, 'onPatch' | 'onShown'>>(
  page: Page,
  name: Name,
  ...args: Parameters<Calls[Name]>
): Promise<Awaited<ReturnType<Calls[Name]>>> {
  return page.evaluate(
    ([call, given]) =>
      (window.sharelight as Record<string, (...all: unknown[]) => Promise<unknown>>)[call]?.(...given),
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<Calls[Name]>>>;
}
const first = (page: Page, query: Partial<ReviewQuery> = {}) =>
  ask(page, 'findRecords', { query: { ...everything, ...query }, order: newestFirst, from: 0, count: 10 });
async function linesOf(page: Page, query?: Partial<ReviewQuery>) {
  const reply = await first(page, query);
  if (!reply.ok) throw new Error(reply.reason);
  return reply.value.lines;
}
async function reviewState(page: Page) {
  const reply = await ask(page, 'getSnapshot');
  if (!reply.ok) throw new Error(reply.reason);
  return reply.value.state.review;
}
async function answerOpenDialog(app: RunningApp, file: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);
}
/** The next file that is written as an export goes into this one instead. */
async function writeOnceInto(app: RunningApp, place: string): Promise<void> {
  await app.electron.evaluate((_electron, instead) => {
    const fs = process.getBuiltinModule('node:fs');
    const { createWriteStream } = fs;
    fs.createWriteStream = () => {
      fs.createWriteStream = createWriteStream;
      return createWriteStream(instead);
    };
  }, place);
}
async function wrapUp({ page, notes, status }: Widget, code: string, words = ''): Promise<void> {
  await page.keyboard.press(code);
  await notes.fill(words);
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Wrapped up');
}

test('there is one review window, however it is asked for', async ({ launch }) => {
  const app = await launch();
  const widget = await app.widget();
  await widget.getByRole('button', { name: 'Review records' }).click();
  const page = await app.window('review');
  await expect(page).toHaveTitle('Sharelight – Review');
  await expect.poll(() => app.desktop.activeWindow()).toBe('Sharelight – Review');
  await widget.keyboard.press('Control+Shift+R');
  await app.desktop.tray.choose(app.pid, 'Review records');
  await expect.poll(() => app.desktop.activeWindow()).toBe('Sharelight – Review');
  expect(app.electron.windows().filter((each) => each.url().includes('/review/'))).toHaveLength(1);
});

test('while the screen is on air the review names nobody, and afterwards it does again', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  await ended(server, widget, { policy: 'mandatory' });
  await wrapUp(widget, '1', 'Ana will call back');
  const page = await openReview(app, widget);
  await expect.poll(async () => (await linesOf(page))[0]?.notes).toBe('Ana will call back');
  const [line] = await linesOf(page);
  const name = line?.peer ?? '';
  const key = line?.key ?? '';
  expect(name).not.toBe('');
  await expect(page.getByText(name).first()).toBeVisible();
  await page.locator('summary', { hasText: 'Technical details' }).click();
  await page.locator('summary', { hasText: 'Updates from Genesys' }).click();
  await expect(page.getByText(`"${name}"`).first()).toBeVisible();

  const conversationId = await connected(server, widget, { policy: 'optional' });
  control.startSharing(1, conversationId);
  await expect(widget.status).toContainText('You are sharing');
  const hidden = 'Hidden while you share';
  await expect.poll(async () => (await linesOf(page)).map((each) => each.peer)).toEqual([hidden, hidden]);
  // The other one may have the same letters in its queue.
  const found = await linesOf(page, { words: [name.split(' ')[0]?.toLowerCase() ?? ''] });
  expect(found.find((each) => each.key === key)).toMatchObject({ peer: hidden, notes: hidden });
  const detail = await ask(page, 'readRecord', { key });
  expect(JSON.stringify(detail)).not.toContain(name);
  expect(JSON.stringify(detail)).not.toContain('call back');
  expect(detail).toMatchObject({ ok: true, value: { communication: { key, peerName: hidden } } });
  expect(await ask(page, 'readFacts', { key, after: 0 })).toEqual({
    ok: false,
    reason: 'Updates name people, so they’re hidden while you’re sharing.',
  });
  // The page itself has asked again.
  await expect(page.getByText(name)).toHaveCount(0);

  control.stopSharing(conversationId);
  await expect(widget.status).toContainText('Connected');
  await expect(page.getByText(name).first()).toBeVisible();
  expect(await ask(page, 'readFacts', { key, after: 0 })).toMatchObject({ ok: true });
});

test('somebody’s export is looked at apart from the own records, and nothing of it is kept', async ({
  server,
  signIn,
  userDataDir,
  runToEnd,
}) => {
  const app = await signIn();
  const widget = await liveWidget(app);
  await ended(server, widget, { policy: 'mandatory' });
  await wrapUp(widget, '2');
  const page = await openReview(app, widget);
  await expect.poll(async () => (await linesOf(page)).length).toBe(1);
  const [own] = await linesOf(page);

  // What a colleague sends: three records, one of them cut off on the way.
  const saved = path.join(userDataDir, 'mine.ndjson');
  await answerSaveDialog(app, saved);
  const exported = await ask(page, 'exportRecords', { format: 'ndjson', redact: false, query: null });
  expect(exported).toEqual({ ok: true, value: { file: saved, records: 1, unread: 0 } });
  const mine = JSON.parse(readFileSync(saved, 'utf8')) as ExportedRecord;
  const theirs = ['Carla Colleague', 'Dora Distant'].map((peerName, at) => ({
    ...mine,
    conversationId: `theirs-${String(at)}`,
    peerName,
  }));
  const file = path.join(userDataDir, 'theirs.ndjson');
  writeFileSync(file, `${theirs.map((record) => JSON.stringify(record)).join('\n')}\n{"conversationId":\n`);

  await answerOpenDialog(app, file);
  expect(await ask(page, 'openFile')).toEqual({ ok: true, value: null });
  expect(await reviewState(page)).toMatchObject({
    file: {
      name: 'theirs.ndjson',
      records: 2,
      unreadable: 1,
      problems: ['Line 3: it isn’t JSON'],
    },
    task: null,
  });
  expect((await linesOf(page)).map(({ peer }) => peer).sort()).toEqual(['Carla Colleague', 'Dora Distant']);
  expect(await linesOf(page, { words: ['dist'] })).toMatchObject([{ peer: 'Dora Distant' }]);
  await expect(page.getByText('Dora Distant').first()).toBeVisible();
  const readOnly = { ok: false, reason: 'This is an exported file. Nothing in it can be deleted.' };
  expect(await ask(page, 'planDeletion', { kind: 'all' })).toEqual(readOnly);
  expect(await ask(page, 'deleteRecords', { kind: 'all' })).toEqual(readOnly);
  expect(existsSync(path.join(userDataDir, 'opened'))).toBe(true);
  // Nothing of it can be found on the disk: it is encrypted with a key that is written nowhere.
  const [folder] = readdirSync(path.join(userDataDir, 'opened'));
  expect(readdirSync(path.join(userDataDir, 'opened', folder ?? ''))).not.toContain('key.json');

  // A file of another kind changes nothing.
  await answerOpenDialog(app, path.join(userDataDir, 'preferences.json'));
  expect(await ask(page, 'openFile')).toMatchObject({ ok: false });
  expect(await reviewState(page)).toMatchObject({ file: { name: 'theirs.ndjson' } });

  expect(await ask(page, 'closeFile')).toEqual({ ok: true, value: null });
  expect(await linesOf(page)).toEqual([own]);
  expect(readdirSync(path.join(userDataDir, 'opened'))).toEqual([]);

  // The window goes, and with it what was opened in it.
  await answerOpenDialog(app, file);
  await ask(page, 'openFile');
  const gone = page.waitForEvent('close');
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().includes('Review'))
      ?.close();
  });
  await gone;
  await expect.poll(() => readdirSync(path.join(userDataDir, 'opened'))).toEqual([]);
  const again = await openReview(app, widget);
  expect(await linesOf(again)).toEqual([own]);

  // After a power cut the next start clears up.
  await answerOpenDialog(app, file);
  await ask(again, 'openFile');
  expect(readdirSync(path.join(userDataDir, 'opened'))).toHaveLength(1);
  await app.kill();
  const next = await signIn();
  await next.widget();
  await expect.poll(() => existsSync(path.join(userDataDir, 'opened'))).toBe(false);
  expect(recordsOf(await runToEnd({ args: ['--export', 'json'] }))).toHaveLength(1);
});

test('an export shows how far it is, and leaves nothing when it is cancelled', async ({
  server,
  signIn,
  userDataDir,
}) => {
  const app = await signIn();
  const widget = await liveWidget(app);
  await ended(server, widget, { policy: 'mandatory' });
  await wrapUp(widget, '3');
  const page = await openReview(app, widget);
  await expect.poll(async () => (await linesOf(page)).length).toBe(1);

  // As many records as a writer takes its time for.
  const one = path.join(userDataDir, 'one.ndjson');
  await answerSaveDialog(app, one);
  await ask(page, 'exportRecords', { format: 'ndjson', redact: false, query: null });
  const mine = JSON.parse(readFileSync(one, 'utf8')) as ExportedRecord;
  const many = path.join(userDataDir, 'many.ndjson');
  const count = 3_000;
  writeFileSync(
    many,
    Array.from(
      { length: count },
      (_, at) => `${JSON.stringify({ ...mine, conversationId: `c-${String(at)}` })}\n`,
    ).join(''),
  );
  await answerOpenDialog(app, many);
  const opening = ask(page, 'openFile');
  await expect.poll(async () => (await reviewState(page)).task?.kind).toBe('import');
  const other = await ask(page, 'exportRecords', { format: 'csv', redact: false, query: null });
  expect(other).toMatchObject({ ok: false, reason: /An export or import is running/ });
  expect(await opening).toEqual({ ok: true, value: null });
  expect((await reviewState(page)).file).toMatchObject({ records: count });

  const target = path.join(userDataDir, 'many.json');
  await answerSaveDialog(app, target);
  // A pipe nobody reads from in the place of the file: the writer waits, and there is all the time to look and to
  // cancel. What the unfinished file is called nobody can know before, so it is led there where it is opened.
  const pipeName = path.join(userDataDir, 'pipe');
  execFileSync('mkfifo', [pipeName]);
  const pipe = openSync(pipeName, constants.O_RDWR);
  await writeOnceInto(app, pipeName);
  const stopped = ask(page, 'exportRecords', { format: 'json', redact: true, query: null });
  await expect.poll(async () => (await reviewState(page)).task?.total).toBe(count);
  const settings = await openSettings(app);
  await goTo(settings, 'Data');
  await expect(settings.getByRole('progressbar', { name: 'Writing many.json' })).toBeVisible();
  await settings.getByRole('button', { name: 'Cancel' }).click();
  expect(await stopped).toEqual({ ok: true, value: null });
  await expect(settings.getByRole('progressbar')).toHaveCount(0);
  closeSync(pipe);
  expect(readdirSync(userDataDir).filter((name) => name.startsWith('many.json'))).toEqual([]);

  const exporting = ask(page, 'exportRecords', { format: 'json', redact: true, query: null });
  expect(await exporting).toEqual({ ok: true, value: { file: target, records: count, unread: 0 } });
  const written = JSON.parse(readFileSync(target, 'utf8')) as ExportedRecord[];
  expect(written).toHaveLength(count);
  expect(written.every(({ peerName }) => peerName === '[redacted]')).toBe(true);
});
