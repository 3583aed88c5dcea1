import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator } from '../../electron/feed/simulator/server.ts';
import { productOn, type Program, type Starter } from './programs.ts';
import { runsElsewhere, treePss, untilNobodyRuns } from './pss.ts';
import { readingOf } from './report.ts';
import { copySeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** What the protocol gives a program to come to rest. */
const settledMs = 3_000;

export const isLive = /^state: .*Live$/;

/** P2 and P3: memory of the whole process tree, live on a server: the widget open, and only the tray. */
export async function measureMemory(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const starter = await workshop.starter();
  const server = await startSimulator({ scenario: 'idle' });
  try {
    const data = await copySeed(await workshop.seed(), workshop.scratch('memory'));
    const blank = starter.blank(workshop.scratch('blank'));
    const open: number[] = [];
    const tray: number[] = [];
    const theirs: number[] = [];
    for (let pair = 0; pair < (sizes.pairs ?? 5); pair += 1) {
      open.push(await memoryOf(starter, productOn(place, data, server), isLive));
      theirs.push(await memoryOf(starter, blank, /^mark: painted/));
      tray.push(await memoryOf(starter, productOn(place, data, server, ['--hidden']), isLive));
    }
    return {
      readings: [
        readingOf('memoryOpen', { ours: open, theirs }),
        readingOf('memoryTray', { ours: tray, theirs }),
      ],
    };
  } finally {
    await server.close();
  }
}

/** MB of a program that runs alone and has come to rest after that line. */
export async function memoryOf(starter: Starter, program: Program, ready: RegExp): Promise<number> {
  for (;;) {
    await untilNobodyRuns(starter.executable);
    const running = starter.start(program);
    await running.line(ready);
    await wait(settledMs);
    const megabytes = treePss(running.pid);
    const alone = !runsElsewhere(starter.executable, running.pid);
    await running.stop();
    if (alone) return megabytes;
  }
}
