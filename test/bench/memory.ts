import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator } from '../../electron/feed/simulator/server.ts';
import type { Place } from './place.ts';
import type { Program, Starter } from './programs.ts';
import { runsElsewhere, treePss, untilNobodyRuns } from './pss.ts';
import { atMost, type Row } from './report.ts';
import { copySeed, type Seed } from './seed.ts';

/** What the protocol gives a program to come to rest. */
const SETTLED_MS = 3_000;

/** P2 and P3: memory of the whole process tree, live on a server: the widget open, and only the tray. */
export async function measureMemory(
  place: Place,
  starter: Starter,
  seed: Seed,
  blank: Program,
  pairs: number,
): Promise<Row[]> {
  const server = await startSimulator({ scenario: 'idle' });
  try {
    const data = await copySeed(seed, path.join(place.scratch, 'memory'));
    const product = (...flags: string[]): Program => ({
      main: path.join(place.product, 'out/main/main.cjs'),
      root: place.product,
      watch: 'Promise.resolve(0)',
      args: ['--user-data-dir', data, '--feed', 'genesys', '--api', server.apiUrl, ...flags],
      env: { SHARELIGHT_ACCESS_TOKEN: server.accessToken, SHARELIGHT_NARRATE: '1' },
    });
    const once = async (program: Program, ready: RegExp): Promise<number> => {
      for (;;) {
        await untilNobodyRuns(starter.executable);
        const running = starter.start(program);
        await running.line(ready);
        await wait(SETTLED_MS);
        const megabytes = treePss(running.pid);
        const alone = !runsElsewhere(starter.executable, running.pid);
        await running.stop();
        if (alone) return megabytes;
      }
    };
    const live = /^state: .*Live$/;
    const open: number[] = [];
    const tray: number[] = [];
    const theirs: number[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      open.push(await once(product(), live));
      theirs.push(await once(blank, /^mark: painted/));
      tray.push(await once(product('--hidden'), live));
    }
    const common = { unit: 'MB', rival: 'blank', theirs };
    return [
      { ...common, id: 'P2', measure: 'tree PSS, widget open', ours: open, goal: atMost(1.15, 1.08) },
      { ...common, id: 'P3', measure: 'tree PSS, tray only', ours: tray, goal: atMost(0.92, 0.85) },
    ];
  } finally {
    await server.close();
  }
}
