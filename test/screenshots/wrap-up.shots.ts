import type { BeginOptions } from '../../electron/feed/simulator/acts.ts';
import type { Control } from '../../electron/feed/simulator/control.ts';
import { expect, test, type RunningApp } from '../e2e/support/agent.ts';
import { widgetOf, type Widget } from '../e2e/support/widget.ts';
import { CONTACT, minutes, shoot } from './camera.ts';

const NOTES = 'Walked through invoice 2231; customer will re-upload the scan';

/** A share was answered and has ended: its wrap-up is due. */
async function wrapUpDue(app: RunningApp, control: Control, options: BeginOptions): Promise<Widget> {
  const widget = widgetOf(await app.widget());
  await expect(widget.status).toContainText('Not sharing');
  control.answer(control.begin({ ...CONTACT, ...options }).conversationId);
  await expect(widget.status).toContainText('Connected');
  control.disconnect('peer');
  await expect(widget.status).toContainText('Wrap up');
  await expect(widget.page.getByRole('option')).not.toHaveCount(0);
  return widget;
}

async function choose({ page, code, notes }: Widget, query: string): Promise<void> {
  await notes.fill(NOTES);
  await code.focus();
  await page.keyboard.type(query);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Draft saved')).toBeVisible();
}

test('wrap-up: a query is typed, the list is open, notes are written', async ({ server, signIn }) => {
  const widget = await wrapUpDue(await signIn(), server.control, {
    policy: 'timeout',
    timeoutMs: minutes(2),
  });
  const { page, code, notes } = widget;
  await notes.fill(NOTES);
  await expect(page.getByText('Draft saved')).toBeVisible();
  await code.focus();
  await page.keyboard.type('ca');
  await page.keyboard.press('Control+D');
  await expect(page.getByRole('option', { selected: true }).locator('.star.on')).toBeVisible();
  await shoot(page, 'wrap-up', { showing: minutes(1, 46) });
});

test('wrap-up: nothing typed yet', async ({ server, signIn }) => {
  const { page } = await wrapUpDue(await signIn(), server.control, { policy: 'mandatory' });
  await shoot(page, 'wrap-up-empty', { showing: minutes(0, 5) });
});

test('wrap-up while still connected', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status, button, code } = widgetOf(await (await signIn()).widget());
  await expect(status).toContainText('Not sharing');
  control.answer(control.begin({ ...CONTACT, policy: 'timeout', timeoutMs: minutes(2) }).conversationId);
  await button('Write wrap-up').click();
  await expect(code).toBeVisible();
  await expect(page.getByRole('option')).not.toHaveCount(0);
  await shoot(page, 'wrap-up-connected', { showing: minutes(0, 25) });
});

test('forced timeout: saved, but the work goes on until its time is up', async ({ server, signIn }) => {
  const widget = await wrapUpDue(await signIn(), server.control, {
    policy: 'forcedTimeout',
    timeoutMs: minutes(1),
  });
  await choose(widget, 'invoice');
  await expect(widget.button('Save')).toBeVisible();
  await shoot(widget.page, 'forced-timeout', { showing: minutes(0, 48) });
});

test('forced timeout: it was saved', async ({ server, signIn }) => {
  const widget = await wrapUpDue(await signIn(), server.control, {
    policy: 'forcedTimeout',
    timeoutMs: minutes(1),
  });
  await choose(widget, 'invoice');
  await widget.page.keyboard.press('Control+Enter');
  await expect(widget.status).toContainText('Saved – finishes when time is up');
  await expect(widget.status).toContainText('· sent by me');
  await shoot(widget.page, 'forced-timeout-saved', { showing: minutes(0, 31) });
});

test('the time ran out without a code', async ({ server, signIn }) => {
  const { control } = server;
  const { page, status } = await wrapUpDue(await signIn(), control, {
    policy: 'timeout',
    timeoutMs: minutes(2),
  });
  control.endAcw();
  await expect(status).toContainText('Wrap-up timed out');
  await shoot(page, 'timed-out');
});

test('the last seconds of after-call work', async ({ server, signIn }) => {
  const widget = await wrapUpDue(await signIn(), server.control, {
    policy: 'timeout',
    timeoutMs: minutes(1),
  });
  await choose(widget, 'invoice');
  await shoot(widget.page, 'wrap-up-last-seconds', { showing: minutes(0, 14) });
});

test('optional: may be skipped', async ({ server, signIn }) => {
  const { page, button } = await wrapUpDue(await signIn(), server.control, { policy: 'optional' });
  await expect(button('Skip')).toBeVisible();
  await shoot(page, 'optional', { showing: minutes(0, 7) });
});

test('put off with Later', async ({ server, signIn }) => {
  const { page, status, button } = await wrapUpDue(await signIn(), server.control, { policy: 'mandatory' });
  await button('Later').click();
  await expect(button('Write wrap-up')).toBeVisible();
  await expect(status).toContainText('later');
  await shoot(page, 'later', { showing: minutes(0, 15) });
});

test('wrapped up, and sent', async ({ server, signIn }) => {
  const { control } = server;
  const widget = await wrapUpDue(await signIn(), control, { policy: 'mandatory' });
  control.advance(minutes(0, 41));
  await choose(widget, 'invoice');
  await widget.page.keyboard.press('Control+Enter');
  await expect(widget.status).toContainText('sent');
  await shoot(widget.page, 'wrapped-up');
});

test('waiting to be sent, then refused because the server was first', async ({ server, signIn }) => {
  const { control } = server;
  const widget = await wrapUpDue(await signIn(), control, { policy: 'timeout', timeoutMs: minutes(2) });
  const { page, status, button } = widget;
  await choose(widget, 'invoice');
  await control.goDark();
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Wrapped up');
  await expect(page.getByText('1 waiting to send')).toBeVisible();
  await expect(widget.link).toContainText('Can’t reach Genesys Cloud');
  await shoot(page, 'waiting');

  control.endAcw();
  await control.comeBack();
  await expect(button('Send my wrap-up')).toBeVisible();
  await expect(widget.link).toContainText('Live');
  await shoot(page, 'conflict');
});

test('two wrap-ups in a queue', async ({ server, signIn }) => {
  const { control } = server;
  const { page } = await wrapUpDue(await signIn(), control, { policy: 'timeout', timeoutMs: minutes(2) });
  const second = control.begin({ queue: 'Home internet', customer: 'Lars Fjellbakken', policy: 'mandatory' });
  control.answer(second.conversationId);
  control.disconnect('peer', second.conversationId);
  await expect(page.getByText('1 more waiting')).toBeVisible();
  await shoot(page, 'two-wrap-ups', { showing: minutes(1, 46) });
});
