import { buildEager } from './eager.ts';
import { goals } from './goals.mjs';
import type { Place } from './place.ts';
import { nobody, productOn, type Program, type Starter } from './programs.ts';
import { readingOf } from './report.ts';
import { copySeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** Resolves after the first frame in which the status says how things stood when the program last ran. */
export const lastState = `new Promise((resolve) => {
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true });
  look();
  function look() {
    const said = document.querySelector('[role="status"]')?.textContent ?? '';
    if (!said.includes('Wrap up')) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
  }
})`;

/** P1: spawn to the first paint that shows the true last state, out of a full database. */
export async function measureStart(workshop: Workshop): Promise<Measured> {
  const { place, runtime, sizes } = workshop;
  const pairs = sizes.pairs ?? 15;
  const starter = await workshop.starter();
  const data = await copySeed(await workshop.seed(), workshop.scratch('start'));
  const productOf = (built: Place): Program => ({ ...productOn(built, data, nobody), watch: lastState });
  const product = productOf(place);
  const eager = productOf(await buildEager(place, runtime));
  const { id, measure, unit } = goals.start;
  return {
    readings: [
      readingOf('start', await inTurns(starter, product, starter.blank(workshop.scratch('blank')), pairs)),
      { id, measure, unit, rival: 'all loaded at once', ...(await inTurns(starter, product, eager, pairs)) },
    ],
  };
}

/** Ms until each of two programs can be seen, one after the other, again and again. */
async function inTurns(
  starter: Starter,
  product: Program,
  other: Program,
  pairs: number,
): Promise<{ ours: number[]; theirs: number[] }> {
  const once = async (program: Program): Promise<number> => {
    const running = starter.start(program);
    const ms = await running.seenAfter();
    await running.stop();
    return ms;
  };
  // Caches of the disk and of compiled code are those of a second start.
  await once(product);
  await once(other);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    ours.push(await once(product));
    theirs.push(await once(other));
  }
  return { ours, theirs };
}
