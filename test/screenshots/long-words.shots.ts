import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addQueue } from '../../electron/feed/simulator/directory.ts';
import { expect, test } from '../e2e/support/agent.ts';
import { widgetOf } from '../e2e/support/widget.ts';
import { shoot } from './camera.ts';

/** An organisation that names everything in full. */
const LONG = {
  queue: 'Rechtsschutzversicherungsgesellschaften › Beschwerdemanagement und Kundenrückgewinnung Süd',
  customer: 'Maximiliane-Theodora von Donaudampfschifffahrtsgesellschaftskapitänswitwenrente',
} as const;

addQueue(LONG.queue, [
  'Vertragsverlängerung / Bestandskundenrückgewinnungsangebot unterbreitet und abgelehnt',
  'Vertragsverlängerung / Angenommen',
  'Rechnungsbeanstandung / Abschlagszahlungsanpassung / Nachberechnung veranlasst',
  'Rechnungsbeanstandung / Ratenzahlungsvereinbarung abgeschlossen',
  'Rechnungsbeanstandung / Gutschrift erteilt',
  'Datenschutzgrundverordnungsauskunftsersuchen weitergeleitet',
  'Rückruf zugesagt',
]);

test.use({ holdSeconds: 10 });

test('long words, in German', async ({ server, signIn, userDataDir }) => {
  test.setTimeout(240_000);
  const snippets = [{ name: 'rechnung', text: 'Rechnung mit {customer} ausführlich besprochen.' }];
  await writeFile(
    path.join(userDataDir, 'preferences.json'),
    JSON.stringify({ holdSeconds: 10, stillSharingMinutes: [0.02, 0.04], snippets }),
  );
  const { control } = server;
  control.settings({ codesAtLeast: 200 });
  const { page, button } = widgetOf(await (await signIn({ args: ['--lang=de'] })).widget());
  const status = page.getByRole('status', { name: 'Freigabestatus' });
  await expect(status).toContainText('Keine Freigabe');

  for (const name of [LONG.queue, 'Online banking']) {
    const { conversationId } = control.begin({ queue: name, customer: LONG.customer });
    await expect(button('Annehmen')).toBeVisible();
    control.disconnect('system', conversationId);
    await expect(button('Annehmen')).toHaveCount(0);
  }
  await expect(status).toContainText('2 verpasst');
  await shoot(page, 'long-missed');
  await button('Ausblenden').click();

  const { conversationId } = control.begin({
    ...LONG,
    policy: 'timeout',
    timeoutMs: 600_000,
    alongside: ['calls', 'chats'],
  });
  await expect(page.getByRole('button', { name: /^Ablehnen und/ })).toBeVisible();
  await shoot(page, 'long-alerting');
  control.answer(conversationId);
  control.startSharing(12, conversationId);
  await expect(status).toContainText('Sie geben Ihren Bildschirm frei');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await shoot(page, 'long-asks');
  await page.getByRole('alertdialog').getByRole('button').last().click();
  await expect(page.getByRole('alertdialog')).toBeHidden();
  await shoot(page, 'long-sharing');
  await page.keyboard.press('Control+Shift+P');
  await expect(page.locator('.widget.small')).toBeVisible();
  await shoot(page, 'long-pill');
  await page.keyboard.press('Control+Shift+P');

  control.leaveLeg('calls', conversationId);
  control.leaveLeg('chats', conversationId);
  control.disconnect('peer', conversationId);
  const code = page.getByRole('combobox', { name: 'Abschlusscode' });
  await expect(code).toBeVisible();
  await expect(page.getByRole('option').first()).toBeVisible();
  await shoot(page, 'long-codes');
  await code.focus();
  await page.keyboard.type('vertrsg');
  await expect(page.getByRole('option').first()).toBeVisible();
  await shoot(page, 'long-did-you-mean');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('rechnung');
  await shoot(page, 'long-hits');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Nachberechnung');
  await page.keyboard.press('Enter');
  await page.keyboard.type(';re');
  await expect(page.getByText(';rechnung')).toBeVisible();
  await shoot(page, 'long-snippets');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Nächster Status' }).click();
  await page.locator('select').selectOption('Break');
  await shoot(page, 'long-next-status');
  await page.locator('textarea').focus();
  await page.keyboard.press('Control+Enter');
  await expect(button('Rückgängig')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Tasten' })).toBeVisible();
  await shoot(page, 'long-keys');
});

test('taking back what was sent, in German', async ({ server, signIn }) => {
  const { control } = server;
  const { page, button } = widgetOf(await (await signIn({ args: ['--lang=de'] })).widget());
  const status = page.getByRole('status', { name: 'Freigabestatus' });
  await expect(status).toContainText('Keine Freigabe');
  const { conversationId } = control.begin({ ...LONG, policy: 'optional' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await page.getByRole('button', { name: 'Überspringen' }).click();
  await expect(button('Rückgängig')).toBeVisible();
  await shoot(page, 'long-undo');
});
