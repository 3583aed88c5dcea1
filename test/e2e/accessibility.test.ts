import type { Bridge } from '../../domain/ipc/contract.ts';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { themes } from '../../domain/settings.ts';
import { expect, test } from './support/agent.ts';
import { pressByKeyboard, tabTo } from './support/keyboard.ts';
import { retryNow, widgetOf } from './support/widget.ts';

/** What axe finds wrong with the page as it stands, in every theme it can be drawn in. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of themes.filter((one) => one !== 'system')) {
    await page.evaluate(
      (chosen) => (window.sharelight as Bridge | undefined)?.setTheme({ theme: chosen }),
      theme,
    );
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    // The legacy way needs no second page, which Electron does not give.
    const { violations: wrong } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    for (const { id, help, nodes } of wrong) {
      found.push(
        ...nodes.map(
          ({ html, failureSummary }) => `${theme}: ${id} (${help}): ${html}\n${failureSummary ?? ''}`,
        ),
      );
    }
  }
  return found;
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
  expect(await violations(page)).toEqual([]);
  await allReached();

  const { conversationId } = control.begin({
    policy: 'agentRequested',
    timeoutMs: 600_000,
    queue: 'Billing help',
  });
  await expect(button('Answer')).toBeVisible();
  await expect(button('Decline')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await allReached();

  control.answer(conversationId);
  await expect(button('Request after-call work')).toBeVisible();
  control.requestAcw(true, conversationId);
  expect(await violations(page)).toEqual([]);
  control.startSharing(2, conversationId);
  await expect(button('Stop sharing')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await allReached();

  // Two at once, and nothing confirmed.
  control.begin({ queue: 'Online banking' });
  await expect(button('Answer')).toBeVisible();
  await control.goDark();
  await expect(status).toContainText('Sharing – not confirmed');
  expect(await violations(page)).toEqual([]);
  await control.comeBack();
  await retryNow(page);
  await expect(status).toContainText('You are sharing');
  control.decline();

  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Wrap up');
  await expect(timer).toBeVisible();
  await expect(page.getByRole('option').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await allReached();
  await tabTo(page, code);
  await page.keyboard.type('nothing like it');
  await expect(page.getByText('No code matches “nothing like it”.')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').first()).toBeVisible();
  expect(await violations(page)).toEqual([]);

  // A choice between two versions.
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await tabTo(page, notes);
  await page.keyboard.type('Half a sentence');
  await expect(page.getByText('Draft saved')).toBeVisible();
  control.endAcw(conversationId);
  await expect(button('Keep Genesys’s')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await allReached();
  await button('Keep Genesys’s').click();
  await expect(status).toContainText(/wrapped up|Missed screen share/i);
  expect(await violations(page)).toEqual([]);
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
  expect(await violations(page)).toEqual([]);
});

test('what is asked and told at the start has no violation either', async ({
  desktopWith,
  server,
  signIn,
}) => {
  const desktop = await desktopWith({ keyring: false });
  const app = await signIn({ desktop });
  const page = await app.widget();
  await page.emulateMedia({ colorScheme: null });
  const { status, button } = widgetOf(page);
  await expect(button('Use a key file')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await button('Use a passphrase').click();
  await page.getByLabel('Passphrase', { exact: true }).fill('one');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The passphrases don’t match.')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await button('Back').click();
  await button('Use a key file').click();
  await expect(page.getByRole('region', { name: 'Key to your records' })).toHaveCount(0);

  server.control.sendRaw('garbage');
  await expect(page.getByText('1 update couldn’t be read')).toBeVisible();
  server.control.revokeTokens();
  await expect(button('Retry now')).toBeVisible();
  await expect(status).toContainText('not confirmed');
  expect(await violations(page)).toEqual([]);
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
