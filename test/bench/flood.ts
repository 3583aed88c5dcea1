import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { focus } from '../e2e/support/x11.ts';
import { countEvents } from './event-count.ts';
import { openJournal } from './journal.ts';
import { isLive } from './memory.ts';
import { productOn, type Running } from './programs.ts';
import { readingOf } from './report.ts';
import { copySeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

const run = promisify(execFile);

const eventsPerSecond = 200;
/** As a fast typist does. */
const betweenKeysMs = 90;
/** What was sent last is recorded by then, or lost. */
const recordedAfterMs = 30_000;
const sentence = 'the customer could not see the shared screen and we began once more ';
const queues = ['Billing help', 'Billing and invoices help'] as const;

/** In the page: notes have the keyboard, and how long each key took until the next paint is noted. */
const watchKeys = `{
  document.querySelector('textarea').focus();
  const keys = (window.benchKeys = { pressed: 0, longest: {} });
  addEventListener('keydown', () => (keys.pressed += 1), true);
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId > 0) keys.longest[interactionId] = Math.max(keys.longest[interactionId] ?? 0, duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 });
  null;
}`;
const keysSeen = `({ pressed: benchKeys.pressed, longest: Object.values(benchKeys.longest), text: document.querySelector('textarea').value })`;

interface Keys {
  readonly pressed: number;
  /** Ms of those the browser engine tells of: the others took less than 16. */
  readonly longest: readonly number[];
  readonly text: string;
}

/** P8: events flood in about a share whose notes are being typed, with keys pressed on the keyboard. */
export async function measureFlood(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const desktop = await workshop.desktop();
  const starter = await workshop.starter();
  const data = await copySeed(await workshop.seed(), workshop.scratch('flood'));
  const server = await startSimulator({ scenario: 'idle', rateLimit: Infinity });
  const product = starter.start(productOn(place, data, server));
  const journal = await openJournal(data);
  try {
    await product.line(isLive);
    const count = await countEvents(server);
    const conversationId = await endShare(product, server);
    await focus(desktop, 'Sharelight');
    await product.ask({ ask: 'page', code: watchKeys });
    const [sentBefore, recordedBefore] = [count.sent(), journal.events()];
    const start = performance.now();
    const stop = startFlood(server, conversationId);
    let text = '';
    while (performance.now() - start < (sizes.seconds ?? 60) * 1_000) {
      await run('xdotool', ['type', '--delay', String(betweenKeysMs), sentence], { env: desktop.screenEnv });
      text += sentence;
    }
    stop();
    const seconds = (performance.now() - start) / 1_000;
    const sent = (): number => count.sent() - sentBefore;
    const recorded = (): number => journal.events() - recordedBefore;
    const until = Date.now() + recordedAfterMs;
    // What the server sent last may be on its way to both.
    do await wait(200);
    while (recorded() < sent() && Date.now() < until);
    const keys = (await product.ask({ ask: 'page', code: keysSeen })) as Keys;
    count.close();
    const unseen = Math.max(0, keys.pressed - keys.longest.length);
    return {
      readings: [
        readingOf('floodInput', { ours: [...keys.longest, ...Array<number>(unseen).fill(16)] }),
        readingOf('floodLost', { ours: [Math.abs(sent() - recorded()) + lettersLost(text, keys.text)] }),
        {
          id: 'P8',
          measure: 'events of the flood that were sent',
          unit: 'a second',
          ours: [sent() / seconds],
        },
      ],
    };
  } finally {
    journal.close();
    await product.stop();
    await server.close();
  }
}

/** A share that is over: its prompt is there, without a time limit. */
async function endShare(product: Running, { control }: RunningSimulator): Promise<string> {
  const { conversationId } = control.begin({ policy: 'mandatory' });
  control.answer(conversationId);
  await product.line(/^state: .*Connected/);
  product.forgetLines();
  control.disconnect('peer', conversationId);
  await product.line(/^state: .*Wrap up/);
  return conversationId;
}

/** Each event says something else, that is shown. Returns its stop. */
function startFlood({ control }: RunningSimulator, conversationId: string): () => void {
  const start = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) * eventsPerSecond) / 1_000);
    for (; done < due; done += 1) {
      control.mutate({ participant: { queueName: queues[done % queues.length] } }, conversationId);
    }
  }, 5);
  return () => clearInterval(timer);
}

function lettersLost(typed: string, arrived: string): number {
  const wrong = Array.from(typed).filter((letter, at) => arrived[at] !== letter).length;
  return wrong + Math.max(0, arrived.length - typed.length);
}
