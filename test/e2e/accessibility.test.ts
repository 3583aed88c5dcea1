import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addQueue } from '../../electron/feed/simulator/directory.ts';
import { expect, test } from './support/agent.ts';
import { violations, violationsInThemes } from './support/axe.ts';
import { pressByKeyboard, tabTo } from './support/keyboard.ts';
import { liveWidget, sharing } from './support/shares.ts';
import { retryNow, widgetOf } from './support/widget.ts';

/** Of an element in one line, CSS px: negative where its words are cut off. */
function roomBesideWords(element: Element): number {
  const words = document.createRange();
  words.selectNodeContents(element);
  return element.getBoundingClientRect().width - words.getBoundingClientRect().width;
}

test('every state, in every theme, has no violation and can be reached with the Tab key', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  // Playwright plays a system of its own choice; here the app's theme decides.
  await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });
  const { status, button, code, notes, timer, link } = widgetOf(page);

  /** Every control there is, by Tab alone, from the top of the page. */
  const allReached = async (): Promise<void> => {
    await page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    for (const control of await page.locator('button:visible, input:visible, textarea:visible').all()) {
      await tabTo(page, control);
    }
  };

  await expect(status).toContainText('Not sharing');
  await expect(page).toHaveTitle('Sharelight');
  await expect(link).toContainText('Live');
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();

  control.settings({ codesAtLeast: 200 });
  const { conversationId } = control.begin({
    policy: 'agentRequested',
    timeoutMs: 600_000,
    queue: 'Billing help',
    customer: 'Maximiliane-Theodora von Donaudampfschifffahrtsgesellschaftskapitänswitwenrente',
  });
  await expect(button('Answer')).toBeVisible();
  await expect(button('Decline')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();

  control.answer(conversationId);
  await expect(button('Request after-call work')).toBeVisible();
  control.requestAcw(true, conversationId);
  expect(await violationsInThemes(page)).toEqual([]);
  control.startSharing(2, conversationId);
  await expect(button('Stop sharing')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();
  await page.keyboard.press('Control+Shift+P');
  await expect(button('Show everything')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();
  await page.keyboard.press('Control+Shift+P');

  // Two at once, and nothing confirmed. What belongs to the alert does not lie on what is filled.
  control.begin({ queue: 'Online banking' });
  await expect(button('Answer')).toBeVisible();
  const top = await button('Silence').evaluate((element) => element.getBoundingClientRect().top);
  const filled = await page.locator('.on-air').evaluate((element) => element.getBoundingClientRect().bottom);
  expect(top).toBeGreaterThan(filled);
  await control.goDark();
  await expect(status).toContainText('Sharing – not confirmed');
  expect(await violationsInThemes(page)).toEqual([]);
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('You are sharing');
  control.decline();

  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(timer).toBeVisible();
  await expect(page.getByRole('option').first()).toBeVisible();
  // However long a name is, how the line ends is there to its last letter.
  const end = status.locator('bdi').last();
  await expect(end).toHaveText(' · Billing help');
  expect(await end.evaluate(roomBesideWords)).toBeGreaterThanOrEqual(0);
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('Control+=');
  await expect.poll(() => page.evaluate(() => devicePixelRatio)).toBe(2);
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();
  await page.keyboard.press('Control+0');
  await tabTo(page, code);
  await page.keyboard.type('nothing like it');
  await expect(page.getByText('No code matches “nothing like it”.')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').first()).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);

  // A choice between two versions.
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await tabTo(page, notes);
  await page.keyboard.type('Half a sentence');
  await expect(page.getByText('Draft saved')).toBeVisible();
  control.endAcw(conversationId);
  await expect(button('Keep Genesys’s')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await allReached();
  await button('Keep Genesys’s').click();
  await expect(status).toContainText(/wrapped up|Missed screen share/i);
  expect(await violationsInThemes(page)).toEqual([]);
});

test('the choice of appearance has no violation, and works by keyboard', async ({ signIn }) => {
  const app = await signIn();
  const page = await app.widget();
  const { status, button } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  await pressByKeyboard(page, button('Appearance'));
  await tabTo(page, page.getByRole('radio', { checked: true }));
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  expect(await violationsInThemes(page)).toEqual([]);
});

test('what is asked and told at the start has no violation either', async ({
  desktopWith,
  policyOf,
  server,
  signIn,
}) => {
  const desktop = await desktopWith({ keyring: false });
  const app = await signIn({ desktop, etc: await policyOf('{ "locked": { "shareGate": true } }') });
  const page = await app.widget();
  await page.emulateMedia({ colorScheme: null });
  const { status, button } = widgetOf(page);
  await expect(button('Use a key file')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await button('Use a passphrase').click();
  await page.getByLabel('Passphrase', { exact: true }).fill('one');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The passphrases don’t match.')).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await button('Back').click();
  await button('Use a key file').click();
  await expect(page.getByRole('region', { name: 'Key to your records' })).toHaveCount(0);

  // Before the first share of the day.
  const { conversationId } = server.control.begin({ policy: 'agentRequested' });
  await button('Answer').click();
  await expect(page.getByRole('alert').filter({ hasText: 'Confirm first' })).toBeVisible();
  expect(await violationsInThemes(page)).toEqual([]);
  await button('I have checked my screen').click();
  await expect(page.getByRole('region', { name: 'Before your first share today' })).toHaveCount(0);
  await button('Answer').click();
  await expect(status).toContainText('Connected');
  server.control.disconnect('peer', conversationId);

  server.control.sendRaw('garbage');
  await expect(page.getByText('1 update couldn’t be read')).toBeVisible();
  server.control.revokeTokens();
  await expect(button('Retry now')).toBeVisible();
  await expect(status).toContainText('not confirmed');
  expect(await violationsInThemes(page)).toEqual([]);
});

test.describe('with time to take a wrap-up back', () => {
  test.use({ holdSeconds: 10 });

  test('what comes and goes by itself has no violation either', async ({ server, signIn, userDataDir }) => {
    const snippets = [{ name: 'inv', text: 'Explained the invoice to {customer}.' }];
    await writeFile(
      path.join(userDataDir, 'preferences.json'),
      JSON.stringify({ holdSeconds: 10, stillSharingMinutes: [0.02, 0.04], snippets }),
    );
    const { control } = server;
    addQueue('Contracts', ['Payment plan agreed', 'Contract / Extended', 'Contract / Cancelled']);
    const mandatory = { policy: 'mandatory', timeoutMs: 600_000 } as const;
    const widget = await liveWidget(await signIn());
    const { page, status, button, code, notes } = widget;
    await page.emulateMedia({ colorScheme: null, reducedMotion: 'reduce' });

    // Two that were missed are one line.
    for (const queue of ['Billing help', 'Online banking']) {
      const { conversationId } = control.begin({ queue });
      await expect(button('Answer')).toBeVisible();
      control.disconnect('system', conversationId);
      await expect(button('Answer')).toHaveCount(0);
    }
    await expect(status).toContainText('2 missed');
    expect(await violationsInThemes(page)).toEqual([]);
    await button('Dismiss').click();

    // A share that goes on asks in the end.
    const conversationId = await sharing(server, widget, { ...mandatory, queue: 'Contracts' });
    const asking = page.getByRole('alertdialog', { name: 'Still sharing?' });
    await expect(asking).toBeVisible();
    expect(await violationsInThemes(page)).toEqual([]);
    await button('Keep sharing').click();
    await expect(asking).toBeHidden();
    control.disconnect('peer', conversationId);

    // The wrap-up: codes in groups, a slip of the finger, the next status, a short name in the notes, the keys.
    await expect(status).toContainText('Wrap up');
    const contracts = page.getByRole('option', { name: 'Contract, 2 codes' });
    await expect(contracts).toBeVisible();
    expect(await violationsInThemes(page)).toEqual([]);
    await tabTo(page, code);
    while ((await contracts.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('option', { name: 'Cancelled' })).toBeVisible();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Backspace');
    await expect(contracts).toBeVisible();
    await code.fill('paymet');
    await expect(page.getByText('Did you mean', { exact: true })).toBeVisible();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(notes).toBeFocused();
    await page.keyboard.type(';i');
    await expect(page.getByText(';inv')).toBeVisible();
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await expect(notes).toHaveValue(/^Explained the invoice to /);
    await page.getByRole('button', { name: 'Next status' }).click();
    await page.getByLabel('Next status').selectOption('Break');
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');

    // Sent, and to be taken back for a while.
    await tabTo(page, notes);
    await page.keyboard.press('Control+Enter');
    await expect(button('Undo')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await expect(status).toContainText('sent');
    await page.keyboard.press('?');
    const keys = page.getByRole('group', { name: 'Keys' });
    await expect(keys).toBeFocused();
    // However many keys there are, what goes on stays in sight beside them.
    await expect(status).toBeInViewport({ ratio: 1 });
    expect(await violationsInThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(keys).toHaveCount(0);
  });
});

test('what changes is spoken once, and a ticking number is not', async ({ server, signIn }) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  const { status, timer } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'timeout', timeoutMs: 300_000 });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(status).toHaveAttribute('aria-atomic', 'true');

  const { code } = widgetOf(page);
  await code.fill('no such code');
  const spoken = page.locator(':is([role=status], [role=alert], [aria-live=polite]):not(:empty)');
  await expect(spoken.filter({ hasText: 'No code matches' })).toHaveCount(1);
  await code.fill('call');
  await expect(spoken.filter({ hasText: /code(s|) match/ })).toHaveCount(1);
  await code.fill('');

  // The number ticks; nothing that is live changes with it.
  await expect(timer).toBeVisible();
  const live = await page.evaluateHandle(() => {
    const said: string[] = [];
    for (const region of document.querySelectorAll('[role=status], [role=alert], [aria-live=polite]')) {
      new MutationObserver(() => said.push(region.textContent)).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }
    return said;
  });
  const first = await timer.textContent();
  await expect(timer).not.toHaveText(first ?? '');
  const second = await timer.textContent();
  await expect(timer).not.toHaveText(second ?? '');
  expect(await live.jsonValue()).toEqual([]);
});
