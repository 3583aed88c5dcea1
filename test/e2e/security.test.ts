import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './support/agent.ts';
import { widgetOf } from './support/widget.ts';

/** A place no page of ours may reach; it counts who comes. */
async function startTrap() {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('<title>Trap</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    visits,
    url: `http://127.0.0.1:${String(port)}/trap`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The ways a page can try to go somewhere. */
const ways: Record<string, (url: string) => void> = {
  link: (url) => {
    const link = document.body.appendChild(document.createElement('a'));
    link.href = url;
    link.click();
  },
  'link to a new window': (url) => {
    const link = document.body.appendChild(document.createElement('a'));
    link.href = url;
    link.target = '_blank';
    link.click();
  },
  'window.open': (url) => void window.open(url),
  location: (url) => {
    location.href = url;
  },
  form: (url) => {
    const form = document.body.appendChild(document.createElement('form'));
    form.action = url;
    form.method = 'post';
    form.submit();
  },
  frame: (url) => {
    document.body.appendChild(document.createElement('iframe')).src = url;
  },
  refresh: (url) => {
    const meta = document.head.appendChild(document.createElement('meta'));
    meta.httpEquiv = 'refresh';
    meta.content = `0; url=${url}`;
  },
};

/** Resolves when the page has done all it was asked and answers again. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
}

test('no address and no way leads a page anywhere else or opens anything', async ({ signIn }) => {
  const trap = await startTrap();
  const app = await signIn();
  const page = await app.widget();
  const { status } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  const home = page.url();
  const opened = await app.electron.evaluateHandle(({ app: electron, shell }) => {
    const seen: string[] = [];
    electron.on('browser-window-created', () => seen.push('a window'));
    shell.openExternal = (url: string) => Promise.resolve(void seen.push(`outside: ${url}`));
    return seen;
  });

  const hostile = [
    trap.url,
    'https://example.com/',
    'file:///etc/passwd',
    'javascript:document.title="Taken"',
    'data:text/html,<title>Taken</title>',
    'app://sharelight/widget/index.html?other',
    'app://elsewhere/widget/index.html',
    'smb://example.com/share',
  ];
  for (const url of hostile) {
    for (const [way, go] of Object.entries(ways)) {
      await page.evaluate(go, url);
      await settled(page);
      expect({ way, url, at: page.url() }).toEqual({ way, url, at: home });
    }
  }
  expect(await page.evaluate(() => document.title)).toBe('Sharelight');
  expect(await opened.jsonValue()).toEqual([]);
  expect(app.electron.windows()).toHaveLength(1);
  expect(trap.visits).toEqual([]);
  await trap.close();
});

test('a page that was emptied comes back: Chromium asks nobody about an empty address', async ({
  signIn,
}) => {
  const app = await signIn();
  const page = await app.widget();
  const { status } = widgetOf(page);
  await expect(status).toContainText('Not sharing');
  const home = page.url();
  await page.evaluate(() => {
    document.documentElement.dataset['before'] = 'yes';
    location.href = 'about:blank';
  });
  await expect(page.locator('html[data-before]')).toHaveCount(0);
  await expect(status).toContainText('Not sharing');
  expect(page.url()).toBe(home);
});

test('a page reaches no network, no permission and no file beside its own', async ({ signIn }) => {
  const trap = await startTrap();
  const app = await signIn();
  const page = await app.widget();
  await expect(widgetOf(page).status).toContainText('Not sharing');

  const reached = await page.evaluate(async (url) => {
    const attempt = async (work: () => Promise<unknown>): Promise<string> => {
      try {
        await work();
        return 'reached';
      } catch {
        return 'refused';
      }
    };
    const loads = (element: HTMLElement & { src: string }, address: string) => () =>
      new Promise((resolve, reject) => {
        element.onload = resolve;
        element.onerror = reject;
        element.src = address;
        document.body.append(element);
      });
    return {
      fetch: await attempt(() => fetch(url)),
      ownFetch: await attempt(() => fetch('app://sharelight/widget/index.html')),
      beacon: navigator.sendBeacon(url) ? 'sent' : 'refused',
      image: await attempt(loads(new Image(), url)),
      script: await attempt(loads(document.createElement('script'), url)),
      socket: await attempt(
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(url.replace('http', 'ws'));
            socket.onopen = resolve;
            socket.onerror = reject;
          }),
      ),
      inline: await attempt(
        () =>
          new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.textContent = 'document.documentElement.dataset.taken = "yes"';
            document.body.append(script);
            if (document.documentElement.dataset['taken']) resolve(null);
            else reject(new Error('refused'));
          }),
      ),
    };
  }, trap.url);
  expect(reached).toEqual({
    fetch: 'refused',
    ownFetch: 'refused',
    beacon: expect.any(String) as unknown,
    image: 'refused',
    script: 'refused',
    socket: 'refused',
    inline: 'refused',
  });
  expect(trap.visits).toEqual([]);
  await trap.close();

  const permitted = await page.evaluate(async () => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'denied',
    );
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: true }).then(
      () => 'granted',
      () => 'denied',
    );
    const place = await new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('granted'),
        () => resolve('denied'),
      );
    });
    return { media, screen, place, notifications: await Notification.requestPermission() };
  });
  expect(permitted).toEqual({ media: 'denied', screen: 'denied', place: 'denied', notifications: 'denied' });
});

test('our own address serves our pages with their policy, and nothing outside their folder', async ({
  signIn,
}) => {
  const app = await signIn();
  const page = await app.widget();
  await expect(widgetOf(page).status).toContainText('Not sharing');
  // As the session would load it for a page; the page itself may not.
  const ask = (address: string) =>
    app.electron.evaluate(async ({ session }, url) => {
      const answer = await session.defaultSession.fetch(url).catch(() => null);
      return answer && { status: answer.status, policy: answer.headers.get('content-security-policy') };
    }, address);

  const { status, policy } = (await ask(page.url())) ?? {};
  expect(status).toBe(200);
  expect(policy?.split('; ')).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'none'",
      "form-action 'none'",
    ]),
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:/);

  const outside = [
    'app://sharelight/../../package.json',
    'app://sharelight/%2e%2e/%2e%2e/package.json',
    'app://sharelight/..%2f..%2fpackage.json',
    'app://sharelight/..%5c..%5cpackage.json',
    'app://sharelight/widget/%00index.html',
    'app://sharelight//etc/passwd',
    'app://sharelight/%2fetc%2fpasswd',
    'app://sharelight/widget/',
    'app://elsewhere/widget/index.html',
  ];
  for (const address of outside)
    expect({ address, answer: await ask(address) }).toEqual({ address, answer: null });
});
