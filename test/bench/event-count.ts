import { once } from 'node:events';
import WebSocket from 'ws';
import type { RunningSimulator } from '../../electron/feed/simulator/server.ts';

/** Somebody else who listens to the same topic, and counts what is sent on it. */
export interface EventCount {
  readonly sent: () => number;
  readonly close: () => void;
}

export async function countEvents({ apiUrl, accessToken, userId }: RunningSimulator): Promise<EventCount> {
  const topic = `v2.users.${userId}.conversations`;
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const channels = `${apiUrl}/api/v2/notifications/channels`;
  const made = await fetch(channels, { method: 'POST', headers });
  const { id, connectUri } = (await made.json()) as { id: string; connectUri: string };
  await fetch(`${channels}/${id}/subscriptions`, {
    method: 'PUT',
    headers,
    body: JSON.stringify([{ id: topic }]),
  });
  const socket = new WebSocket(connectUri);
  let sent = 0;
  socket.on('message', (data: Buffer) => {
    const { topicName } = JSON.parse(data.toString('utf8')) as { topicName?: string };
    if (topicName === topic) sent += 1;
  });
  await once(socket, 'open');
  return { sent: () => sent, close: () => socket.terminate() };
}
