import { codeName } from '../../electron/feed/simulator/directory.ts';
import { expect, test } from './support/agent.ts';
import { pressByKeyboard, tabTo } from './support/keyboard.ts';
import { codeNamed, connected, ended, liveWidget } from './support/shares.ts';

test('by keyboard only: Done asks for a code, a slip is never picked unseen, and a digit and words are all', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button, timer } = widget;
  const first = await ended(server, widget, { policy: 'mandatory' });
  await expect(timer).toBeVisible();
  await expect(button('Skip')).toHaveCount(0);

  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Choose a wrap-up code first.' })).toBeVisible();
  await page.keyboard.type('paymet'); // a slip of the finger
  await expect(page.getByText('Did you mean', { exact: true })).toBeVisible();
  await expect(page.getByRole('option', { selected: true })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('No code called “paymet”. Pick one from the list.')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(widget.notes).toBeFocused();
  await expect(widget.code).toHaveValue('Payment plan agreed');
  await page.keyboard.type('Three instalments');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText(/Wrapped up.*Payment plan agreed · sent(?!,)/);
  expect(control.wrapups(first)).toMatchObject([
    { by: 'client', wrapup: { code: codeNamed('Payment plan agreed'), notes: 'Three instalments' } },
  ]);

  // The most used code comes first now: its digit, words, and done. What was picked can be changed from the notes.
  const second = await ended(server, widget, { policy: 'mandatory' });
  await page.keyboard.press('2');
  await expect(widget.code).toHaveValue('Invoice explained');
  await page.keyboard.press('Backspace');
  await expect(widget.code).toBeFocused();
  await page.keyboard.press('1');
  await expect(widget.notes).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(widget.notes).toHaveValue('Three instalments');
  await page.keyboard.type(', again');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText(/Wrapped up.*Payment plan agreed · sent(?!,)/);
  expect(control.wrapups(second)).toMatchObject([
    { wrapup: { code: codeNamed('Payment plan agreed'), notes: 'Three instalments, again' } },
  ]);
});

test('optional: Skip is enough, and Done without a code says what there is to do', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button } = widget;
  const skipped = await ended(server, widget, { policy: 'optional' });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Choose a wrap-up code, or press Skip.')).toBeVisible();
  await pressByKeyboard(page, button('Skip'));
  await expect(status).toContainText('Wrapped up');
  await expect(status).toContainText('Skipped · sent');
  expect(control.wrapups(skipped)).toMatchObject([{ by: 'client', skipped: true }]);
});

test('by mouse: the list that closes above the buttons does not move them from under the click', async ({
  server,
  signIn,
}) => {
  const widget = await liveWidget(await signIn());
  const { page, status, button } = widget;
  const conversationId = await ended(server, widget, { policy: 'optional' });
  await expect(page.getByRole('option').first()).toBeVisible();
  await button('Skip').click();
  await expect(status).toContainText('Skipped · sent');
  expect(server.control.wrapups(conversationId)).toMatchObject([{ by: 'client', skipped: true }]);
});

test('timeout: a code that was chosen but not saved is sent at the last moment', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status } = widget;
  const conversationId = await ended(server, widget, { policy: 'timeout', timeoutMs: 6000 });
  await page.keyboard.type('refund');
  await page.keyboard.press('Enter');
  await control.when(() => control.wrapups(conversationId).length > 0);
  await expect(status).toContainText(/Wrapped up.*Refund requested · sent(?!,)/);
  expect(control.wrapups(conversationId)).toMatchObject([
    { by: 'client', wrapup: { code: codeNamed('Refund requested') } },
  ]);
});

test('forced timeout: Save, save again, and it ends by itself', async ({ server, signIn }) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button } = widget;
  const conversationId = await ended(server, widget, { policy: 'forcedTimeout', timeoutMs: 60_000 });
  await expect(button('Save')).toBeVisible();
  await expect(button('Done')).toHaveCount(0);
  await expect(page.getByText('When time is up, Genesys closes this without a code.')).toBeVisible();
  await page.getByRole('button', { name: 'Next status' }).click();
  await page.getByLabel('Next status').selectOption('Break');
  await tabTo(page, widget.code);
  await page.keyboard.type('invoice');
  await page.keyboard.press('Enter');
  await expect(page.getByText('When time is up, “Invoice explained” is sent.')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await control.when(() => control.wrapups(conversationId).length === 1);
  await expect(status).toContainText('Saved – finishes when time is up');
  await expect(status).toContainText('Invoice explained · sent');
  // There is nothing to save again until something is changed.
  await expect(button('Save')).toHaveCount(0);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(control.status()).toBe('On Queue');

  await tabTo(page, widget.code);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('callback');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await control.when(() => control.wrapups(conversationId).length === 2);
  await expect(status).toContainText('Saved – finishes when time is up');
  control.endAcw(conversationId);
  await expect(status).toContainText(/Wrapped up.*Callback promised · sent(?!,)/);
  // The next status is set when the work has ended, not when it was saved.
  await control.when(() => control.status() === 'Break');
  expect(control.wrapups(conversationId).map(({ wrapup }) => codeName(wrapup.code ?? ''))).toEqual([
    'Invoice explained',
    'Callback promised',
  ]);
});

test('agent requested: no prompt unless it was asked for while connected', async ({ server, signIn }) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button } = widget;
  const request = button('Request after-call work');
  const without = await connected(server, widget, { policy: 'agentRequested' });
  await pressByKeyboard(page, request);
  await expect(request).toHaveAttribute('aria-pressed', 'true');
  // The event may overtake the answer to the first press; until it has come the button does nothing.
  await expect(request).not.toHaveAttribute('aria-disabled');
  await pressByKeyboard(page, request);
  await expect(request).toHaveAttribute('aria-pressed', 'false');
  control.disconnect('peer', without);
  await expect(status).toContainText('Not sharing');
  await expect(widget.code).toHaveCount(0);

  const asked = await connected(server, widget, { policy: 'agentRequested', timeoutMs: 60_000 });
  await pressByKeyboard(page, request);
  await expect(request).toHaveAttribute('aria-pressed', 'true');
  control.disconnect('peer', asked);
  await expect(status).toContainText('Wrap up');
  await expect(widget.code).toBeFocused();
  await page.keyboard.press('1');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('sent');
  expect(control.wrapups(asked)).toHaveLength(1);
});

test('words can be written while still connected; they are sent when it has ended', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button, code, notes } = widget;
  const conversationId = await connected(server, widget, { policy: 'mandatory' });
  await pressByKeyboard(page, button('Write wrap-up'));
  await expect(
    page.getByText('You’re still connected – you can send this when the share ends.'),
  ).toBeVisible();
  await tabTo(page, code);
  await page.keyboard.type('card');
  await page.keyboard.press('Enter');
  await tabTo(page, notes);
  await page.keyboard.type('New card on file');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Connected');

  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(code).toHaveValue('Card details updated');
  await expect(notes).toHaveValue('New card on file');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText(/Wrapped up.*Card details updated · sent(?!,)/);
  expect(control.wrapups(conversationId)).toHaveLength(1);
});

test('two at once: the earliest deadline first, and Later loses nothing', async ({ server, signIn }) => {
  const { control } = server;
  const widget = await liveWidget(await signIn());
  const { page, status, button, notes } = widget;
  const begin = (customer: string, timeoutMs: number): string => {
    const { conversationId } = control.begin({
      policy: 'timeout',
      timeoutMs,
      customer,
      queue: 'Billing help',
    });
    control.answer(conversationId);
    control.disconnect('peer', conversationId);
    return conversationId;
  };
  const slow = begin('Sloane Late', 300_000);
  await expect(status).toContainText('Sloane Late');
  const soon = begin('Quentin Early', 90_000);
  await expect(status).toContainText('Quentin Early');
  await expect(page.getByText('1 more waiting')).toBeVisible();

  await tabTo(page, notes);
  await page.keyboard.type('To be finished');
  await pressByKeyboard(page, button('Later'));
  await expect(status).toContainText('Sloane Late');
  await expect(notes).toHaveValue('');
  await tabTo(page, widget.code);
  await page.keyboard.press('2');
  await page.keyboard.press('Control+Enter');
  await control.when(() => control.wrapups(slow).length === 1);

  await pressByKeyboard(page, button('Write wrap-up'));
  await expect(notes).toHaveValue('To be finished');
  await tabTo(page, widget.code);
  await page.keyboard.press('1');
  await page.keyboard.press('Control+Enter');
  await control.when(() => control.wrapups(soon).length === 1);
  expect(control.wrapups(soon)).toMatchObject([{ wrapup: { notes: 'To be finished' } }]);
});
