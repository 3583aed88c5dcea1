import type { BeginOptions } from '../../../electron/feed/simulator/acts.ts';
import { QUEUES } from '../../../electron/feed/simulator/directory.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { expect, type RunningApp } from './agent.ts';
import { widgetOf, type Widget } from './widget.ts';

const billing = QUEUES.find(({ name }) => name === 'Billing help')?.codes ?? [];

/** The id of one of the queue's codes, as the server takes it. */
export function codeNamed(name: string): string {
  const code = billing.find((one) => one.name === name);
  if (!code) throw new Error(`There is no code "${name}".`);
  return code.id;
}

/** The widget once everything was read from the server. */
export async function liveWidget(app: RunningApp): Promise<Widget> {
  const widget = widgetOf(await app.widget());
  await expect(widget.status).toContainText('Not sharing');
  return widget;
}

/** The agent is sharing, and one person can see it. */
export async function sharing(
  { control }: RunningSimulator,
  { status }: Pick<Widget, 'status'>,
  options: BeginOptions = {},
): Promise<string> {
  const { conversationId } = control.begin(options);
  control.answer(conversationId);
  control.startSharing(1, conversationId);
  await expect(status).toContainText('You are sharing');
  return conversationId;
}

/** A share that was answered; the agent is viewing. */
export async function connected(
  server: RunningSimulator,
  { status }: Pick<Widget, 'status'>,
  options: BeginOptions,
): Promise<string> {
  const { control } = server;
  const { conversationId } = control.begin({ queue: 'Billing help', ...options });
  control.answer(conversationId);
  if (options.media === 'video') {
    // Until somebody shares a screen it is no share.
    control.startSharing(1, conversationId);
    await expect(status).toContainText('You are sharing');
    control.stopSharing(conversationId);
  }
  await expect(status).toContainText('Connected');
  return conversationId;
}

/** A share that was answered and has ended; the prompt is there. */
export async function ended(
  server: RunningSimulator,
  widget: Widget,
  options: BeginOptions,
): Promise<string> {
  const conversationId = await connected(server, widget, options);
  server.control.disconnect('peer', conversationId);
  await expect(widget.status).toContainText('Wrap up');
  await expect(widget.code).toBeFocused();
  return conversationId;
}

/** A share that is over, its wrap-up skipped, and sent. */
export async function skipped(server: RunningSimulator, widget: Widget): Promise<string> {
  const conversationId = await ended(server, widget, { policy: 'optional' });
  await widget.button('Skip').press('Enter');
  await expect(widget.status).toContainText('Skipped · sent');
  return conversationId;
}
