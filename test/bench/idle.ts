import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { treeCpu } from './cpu-time.ts';
import { isLive } from './memory.ts';
import { productOn, type Program, type Running } from './programs.ts';
import { readingOf } from './report.ts';
import { copySeed } from './seed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** Looked at in parts, so that there is an interval. */
const parts = 10;
/** Starting is over by then, with everything it puts off. */
const settledMs = 20_000;

/** The least a timer can be: one number in the page of a blank window, aligned to nothing. */
const ticks = `(() => {
  const number = document.body.appendChild(document.createElement('p')).appendChild(new Text('0'));
  setInterval(() => (number.data = String(Number(number.data) + 1)), 1000);
})()`;

/**
 * P5: CPU of programs in which nothing happens, side by side: one on the screen with a timer that ticks, one in the
 * tray, a blank window, and one in which only a number ticks; then behind a locked screen.
 */
export async function measureIdle(workshop: Workshop): Promise<Measured> {
  const { place, sizes } = workshop;
  const starter = await workshop.starter();
  const seed = await workshop.seed();
  const servers = [
    await startSimulator({ scenario: 'idle' }),
    await startSimulator({ scenario: 'idle' }),
  ] as const;
  const started: Running[] = [];
  const start = (program: Program): Running => {
    const running = starter.start(program);
    started.push(running);
    return running;
  };
  const product = async (
    name: string,
    server: RunningSimulator,
    flags: readonly string[],
  ): Promise<Running> => {
    const running = start(productOn(place, await copySeed(seed, workshop.scratch(name)), server, flags));
    await running.line(isLive);
    return running;
  };
  try {
    const blank = start(starter.blank(workshop.scratch('blank')));
    await blank.line(/^mark: painted/);
    const ticking = start(starter.blank(workshop.scratch('ticking')));
    await ticking.line(/^mark: painted/);
    await ticking.ask({ ask: 'page', code: ticks });
    const visible = await product('visible', servers[0], []);
    const hidden = await product('hidden', servers[1], ['--hidden']);
    // What was still to be wrapped up may have brought it up.
    await hidden.ask({ ask: 'close' });
    servers[0].control.begin();
    servers[0].control.answer();
    servers[0].control.startSharing();
    await visible.line(/^state: .*You are sharing/);
    await wait(settledMs);
    const partMs = ((sizes.seconds ?? 60) * 1_000) / parts;
    const [shown = [], inTray = [], nothing = [], number = []] = await share(
      [visible, hidden, blank, ticking],
      partMs,
    );
    await Promise.all([visible, blank].map((each) => each.ask({ ask: 'lock' })));
    const [locked = [], lockedBlank = []] = await share([visible, blank], partMs);
    return {
      readings: [
        readingOf('idleVisible', { ours: shown, theirs: nothing }),
        readingOf('idleTicking', { ours: shown, theirs: number }),
        readingOf('idleHidden', { ours: inTray, theirs: nothing }),
        readingOf('idleLocked', { ours: locked, theirs: lockedBlank }),
      ],
    };
  } finally {
    await Promise.all(started.map((each) => each.stop()));
    await Promise.all(servers.map((each) => each.close()));
  }
}

/** Of one core, in percent: a list for each program. */
async function share(programs: readonly Running[], partMs: number): Promise<number[][]> {
  const samples = programs.map((): number[] => []);
  let before = programs.map(({ pid }) => treeCpu(pid));
  let at = performance.now();
  for (let part = 0; part < parts; part += 1) {
    await wait(partMs);
    const now = programs.map(({ pid }) => treeCpu(pid));
    const passed = performance.now() - at;
    at += passed;
    for (const [which, used] of now.entries())
      samples[which]?.push((100 * (used - (before[which] ?? 0))) / passed);
    before = now;
  }
  return samples;
}
