import type { Page } from '@playwright/test';
import type { Bridge } from '../../domain/ipc/contract.ts';
import { callsOf, windowRoles, type WindowRole } from '../../domain/ipc/channels.ts';
import { expect, test, type RunningApp } from './support/agent.ts';
import { widgetOf } from './support/widget.ts';

/** Brings this window up, as a person does. */
async function open(app: RunningApp, role: WindowRole): Promise<Page> {
  const widget = await app.widget();
  await expect(widgetOf(widget).status).toContainText('Not sharing');
  if (role !== 'widget') await widget.keyboard.press(role === 'review' ? 'Control+Shift+R' : 'Control+,');
  return app.window(role);
}

for (const role of windowRoles)
  test(`the ${role} page is sandboxed and has the functions of the contract, nothing else`, async ({
    signIn,
  }) => {
    const app = await signIn();
    const page = await open(app, role);
    const preferences = await app.electron.evaluate(({ BrowserWindow }, path) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes(path));
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = (
        window?.webContents as unknown as {
          getLastWebPreferences(): Record<string, unknown>;
        }
      ).getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag: webviewTag === true };
    }, `/${role}/`);
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    const offered = await page.evaluate(() => ({
      bridge: Object.entries(window.sharelight ?? {}).map(([name, value]) => [name, typeof value]),
      node: ['require', 'process', 'module', 'Buffer', 'electron', 'global'].filter((name) => name in window),
      // Svelte leaves these where it compiles for development.
      sources: [...document.querySelectorAll('*')].filter((element) => '__svelte_meta' in element).length,
    }));
    expect(offered.bridge.sort()).toEqual(
      [...callsOf[role], 'onPatch', 'onShown'].map((name) => [name, 'function']).sort(),
    );
    expect(offered.node).toEqual([]);
    expect(offered.sources).toBe(0);
  });

test('a request main does not understand is refused with a reason, and changes nothing', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const app = await signIn();
  const page = await app.widget();
  const { status } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  const { conversationId } = control.begin({ policy: 'mandatory', queue: 'Billing help' });
  control.answer(conversationId);
  control.disconnect('peer', conversationId);
  await expect(status).toContainText('Billing help');
  await expect(page.getByRole('option')).toHaveCount(8);

  const malformed: [call: string, args: unknown[]][] = [
    ['submitWrapUp', []],
    ['submitWrapUp', [{ key: 7 }]],
    ['submitWrapUp', [{ key: '' }]],
    ['submitWrapUp', [{ key: 'x'.repeat(401) }]],
    ['skipWrapUp', [{ key: 'a', force: true }]],
    ['saveDraft', [{ key: 'a', code: null, name: null, notes: 'x'.repeat(10_001), revision: 1 }]],
    ['saveDraft', [{ key: 'a', code: null, name: null, notes: 'x', revision: -1 }]],
    ['setTheme', [{ theme: 'pink' }]],
    ['fitWindow', [{ height: 1e9 }]],
    ['fitWindow', [{ height: 'tall' }]],
    ['answerKeyQuestion', [{ choice: 'none' }]],
    ['dismissNotice', ['folder']],
    ['getSnapshot', ['extra']],
    ['requestAfterCallWork', [{ key: 'a', required: 'yes' }]],
  ];
  const snapshot = () => page.evaluate(() => (window.sharelight as Bridge | undefined)?.getSnapshot());
  const before = await snapshot();
  for (const [call, args] of malformed) {
    const reply = await page.evaluate(
      ([name, given]) =>
        (window.sharelight as Record<string, (...all: unknown[]) => Promise<unknown>>)[name]?.(...given),
      [call, args] as const,
    );
    expect({ call, args, reply }).toEqual({
      call,
      args,
      reply: { ok: false, reason: 'Sharelight couldn’t understand this request. Nothing was changed.' },
    });
  }
  // Well formed, but about nothing that is there.
  const unknown = await page.evaluate(() =>
    (window.sharelight as Bridge | undefined)?.submitWrapUp({ key: 'no/such/thing' }),
  );
  expect(unknown).toEqual({ ok: false, reason: 'Sharelight no longer knows this screen share.' });

  const after = await snapshot();
  // The link counts seconds, the server's clock is learned better, and the listing may catch up meanwhile.
  const steady = (reply: typeof before): unknown => {
    if (!reply?.ok) return reply;
    const { link: _link, review, ...state } = reply.value.state;
    const withoutTimes = (name: string, value: unknown): unknown => (name === 'at' ? undefined : value);
    return JSON.parse(JSON.stringify({ ...state, review: { ...review, revision: 0 } }, withoutTimes));
  };
  expect(steady(after)).toEqual(steady(before));
  expect(control.received()).toEqual([]);
});
