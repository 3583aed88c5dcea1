import { test, expect } from '../e2e/support/agent.ts';
import { DatabaseOnDisk } from '../e2e/support/database-file.ts';
import { ended, liveWidget } from '../e2e/support/shares.ts';
import { widgetOf } from '../e2e/support/widget.ts';
import { shoot } from './camera.ts';

test('a database that cannot be used', async ({ server, signIn, userDataDir }) => {
  const start = { args: ['--key', 'file'] };
  const database = new DatabaseOnDisk(userDataDir, server.userId);
  const first = await signIn(start);
  const widget = await liveWidget(first);
  await ended(server, widget, { policy: 'optional' });
  await widget.button('Skip').press('Enter');
  await expect(widget.status).toContainText('Skipped · sent');
  await first.quit();
  database.change("UPDATE communications SET json = json || ' '");

  const { page, button, notices } = widgetOf(await (await signIn(start)).widget());
  await expect(button('Try again')).toBeVisible();
  await shoot(page, 'database-help');
  await page.getByText('Delete all records on this computer').click();
  await shoot(page, 'database-help-delete');
  await button('Continue without recording').click();
  await expect(button('See what you can do')).toBeVisible();
  await shoot(page, 'database-put-off');
  await button('See what you can do').click();
  await page.getByRole('button', { name: /^Restore the backup of/ }).click();
  await expect(notices).toContainText('Restored the backup of');
  await shoot(page, 'database-restored');
});
