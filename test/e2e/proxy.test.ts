import { startConnectProxy } from '../unit/connect-proxy.ts';
import { expect, test } from './support/agent.ts';
import { liveWidget } from './support/shares.ts';

test('where the system names a proxy, requests and the live link go through it', async ({
  server,
  signIn,
}) => {
  const { control } = server;
  const proxy = await startConnectProxy();
  // As a system's settings would, also for this machine itself, which they usually leave out.
  const app = await signIn({
    args: [`--proxy-server=${proxy.url.host}`, '--proxy-bypass-list=<-loopback>'],
  });
  const widget = await liveWidget(app);
  await expect(widget.link).toContainText('Live');
  // And nothing else goes out: not even what a browser would ask its maker for.
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(server.apiUrl).host]));

  const { conversationId } = control.begin({ policy: 'optional' });
  await expect(widget.status).toContainText('Incoming screen share');
  await widget.button('Answer').click();
  await expect(widget.status).toContainText('Connected');
  control.startSharing(1, conversationId);
  await expect(widget.status).toContainText('You are sharing');
  expect(new Set(proxy.asked).size).toBe(1);
  expect(proxy.open).toEqual([]);

  await proxy.close();
  await expect(widget.status).toContainText('Sharing – not confirmed');
  expect(await app.quit()).toBe(0);
});
