import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { openJournal, type Journal } from './journal.ts';
import { isLive } from './memory.ts';
import { productOn, type Running } from './programs.ts';
import { readingOf, type Reading } from './report.ts';
import { copySeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** 99 of 100 say nothing about fewer. */
const alerts = 100;
/** The first ones are slower for everybody: what they need is loaded with them. */
const warmUps = 5;
/** Nobody is rung twice in one breath; what an alert left to do is done by then, ms. */
const pauseMs = 250;

/** Resolves with the epoch ms at which the status says that it rings, and after the first frame that shows it. */
const rung = `new Promise((resolve) => {
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  look();
  function look() {
    if (!document.querySelector('[role="status"]')?.textContent?.includes('Incoming')) return;
    observer.disconnect();
    const drawn = Date.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve({ drawn, painted: Date.now() });
      port2.postMessage(null);
    });
  }
})`;

/** Resolves when it rings no more. */
const quiet = `new Promise((resolve) => {
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  look();
  function look() {
    if (document.querySelector('[role="status"]')?.textContent?.includes('Incoming')) return;
    observer.disconnect();
    resolve(null);
  }
})`;

/** P4: from the event the server sends to the alert on the screen; a program that opens a window for it, in turns. */
export async function measureAlert(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const starter = await workshop.starter();
  const data = await copySeed(await workshop.seed(), workshop.scratch('alert'));
  const ours = await startSimulator({ scenario: 'idle', rateLimit: Infinity });
  const theirs = await startSimulator({ scenario: 'idle', rateLimit: Infinity });
  const product = starter.start(productOn(place, data, ours));
  const other = starter.start(starter.newWindow(workshop.scratch('new-window'), theirs));
  const journal = await openJournal(data);
  try {
    await Promise.all([product.line(isLive), other.line(isLive)]);
    const hidden: Rung[] = [];
    const minimised: Rung[] = [];
    const opened: number[] = [];
    for (let turn = -warmUps; turn < (sizes.pairs ?? alerts); turn += 1) {
      const first = await ringOurs(product, ours, journal, 'close');
      const window = await ringOther(other, theirs);
      const second = await ringOurs(product, ours, journal, 'minimise');
      if (turn < 0) continue;
      hidden.push(first);
      opened.push(window);
      minimised.push(second);
    }
    const painted = (rungs: readonly Rung[]): number[] => rungs.map(({ ms }) => ms);
    const unrecorded = [...hidden, ...minimised].filter(({ isRecorded }) => !isRecorded).length;
    const part = (what: string, of: (alert: Rung) => number): Reading => {
      return { id: 'P4', measure: `of this, widget hidden: ${what}`, unit: 'ms', ours: hidden.map(of) };
    };
    return {
      readings: [
        readingOf('alertHidden', { ours: painted(hidden), theirs: opened }),
        readingOf('alertMinimised', { ours: painted(minimised), theirs: opened }),
        readingOf('alertHiddenLatest', { ours: painted(hidden) }),
        readingOf('alertMinimisedLatest', { ours: painted(minimised) }),
        readingOf('alertUnrecorded', { ours: [unrecorded] }),
        part('the page has it', ({ drawn }) => drawn),
        part('the window is shown', ({ shown }) => shown),
      ],
    };
  } finally {
    journal.close();
    await Promise.all([product.stop(), other.stop()]);
    await Promise.all([ours.close(), theirs.close()]);
  }
}

interface Rung {
  /** Ms from the event until the page said so, the window was shown, and both were on the screen. */
  readonly drawn: number;
  readonly shown: number;
  readonly ms: number;
  /** The event was in the journal when the alert had been painted. */
  readonly isRecorded: boolean;
}

async function ringOurs(
  product: Running,
  { control }: RunningSimulator,
  journal: Journal,
  put: 'close' | 'minimise',
): Promise<Rung> {
  await product.ask({ ask: put });
  while ((await product.ask({ ask: 'visible' })) === true) await wait(20);
  await wait(pauseMs);
  product.forgetLines();
  const painted = product.ask({ ask: 'page', code: rung });
  const before = journal.facts();
  const sentAt = Date.now();
  const { conversationId } = control.begin({ policy: 'optional' });
  const [page, [, shownAt]] = await Promise.all([painted, product.line(/^mark: shown (.+)$/)]);
  const at = page as { drawn: number; painted: number };
  const isRecorded = journal.facts() > before;
  control.disconnect('peer', conversationId);
  await product.ask({ ask: 'page', code: quiet });
  return {
    drawn: at.drawn - sentAt,
    shown: Number(shownAt) - sentAt,
    ms: Math.max(at.painted, Number(shownAt)) - sentAt,
    isRecorded,
  };
}

async function ringOther(other: Running, { control }: RunningSimulator): Promise<number> {
  other.forgetLines();
  const sentAt = Date.now();
  const { conversationId } = control.begin({ policy: 'optional' });
  const seenAt = await other.seenAt();
  control.disconnect('peer', conversationId);
  await other.ask({ ask: 'close' });
  await wait(pauseMs);
  return seenAt - sentAt;
}
