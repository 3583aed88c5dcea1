import { join } from 'node:path';
import process from 'node:process';
import { app, BrowserWindow } from 'electron/main';
import WebSocket from 'ws';
import { z } from 'zod';

/**
 * What most programs do when something rings: listen, and open a new window for it. It keeps no journal and shows
 * one line. BENCH_API and BENCH_TOKEN say where it listens, BENCH_USER whose conversations.
 */
const { BENCH_API: api = '', BENCH_TOKEN: token = '', BENCH_USER: user = '' } = process.env;

const channelSchema = z.object({ id: z.string(), connectUri: z.string() });
const eventSchema = z.object({
  eventBody: z.object({
    id: z.string(),
    participants: z.array(
      z.looseObject({
        userId: z.string().nullish(),
        screenshares: z.array(z.object({ state: z.string() })).nullish(),
      }),
    ),
  }),
});

const ringing = new Set<string>();

void app.whenReady().then(listen);
app.on('window-all-closed', () => undefined);

async function listen(): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const channels = `${api}/api/v2/notifications/channels`;
  const made = await fetch(channels, { method: 'POST', headers });
  const { id, connectUri } = channelSchema.parse(await made.json());
  const body = JSON.stringify([{ id: `v2.users.${user}.conversations` }]);
  await fetch(`${channels}/${id}/subscriptions`, { method: 'PUT', headers, body });
  const socket = new WebSocket(connectUri);
  socket.on('open', () => process.stdout.write('state: Live\n'));
  socket.on('message', (data: Buffer) => heard(data.toString('utf8')));
}

function heard(text: string): void {
  const event = eventSchema.safeParse(JSON.parse(text));
  if (!event.success) return;
  const { id, participants } = event.data.eventBody;
  const alerts = participants.some(
    ({ userId, screenshares }) => userId === user && screenshares?.some(({ state }) => state === 'alerting'),
  );
  if (!alerts || ringing.has(id)) return;
  ringing.add(id);
  const window = new BrowserWindow({
    width: 320,
    height: 120,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  void window.loadFile(join(app.getAppPath(), 'blank.html'), { query: { id } });
}
