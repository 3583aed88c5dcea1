import { TIMEOUT_CODE } from '../../electron/feed/simulator/directory.ts';
import { expect, test } from './support/agent.ts';
import { pressByKeyboard, tabTo } from './support/keyboard.ts';
import { codeNamed, ended, liveWidget } from './support/shares.ts';
import { retryNow, widgetOf } from './support/widget.ts';

test('timeout: when the server closed it first the agent sees both versions and chooses', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button, notes } = widget;

  // Mine: decided while out of contact, when the server's time ran out.
  const mine = await ended(server, widget, { policy: 'timeout' });
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await control.goDark();
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Complaint · waiting to send');
  control.endAcw(mine);
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('Genesys already closed this wrap-up');
  await expect(page.getByText('Timed out – no code').last()).toBeVisible();
  await expect(page.getByText('Complaint', { exact: true })).toBeVisible();
  await pressByKeyboard(page, button('Send my wrap-up'));
  await expect(status).toContainText(/Wrapped up.*Complaint · sent(?!,)/);
  expect(control.wrapups(mine).at(-1)).toMatchObject({
    by: 'client',
    wrapup: { code: codeNamed('Complaint') },
  });

  // Theirs: still being written when the server closed it.
  const theirs = await ended(server, widget, { policy: 'timeout' });
  await page.keyboard.type('tariff');
  await page.keyboard.press('Enter');
  await tabTo(page, notes);
  await page.keyboard.type('Half a sentence');
  await expect(page.getByText('Draft saved')).toBeVisible();
  control.endAcw(theirs);
  await expect(status).toContainText('Genesys already closed this wrap-up');
  await expect(page.getByText('Tariff changed · “Half a sentence”')).toBeVisible();
  await pressByKeyboard(page, button('Keep Genesys’s'));
  await expect(button('Keep Genesys’s')).toHaveCount(0);
  expect(control.wrapups(theirs)).toMatchObject([{ by: 'system', wrapup: { code: TIMEOUT_CODE } }]);
});

test('decided out of contact: it waits, survives a restart, and is sent once', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page, status } = widget;
  const conversationId = await ended(server, widget, { policy: 'mandatory' });
  await page.keyboard.type('complaint');
  await page.keyboard.press('Enter');
  await control.goDark();
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Complaint · waiting to send');
  await expect(page.getByText('1 waiting to send')).toBeVisible();
  await app.kill();

  const again = widgetOf(await (await signIn()).widget());
  await expect(again.page.getByText('1 waiting to send')).toBeVisible();
  expect(control.wrapups(conversationId)).toHaveLength(0);
  await control.comeBack();
  await retryNow(again.page);
  await control.when(() => control.wrapups(conversationId).length > 0);
  await expect(again.page.getByText('1 waiting to send')).toBeHidden();
  expect(control.received().filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  expect(control.wrapups(conversationId)).toMatchObject([{ wrapup: { code: codeNamed('Complaint') } }]);
});

test('where each communication has its own after-call work: a share and a video, each told where it belongs', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status } = widget;
  for (const media of ['screenshare', 'video'] as const) {
    const own = { policy: 'mandatory', communicationBasedAcw: true, media } as const;
    const conversationId = await ended(server, widget, own);
    await page.keyboard.type('complaint');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await expect(status).toContainText(/Wrapped up.*Complaint · sent(?!,)/);
    const taken = control.wrapups(conversationId);
    expect(taken).toMatchObject([{ by: 'client', wrapup: { code: codeNamed('Complaint') } }]);
    expect(taken[0]?.communicationId).toMatch(/\S/);
  }
});
