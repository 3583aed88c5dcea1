import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../e2e/support/agent.ts';
import { widgetOf } from '../e2e/support/widget.ts';
import { CONTACT, shoot } from './camera.ts';

test('the demo says that it is one', async ({ launch }) => {
  const { page, status } = widgetOf(await (await launch()).widget());
  await expect(page.getByText('Demo', { exact: true })).toBeVisible();
  await expect(status).toContainText('Not sharing');
  await shoot(page, 'demo');
});

test('the first window asks what to begin with', async ({ launch }) => {
  const page = await (await launch({ args: ['--first-run', 'ask'] })).widget();
  await expect(page.getByRole('region', { name: 'Welcome to Sharelight' })).toBeVisible();
  await shoot(page, 'first-run');
});

test('the gate before the first share of a day', async ({ server, signIn, policyOf }) => {
  const app = await signIn({ etc: await policyOf('{ "locked": { "shareGate": true } }') });
  const { page, button } = widgetOf(await app.widget());
  server.control.begin({ policy: 'agentRequested', ...CONTACT });
  await button('Answer').click();
  await expect(page.getByRole('region', { name: 'Before your first share today' })).toBeVisible();
  await shoot(page, 'gate');
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
