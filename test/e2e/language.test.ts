import { expect, test, type RunningApp } from './support/agent.ts';
import { goTo, openSettings } from './support/settings.ts';
import { connected, liveWidget } from './support/shares.ts';

async function trayOffers(app: RunningApp): Promise<readonly string[]> {
  const item = await app.desktop.tray.read(app.pid);
  return item?.menu.filter(({ enabled, label }) => enabled && label !== '').map(({ label }) => label) ?? [];
}

test('a language reaches every window, the tray and notifications where they are, and stays', async ({
  server,
  signIn,
  desktop,
}) => {
  const app = await signIn();
  const widget = await liveWidget(app);
  const { page } = widget;
  await connected(server, widget, { policy: 'mandatory', customer: 'Zaphira Quillon' });
  await widget.button('Write wrap-up').click();
  await widget.notes.fill('Half a sentence');
  await widget.button('Review records').click();
  const review = await app.window('review');
  await expect(review.getByRole('searchbox', { name: 'Search records' })).toBeVisible();

  const settings = await openSettings(app);
  await goTo(settings, 'Language');
  await settings.getByRole('radio', { name: 'Deutsch' }).check();
  await expect(settings.getByRole('tab', { name: 'Sprache', selected: true })).toBeVisible();
  await expect(settings.getByRole('radio', { name: 'Deutsch' })).toBeFocused();
  await expect.poll(() => desktop.activeWindow()).toBe('Sharelight – Einstellungen');
  await expect(review).toHaveTitle('Sharelight – Rückblick');
  await expect(review.getByRole('searchbox', { name: 'Datensätze durchsuchen' })).toBeVisible();
  for (const each of [page, review, settings])
    await expect(each.locator('html')).toHaveAttribute('lang', 'de');
  const status = page.getByRole('status', { name: 'Freigabestatus' });
  await expect(status).toContainText('Verbunden');
  await expect(page.getByRole('textbox', { name: 'Notizen' })).toHaveValue('Half a sentence');
  await expect.poll(() => trayOffers(app)).toContain('Sharelight beenden');

  server.control.begin({ queue: 'Billing help', customer: 'Ana Lind' });
  await desktop.notifications.waitFor(({ summary }) => summary === 'Eingehende Bildschirmfreigabe');
  expect(await app.quit()).toBe(0);

  // A choice counts more than what the system prefers.
  const again = await signIn({ env: { LANGUAGE: 'es_MX:de' } });
  const second = await again.widget();
  await expect(second.getByRole('status', { name: 'Freigabestatus' })).toBeVisible();
  await second.keyboard.press('Control+,');
  const reopened = await again.window('settings');
  await reopened.getByRole('tab', { name: 'Sprache' }).click();
  await reopened.getByRole('radio', { name: 'Wie das System' }).check();
  await expect(second.getByRole('status', { name: 'Estado del uso compartido' })).toBeVisible();
  await expect.poll(() => trayOffers(again)).toContain('Salir de Sharelight');
});
