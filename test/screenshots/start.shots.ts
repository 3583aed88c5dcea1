import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../e2e/support/agent.ts';
import { widgetOf } from '../e2e/support/widget.ts';
import { shoot } from './camera.ts';

test('the demo says that it is one', async ({ launch }) => {
  const { page, status } = widgetOf(await (await launch()).widget());
  await expect(page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(status).toContainText('Not sharing');
  await shoot(page, 'demo');
});

test('no key store: the person is asked', async ({ desktopWith, signIn }) => {
  const desktop = await desktopWith({ keyring: false });
  const { page, button } = widgetOf(await (await signIn({ desktop })).widget());
  await expect(button('Use a passphrase')).toBeVisible();
  await shoot(page, 'key-question');
  await button('Use a passphrase').click();
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeVisible();
  await shoot(page, 'key-passphrase');
});

test('a notice', async ({ signIn, userDataDir }) => {
  await writeFile(path.join(userDataDir, 'preferences.json'), '{"theme": "lig');
  const { page, notices, status } = widgetOf(await (await signIn()).widget());
  await expect(notices).toContainText('couldn’t be read');
  await expect(status).toContainText('Not sharing');
  await shoot(page, 'notice');
});
