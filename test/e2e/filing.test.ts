import { QUEUES } from '../../electron/feed/simulator/directory.ts';
import { expect, test } from './support/agent.ts';
import { pressByKeyboard } from './support/keyboard.ts';
import { recordsOf } from './support/records.ts';
import { codeNamed, connected, ended, liveWidget } from './support/shares.ts';
import { retryNow, widgetOf } from './support/widget.ts';

const unknownCode = '5d0c7e11-0000-4000-8000-00000000beef';

test('a system’s code is nobody’s choice, and an id is not a name', async ({ server, signIn, runToEnd }) => {
  const { control } = server;
  control.settings({ restWrapupName: false });
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page, status, button } = widget;

  // Our own skip, answered with a code of the system, before and after contact was lost.
  control.settings({ skipCode: '7fb334b0-0e9e-11e4-9191-0800200c9a66' });
  const skipped = await ended(server, widget, { policy: 'optional' });
  await pressByKeyboard(page, button('Skip'));
  await expect(status).toContainText('Skipped · sent');
  control.settings({ skipCode: 'ININ-WRAP-UP-SKIPPED' });
  const late = await ended(server, widget, { policy: 'optional' });
  await control.goDark();
  await pressByKeyboard(page, button('Skip'));
  await expect(status).toContainText('Skipped · waiting to send');
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText(/Skipped · sent(?!,)/);

  // What the system closed by itself.
  const outbound = await ended(server, widget, { policy: 'mandatory' });
  control.systemWrapUp('ININ-OUTBOUND-NO-ANSWER', outbound);
  await expect(status).toContainText('Set by outbound dialling: no answer');
  await expect(button('Send my wrap-up')).toHaveCount(0);

  // Chosen on another device: of this queue, and one that no list has.
  const elsewhere = await ended(server, widget, { policy: 'mandatory' });
  control.wrapUp({ code: codeNamed('Refund requested') }, elsewhere);
  await expect(status).toContainText('Refund requested · from Genesys');
  const banking = QUEUES.find(({ name }) => name === 'Online banking')?.codes[0];
  const foreign = await ended(server, widget, { policy: 'mandatory' });
  control.wrapUp({ code: banking?.id ?? '' }, foreign);
  await expect(status).toContainText(`a code that is not in this list (${banking?.id ?? ''})`);
  const unknown = await ended(server, widget, { policy: 'mandatory' });
  control.wrapUp({ code: unknownCode }, unknown);
  await expect(status).toContainText(`a code that is not in this list (${unknownCode})`);

  // The list that has the name comes with another share.
  await connected(server, widget, { policy: 'mandatory', queue: 'Online banking' });
  await expect(button('Write wrap-up')).toBeVisible();
  await pressByKeyboard(page, button('Write wrap-up'));
  await expect(page.getByRole('option', { name: 'Login restored' })).toBeVisible();
  control.disconnect();
  control.wrapUp();
  await expect(status).toContainText('Login restored · from Genesys');
  await app.quit();

  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  const wrapupOf = (id: string) => records.find(({ conversationId }) => conversationId === id)?.wrapup;
  expect(wrapupOf(skipped)).toMatchObject({ state: 'skipped', code: null });
  expect(wrapupOf(late)).toMatchObject({ state: 'skipped', code: null });
  expect(wrapupOf(outbound)).toMatchObject({ state: 'skipped', code: 'ININ-OUTBOUND-NO-ANSWER' });
  expect(wrapupOf(elsewhere)).toMatchObject({ state: 'elsewhere', name: 'Refund requested' });
  expect(wrapupOf(foreign)).toMatchObject({ code: banking?.id, name: 'Login restored' });
  expect(wrapupOf(unknown)).toMatchObject({ code: unknownCode, name: null });
  const csv = await runToEnd({ args: ['--export', 'csv'] });
  expect(csv.stdout).toContain(`${banking?.id ?? ''},Login restored,`);
});

test('two shares in one call are one wrap-up, also out of contact and after a restart', async ({
  server,
  signIn,
  runToEnd,
}) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page, status } = widget;
  const call = await connected(server, widget, { policy: 'mandatory' });
  control.startSharing(1, call);
  await expect(status).toContainText('You are sharing');
  control.shareAgain(call);
  await control.goDark();
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('You are sharing');
  control.disconnect('peer', call);
  await expect(status).toContainText('Wrap up');
  await expect(page.getByRole('combobox', { name: 'Wrap-up code' })).toHaveCount(1);
  await expect(page.getByText(/1 more waiting/)).toHaveCount(0);

  await widget.code.focus();
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await control.goDark();
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Complaint · waiting to send');
  await expect(widget.code).toHaveCount(0);
  await app.quit();
  await control.comeBack();

  const again = await signIn();
  const { status: status2 } = widgetOf(await again.widget());
  await control.when(() => control.wrapups(call).length > 0);
  await expect(status2).not.toContainText('Wrap up');
  await again.quit();
  expect(control.wrapups(call)).toMatchObject([{ by: 'client', wrapup: { code: codeNamed('Complaint') } }]);
  const sent = control.received().filter(({ method }) => method === 'PATCH' || method === 'POST');
  expect(sent.filter(({ body }) => JSON.stringify(body).includes('wrapup'))).toHaveLength(1);
  const records = recordsOf(await runToEnd({ args: ['--export', 'json'] }));
  expect(records.map(({ wrapup }) => [wrapup?.name, wrapup?.state])).toEqual([
    ['Complaint', 'sent'],
    ['Complaint', 'sent'],
  ]);
});

test('work that was there at the start gets its codes, and nothing is sent by itself after its limit', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const { conversationId } = control.begin({
    queue: 'Billing help',
    policy: 'timeout',
    timeoutMs: 3_600_000,
  });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  // The server forgot to close it.
  control.mutate(
    { participant: { wrapupTimeoutMs: 1 }, conversation: {}, communication: {} },
    conversationId,
  );
  control.faults.set({ on: 'http', kind: 'status', status: 500, path: '/wrapupcodes', times: 1 });

  const app = await signIn();
  const { page, status, code, button } = widgetOf(await app.widget());
  await expect(status).toContainText('Wrap up');
  await expect(page.getByRole('option', { name: 'Complaint' })).toBeVisible();
  await code.focus();
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Draft saved')).toBeVisible();
  expect(control.wrapups(conversationId)).toEqual([]);
  await page.getByRole('textbox', { name: 'Notes' }).fill('written after the limit');
  await pressByKeyboard(page, button('Done'));
  await expect(status).toContainText(/Complaint · sent(?!,)/);
  expect(control.wrapups(conversationId)).toMatchObject([
    { by: 'client', wrapup: { notes: 'written after the limit' } },
  ]);
});
