import path from 'node:path';
import type { Place } from './place.ts';
import type { Program, Starter } from './programs.ts';
import { atMost, type Row } from './report.ts';
import { copySeed, type Seed } from './seed.ts';

/** The server is not there: what is shown can only come from the database. */
const NOBODY = 'http://127.0.0.1:9';

/** Resolves after the first frame in which the status says how things stood when the program last ran. */
const LAST_STATE = `new Promise((resolve) => {
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
export async function measureStart(
  place: Place,
  starter: Starter,
  seed: Seed,
  blank: Program,
  pairs: number,
): Promise<Row[]> {
  const data = await copySeed(seed, path.join(place.scratch, 'start'));
  const product: Program = {
    main: path.join(place.product, 'out/main/main.cjs'),
    root: place.product,
    watch: LAST_STATE,
    args: ['--user-data-dir', data, '--feed', 'genesys', '--api', NOBODY],
    env: { SHARELIGHT_ACCESS_TOKEN: 'bench' },
  };
  const once = async (program: Program): Promise<number> => {
    const running = starter.start(program);
    const ms = await running.seenAfter();
    await running.stop();
    return ms;
  };
  // Caches of the disk and of compiled code are those of a second start.
  await once(product);
  await once(blank);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    ours.push(await once(product));
    theirs.push(await once(blank));
  }
  const measure = 'spawn to the true last state on screen';
  return [{ id: 'P1', measure, unit: 'ms', rival: 'blank', ours, theirs, goal: atMost(1.25, 1.1) }];
}
